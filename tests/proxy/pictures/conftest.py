"""The pages origin with its picture route, and a publisher's site on plain http."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from PIL import Image
from redis.asyncio import Redis

from ads.ad import parse
from proxy.parts import Parts
from proxy.publish import PublishRequest
from proxy.shares import Share, address
from tests.client import AD
from tests.client import serving as publishing
from tests.worker import serving

KEYS = "new-key-" * 4, "old-key-" * 4


def drawn(form: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture of many colours."""
    out = io.BytesIO()
    shades = [Image.effect_noise(size, 90) for _ in "RGB"]
    Image.merge("RGB", shades).save(out, form)
    return out.getvalue()


@dataclass
class Site:
    """A publisher's site: its content by path, and the requests it got."""

    url: str = ""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path in self.redirects:
            raise web.HTTPFound(self.redirects[request.path])
        if request.path not in self.files:
            return web.Response(status=404)
        kind, body = self.files[request.path]
        return web.Response(body=body, content_type=kind)


@dataclass
class World:
    """The running service and the publisher's site."""

    pages: str
    site: Site
    parts: Parts
    http: aiohttp.ClientSession

    async def publish(self, path: str, mode: str = "full") -> Share:
        """A share of the page at `path`, with an ad at its top and end."""
        stores = self.parts.stores
        account = await stores.accounts.by_email("mei@halfhill.example")
        account = account or await stores.accounts.create(
            "mei@halfhill.example", "Mei Lin", "a sentence of mine"
        )
        ad = await stores.ads.create(account.id, parse(AD))
        asked = PublishRequest(f"{self.site.url}{path}", ad.id, mode=mode)
        return await self.parts.publisher.publish(account, asked)

    def link(self, share: Share) -> str:
        return address(self.pages, share.id)

    def ours(self, path: str) -> str:
        """The signed address of a picture of the site."""
        return self.parts.addresses.of(f"{self.site.url}{path}")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    async with publishing(site.handle) as site.url:
        yield site


@pytest.fixture
async def world(redis: Redis, site: Site, tmp_path: Path) -> AsyncIterator[World]:
    """A whole worker, with its decoder in a process of its own."""
    async with (
        serving(redis, tmp_path, site.url, secret_keys=",".join(KEYS)) as parts,
        aiohttp.ClientSession() as http,
    ):
        yield World(parts.config.ads.pages_origin, site, parts, http)
