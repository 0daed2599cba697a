"""A worker: an event loop that answers both origins, folds its spool, and drains on SIGTERM."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from socket import socket
from typing import Any

import uvloop
from aiohttp import web
from redis.exceptions import RedisError

from ads import tasks
from ads.clock import Clock, now_ms
from ads.store import connect
from ads.tally import Tally
from proxy.app import application, completed, wire
from proxy.cdn import Complete
from proxy.config import Config
from proxy.parts import Parts
from proxy.run import gauges
from proxy.run.drain import LINGER_SECONDS, Closing, drain
from proxy.run.metrics import Slot
from proxy.wire import Wire, WireRunner

SNAPSHOT_SECONDS = PULSE_SECONDS = 1.0
PUBLISH_SECONDS = 8.0
"""Publishing may go on for so long after SIGTERM; what takes longer is answered 503."""
ANSWER_SECONDS = PUBLISH_SECONDS + 0.3 - LINGER_SECONDS
"""Requests in flight may go on for so long after the moment in which new ones are still taken."""
FOLD_SECONDS = 0.5  # what is left then is folded by whoever comes next
KEEPALIVE_SECONDS = 75.0
GARBAGE_AFTER = (10_000, 20, 50)
"""Thresholds of the garbage collector: requests leave no cycles, and looking for them costs."""
THREADS_YIELD_SECONDS = 0.0005
"""The interpreter's switch interval, a tenth of the default: readers wait less for threads."""


def run(
    config: Config,
    store_url: str,
    sockets: Sequence[socket],
    slot: Slot,
    now: Clock = now_ms,
) -> None:
    """Serve on `sockets` until SIGTERM; the body of a worker process.

    Raises the error of a background task that failed: the supervisor then starts another worker.
    """
    gc.set_threshold(*GARBAGE_AFTER)
    sys.setswitchinterval(THREADS_YIELD_SECONDS)
    uvloop.run(_serve(config, store_url, sockets, slot, now))


async def _serve(
    config: Config, store_url: str, sockets: Sequence[socket], slot: Slot, now: Clock
) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    tally = slot.read()
    async with _parts(config, store_url, tally, now) as parts:
        app, fast, closing = application(parts), wire(parts), Closing()
        app.on_response_prepare.append(closing.tell)
        work = [asyncio.create_task(each) for each in _background(parts, slot)]
        runner = await _listen(app, fast, completed(parts), sockets)
        doors = [each.dup() for each in sockets]
        slot.say_ready()
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([stopped, *work], return_when=asyncio.FIRST_COMPLETED)
        parts.publisher.drain(PUBLISH_SECONDS)
        closing.now, fast.open = True, False
        await drain(runner, doors)
        parts.live.close()
        await runner.cleanup()
        await tasks.end(work)
    slot.write(tally)
    for task in work:
        if not task.cancelled():
            task.result()


@asynccontextmanager
async def _parts(config: Config, store_url: str, tally: Tally, now: Clock) -> AsyncIterator[Parts]:
    """A worker's parts; at the end, events are folded for FOLD_SECONDS."""
    redis = connect(store_url)
    parts = Parts(config, redis, now, tally)
    try:
        yield parts
    finally:
        await parts.publisher.close()
        await parts.folding.drain(FOLD_SECONDS)
        await parts.close()
        with contextlib.suppress(RedisError, OSError):
            await redis.aclose()


def _background(parts: Parts, slot: Slot) -> Iterable[Coroutine[Any, Any, None]]:
    """Background work; none of it ends by itself."""
    yield parts.hot.follow(parts.stores.changes.listen())
    yield parts.purge.run()
    yield parts.renewer.run()
    yield parts.folding.run()
    yield parts.watch.run()
    yield parts.timetables.run()
    yield parts.upkeep.run()
    yield _snapshots(slot, parts)
    yield _pulse(slot)


async def _pulse(slot: Slot) -> None:
    """Beats as long as the loop turns; a snapshot would wait for the store."""
    while True:
        slot.beat()
        await asyncio.sleep(PULSE_SECONDS)


async def _snapshots(slot: Slot, parts: Parts) -> None:
    while True:
        slot.write(parts.tally, await gauges.measure(parts))
        await asyncio.sleep(SNAPSHOT_SECONDS)


def _of_ours(record: logging.LogRecord) -> bool:
    """Whether a failure is our fault; a body that cannot be unpacked is its sender's."""
    return not (record.exc_info and isinstance(record.exc_info[1], web.RequestPayloadError))


async def _listen(
    app: web.Application, fast: Wire, complete: Complete, sockets: Sequence[socket]
) -> web.AppRunner:
    logging.getLogger("aiohttp.server").addFilter(_of_ours)
    runner = WireRunner(
        app,
        fast,
        complete,
        access_log=None,  # metrics instead: a log halves the rate
        keepalive_timeout=KEEPALIVE_SECONDS,
        shutdown_timeout=ANSWER_SECONDS,
    )
    await runner.setup()
    for each in sockets:
        await web.SockSite(runner, each).start()
    return runner
