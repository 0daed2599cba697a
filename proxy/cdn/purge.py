"""Purges changed pages from the operator's edges: at once, and again until each edge confirms.

Each change is purged twice. First, the worker that made it purges the near edges before it answers,
once all workers have dropped the old page, so that the next request sees the change. A second
later, the change is purged from the store's journal, by one worker at a time for each edge, with
retries until the edge confirms. So no change is lost if edges are away or workers die, and a page
that a slow worker served late is purged as well.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple

import aiohttp
from redis.exceptions import RedisError

from ads.tally import Tally
from proxy.cdn.edges import Edge
from proxy.store.purges import PurgeQueue

logger = logging.getLogger(__name__)

# The keys that `Surrogate-Key` has; all others are internal.
PURGED = ("article:", "ad:", "share:")
AT_ONCE_SECONDS = 1.0
CALL_SECONDS = 5.0
LOOK_SECONDS = 0.5
BACK_OFF_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)
RETRY_AFTER_MAX_S = 300.0

Pages = Callable[[Sequence[str]], Awaitable[list[str]]]
"""Surrogate keys -> paths of the pages that depend on them."""


class Refusal(NamedTuple):
    """An edge did not take a purge; `asked_s`: its Retry-After; `gone`: nothing listens there."""

    asked_s: float = 0.0
    gone: bool = False


class Rest(NamedTuple):
    """Until when (monotonic seconds) an edge is not asked, after so many failures in a row."""

    until: float = 0.0
    failures: int = 0
    gone: bool = False


class Purge:
    """Purges edges: `at_once` after a change, and `run` from the store's journal."""

    def __init__(
        self, edges: Sequence[Edge], queue: PurgeQueue, pages: Pages, tally: Tally
    ) -> None:
        self._edges = tuple(edges)
        self._queue = queue
        self._pages = pages
        self._tally = tally
        self._resting: dict[str, Rest] = {}

    async def at_once(self, changed: Iterable[str]) -> None:
        """Purge the near edges now, within AT_ONCE_SECONDS; the journal does it again anyway.

        Of resting edges, those where nothing listened are tried too: that costs nothing, and they
        may be back.
        """
        keys = _purged(changed)
        near = [e for e in self._edges if e.near and (not self._rests(e) or self._rest(e).gone)]
        if not keys or not near:
            return
        try:
            async with asyncio.timeout(AT_ONCE_SECONDS), _session() as session:
                await asyncio.gather(*(self._tell(session, edge, keys) for edge in near))
        except (TimeoutError, RedisError):
            return

    async def behind_s(self) -> dict[str, float]:
        """Edge -> the age of its oldest change that is not purged. Raises RedisError."""
        return {edge.name: await self._queue.behind_s(edge.name) for edge in self._edges}

    async def run(self) -> None:
        """Purge every edge from the journal; runs until cancelled."""
        async with _session() as session:
            await asyncio.gather(*(self._follow(session, edge) for edge in self._edges))
            await asyncio.Event().wait()  # without edges: run until cancelled all the same

    async def _follow(self, session: aiohttp.ClientSession, edge: Edge) -> None:
        while True:
            await asyncio.sleep(max(LOOK_SECONDS, self._rest(edge).until - time.monotonic()))
            try:
                await self._catch_up(session, edge)
            except (RedisError, OSError):
                continue  # the store is away; the journal will be there when it is back

    async def _catch_up(self, session: aiohttp.ClientSession, edge: Edge) -> None:
        async with self._queue.turn(edge.name) as mine:
            while mine:
                entries = await self._queue.due(edge.name)
                if not entries:
                    return
                keys = _purged(key for entry in entries for key in entry.keys)
                if not await self._tell(session, edge, keys):
                    return
                await self._queue.done(edge.name, entries[-1].id)

    async def _tell(self, session: aiohttp.ClientSession, edge: Edge, keys: Sequence[str]) -> bool:
        """Purge an edge; if it refuses, False, and it rests for a while."""
        what = await self._pages(keys) if edge.by_path else keys
        for start in range(0, len(what), edge.at_once):
            refusal = await _called(session, edge, what[start : start + edge.at_once])
            self._tally["passalong_purges", "failed" if refusal else "sent"] += 1
            if refusal:
                self._leave(edge, refusal)
                return False
        self._resting.pop(edge.name, None)
        return True

    def _leave(self, edge: Edge, refusal: Refusal) -> None:
        if self._rests(edge):
            return
        failures = self._rest(edge).failures
        own = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
        until = time.monotonic() + max(own, refusal.asked_s)
        self._resting[edge.name] = Rest(until, failures + 1, refusal.gone)
        if failures == 0:
            logger.warning("%s does not take purges; they wait for it", edge.name)

    def _rest(self, edge: Edge) -> Rest:
        return self._resting.get(edge.name, Rest())

    def _rests(self, edge: Edge) -> bool:
        return self._rest(edge).until > time.monotonic()


async def probe(edge: Edge) -> str | None:
    """Try to purge a page that does not exist; None on success, else what the edge answered."""
    what = ["/s/-" if edge.by_path else "share:-"]
    try:
        async with _session() as session, _asked(session, edge, what) as answer:
            heard = edge.heard(answer.status, await answer.read())
            return None if heard else f"HTTP {answer.status}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return str(error) or type(error).__name__


def _purged(changed: Iterable[str]) -> list[str]:
    return [key for key in dict.fromkeys(changed) if key.startswith(PURGED)]


def _session() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    return aiohttp.ClientSession(timeout=timeout, trust_env=False)


def _asked(
    session: aiohttp.ClientSession, edge: Edge, what: Sequence[str]
) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
    method, url, headers, body = edge.call(what)
    return session.request(method, url, headers=headers, data=body or None, allow_redirects=False)


async def _called(
    session: aiohttp.ClientSession, edge: Edge, what: Sequence[str]
) -> Refusal | None:
    """Send one purge; None if the edge took it."""
    try:
        async with _asked(session, edge, what) as answer:
            if edge.heard(answer.status, await answer.read()):
                return None
            asked = answer.headers.get("Retry-After", "")
            return Refusal(min(float(asked), RETRY_AFTER_MAX_S) if asked.isdecimal() else 0.0)
    except aiohttp.ClientConnectorError as error:
        return Refusal(gone=isinstance(error.os_error, ConnectionRefusedError))
    except (aiohttp.ClientError, TimeoutError):
        return Refusal()
