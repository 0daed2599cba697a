"""A site's robots.txt and tdmrep.json: whom they address, what they mean, how long they hold."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from proxy.errors import SourceProblem
from proxy.lists import Entry, entry
from proxy.signals import FAILED_MS, KEPT_MS, Gatherer, optout
from proxy.signals.robots import binding, forbid
from proxy.signals.tdm import TdmRule, parse, reserved
from proxy.source import Source

URL = "https://example.com/news/1?x=2"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", False),
        ("User-agent: *\nDisallow: /", False),  # binds crawlers, not a person's paste
        ("User-agent: Googlebot\nDisallow: /", False),
        ("User-agent: PassalongBot\nDisallow: /", True),
        ("user-agent:passalongbot\ndisallow:/news/", True),
        ("User-agent: passalong # us\nDisallow: /", True),
        ("User-agent: PassalongBot/0.1\nDisallow: /", True),
        ("\ufeffUser-agent: PassalongBot\r\nDisallow: /\r\n", True),
        ("User-agent: PassalongBotter\nDisallow: /", False),
        ("User-agent: NotPassalongBot\nDisallow: /", False),
        ("User-agent: PassalongBot\nDisallow:", False),
        ("User-agent: PassalongBot\nAllow: /", False),
        ("User-agent: PassalongBot\nDisallow: /sport/", False),
        ("User-agent: PassalongBot\nDisallow: /\nAllow: /news/", False),
        ("User-agent: PassalongBot\nDisallow: /news/*x=", True),
        ("User-agent: PassalongBot\nDisallow: /news/1$", False),
        ("User-agent: *\nUser-agent: PassalongBot\nDisallow: /", True),
        ("User-agent: PassalongBot\nUser-agent: OtherBot\nDisallow: /", True),
        ("User-agent: PassalongBot\nAllow: /x\nUser-agent: OtherBot\nDisallow: /", False),
        ("User-agent: PassalongBot\nCrawl-delay: 1\nDisallow: /", True),
        ("User-agent: PassalongBot\n\n# note\nDisallow: /", True),
        ("User-agent: A\nDisallow: /a\n\nUser-agent: PassalongBot\nDisallow: /news", True),
        ("User-agent: PassalongBot\nDisallow: /a\nUser-agent: B\nDisallow: /b\n"
         "User-agent: PassalongBot\nDisallow: /news", True),  # groups for one agent are joined
        ("Disallow: /\nUser-agent: PassalongBot\nDisallow: /a", False),
        ("<html>not found</html>", False),
        ("User-agent: PassalongBot\nDisallow: /" + "*a" * 20_000 + "$", False),
    ],
)  # fmt: skip
def test_only_a_group_that_names_us_binds(text: str, refused: bool) -> None:
    assert forbid(binding(text), URL) is refused


def test_of_rules_without_end_for_us_the_first_thousand_are_kept() -> None:
    rules = binding("User-agent: PassalongBot\nDisallow: /news" + "\nDisallow: /*a" * 20_000)
    assert rules.count("disallow") == 1_000
    assert forbid(rules, URL)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("User-agent: *\nDisallow: /", True),
        ("User-agent: *\nDisallow: /sport/", False),
        ("User-agent: Googlebot\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: PassalongBot\nAllow: /", False),
        ("User-agent: *\nDisallow:\n\nUser-agent: PassalongBot\nDisallow: /", True),
        ("", False),
    ],
)
def test_an_operator_may_let_the_rules_for_all_robots_bind(text: str, refused: bool) -> None:
    assert forbid(binding(text, everyone=True), URL) is refused


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], None),
        ([("/", 1)], True),
        ([("/", 0)], False),
        ([("/sport/", 1)], None),
        ([("/news/", 1), ("/", 0)], True),
        ([("/", 0), ("/news/", 1)], False),  # the first in sequence
        ([("/news/*x=2$", 1)], True),
        ([("/news/1$", 1)], None),
        ([("/x\nallow: /", 1)], None),
    ],
)
def test_the_first_rule_of_tdmrep_that_fits_speaks(
    rules: list[tuple[str, int]], expected: bool | None
) -> None:
    assert reserved(tuple(TdmRule(*rule) for rule in rules), URL) is expected


def test_a_tdmrep_file_as_deep_as_can_be_has_no_rules() -> None:
    assert parse(b"[" * 100_000) == ()


class Site:
    """A fetcher of given texts that counts its requests."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes | str] = {}
        self.asked: list[str] = []

    async def text(self, url: str) -> Source:
        self.asked.append(url)
        await asyncio.sleep(0)
        found = self.texts.get(url.partition("example.com")[2], "source_not_found")
        if isinstance(found, str):
            raise SourceProblem(found, "")
        return Source(url, found)


