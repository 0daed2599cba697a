"""Contract, section 5: the branded page, as every reader gets it."""

import base64
import gzip
import hashlib
import json
import re
import struct
from contextlib import closing
from html.parser import HTMLParser
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
from protego import Protego

from tests.client import HUMAN
from tests.contract.kit import Reply, World, article, ask, facts, until

MARKS = {"sharer", "source", "plain", "share", "mine", "report"}


class Tags(HTMLParser):
    """Every element with its attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def having(self, attribute: str) -> list[tuple[str, dict[str, str]]]:
        return [(tag, attrs) for tag, attrs in self.found if attribute in attrs]

    def metas(self) -> dict[str, str]:
        named = [attrs for tag, attrs in self.found if tag == "meta"]
        return {a.get("property") or a.get("name", ""): a.get("content", "") for a in named}


@pytest.fixture(scope="module")
def share(w: World) -> dict[str, Any]:
    return w.share()


def test_the_same_bytes_whatever_the_query_the_cookies_and_the_reader(
    w: World, share: dict[str, Any]
) -> None:
    first = w.page(share)
    assert first.status == 200
    for query in ("", "?h=ABaaaaaaaaaa", "?h=nonsense", "?utm_source=x&y=%00", "?" + "z" * 3000):
        again = w.page(
            share, query, Cookie="a=b", Accept_Language="zh", Referer="https://x.example"
        )
        assert (again.status, again.body) == (200, first.body)
        assert again.headers["ETag"] == first.headers["ETag"]


def test_one_weak_etag_for_every_encoding_and_304(w: World, share: dict[str, Any]) -> None:
    plain = w.page(share)
    etag = plain.headers["ETag"]
    assert re.fullmatch(r'W/"[^"]+"', etag)
    readers = {"gzip": gzip.decompress, "br": brotli.decompress}
    for encoding, decode in readers.items():
        packed = w.page(share, Accept_Encoding=encoding)
        assert packed.headers["Content-Encoding"] == encoding
        assert packed.headers["ETag"] == etag
        assert decode(packed.body) == plain.body
        assert "Accept-Encoding" in packed.headers["Vary"]
    for said in (etag, f'"x", {etag}', "*", etag.removeprefix("W/")):
        unchanged = w.page(share, If_None_Match=said)
        assert (unchanged.status, unchanged.body) == (304, b"")
        for name in ("ETag", "Cache-Control"):
            assert unchanged.headers[name] == plain.headers[name]
    assert w.page(share, If_None_Match='W/"other"').status == 200


def test_the_etags_that_a_cache_has_may_stand_on_several_lines(
    w: World, share: dict[str, Any]
) -> None:
    parts = urlsplit(share["url"])
    asked = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    with closing(asked):
        asked.putrequest("GET", parts.path)
        for etag in ('"x"', w.page(share).headers["ETag"]):
            asked.putheader("If-None-Match", etag)
        asked.endheaders()
        assert asked.getresponse().status == 304


def test_head_says_what_get_says_and_sends_no_body(w: World, share: dict[str, Any]) -> None:
    for encoding in ("identity", "gzip"):
        asking = {"User-Agent": HUMAN, "Accept-Encoding": encoding}
        got, head = (ask(share["url"], method, headers=asking) for method in ("GET", "HEAD"))
        assert (head.status, head.body) == (200, b"")
        del got.headers["Date"], head.headers["Date"]
        assert head.headers.items() == got.headers.items()


def test_it_is_utf_8_whatever_the_source_was(w: World) -> None:
    page = article("茶的味道", lang="zh").replace("utf-8", "gb18030").encode("gb18030")
    share = w.share(Reply(page, headers={"Content-Type": "text/html"}))
    answer = w.page(share)
    assert answer.headers["Content-Type"].lower() == "text/html; charset=utf-8"
    assert "茶的味道" in answer.text
    assert share["article"]["title"] == "茶的味道"
    assert share["article"]["language"] == "zh"


@pytest.mark.parametrize(
    ("mode", "slots"),
    [("full", 4), ("reader", 4), ("excerpt", 2), ("card", 2)],
)
def test_each_placement_is_in_exactly_one_element(w: World, mode: str, slots: int) -> None:
    ad = w.account.ad(placements=["sticky", "end", "middle", "top"])["id"]
    share = w.share(article(paragraphs=20), ad, mode=mode)
    tags = Tags(w.page(share).text)
    found = [attrs["data-slot"] for _, attrs in tags.having("data-slot")]
    expected = ["top", "middle", "end", "sticky"] if slots == 4 else ["top", "end"]
    assert found == expected == share["slots"]
    assert facts(w.page(share).text)["mode"] == mode == share["mode"]
    if slots == 2:
        assert set(share["slots_skipped"]) == {"middle", "sticky"}
        assert all(share["slots_skipped"].values())


def test_modes_hold_as_much_of_the_article_as_they_say(w: World) -> None:
    page = article(paragraphs=20, body="<p>The very last words.</p>")
    texts = {
        mode: w.page(w.share(page, mode=mode)).text
        for mode in ("full", "reader", "excerpt", "card")
    }
    for mode in ("full", "reader"):
        assert "The very last words." in texts[mode]
        assert "20. By the second week" in texts[mode]
    for mode in ("excerpt", "card"):
        assert "The very last words." not in texts[mode]
    assert "1. By the second week" in texts["excerpt"]


def test_the_ad_and_the_article_are_there_without_scripts_in_order(
    w: World, share: dict[str, Any]
) -> None:
    body = w.page(share).text.partition("</head>")[2]
    text = re.sub(r"<(script|style).*?</\1>", "", body, flags=re.DOTALL)
    order = [
        text.index(mark)
        for mark in ('data-slot="top"', "1. By the", "2. By the", "8. By the", 'data-slot="end"')
    ]
    assert order == sorted(order)


def shown_at(w: World, picture: str, where: str) -> bool:
    """Whether a picture's own address is in the page, or its proxied one."""
    told = base64.b32encode(picture.encode()).decode().lower().rstrip("=")
    return picture in where or (w.service.pages in where and told in where)


