"""Contract, section 3: what can be published, every refusal's code, one compile an article."""

import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.contract.kit import Reply, World, article, ask

# What is pasted, or what its source answers -> status and code. For more of each see `proxy/links`,
# `proxy/test_addresses`, `proxy/fetch` and `proxy/compiler`.
BAD, BLOCKED = (400, "bad_url"), (403, "blocked_address")
REFUSED, LOGIN = (424, "source_refused"), (424, "login_required")
NO_PAGE, NO_ARTICLE = (404, "source_not_found"), (415, "not_an_article")
AWAY = (502, "unreachable")
PASSWORD = '<form><input type="password"><button>Log in</button></form>'
REFUSALS: dict[str, tuple[str | Reply, tuple[int, str]]] = {
    "no text": ("", BAD),
    "userinfo": ("http://user:secret@127.0.0.2/a", BAD),
    "a private address": ("http://10.0.0.1/", BLOCKED),
    "loopback": ("http://[::1]/", BLOCKED),
    "no web page's port": ("http://nobody.invalid:8080/", BLOCKED),
    "a name without an answer": ("http://no-such-name.invalid/a", AWAY),
    **{str(status): (Reply(article(), status), REFUSED) for status in (401, 403, 429)},
    "404": (Reply(article(), 404), NO_PAGE),
    "500": (Reply(article(), 500), AWAY),
    "451": (Reply(article(), 451), (403, "refused_by_publisher")),
    "504": (Reply(article(), 504), (504, "source_timeout")),
    "a challenge": (Reply("wait", headers={"cf-mitigated": "challenge"}), REFUSED),
    "a page that asks for a password": (Reply(f"<html><body>{PASSWORD}</body></html>"), LOGIN),
    "JSON": (Reply('{"a": 1}', headers={"Content-Type": "application/json"}), NO_ARTICLE),
    "next to nothing": (Reply("<p>hello"), NO_ARTICLE),
    "a list": (Reply("<ul>" + "<li><a href=/x>headline</a>" * 30 + "</ul>"), NO_ARTICLE),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_published_has_its_code_as_a_preview_too(w: World, name: str) -> None:
    found, said = REFUSALS[name]
    url = found if isinstance(found, str) else w.publish(found)
    assert w.refused(url) == said
    assert w.account.ask("POST", "/preview", {"url": url, "ad": w.ad}).said == said


def test_when_a_source_may_be_asked_again_is_told_and_described(w: World) -> None:
    url = w.publish(Reply(article(), 429))
    answer = w.account.ask("POST", "/shares", {"url": url, "ad": w.ad})
    assert int(answer.headers["Retry-After"]) > 0
    document = ask(f"{w.service.console}/api/openapi.json").json
    described = document["paths"]["/api/v1/shares"]["post"]["responses"]
    for status in (str(answer.status), "502", "504"):
        assert "Retry-After" in described[status]["headers"]


def test_a_link_to_our_own_pages_is_bad_url(w: World) -> None:
    for own in (w.service.pages, w.service.console):
        for path in ("/", "/s/x", "/login?x=1#y"):
            assert w.refused(own + path) == BAD


def test_the_services_own_listeners_are_refused_though_their_network_is_allowed(w: World) -> None:
    own = f"http://[::ffff:127.0.0.1]:{w.service.port}/"
    assert w.refused(own) == BLOCKED


def test_a_redirect_to_a_blocked_address_or_port_or_our_own_pages_is_blocked(w: World) -> None:
    for target in ("http://10.0.0.1/", "http://[::1]:9/", f"{w.service.pages}/s/x", "ftp://x/"):
        url = w.publish(Reply(status=302, headers={"Location": target}))
        assert w.refused(url) == BLOCKED, target


def test_blocked_and_bad_links_make_no_connection(w: World) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.3)
    port = listener.getsockname()[1]
    for url in (f"http://a@127.0.0.1:{port}/", f"http://[::1]:{port}/", f"ftp://127.0.0.1:{port}/"):
        assert w.refused(url)[1] in ("bad_url", "blocked_address")
    with pytest.raises(TimeoutError):
        listener.accept()
    listener.close()


def test_nobody_listening_is_unreachable_and_what_is_refused_is_not_listed(w: World) -> None:
    before = w.account.ok("GET", "/shares")
    assert w.refused("http://127.0.0.2:9/") == AWAY
    assert w.account.ok("GET", "/shares") == before