class Zone:
    """TXT records by name; None is a name server that does not answer."""

    def __init__(self, **records: list[str] | None) -> None:
        self.records = {name.replace("_", "."): texts for name, texts in records.items()}
        self.asked: list[str] = []

    async def texts(self, name: str) -> list[str] | None:
        self.asked.append(name)
        return self.records.get(name, [])


@pytest.fixture
def site() -> Site:
    return Site()


def gatherer_of(site: Site, now: Callable[[], int] = lambda: 0, **more: Any) -> Gatherer:
    async def listed(_url: str) -> Entry | None:
        return None

    plain = {"records": Zone().texts, "listed": listed, "everyone": False}
    return Gatherer(site, now, **plain | more)


NAMED = b"User-agent: PassalongBot\nDisallow: /news/"
TDM = json.dumps([{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://x/"}]).encode()


async def test_the_files_of_the_pages_own_origin_are_heard(site: Site) -> None:
    site.texts = {"/robots.txt": NAMED, "/.well-known/tdmrep.json": TDM}
    found = await gatherer_of(site).outside(Source(URL, b""))
    assert (found.robots_txt, found.tdm_file) == (True, True)
    assert sorted(site.asked) == [
        "https://example.com/.well-known/passalong.txt",
        "https://example.com/.well-known/tdmrep.json",
        "https://example.com/robots.txt",
    ]


@pytest.mark.parametrize(
    "tdm",
    [
        b"\xef\xbb\xbf" + TDM,
        b'[1, {}, {"location": "/"}, ' + TDM.removeprefix(b"["),
        b'[{"location": "/", "tdm-reservation": "1"}]',
        b'[{"location": "/", "tdm-reservation": 1.0}]',
    ],
)
async def test_a_reservation_is_heard_through_what_is_broken_around_it(
    site: Site, tdm: bytes
) -> None:
    site.texts = {"/.well-known/tdmrep.json": tdm}
    assert (await gatherer_of(site).outside(URL)).tdm_file is True


@pytest.mark.parametrize("tdm", [b"", b"{}", b"[1]", b"\xff", b"[{}]", b'[{"location":"/"}]'])
async def test_a_broken_file_says_nothing(site: Site, tdm: bytes) -> None:
    site.texts = {"/robots.txt": b"\xff\xfe\0", "/.well-known/tdmrep.json": tdm}
    found = await gatherer_of(site).outside(URL)
    assert (found.robots_txt, found.tdm_file) == (False, None)


@pytest.mark.parametrize(
    ("answer", "kept_ms"),
    [
        (NAMED, KEPT_MS),
        ("source_not_found", KEPT_MS),
        ("source_refused", KEPT_MS),
        ("unreachable", FAILED_MS),
        ("source_timeout", FAILED_MS),
        ("too_big", FAILED_MS),
    ],
)
async def test_an_answer_is_kept_for_minutes_and_a_failure_for_one(
    site: Site, answer: bytes | str, kept_ms: int
) -> None:
    site.texts = {"/robots.txt": answer}
    times = {0: 3, kept_ms - 1: 3, kept_ms: 6, kept_ms + 1: 6}
    at = 0
    gatherer = gatherer_of(site, lambda: at)
    for moment, asked in times.items():
        at = moment
        await gatherer.outside(URL)
        assert len(site.asked) == asked


async def test_pages_of_one_origin_share_one_asking(site: Site) -> None:
    gatherer = gatherer_of(site)
    await asyncio.gather(*(gatherer.outside(f"https://example.com/{n}") for n in range(10)))
    assert len(site.asked) == 3
    await gatherer.outside("https://www.example.com/1")
    assert len(site.asked) == 6


async def test_a_caller_who_leaves_takes_nothing_from_the_others(site: Site) -> None:
    gatherer = gatherer_of(site)
    leaving = asyncio.create_task(gatherer.outside(URL))
    staying = asyncio.create_task(gatherer.outside(URL))
    await asyncio.sleep(0)  # until both have started
    leaving.cancel()
    assert (await staying).robots_txt is False
    assert len(site.asked) == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"passalong=none", "none"),
        (b"\xef\xbb\xbf# ours\r\n\r\n  Card  # link cards only\r\nnone\r\n", "card"),
        (b"PASSALONG = EXCERPT\n", "excerpt"),
        (b"full", ""),
        (b"<html>none</html>", ""),
        (b"\xff\xfe", ""),
        ("source_not_found", ""),
    ],
)
async def test_a_publishers_file_says_how_much(site: Site, body: bytes | str, said: str) -> None:
    site.texts = {"/.well-known/passalong.txt": body}
    assert (await gatherer_of(site).outside(URL)).opt_out == said


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ({"www_example_com": ["passalong=card"]}, "card"),
        ({"example_com": ["v=spf1 -all", "Passalong = None"]}, "none"),
        ({"www_example_com": ["passalong=excerpt"], "example_com": ["passalong=none"]}, "excerpt"),
        ({"www_example_com": ["passalong=full"], "example_com": ["passalong=none"]}, ""),
        ({"example_com": ["passalong=card", "passalong=none"]}, "none"),
        ({"example_com": ["passalong=maybe", "xpassalong=none"]}, ""),
        ({"com": ["passalong=none"]}, ""),
        ({}, ""),
    ],
)
async def test_the_nearest_record_says_how_much(
    site: Site, records: dict[str, list[str] | None], said: str
) -> None:
    found = await gatherer_of(site, records=Zone(**records).texts).outside(
        "https://www.example.com/1"
    )
    assert found.opt_out == said


