"""A link in a busy place is fetched many times by machines, and nothing is counted.

The requests have the user agents, methods and headers of real fetchers.
"""

import gzip
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import NamedTuple

import pytest

from tests.contract.kit import Reader, World, ask

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 9_1 like Mac OS X) AppleWebKit/601.1.46 (KHTML, like "
    "Gecko) Version/9.0 Mobile/13B143 Safari/601.1"
)
MASTODON = "http.rb/5.1.1 (Mastodon/4.2.1; +https://social{n}.example/)"


class Fetch(NamedTuple):
    """A fetcher's request, sent `times` as in a busy place."""

    agent: str
    method: str = "GET"
    headers: Mapping[str, str] = MappingProxyType({})
    times: int = 1


STORMS = {
    "slack": [
        Fetch(
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            headers={"Range": "bytes=0-32768", "Accept": "*/*", "Accept-Encoding": "gzip,deflate"},
            times=10,
        ),
        Fetch("Slack-ImgProxy (+https://api.slack.com/robots)", times=5),
    ],
    "whatsapp": [
        Fetch("WhatsApp/2.23.20.0", headers={"Accept-Encoding": "gzip"}, times=5),
        Fetch("WhatsApp/2.2413.51 W", headers={"Accept": "text/html"}, times=5),
    ],
    "x": [
        Fetch("Twitterbot/1.0", headers={"Accept": "*/*"}, times=4),
        Fetch(CHROME, "HEAD", {"Accept": "*/*"}, times=10),
        Fetch(CHROME, "GET", {"Accept": "text/html", "Range": "bytes=0-1048576"}, times=4),
        Fetch(IPHONE, "HEAD", times=4),
    ],
    "mastodon": [
        Fetch(MASTODON, headers={"Accept": "text/html", "Connection": "close"}, times=200)
    ],
    "wechat": [
        Fetch(IPHONE, headers={"Accept": "*/*", "Accept-Language": "zh-CN,zh;q=0.8"}, times=5),
        Fetch(
            "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)",
            headers={"Referer": "http://mp.weixin.qq.com/"},
            times=5,
        ),
    ],
    "telegram": [Fetch("TelegramBot (like TwitterBot)", times=3)],
    "facebook": [
        Fetch(
            "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
            headers={"Range": "bytes=0-524287", "Accept-Encoding": "deflate, gzip"},
            times=5,
        )
    ],
    "browsers ahead": [
        Fetch(CHROME, headers={"Sec-Purpose": "prefetch;prerender"}, times=5),
        Fetch(CHROME, headers={"Purpose": "prefetch"}, times=5),
    ],
}


@pytest.mark.parametrize("place", STORMS)
def test_a_storm_of_previews_is_answered_and_counts_nothing(w: World, place: str) -> None:
    """Pages and taps: no beacon and no event, whatever the fetcher's name."""
    ad = w.account.ad()["id"]
    share = w.share(ad=ad)
    tap = f"{w.service.pages}/g/{share['id']}/top"
    asked = [(one, number) for one in STORMS[place] for number in range(one.times)]

    def fetch(url: str, one: Fetch, number: int) -> tuple[int, bytes]:
        agent = one.agent.replace("{n}", str(number))
        answer = ask(url, one.method, headers={"User-Agent": agent, **one.headers})
        packed = answer.headers["Content-Encoding"] == "gzip" and answer.body
        return answer.status, gzip.decompress(answer.body) if packed else answer.body

    with ThreadPoolExecutor(8) as fetchers:
        pages = list(fetchers.map(lambda each: fetch(share["url"], *each), asked))
        taps = list(fetchers.map(lambda each: fetch(tap, *each), asked))
    for (one, _), (status, page) in zip(asked, pages, strict=True):
        assert (status, b"og:title" in page) == (200, one.method == "GET")
    assert {status for status, _ in taps} == {302}
    w.sent([Reader(w.facts(share)["ticket"]).open])  # what was sent before would be folded before
    assert w.settled(ad, 1)["counted"]["open"] == 1