def test_a_redirect_to_a_login_is_login_required(w: World) -> None:
    at_login = w.publisher.put("/login", article("Sign in") + PASSWORD)
    led = w.publish(Reply(status=302, headers={"Location": at_login}))
    assert w.refused(led) == LOGIN


def test_more_than_5_mb_of_markup_is_too_big(w: World) -> None:
    page = article(body="<!--" + "x" * (5 * 1024 * 1024) + "-->")
    assert w.refused(w.publish(page)) == (413, "too_big")
    page = article(body="<!--" + "x" * (4 * 1024 * 1024) + "-->")
    assert w.share(page)["mode"] == "full"


@pytest.fixture(scope="module", autouse=True)
def slow(w: World) -> Iterator[Future[tuple[tuple[int, str], float]]]:
    """Code and seconds for a source that answers after 25 s, requested during the other tests."""
    url = w.publish(Reply(article(), delay=25.0))

    def refused() -> tuple[tuple[int, str], float]:
        began = time.monotonic()
        return w.refused(url), time.monotonic() - began

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(refused)


FILES = {
    "application/pdf": b"%PDF-1.7",
    "image/png": b"\x89PNG\r\n",
    "audio/mpeg": b"ID3",
    "video/mp4": b"\0\0\0\x18ftyp",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_published_as_a_card(w: World, kind: str) -> None:
    share = w.share(Reply(FILES[kind], headers={"Content-Type": kind}))
    assert share["mode"] == "card"
    assert share["mode_reason"]
    assert share["slots"] == ["top", "end"]
    page = w.page(share)
    assert page.status == 200
    assert share["article"]["source_url"] in page.text


def header(name: str, value: str) -> Reply:
    return Reply(article(), headers={name: value})


def robots(value: str) -> Reply:
    return header("X-Robots-Tag", value)


def meta(name: str, content: str) -> str:
    return article(head=f'<meta name="{name}" content="{content}">')


PAYWALL = """<script type="application/ld+json">
{"@context": "https://schema.org", "@type": "NewsArticle", "isAccessibleForFree": false}</script>"""
SIGNALS = {
    "header noarchive": (robots("noarchive"), "excerpt"),
    "two headers": (robots("otherbot: nosnippet\nnoarchive"), "excerpt"),
    "meta nosnippet": (meta("robots", "nosnippet"), "card"),
    "meta noindex": (meta("robots", "noindex"), "full"),
    "header tdm": (header("tdm-reservation", "1"), "excerpt"),
    "paywall": (article(head=PAYWALL), "excerpt"),
}


@pytest.mark.parametrize("name", SIGNALS)
def test_a_publishers_signal_lowers_the_mode_and_the_reason_is_kept(w: World, name: str) -> None:
    page, mode = SIGNALS[name]
    url = w.publish(page)
    preview = w.account.ok("POST", "/preview", {"url": url, "ad": w.ad}, 201)
    share = w.account.share(url, w.ad)
    assert share["mode"] == preview["mode"] == mode
    assert bool(share["mode_reason"]) == (mode != "full")
    assert preview["mode_reason"] == share["mode_reason"]


def test_a_mode_is_lowered_never_raised(w: World) -> None:
    page = article(head='<meta name="robots" content="noarchive">')
    assert w.share(page, mode="card")["mode"] == "card"
    assert w.share(page, mode="reader")["mode"] == "excerpt"
    assert w.share(article(), mode="reader")["mode"] == "reader"


def test_past_its_date_a_page_is_refused(w: World) -> None:
    gone = {"X-Robots-Tag": "unavailable_after: 25 Jun 2010 15:00:00 PST"}
    assert w.refused(w.publish(Reply(article(), headers=gone))) == (403, "refused_by_publisher")


def test_robots_txt_binds_when_it_names_us_and_not_by_a_star(w: World) -> None:
    star, named = w.publisher.site(), w.publisher.site()
    plain = {"Content-Type": "text/plain"}
    for host, agent in ((star, "*"), (named, "PassalongBot")):
        group = f"User-agent: {agent}\nDisallow: /"
        w.publisher.put("/robots.txt", Reply(group, headers=plain), host)
    assert w.account.share(w.publish(host=star), w.ad)["mode"] == "full"
    refused = w.publish(host=named)
    assert w.refused(refused) == (403, "refused_by_publisher")


def test_tdmrep_json_reserves(w: World) -> None:
    host = w.publisher.site()
    rules = '[{"location": "/article-*", "tdm-reservation": 1}]'
    file = Reply(rules, headers={"Content-Type": "application/json"})
    w.publisher.put("/.well-known/tdmrep.json", file, host)
    share = w.account.share(w.publish(host=host), w.ad)
    assert (share["mode"], share["mode_reason"]) == ("excerpt", "tdm-reservation")


def test_the_user_agent_names_us_and_a_contact_page(w: World) -> None:
    w.share()
    agents = set(w.publisher.agents)
    assert len(agents) == 1
    assert "Passalong" in agents.pop()
    assert f"(+{w.service.console}/about)" in w.publisher.agents[0]
    assert ask(f"{w.service.console}/about").status == 200


def times_asked(w: World, path: str) -> int:
    return sum(asked.partition("?")[0] == path for asked in w.publisher.asked)


def test_one_article_is_compiled_once_however_its_link_is_spelled(w: World) -> None:
    host = w.publisher.site()
    url = w.publish(host=host)
    path = url.split(str(w.publisher.port))[1]
    spellings = [
        url,
        f"{url}?utm_source=a&utm_campaign=b",
        f"{url}?fbclid=x",
        f"{url}?from=singlemessage&isappinstalled=0",
        f"{url}#top",
        url.replace("http://", "HTTP://"),
        f"{url}?gclid=1#part",
        url.replace("article", "%61rticle"),
    ]
    for spelling in spellings:
        w.account.share(spelling, w.ad)
    assert times_asked(w, host + path) == 1


def test_meaningful_parameters_stay(w: World) -> None:
    url = w.publish()
    one = w.account.share(f"{url}?id=1&utm_source=x", w.ad)
    other = w.account.share(f"{url}?id=2", w.ad)
    assert one["article"]["source_url"].endswith("?id=1")
    assert other["article"]["source_url"].endswith("?id=2")


def test_a_shortener_leads_to_the_article(w: World) -> None:
    host = w.publisher.site()
    url = w.publish(host=host)
    short = w.publish(Reply(status=301, headers={"Location": f"{url}?utm_source=short"}))
    first = w.account.share(short, w.ad)
    again = w.account.share(url, w.ad)
    assert first["article"]["source_url"] == again["article"]["source_url"] == url
    assert times_asked(w, host + url.split(str(w.publisher.port))[1]) == 1


def test_amp_and_other_spellings_are_the_article_that_the_same_sites_canonical_names(
    w: World,
) -> None:
    host = w.publisher.site()
    path = w.path()
    page = article(head=f'<link rel="canonical" href="{w.publisher.at(path, host)}">')
    url = w.publisher.put(path, page, host)
    amp = w.publisher.put(path + "/amp", page.replace("<html", "<html amp"), host)
    assert w.account.share(amp, w.ad)["article"]["source_url"] == url
    assert w.account.share(url, w.ad)["article"]["source_url"] == url
    assert w.account.share(f"{url}?utm_medium=x", w.ad)["article"]["source_url"] == url
    assert times_asked(w, host + path) == 1


def test_another_sites_canonical_names_nothing(w: World) -> None:
    away = article(head='<link rel="canonical" href="https://elsewhere.example/a">')
    url = w.publish(away)
    assert w.account.share(url, w.ad)["article"]["source_url"] == url


def test_one_fetch_at_a_time_for_a_link_over_all_workers(w: World) -> None:
    host = w.publisher.site()
    url = w.publish(Reply(article(), delay=0.5), host)
    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(lambda _: w.account.share(url, w.ad), range(8)))
    assert len({share["id"] for share in shares}) == 8
    assert times_asked(w, host + url.split(str(w.publisher.port))[1]) == 1


