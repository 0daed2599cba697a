"""Tells the operator's edges which pages changed: `PURGE` with `xkey-purge: KEYS` (Varnish's xkey).

Every worker purges, each after it has dropped the page from its own memory: whatever an edge asks
for between two workers' purges, the last of them leaves it without anything old.
"""

import asyncio
import logging
from collections.abc import Sequence

import aiohttp

logger = logging.getLogger(__name__)

# What stands in `Surrogate-Key`; other keys are this service's own affair.
PURGED = ("article:", "ad:", "share:")
# Of one header; more go in another request.
KEYS_AT_ONCE = 100
KEYS_MAX = 100_000
SECONDS = 5.0
TRIES = 5
RETRY_SECONDS = 0.5


class Purge:
    """Keys wait for the edges; `run` sends them until cancelled."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = tuple(urls)
        self._waiting: dict[str, None] = {}
        self._some = asyncio.Event()

    def want(self, key: str) -> None:
        """A surrogate key changed."""
        if self._urls and key.startswith(PURGED) and len(self._waiting) < KEYS_MAX:
            self._waiting[key] = None
            self._some.set()

    async def run(self) -> None:
        """Sends what waits, as it comes."""
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
            while True:
                await self._some.wait()
                keys = self._taken()
                await asyncio.gather(*(_told(session, url, keys) for url in self._urls))

    def _taken(self) -> list[str]:
        keys = list(self._waiting)[:KEYS_AT_ONCE]
        for key in keys:
            del self._waiting[key]
        if not self._waiting:
            self._some.clear()
        return keys


async def _told(session: aiohttp.ClientSession, url: str, keys: Sequence[str]) -> None:
    for attempt in range(TRIES):
        if await _purged(session, url, keys):
            return
        await asyncio.sleep(RETRY_SECONDS * 2**attempt)
    logger.warning("%s did not purge %s", url, " ".join(keys))


async def _purged(session: aiohttp.ClientSession, url: str, keys: Sequence[str]) -> bool:
    headers = {"xkey-purge": " ".join(keys)}
    try:
        async with session.request("PURGE", url, headers=headers, allow_redirects=False) as answer:
            # An edge that does not know the method will not know it the next time either.
            return answer.status < 500
    except (aiohttp.ClientError, TimeoutError):
        return False
