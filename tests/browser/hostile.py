"""A hostile article as a share's page under the real policy, and browsers that report what it does.

A page may only request what it shows: pictures, sheets, fonts and videos, which are all blocked
here. Anything else that is requested, run, opened or stored is a finding.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Literal, Protocol

from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Request, Route

from ads.ad import Ad
from ads.errors import Problem
from proxy import cdn, frame, render
from proxy.compiler import compile_page
from proxy.page import Mode, Page
from proxy.render import splice
from proxy.rights import Signals
from proxy.shares import Share
from proxy.source import Source
from tests.browser.firefox import Failed, Firefox, Profile, Tab
from tests.client import listening
from tests.pages import an_ad, prepared

Origins = Literal["two", "one", "none"]
"""Two origins; one host for both, with the strict sandbox; no policy at all, as for a file."""
FIRST = "https://news.example/2026/story.html"
TEXT = "The harvest came early this year, and with it the question of who would carry {} baskets. "
AD = an_ad(placements=("top", "middle", "end"))
SHOWN = frozenset({"image", "stylesheet", "font", "media", "texttrack"})
"""The kinds of requests that a page may make without running anything (Playwright's names)."""
FIREFOX_SHOWN = frozenset({"image", "style", "font", "audio", "video", "track"})
"""The same as destinations of the Fetch Standard."""

# Runs before the page's scripts: records what vectors call when they run, and policy violations.
HOOKS = """
(() => {
    const hits = [];
    Object.defineProperty(window, 'hits', {value: hits});
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
        window[name] = () => { hits.push(name) };
    addEventListener('securitypolicyviolation', said => {
        if (!/^(img|style|media|font)-src/.test(said.effectiveDirective))
            hits.push('stopped by ' + said.effectiveDirective + ' ' + said.blockedURI);
    });
})()
"""
POINTS = (Path(__file__).parent / "points.js").read_text(encoding="utf-8").partition("\n")[2]
# What a page leaves in storage; none where the sandbox denies it storage.
LEFT = """async () => {
    await new Promise(done => setTimeout(done, 20));
    const found = [...window.hits];
    try { if (document.cookie) found.push('cookie ' + document.cookie) } catch {}
    try {
        const workers = await navigator.serviceWorker?.getRegistrations() ?? [];
        if (workers.length) found.push('service worker');
    } catch {}
    if (window.opener) found.push('opener');
    if (document.querySelector('script[src], iframe, form, input:not(note-pass input)'))
        found.push('element ' + document.querySelector('script[src], iframe, form').outerHTML);
    return found;
}"""


def article(vector: str, *, nested: bool = True) -> str:
    """An article with a vector in its middle, or before all else in the document."""
    texts = [f"<p>{TEXT.format(n)}{TEXT.format(n + 1)}</p>" for n in range(2, 10)]
    inside = f"<div>{vector}</div>" if nested else ""
    body = "".join([*texts[:4], inside, *texts[4:]])
    page = (
        "<!DOCTYPE html><html lang=en><head><title>Harvest</title></head><body><article>"
        f"<h1>Harvest</h1><div class=entry-content>{body}</div></article></body></html>"
    )
    return page if nested else vector + page


def compiled(markup: str | bytes, mode: Mode = "full") -> Page | None:
    """The compiled page, or None if it is refused."""
    try:
        body = markup if isinstance(markup, bytes) else markup.encode("utf-8", "replace")
        source = Source(FIRST, body, fetched_at=1_790_000_000_000)
        return compile_page(source, mode, Signals())
    except Problem:
        return None


class Stage:
    """Serves pages as shares with the headers of `proxy.cdn`, and records all other requests."""

    def __init__(self) -> None:
        self.url = ""
        self.pages: dict[str, tuple[bytes, Origins]] = {}
        self.asked: list[str] = []

    def put(self, page: Page, origins: Origins, ad: Ad = AD) -> str:
        """Serve a page; returns its address."""
        name = str(len(self.pages))
        body = render.brand(page, ad) if origins == "none" else self._share(page, ad)
        self.pages[name] = body, origins
        return f"{self.url}/s/{name}"

    def _share(self, page: Page, ad: Ad) -> bytes:
        share = Share(id="s1", owner="o1", ad="a1", article_id="x")
        origins = render.Origins("http://localhost:1", self.url)
        article = prepared(page)
        template, _ = render.draw(article, share, ad, sharer="Mei", ticket_bytes=1, origins=origins)
        return splice.identity(template.gzip(article.runs, template.stamp(share.id, "t")))

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/s/{name}", self._page), web.post("/e", self._take)])
        app.add_routes([web.route("*", "/{rest:.*}", self._other)])
        return app

    async def _page(self, request: web.Request) -> web.Response:
        body, origins = self.pages[request.match_info["name"]]
        headers = {}
        if origins != "none":
            console = self.url if origins == "one" else "http://localhost:1"
            config = cdn.CdnConfig(console, self.url, frame.script_hash())
            headers = dict(cdn.guards(config))
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)

    async def _take(self, request: web.Request) -> web.Response:
        for event in json.loads(await request.text()):
            if event["k"] not in ("open", "view", "read"):
                self.asked.append(f"beacon {event['k']}")
        return web.Response(status=204, headers={"Access-Control-Allow-Origin": "*"})

    async def _other(self, request: web.Request) -> web.Response:
        if request.path != "/favicon.ico":
            self.asked.append(f"{request.method} {request.path_qs}")
        return web.Response(status=404)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A running stage."""
    made = Stage()
    async with listening(made.app()) as made.url:
        yield made


class Eyes(Protocol):
    """A browser that opens a page and reports what it did though no page may."""

    async def watch(self, url: str) -> list[str]:
        """The findings; none for a harmless page."""


class ChromiumEyes:
    """A profile of Chromium, with a tab for each page."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context

    @classmethod
    async def of(cls, browser: Browser, width: int = 400) -> "ChromiumEyes":
        context = await browser.new_context(viewport={"width": width, "height": 800})
        await context.add_init_script(HOOKS)
        return cls(context)

    async def points(self, url: str) -> list[str]:
        """What covers the ads of a page, without its pictures and sheets."""
        return [str(each) for each in await self.look(url, POINTS)]

    async def look(self, url: str, script: str, argument: object = None) -> Any:
        """The result of a function in a page, without its pictures and sheets."""
        page = await self._context.new_page()
        await page.route(
            "**", lambda route: route.continue_() if _own(route.request, url) else route.abort()
        )
        await page.goto(url, wait_until="load")
        found = await page.evaluate(script, argument)
        await page.close()
        return found

    async def watch(self, url: str) -> list[str]:
        found: list[str] = []
        page = await self._context.new_page()

        async def cut(route: Route) -> None:
            request = route.request
            if _own(request, url):
                await route.continue_()
            else:
                if request.resource_type not in SHOWN:
                    found.append(f"{request.resource_type} {request.url[:80]}")
                await route.abort()

        page.on("dialog", lambda dialog: found.append(f"dialog {dialog.message}"))
        page.on("popup", lambda other: found.append(f"popup {other.url}"))
        await page.route("**", cut)
        await page.goto(url, wait_until="load")
        with suppress(Exception):
            found += await page.evaluate(LEFT)
        if page.url.partition("?")[0] != url:
            found.append(f"went to {page.url[:80]}")
        await page.close()
        return found

    async def close(self) -> None:
        await self._context.close()