@pytest.fixture(scope="module")
def share(w: World) -> dict[str, object]:
    head = (
        '<meta name="author" content="Ana Whitlow"><meta property="og:site_name" content="Kettle">'
        '<meta property="og:description" content="A hillside.">'
        '<meta property="og:image" content="/cup.jpg">'
        '<meta property="article:published_time" content="2026-11-02T08:00:00Z">'
    )
    return w.share(article(head=head), channel="chat")


def test_a_share_has_the_fields_of_the_contract(w: World, share: dict[str, object]) -> None:
    assert set(share) >= {
        "id", "url", "ad", "channel", "mode", "mode_reason", "slots", "slots_skipped", "article",
        "card", "rights", "created_at", "state",
    }  # fmt: skip
    assert share["url"] == f"{w.service.pages}/s/{share['id']}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(share["created_at"]))
    assert (share["ad"], share["channel"], share["state"]) == (w.ad, "chat", "active")
    assert (share["mode"], share["mode_reason"]) == ("full", "")
    assert share["slots"] == ["top", "end"]
    found = share["article"]
    assert isinstance(found, dict)
    assert set(found) == {
        "title", "site", "author", "published", "image", "language", "source_url", "fetched_at",
    }  # fmt: skip
    assert (found["site"], found["author"], found["language"]) == ("Kettle", "Ana Whitlow", "en")
    assert found["image"].endswith("/cup.jpg")
    assert found["image"].startswith("http")
    assert found["published"].startswith("2026-11-02")


