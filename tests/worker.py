"""A whole worker of the service in the test's process, with the test's clock."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aiohttp import web
from redis.asyncio import Redis

from ads.clock import Clock, now_ms
from ads.tally import Tally
from proxy import app as composition
from proxy import parts as assembly
from proxy.compiler import compile_page
from proxy.config import Config, load
from proxy.page import Mode, Page
from proxy.parts import Parts
from proxy.rights import Signals
from proxy.source import Source


class ThreadPool:
    """Compiles in a thread instead of a process, as the compiler is not tested."""

    async def compile(self, source: Source, mode: Mode, outside: Signals) -> Page:
        return await asyncio.to_thread(compile_page, source, mode, outside)

    async def aside(self, work: Callable[[Any], Any], given: Any, /) -> Any:
        return await asyncio.to_thread(work, given)

    def close(self) -> None:
        """Do nothing: there is no process to end."""


@asynccontextmanager
async def assembled(
    config: Config, redis: Redis, now: Clock = now_ms, pool: ThreadPool | None = None
) -> AsyncIterator[Parts]:
    """A worker's parts, without background tasks."""
    with patch.object(assembly, "CompilePool", lambda _: pool or ThreadPool()):
        parts = assembly.Parts(config, redis, now, Tally())
    try:
        yield parts
    finally:
        await parts.close()


@asynccontextmanager
async def serving(
    redis: Redis, folder: Path, source: str, now: Clock = now_ms, **settings: str
) -> AsyncIterator[Parts]:
    """Both origins on a free port; `source` is the publisher's site to fetch from."""
    listener = socket.create_server(("127.0.0.1", 0))
    net = f"127.0.0.0/8:{source.rpartition(':')[2]}"
    given = {"limits": "off", "fetch_allow_nets": net, **settings}
    config = load({}, data_dir=folder, port=listener.getsockname()[1], **given)
    async with assembled(config, redis, now) as parts:
        runner = web.AppRunner(composition.application(parts), access_log=None)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        try:
            yield parts
        finally:
            parts.live.close()
            await parts.publisher.close()
            await runner.cleanup()
