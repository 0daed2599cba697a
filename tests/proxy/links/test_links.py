"""A pasted link by WHATWG's rules, and which spellings are one article."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.errors import SourceProblem
from proxy.links import MAX_URL, absolute, parse

WECHAT = "https://mp.weixin.qq.com/s?__biz=MzA4&mid=265&idx=1&sn=0f1"


def code(text: str, own_hosts: frozenset[str] = frozenset()) -> str:
    with pytest.raises(SourceProblem) as caught:
        parse(text, own_hosts)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "example.com", "//example.com/a", "/a", "https://", "https:///",
        "javascript:alert(1)", "file:///etc/passwd", "ftp://example.com/", "gopher://a/_x",
        "ws://example.com/", "data:text/html,x", "blob:https://example.com/1", "about:blank",
        "view-source:https://example.com", "mailto:a@example.com", "jar:http://a/b!/",
        "https://user@example.com/", "https://:pw@example.com/", "https://u:p@example.com/",
        "http://allowed.com@127.0.0.1/", "http://exa mple.com/", "http://[::1%25eth0]/",
        "http://[fe80::1%eth0]/", "http://[v1.fe]/", "http://[::1/a", "http://1.2.3.4.5/", "http://256.1.1.1/",
        "http://a%00b.com/", "http://a<b.com/", "http://example.com:99999/", "http://\ud800.com/",
        "see https://example.com/a", "http://u@a..b/",
        "https://example.com/" + "a" * MAX_URL,
    ],
)  # fmt: skip
def test_anything_but_one_absolute_web_url_is_a_bad_url(text: str) -> None:
    assert code(text) == "bad_url"


@pytest.mark.parametrize(
    "host", ["a..b", ".a.b", "..", "a.b..", "a" * 64 + ".com", ".".join(["a" * 60] * 5)]
)
def test_a_name_that_dns_cannot_hold_is_one_without_an_answer(host: str) -> None:
    assert code(f"http://{host}/") == "unreachable"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" https://Example.COM:443/a ", "https://example.com/a"),
        ("http:example.com", "http://example.com/"),
        ("http:\\\\example.com\\a", "http://example.com/a"),
        ("http://example\t.com/\na", "http://example.com/a"),
        ("https://例え.jp/", "https://xn--r8jz45g.jp/"),
        ("http://ｅｘａｍｐｌｅ.com/", "http://example.com/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a?", "https://example.com/a"),
    ],
)
def test_a_link_is_read_as_browsers_read_it(text: str, url: str) -> None:
    assert parse(text).url == url


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("http://127.0.0.1:8080/s/abc", True),
        ("http://127.1:8080/s/abc", True),
        ("https://pages.example/s/abc", True),
        ("https://PAGES.example.:443/", True),
        ("https://pages.example:8443/", False),
        ("http://127.0.0.1:8081/", False),
        ("https://www.pages.example/", False),
    ],
)
def test_a_link_to_our_own_pages_is_refused(text: str, own: bool) -> None:
    hosts = frozenset({"127.0.0.1:8080", "pages.example"})
    if own:
        assert code(text, hosts) == "bad_url"
    else:
        assert parse(text, hosts)


SAME = [
    (
        "https://example.com/a?id=7",
        "http://example.com/a?id=7",
        "https://EXAMPLE.com:443/a?id=7#comments",
        "https://example.com./a?id=7",
        "https://example.com/%61?id=7",
        "https://example.com/a?&id=7&",
        "https://example.com/a?utm_source=x&id=7&utm_medium=y",
        "https://example.com/a?id=7&UTM_Campaign=z&fbclid=1&gclid=2&yclid=3",
        "https://example.com/a?id=7&from=timeline&isappinstalled=0&nsukey=abc",
        "https://example.com/a?id=7&from=singlemessage&scene=1&spm=a.b.c",
        "https://example.com/a?mc_cid=1&mc_eid=2&id=7&_hsenc=3&igshid=4",
        "https://example.com/a?share_token=1&id=7&share_from=weixin",
        "https://www.google.com/amp/s/example.com/a?id=7",
        "https://example-com.cdn.ampproject.org/c/s/example.com/a?id=7&amp_js_v=0.1&usqp=mq",
        "https://example-com.cdn.ampproject.org/v/s/example.com/a?id=7",
    ),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
    ("https://example.com/%e4%b8%ad", "https://example.com/%E4%B8%AD", "https://example.com/中"),
    (
        WECHAT,
        WECHAT + "#wechat_redirect",
        WECHAT + "&chksm=84c&scene=27&key=1&ascene=0&uin=1&devicetype=Windows&pass_ticket=2",
        "http://mp.weixin.qq.com/s?sn=0f1&idx=1&mid=265&__biz=MzA4&mpshare=1&srcid=9#rd",
        "https://mp.weixin.qq.com/s/?__biz=MzA4&mid=265&idx=1&sn=0f1",
        "https://mp.weixin.qq.com/s?__biz=MzA4&amp;mid=265&amp;idx=1&amp;sn=0f1&amp;scene=21",
    ),
    (WECHAT.replace("MzA4", "MzA4=="), WECHAT.replace("MzA4", "MzA4%3D%3D")),
    ("https://mp.weixin.qq.com/s/AbC-1", "https://mp.weixin.qq.com/s/AbC-1?scene=1&poc_token=x"),
    ("https://youtu.be/dQw4w9WgXcQ?si=1", "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
     "https://m.youtube.com/watch?v=dQw4w9WgXcQ&feature=share",
     "https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2FdQw4w9WgXcQ"),
    ("https://x.com/a/status/1?s=20&t=abc", "https://x.com/a/status/1",
     "https://mobile.twitter.com/a/status/1", "https://twitter.com/a/status/1?ref_src=twsrc"),
    ("https://en.wikipedia.org/wiki/Tea", "https://en.m.wikipedia.org/wiki/Tea?wprov=sfla1"),
    ("https://www.reddit.com/r/tea/comments/1/a/", "https://old.reddit.com/r/tea/comments/1/a/"),
    ("https://example.com/a?id=7",
     "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7&usg=x",
     "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7%26fbclid%3D1&h=x",
     "https://link.zhihu.com/?target=https%3A//example.com/a%3Fid%3D7",
     "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7",
     "https://weibo.cn/sinaurl?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7",
     "https://t.me/iv?url=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7&rhash=1",
     "https://www.google.co.uk/url?q=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7",
     "https://l.messenger.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7",
     "https://l.threads.com/?u=https%3A%2F%2Fexample.com%2Fa%3Fid%3D7&e=x",
     "https://www.bing.com/amp/s/example.com/a?id=7"),
    ("https://example.com/a?id=7", "https://example.com/a?id=7&amp;utm_source=x",
     "https://example.com/a;jsessionid=1A2B.node1?id=7&PHPSESSID=3c"),
    ("https://example.com/a?x=1&y=//b:c,d", "https://example.com/a?x=1&amp;y=%2F%2fb%3Ac%2Cd"),
    ("https://www.bilibili.com/video/BV1", "https://m.bilibili.com/video/BV1?share_source=wx"),
    ("https://www.bilibili.com/read/cv1?spm_id_from=333&vd_source=1&from=search",
     "https://www.bilibili.com/read/cv1"),
]  # fmt: skip


@pytest.mark.parametrize("spellings", SAME, ids=lambda s: s[0])
def test_spellings_of_one_article_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({parse(text).key for text in spellings}) == 1, [parse(t).key for t in spellings]


@pytest.mark.parametrize("query", ["??a.js,b.js", "???", "?&&?x=1", "??utm_source=x&id=1", "?"])
def test_marks_within_a_query_stay_what_they_are(query: str) -> None:
    once = parse(f"https://cdn.example/x{query}")
    assert parse(once.url) == once
    if query.startswith("??") and "utm" not in query:
        assert once.url.endswith(query)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WECHAT, WECHAT.replace("idx=1", "idx=2")),
        (WECHAT, WECHAT.replace("sn=0f1", "sn=0f2")),
        (WECHAT.replace("/s?", "/s/?"), WECHAT.replace("sn=0f1", "sn=0f2").replace("/s?", "/s/?")),
        ("https://example.com/?a%3Db=c", "https://example.com/?a=b%3Dc"),
        (WECHAT, WECHAT.replace("mid=265", "mid=266")),
        (WECHAT, WECHAT.replace("__biz=MzA4", "__biz=MzA5")),
        ("https://mp.weixin.qq.com/s/AbC", "https://mp.weixin.qq.com/s/abc"),
        (
            "https://mp.weixin.qq.com/s?src=11&signature=a",
            "https://mp.weixin.qq.com/s?src=11&signature=b",
        ),
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/a", "https://example.com/a/"),
        ("https://example.com/?p=1", "https://example.com/?p=2"),
        ("https://example.com/?from=1", "https://example.com/?from=21"),
        ("https://example.com/?a=1&a=2", "https://example.com/?a=2&a=1"),
        ("https://example.com/?q=a%26b", "https://example.com/?q=a&b"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/", "https://example.com:8443/"),
        ("https://example.com/", "https://www.example.com/"),
        ("https://m.example.com/a", "https://example.com/a"),
        ("https://www.google.com/url?q=tea", "https://www.google.com/url?q=coffee"),
        ("https://example.com/url?q=https://a.example", "https://a.example/"),
        ("https://example.com/?s=20", "https://example.com/?s=21"),
    ],
)
def test_what_names_another_article_makes_another_key(one: str, other: str) -> None:
    assert parse(one).key != parse(other).key


def test_a_wechat_link_keeps_what_opens_it() -> None:
    assert parse(WECHAT + "&chksm=8&scene=27#rd").url == WECHAT
    searched = "https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=1&signature=x*y&new=1"
    assert parse(searched).url == searched


@given(st.text(max_size=60), st.sampled_from(["https://example.com/", "http://", ""]))
def test_what_parses_once_parses_to_itself(text: str, start: str) -> None:
    try:
        link = parse(start + text)
    except SourceProblem:
        return
    assert parse(link.url) == link


def test_hosts_and_ports_are_wpts(corpus: Path) -> None:
    cases = json.loads((corpus / "suites/ssrf/wpt-url/urltestdata.json").read_text())
    seen = 0
    for case in cases:
        if isinstance(case, str):
            continue
        refused = case.get("failure") or case["protocol"] not in ("http:", "https:")
        try:
            url = absolute(case["input"], case["base"])
        except SourceProblem as problem:
            no_name = problem.code == "unreachable" and ".." in case["host"]
            assert refused or case["username"] or case["password"] or no_name, case
            continue
        assert not refused, case
        assert (url.hostname, url.port) == (case["hostname"], case["port"])
        seen += 1
    assert seen > 100


def unresolvable(name: str) -> bool:
    """Whether DNS cannot have such a name, which WPT accepts and we refuse."""
    labels = name.removesuffix(".").split(".")
    return len(name) > 254 or any(not 0 < len(label) <= 63 for label in labels)


@pytest.mark.parametrize("name", ["toascii", "IdnaTestV2", "verifydnslength_tests"])
def test_international_names_are_wpts(corpus: Path, name: str) -> None:
    cases = json.loads((corpus / f"suites/ssrf/wpt-url/{name}.json").read_text())
    for case in cases:
        if isinstance(case, str):
            continue
        text = case["input"] if "://" in case["input"] else f"https://{case['input']}/x"
        try:
            host = absolute(text).hostname
        except SourceProblem:
            host = None
        expected = None if case.get("failure") else case.get("output", host)
        assert host == expected or (host is None and unresolvable(expected or "")), case


@pytest.mark.parametrize("inner", ["http://u:p@a.example/", "https://a b.example/", "https://[::1"])
def test_what_a_page_leads_on_to_is_read_like_a_pasted_link(inner: str) -> None:
    assert code(f"https://l.facebook.com/l.php?u={inner}") == "bad_url"


def test_pages_that_lead_on_to_each_other_end() -> None:
    text = "https://example.com/"
    for _ in range(9):
        text = f"https://out.reddit.com/?url={quote(text, safe='')}"
    assert parse(text).url.startswith("https://out.reddit.com/")
