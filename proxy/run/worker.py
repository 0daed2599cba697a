"""One worker: an event loop that answers both origins, folds its spool, and drains when told to."""

import asyncio
import contextlib
import signal
from collections.abc import Sequence
from socket import socket

import uvloop
from aiohttp import web

from ads.tally import Tally
from proxy.app import Service, open_service
from proxy.config import Config
from proxy.run.metrics import Slot

SNAPSHOT_SECONDS = 1.0
ANSWER_SECONDS = 8.0  # publishing that takes longer gets 503 with Retry-After
KEEPALIVE_SECONDS = 75.0


def run(config: Config, store_url: str, sockets: Sequence[socket], slot: Slot) -> None:
    """Serves on `sockets` until SIGTERM; the body of a worker process."""
    uvloop.run(_serve(config, store_url, sockets, slot))


async def _serve(config: Config, store_url: str, sockets: Sequence[socket], slot: Slot) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    tally = slot.read()
    async with open_service(config, store_url, tally) as service:
        snapshots = asyncio.create_task(_snapshots(slot, tally))
        runner = await _listen(service, sockets)
        await stop.wait()
        await _drain(runner, service)
        snapshots.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await snapshots
    slot.write(tally)


async def _listen(service: Service, sockets: Sequence[socket]) -> web.AppRunner:
    runner = web.AppRunner(
        service.app,
        access_log=None,  # metrics instead: a log halves the rate
        keepalive_timeout=KEEPALIVE_SECONDS,
        shutdown_timeout=ANSWER_SECONDS,
        handler_cancellation=False,
    )
    await runner.setup()
    for each in sockets:
        await web.SockSite(runner, each).start()
    return runner


async def _drain(runner: web.AppRunner, service: Service) -> None:
    """Stops accepting, answers what is in flight; what cannot finish is told to come again."""
    service.draining()
    await runner.cleanup()


async def _snapshots(slot: Slot, tally: Tally) -> None:
    while True:
        slot.write(tally)
        await asyncio.sleep(SNAPSHOT_SECONDS)
