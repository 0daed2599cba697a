"""A pages origin with one share, made by `frame` and `slot`, under the real policy of `cdn`."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from ads import slot
from ads.ad import Ad
from proxy import cdn, frame
from proxy.page import Article, Card
from tests.pages import an_ad

SHARE = "s1"
SOURCE = "https://kettle.example/oolong"
# A page that prerenders the share, reports that it is leaving, and navigates to the share.
BEFORE = f"""<!doctype html><title>before</title><script type=speculationrules>
{{"prerender": [{{"source": "list", "urls": ["/s/{SHARE}"], "eagerness": "immediate"}}]}}
</script><script>
const turn = () => fetch("/turn").then(() => {{ location.href = "/s/{SHARE}" }});
setTimeout(turn, 1500);
</script>"""
Event = dict[str, Any]


@dataclass
class Origin:
    """What is served, and what was received; tests change fields before they open the page."""

    url: str = ""
    ad: Ad = field(default_factory=an_ad)
    slots: tuple[str, ...] = ("top",)
    style: str = ""  # the article's own sheet
    strict: bool = False  # one host for both origins: no allow-same-origin
    dark: bool = False
    language: str = "en"
    lead: str = ""  # HTML before the first slot
    viewport: str = "width=device-width"
    status: int = 204  # the answer to /e
    away: bool = False  # pages are answered like by an edge whose service is down
    calls: list[list[Event]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # the query of each call
    clicks: list[dict[str, str]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)  # the purpose of each request for a page
    unturned: list[Any] = field(default_factory=list)  # what had arrived when BEFORE was left
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def events(self) -> list[Event]:
        return [event for call in self.calls for event in call]

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["k"] == kind]

    def link(self, hop: str = "") -> str:
        return f"{self.url}/s/{SHARE}" + (f"?h={hop}" if hop else "")

    async def until(self, enough: Callable[[], object]) -> None:
        """Wait until what has arrived makes `enough` true."""
        async with asyncio.timeout(10):
            while not enough():
                self._news.clear()
                await self._news.wait()

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get(f"/s/{SHARE}", self._page),
                web.get("/blank", self._blank),
                web.get("/before", self._before),
                web.get("/turn", self._turn),
                web.post("/e", self._take),
                web.get("/g/{share}/{slot}", self._click),
            ]
        )
        return app

    async def _blank(self, _request: web.Request) -> web.Response:
        return web.Response(text="<title>elsewhere</title>", content_type="text/html")

    async def _before(self, _request: web.Request) -> web.Response:
        return web.Response(text=BEFORE, content_type="text/html")

    async def _turn(self, _request: web.Request) -> web.Response:
        self.unturned = [*self.pages, *self.events]
        return web.Response()

    async def _take(self, request: web.Request) -> web.Response:
        self.asked.append(request.query_string)
        self.calls.append(json.loads(await request.text()))
        self._news.set()
        return web.Response(status=self.status, headers={"Access-Control-Allow-Origin": "*"})

    async def _click(self, request: web.Request) -> web.Response:
        self.clicks.append({**request.query, **request.match_info})
        self._news.set()
        return web.Response(status=204)

    async def _page(self, request: web.Request) -> web.Response:
        self.pages.append(request.headers.get("Sec-Purpose", ""))
        if self.away:
            return web.Response(status=503, text="The service is away for a moment.")
        config = cdn.CdnConfig(
            console_origin=self.url if self.strict else "http://localhost:1",
            pages_origin=self.url,
            script_hash=frame.script_hash(),
        )
        return web.Response(text=self.html(), content_type="text/html", headers=cdn.guards(config))

    def html(self) -> str:
        article = Article(
            title="What the last oolong tastes like",
            site="Slow Kettle",
            language=self.language,
            source_url=SOURCE,
        )
        name = self.ad.advertiser
        flow = [
            self._slot(place) + 60 * "<p>Leaves.</p>" for place in self.slots if place != "sticky"
        ]
        return "".join(
            (
                f"<!doctype html><html lang={self.language}><head>",
                frame.head(Card("t"), article, advertiser=name, dark=self.dark),
                f'<meta name="viewport" content="{self.viewport}">',
                f"<style>body{{margin:0}}p{{height:20px;margin:0}}{self.style}</style></head><body>",
                frame.sharer_line(article, sharer="Mei Lin", advertiser=name),
                self.lead,
                *flow,
                frame.share_block(
                    article,
                    share=SHARE,
                    pages_origin=self.url,
                    console_origin="http://localhost:1",
                    advertiser=name,
                ),
                self._slot("sticky") if "sticky" in self.slots else "",
                frame.facts(
                    share=SHARE,
                    mode="full",
                    ticket="ticket-1",
                    pages_origin=self.url,
                    ad=self.ad,
                    slots=self.slots,
                ),
                frame.script(),
                "</body></html>",
            )
        )

    def _slot(self, place: str) -> str:
        return slot.html(
            self.ad,
            place,
            language=self.language,
            share=SHARE,
            channel="",
            pages_origin=self.url,
        )