def test_pictures_that_waited_for_scripts_are_there_and_absolute(w: World) -> None:
    body = (
        '<p><img data-src="/lazy.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="">'
        '</p><p><noscript><img src="/quiet.jpg" alt=""></noscript>'
        '<img src="small.jpg" srcset="small.jpg 1x, big.jpg 2x" alt="">'
        '<a href="next">next</a> <a href="#part">part</a></p>'
    )
    page = w.page(w.share(article(body=body))).text
    tags = Tags(page)
    pictures = " ".join(f"{a.get('src')} {a.get('srcset')}" for t, a in tags.found if t == "img")
    for path in ("/lazy.jpg", "/quiet.jpg", "/small.jpg", "/big.jpg"):
        assert shown_at(w, w.publisher.at(path), pictures), path
    assert w.publisher.at("/next") in page
    for tag, attrs in tags.found:
        for name in ("href", "src", "action", "poster"):
            value = attrs.get(name, "https://x")
            fine = r"(https?:|data:image/|tel:|mailto:|#)"
            assert re.match(fine, value), (tag, name, value)


def test_the_marks_of_the_contract_are_always_there(w: World) -> None:
    for mode in ("full", "reader", "excerpt", "card"):
        share = w.share(mode=mode)
        tags = Tags(w.page(share).text)
        marked = {attrs["data-passalong"]: attrs for _, attrs in tags.having("data-passalong")}
        assert set(marked) >= MARKS
        source = share["article"]["source_url"]
        assert marked["source"]["href"] == source
        mine = marked["mine"]["href"]
        assert mine.startswith(w.service.console)
        assert source.partition("://")[2].partition(":")[0] in mine
        assert marked["report"]["href"].startswith(w.service.console)


