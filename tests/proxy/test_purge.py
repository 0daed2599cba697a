"""Edges hear which pages changed, also when they fail at first."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from proxy import purge
from proxy.purge import Purge


class Edge:
    """Takes PURGE; fails the first `failures` times."""

    def __init__(self) -> None:
        self.failures = 0
        self.asked: asyncio.Queue[str] = asyncio.Queue()

    async def handle(self, request: web.Request) -> web.Response:
        if self.failures:
            self.failures -= 1
            return web.Response(status=503)
        await self.asked.put(f"{request.method} {request.headers['xkey-purge']}")
        return web.Response()


@pytest.fixture
async def edge() -> Edge:
    return Edge()


@pytest.fixture
async def url(edge: Edge) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/", edge.handle)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@contextlib.asynccontextmanager
async def running(sender: Purge) -> AsyncIterator[None]:
    task = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_changed_keys_go_to_the_edge_together_and_once(edge: Edge, url: str) -> None:
    sender = Purge([url])
    for key in ("ad:1", "share:2", "ad:1", "account:3"):
        sender.want(key)
    async with running(sender):
        assert await edge.asked.get() == "PURGE ad:1 share:2"
        sender.want("article:4")
        assert await edge.asked.get() == "PURGE article:4"


async def test_an_edge_that_fails_is_asked_again(
    edge: Edge, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "RETRY_SECONDS", 0)
    edge.failures = purge.TRIES - 1
    sender = Purge([url])
    sender.want("ad:1")
    async with running(sender):
        assert await edge.asked.get() == "PURGE ad:1"


async def test_many_keys_go_in_several_headers(edge: Edge, url: str) -> None:
    sender = Purge([url])
    names = [f"share:{number}" for number in range(purge.KEYS_AT_ONCE + 1)]
    for key in names:
        sender.want(key)
    async with running(sender):
        seen = f"{await edge.asked.get()} {await edge.asked.get()}"
    assert [word for word in seen.split() if word != "PURGE"] == names


async def test_without_edges_nothing_is_gathered() -> None:
    sender = Purge([])
    sender.want("ad:1")
    assert not sender._waiting