def _own(request: Request, url: str) -> bool:
    origin = "/".join(url.split("/")[:3])
    again = request.is_navigation_request() and request.url.partition("?")[0] != url
    return request.url.startswith(origin) and not again


class FirefoxEyes:
    """A profile of a running Firefox, with a tab for each page."""

    def __init__(self, fox: Firefox, number: str, intercept: str) -> None:
        self._fox = fox
        self._number = number
        self._intercept = intercept
        self._found: dict[str, list[str]] = {}
        self._urls: dict[str, str] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    @classmethod
    async def of(cls, fox: Firefox) -> "FirefoxEyes":
        number = (await fox.wire.call("browser.createUserContext"))["userContext"]
        hooks = {"functionDeclaration": f"() => {HOOKS}", "userContexts": [number]}
        await fox.wire.call("script.addPreloadScript", **hooks)
        events = ["network.beforeRequestSent", "browsingContext.userPromptOpened"]
        await fox.wire.call("session.subscribe", events=events)
        added = await fox.wire.call("network.addIntercept", phases=["beforeRequestSent"])
        made = cls(fox, number, added["intercept"])
        fox.wire.listeners.append(made._hear)
        return made

    async def watch(self, url: str) -> list[str]:
        tab = await Profile(self._fox.wire, self._number).new_page()
        found = self._found[tab.context] = []
        self._urls[tab.context] = url
        await tab.goto(url)
        left = await self._left(tab)
        await self._fox.wire.call("browsingContext.close", context=tab.context)
        self._fox.wire.complaints.clear()
        return found + left

    async def _left(self, tab: Tab) -> list[str]:
        try:
            where, *found = await tab.evaluate(f"async () => [location.href, ...await ({LEFT})()]")
        except Failed as thrown:
            return [str(thrown)]
        if where.partition("?")[0] != self._urls[tab.context]:
            found.append(f"went to {where[:80]}")
        return [str(each) for each in found]

    def _hear(self, said: dict[str, Any]) -> None:
        params = said["params"]
        if said["method"] == "browsingContext.userPromptOpened":
            self._found.get(params["context"], []).append("dialog")
        if said["method"] == "network.beforeRequestSent" and params.get("isBlocked"):
            task = asyncio.create_task(self._decide(params))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _decide(self, params: dict[str, Any]) -> None:
        asked, tab = params["request"], str(params["context"])
        page = self._urls.get(tab, "")
        origin = "/".join(page.split("/")[:3])
        own = bool(page) and asked["url"].startswith(origin)
        if not own and asked.get("destination") not in FIREFOX_SHOWN:
            kind = asked.get("destination") or asked.get("initiatorType")
            self._found.get(tab, []).append(f"{kind} {asked['url'][:80]}")
        verb = "network.continueRequest" if own else "network.failRequest"
        with suppress(Failed, TimeoutError):  # the tab may be closed by now
            await self._fox.wire.call(verb, request=asked["request"])

    async def close(self) -> None:
        """Also ends the interception, which would stop every later page of this Firefox."""
        await self._fox.wire.call("browser.removeUserContext", userContext=self._number)
        await self._fox.wire.call("network.removeIntercept", intercept=self._intercept)
        self._fox.wire.listeners.remove(self._hear)