def test_make_it_mine_opens_the_paste_page_and_report_a_form(
    w: World, share: dict[str, Any]
) -> None:
    tags = Tags(w.page(share).text)
    marked = {attrs["data-passalong"]: attrs for _, attrs in tags.having("data-passalong")}
    for mark in ("mine", "report"):
        answer = ask(marked[mark]["href"].replace("&amp;", "&"))
        assert answer.status in (200, 302, 303), mark
    assert ask(marked["report"]["href"]).status == 200


def test_a_publishers_own_marks_are_removed(w: World) -> None:
    head = (
        '<link rel="canonical" href="/a"><meta property="og:url" content="https://x.example/">'
        '<meta property="og:title" content="Theirs"><meta name="twitter:card" content="player">'
        '<base href="https://base.example/">'
        '<meta http-equiv="refresh" content="9;url=https://x.example">'
        '<meta http-equiv="Content-Security-Policy" content="default-src none">'
    )
    body = (
        '<div data-slot="top" id="passalong" data-passalong="share" onclick="steal()">'
        "kept words</div>"
        '<form action="/x"><input name="q"></form><iframe src="https://x.example/"></iframe>'
        "<script>steal()</script>"
    )
    page = w.page(w.share(article(head=head, body=body))).text
    tags = Tags(page)
    assert "kept words" in page
    assert "steal" not in page
    assert [a["data-slot"] for _, a in tags.having("data-slot")] == ["top", "end"]
    assert sum(a.get("id") == "passalong" for _, a in tags.found) == 1
    assert [a["data-passalong"] for _, a in tags.having("data-passalong")].count("share") == 1
    assert not [a for tag, a in tags.found if tag == "base"]
    assert not [a for tag, a in tags.found if tag == "link" and "canonical" in a.get("rel", "")]
    assert not [a for tag, a in tags.found if "http-equiv" in a and tag == "meta"]
    assert page.count('"og:title"') == 1
    assert page.count('"twitter:card"') == 1
    assert "og:url" not in page


def test_the_link_card_is_complete(w: World) -> None:
    head = (
        '<meta property="og:image" content="/cup.jpg">'
        '<meta name="description" content="A hillside.">'
        '<meta property="og:site_name" content="The Slow Kettle">'
    )
    metas = Tags(w.page(w.share(article(head=head))).text).metas()
    assert metas["og:title"] == "What the last oolong of the year tastes like"
    assert "A hillside." in metas["og:description"]
    assert shown_at(w, w.publisher.at("/cup.jpg"), metas["og:image"])
    assert metas["og:type"] == "article"
    assert metas["og:site_name"] == "The Slow Kettle · Ad · Half Hill Tea"
    assert metas["twitter:card"] in ("summary", "summary_large_image")


def test_a_link_card_has_a_picture_where_the_article_has_none(w: World) -> None:
    metas = Tags(w.page(w.share(article())).text).metas()
    assert metas["og:image"].startswith(f"{w.service.pages}/")
    drawn = ask(metas["og:image"])
    assert (drawn.status, drawn.headers["Content-Type"]) == (200, "image/png")
    assert "public" in drawn.headers["Cache-Control"]
    assert drawn.body[16:24] == struct.pack(">II", 1200, 630)


def test_the_source_is_named_in_headers_alone(w: World, share: dict[str, Any]) -> None:
    answer = w.page(share)
    assert answer.headers["Link"] == f'<{share["article"]["source_url"]}>; rel="canonical"'
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "canonical" not in re.sub(r"<script.*?</script>", "", answer.text, flags=re.DOTALL)
    assert not re.search(r"rel\s*=\s*[\"']?canonical|og:url", answer.text), "nor by a plain search"


