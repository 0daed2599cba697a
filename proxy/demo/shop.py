"""The advertiser of the demonstration, Half Hill Tea: its ads and links, made by the API."""

from collections.abc import Sequence
from typing import NamedTuple

import aiohttp

from ads.clock import DAY, HOUR, MINUTE
from proxy.demo.cascade import Crowd
from proxy.demo.line import Json, Line
from proxy.sample import picture

BANNER: Json = {
    "name": "Autumn oolong",
    "advertiser": "Half Hill Tea",
    "kind": "banner",
    "title": "Last pick of the year",
    "body": "Autumn oolong from one hillside, roasted this week. 50 g, free post until Sunday.",
    "button": "See the harvest",
    "target": "https://halfhill.example/autumn?from={channel}",
    "placements": ["top", "middle", "end"],
    "variants": [
        {"id": "a", "weight": 1},
        {"id": "b", "weight": 1, "title": "Forty kilos, and then spring", "button": "Have a cup"},
    ],
}
CARD: Json = {
    "name": "Mei Lin, tea buyer",
    "advertiser": "Half Hill Tea",
    "kind": "card",
    "title": "I buy tea from four families and post it",
    "card": {
        "person": "Mei Lin",
        "role": "Tea buyer, autumn harvests",
        "phone": "+44 20 7946 0123",
        "wechat": "meilin-tea",
    },
    "placements": ["top", "end"],
}

_CHAT = (("wechat", 6), ("wechat-ios", 4), ("phone", 1))
_MAIL = (("desktop", 4), ("mac", 3), ("iphone", 3), ("tablet", 1))
_OPEN = (("x", 4), ("iphone", 3), ("phone", 3), ("desktop", 2), ("weibo", 1))
_POSTER = (("phone", 3), ("iphone", 3), ("wechat", 2))


class Plan(NamedTuple):
    """A link: article, ad, channel, when it is made (ms after the start), and its crowd."""

    article: str
    card: bool
    channel: str
    after: int
    size: int
    direct: float
    taps: float
    apps: Sequence[tuple[str, int]]


PLANS = (
    Plan("oolong", False, "WeChat groups", 2 * MINUTE, 318, 0.2, 0.026, _CHAT),
    Plan("oolong", False, "Newsletter", 3 * HOUR, 132, 0.62, 0.085, _MAIL),
    Plan("oolong", False, "X", DAY, 96, 0.4, 0.02, _OPEN),
    Plan("thermometer", False, "Newsletter", 2 * DAY, 64, 0.55, 0.06, _MAIL),
    Plan("thermometer", False, "Poster QR", 3 * DAY, 41, 0.8, 0.07, _POSTER),
    Plan("houses", True, "朋友圈", 2 * DAY + 5 * HOUR, 88, 0.3, 0.03, _CHAT),
    Plan("thermometer", False, "Tea friends", 5 * DAY, 7, 0.4, 0.04, _CHAT),
)


async def card(line: Line, key: str) -> Json:
    """Make the business card; returns the ad."""
    return await line.api(key, "POST", "/ads", CARD)


async def banner(line: Line, key: str) -> Json:
    """Make the banner with its picture; returns the ad."""
    form = aiohttp.FormData()
    data = picture("tin.png")
    form.add_field("picture", data, filename="tin.png", content_type="image/png")
    uploaded = await line.api(key, "POST", "/pictures", form)
    return await line.api(key, "POST", "/ads", BANNER | {"image": uploaded["id"]})


async def share(line: Line, key: str, plan: Plan, ad: Json, at: int) -> Crowd:
    """Publish a plan's link at `at` (ms); returns the crowd of its readers."""
    body = {"url": line.article(plan.article), "ad": ad["id"], "channel": plan.channel}
    made = await line.api(key, "POST", "/shares", body | {"rights": "licensed"})
    slots = tuple(ad["placements"])
    return Crowd(made["id"], plan.size, at, plan.direct, plan.taps, plan.apps, slots)


async def second_thoughts(line: Line, key: str, ad: Json) -> None:
    """Change the ad's text after it was shared: all forwarded pages then show the new text."""
    body = "Autumn oolong from one hillside, roasted last week. 50 g, free post until Sunday."
    await line.api(key, "PATCH", f"/ads/{ad['id']}", {"body": body})