async def test_of_record_and_file_the_stricter_holds(site: Site) -> None:
    site.texts = {"/.well-known/passalong.txt": b"card"}
    found = await gatherer_of(site, records=Zone(example_com=["passalong=excerpt"]).texts).outside(
        URL
    )
    assert found.opt_out == "card"


async def test_a_name_server_that_is_away_says_nothing_and_is_asked_again_soon(site: Site) -> None:
    zone, at = Zone(example_com=None), 0
    gatherer = gatherer_of(site, lambda: at, records=zone.texts)
    assert (await gatherer.outside(URL)).opt_out == ""
    zone.records["example.com"] = ["passalong=none"]
    at = FAILED_MS
    assert (await gatherer.outside(URL)).opt_out == "none"


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("example.com", ["example.com"]),
        ("a.b.example.com", ["a.b.example.com", "b.example.com", "example.com"]),
        (
            "a.b.c.d.e.example.com",
            ["a.b.c.d.e.example.com", "d.e.example.com", "e.example.com", "example.com"],
        ),
        ("127.0.0.1", []),
        ("[::1]", []),
        ("localhost", []),
    ],
)
def test_no_more_than_four_names_are_asked_and_no_address(host: str, names: list[str]) -> None:
    assert optout.names(host) == names
    assert len(optout.names(host)) <= optout.MAX_NAMES


async def test_a_site_spelled_with_the_roots_dot_is_the_same_site(site: Site) -> None:
    site.texts = {"/robots.txt": NAMED}
    found = await gatherer_of(site).outside("https://example.com./news/1")
    assert found.robots_txt
    assert "https://example.com/robots.txt" in site.asked


async def test_the_operators_list_is_heard_with_its_note(site: Site) -> None:
    async def listed(url: str) -> Any:
        return entry("card", "example.com/news/", "by letter of 3 May") if "news" in url else None

    gatherer = gatherer_of(site, listed=listed)
    found = await gatherer.outside(URL)
    assert (found.operator, found.note) == ("card", "by letter of 3 May")
    assert (await gatherer.outside("https://example.com/")).operator == ""


@pytest.mark.parametrize("answer", ["unreachable", "source_timeout"])
async def test_a_site_that_does_not_answer_says_what_it_said_before(
    site: Site, answer: str
) -> None:
    at = 0
    site.texts = {"/robots.txt": NAMED, "/.well-known/tdmrep.json": TDM}
    site.texts["/.well-known/passalong.txt"] = b"card"
    gatherer = gatherer_of(site, lambda: at)
    before = await gatherer.outside(URL)
    site.texts = dict.fromkeys(site.texts, answer)
    at = KEPT_MS
    assert await gatherer.outside(URL) == before
    site.texts = {}
    at += FAILED_MS
    found = await gatherer.outside(URL)
    assert (found.robots_txt, found.tdm_file, found.opt_out) == (False, None, "")