def test_robots_txt_lets_preview_fetchers_in(w: World, share: dict[str, Any]) -> None:
    answer = ask(f"{w.service.pages}/robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    rules = Protego.parse(answer.text)
    for agent in ("facebookexternalhit/1.1", "Twitterbot", "WhatsApp", "Slackbot", "WeChat"):
        assert rules.can_fetch(share["url"], agent)
        assert rules.can_fetch(f"{w.service.pages}/m/x", agent)
        assert not rules.can_fetch(f"{w.service.pages}/g/x/top", agent)


def test_preview_fetchers_get_the_page_too(w: World, share: dict[str, Any]) -> None:
    answer = w.page(share, User_Agent="facebookexternalhit/1.1")
    assert (answer.status, answer.body) == (200, w.page(share).body)


def test_the_facts_block_is_as_the_contract_says(w: World, share: dict[str, Any]) -> None:
    block = facts(w.page(share).text)
    assert set(block) == {"v", "share", "mode", "ticket", "send", "slots"}
    assert (block["v"], block["share"], block["mode"]) == (1, share["id"], "full")
    assert block["send"] == f"{w.service.pages}/e"
    assert [slot["slot"] for slot in block["slots"]] == ["top", "end"]
    assert re.fullmatch(r"[A-Za-z0-9_.~-]+", block["ticket"])


def test_nothing_in_the_facts_block_can_end_it(w: World) -> None:
    page = w.page(w.share()).text
    block = re.findall(r'id="passalong">(.*?)</script>', page)[0]
    assert "<" not in block
    json.loads(block)


def test_the_page_has_no_script_but_ours_and_the_policy_names_it(
    w: World, share: dict[str, Any]
) -> None:
    answer = w.page(share)
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert len(re.findall(r"<script", answer.text)) == 2


def test_nothing_of_the_ad_is_hidden_by_public_blocking_lists(w: World) -> None:
    ad = w.account.ad(placements=["top", "middle", "end", "sticky"])["id"]
    page = w.page(w.share(article(paragraphs=20), ad)).text
    words = re.compile(
        r"(^|[-_ ])(ads?|adslot|banner|sponsor|advert\w*|leaderboard)([-_ ]|$)", re.IGNORECASE
    )
    for slot in re.findall(r"<note-card data-slot.*?</note-card>", page, re.DOTALL):
        for _, attrs in Tags(slot).found:
            for name in ("class", "id"):
                assert not words.search(attrs.get(name, "")), attrs
            for name in ("href", "src"):
                assert not re.search(r"/(ads?|api)/", attrs.get(name, ""))


@pytest.mark.parametrize(
    ("stuck", "kept"),
    [
        *((end, "") for end in ("/", ".", "%29", "%20", "%E3%80%82", "%EF%BC%8C%E7%9C%8B")),
        (".?h=ABcccccccccc&from=timeline", "?h=ABcccccccccc"),
        ("%3Fh%3DABcccccccccc%E3%80%82", "?h=ABcccccccccc"),
        ("%253Fh%253DABcccccccccc", "?h=ABcccccccccc"),
        ("&amp;h=ABcccccccccc", "?h=ABcccccccccc"),
        (".?h=ABccccccccccc", ""),
    ],
)
def test_a_link_at_whose_end_something_stuck_leads_to_its_page(
    w: World, share: dict[str, Any], stuck: str, kept: str
) -> None:
    moved = ask(f"{w.service.pages}/s/{share['id']}{stuck}")
    assert (moved.status, moved.headers["Location"]) == (301, f"/s/{share['id']}{kept}")
    assert ask(f"{w.service.pages}/s/none{stuck}").status == 404


def test_an_ended_share_is_410_and_an_unknown_one_404(w: World) -> None:
    share = w.share()
    w.page(share)
    w.account.ok("DELETE", f"/shares/{share['id']}", want=204)
    until(lambda: w.page(share).status == 410)
    gone = w.page(share)
    assert share["article"]["source_url"] in gone.text
    assert gone.headers["Content-Type"].startswith("text/html")
    assert ask(f"{w.service.pages}/s/unknown").status == 404
    assert ask(f"{w.service.pages}/s/{'x' * 3000}").status == 404