def test_the_own_card_and_the_rights_are_kept(w: World) -> None:
    card = {"title": "Mine", "description": "My words"}
    made = w.share(card=card, rights="quotation")
    assert made["card"]["title"] == "Mine"
    assert made["card"]["description"] == "My words"
    assert made["rights"] == "quotation"
    page = w.page(made).text
    assert '<meta property="og:title" content="Mine">' in page


def test_null_in_what_may_be_left_out_is_as_if_it_were(w: World) -> None:
    url, left_out = w.publish(), dict.fromkeys(("channel", "mode", "rights", "card"))
    bare, made = w.account.share(url, w.ad), w.account.share(url, w.ad, **left_out)
    same = ("channel", "mode", "rights", "card", "article", "slots")
    assert {name: made[name] for name in same} == {name: bare[name] for name in same}
    own = w.account.share(
        url, w.ad, channel="mail", mode="reader", card={"title": "T", "image": None}
    )
    assert own["card"] == bare["card"] | {"title": "T"}
    changed = w.account.ok("PATCH", f"/shares/{own['id']}", left_out)
    assert {name: changed[name] for name in same} == {name: bare[name] for name in same}


INVALID = [
    {"ad": None},
    {"ad": "nobodys"},
    {"mode": "poster"},
    {"rights": "stolen"},
    {"channel": 5},
    {"channel": "x" * 1000},
    {"card": "title"},
    {"card": {"titel": "x"}},
    {"colour": "red"},
]


@pytest.mark.parametrize("fault", INVALID)
def test_a_body_that_cannot_be_used_is_invalid_and_names_the_field(
    w: World, fault: dict[str, object]
) -> None:
    body = {"url": w.publish(), "ad": w.ad} | fault
    answer = w.account.ask("POST", "/shares", body)
    assert answer.said == (422, "invalid")
    assert any(next(iter(fault)) in error["field"] for error in answer.json["errors"])


def test_publishing_with_anothers_ad_is_invalid(w: World) -> None:
    body = {"url": w.publish(), "ad": w.ad}
    assert w.other.ask("POST", "/shares", body).said == (422, "invalid")


def test_a_preview_shows_what_would_be_published_for_the_console_to_frame(w: World) -> None:
    url = w.publish()
    found = w.account.ok("POST", "/preview", {"url": url, "ad": w.ad}, 201)
    assert set(found) >= {"mode", "mode_reason", "article", "card", "slots", "page"}
    assert found["slots"] == ["top", "end"]
    assert found["page"].startswith(f"{w.service.pages}/p/")
    shown = ask(found["page"])
    assert shown.status == 200
    assert 'data-slot="top"' in shown.text
    assert "<script" not in shown.text
    assert "/g/" not in shown.text
    assert f"frame-ancestors {w.service.console};" in shown.headers["Content-Security-Policy"]
    assert shown.headers["Cache-Control"].startswith("no-store")


def test_a_source_that_takes_too_long_is_source_timeout(
    slow: Future[tuple[tuple[int, str], float]],
) -> None:
    refused, seconds = slow.result(40)
    assert refused == (504, "source_timeout")
    assert seconds < 25.0
