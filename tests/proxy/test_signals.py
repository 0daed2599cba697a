"""A site's robots.txt and tdmrep.json: who is meant, what is meant, and how long it is kept."""

import asyncio
import json

import pytest

from proxy.errors import SourceProblem
from proxy.signals import FAILED_MS, KEPT_MS, Gatherer, TdmRule, named_and_disallowed, reserved
from proxy.source import Source

URL = "https://example.com/news/1?x=2"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", False),
        ("User-agent: *\nDisallow: /", False),  # binds crawlers, not a person's own paste
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
    assert named_and_disallowed(text, URL) is refused


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


class Site:
    """A fetcher of made-up texts that counts what it was asked."""

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


@pytest.fixture
def site() -> Site:
    return Site()


NAMED = b"User-agent: PassalongBot\nDisallow: /news/"
TDM = json.dumps([{"location": "/", "tdm-reservation": 1, "tdm-policy": "https://x/"}]).encode()


async def test_both_files_of_the_pages_own_origin_are_heard(site: Site) -> None:
    site.texts = {"/robots.txt": NAMED, "/.well-known/tdmrep.json": TDM}
    found = await Gatherer(site, lambda: 0).outside(Source(URL, b""))
    assert (found.robots_txt, found.tdm_file) == (True, True)
    assert sorted(site.asked) == [
        "https://example.com/.well-known/tdmrep.json",
        "https://example.com/robots.txt",
    ]


@pytest.mark.parametrize("tdm", [b"", b"{}", b"[1]", b"\xff", b"[{}]", b'[{"location":"/"}]'])
async def test_a_broken_file_says_nothing(site: Site, tdm: bytes) -> None:
    site.texts = {"/robots.txt": b"\xff\xfe\0", "/.well-known/tdmrep.json": tdm}
    found = await Gatherer(site, lambda: 0).outside(URL)
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
    times = {0: 2, kept_ms - 1: 2, kept_ms: 4, kept_ms + 1: 4}
    at = 0
    gatherer = Gatherer(site, lambda: at)
    for moment, asked in times.items():
        at = moment
        await gatherer.outside(URL)
        assert len(site.asked) == asked


async def test_pages_of_one_origin_share_one_asking(site: Site) -> None:
    gatherer = Gatherer(site, lambda: 0)
    await asyncio.gather(*(gatherer.outside(f"https://example.com/{n}") for n in range(10)))
    assert len(site.asked) == 2
    await gatherer.outside("https://www.example.com/1")
    assert len(site.asked) == 4


async def test_a_caller_who_leaves_takes_nothing_from_the_others(site: Site) -> None:
    gatherer = Gatherer(site, lambda: 0)
    leaving = asyncio.create_task(gatherer.outside(URL))
    staying = asyncio.create_task(gatherer.outside(URL))
    await asyncio.sleep(0)  # both have begun to ask
    leaving.cancel()
    assert (await staying).robots_txt is False
    assert len(site.asked) == 2
