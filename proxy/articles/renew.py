"""Published pages follow their sources, which are asked again by age, and on request.

A changed article changes every share of it, by its surrogate key, in all workers and at the edges.
An article that is gone keeps its last copy, marked so, for as long as the operator wants.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from redis.exceptions import RedisError

from ads.clock import DAY, Clock
from ads.errors import Problem
from proxy.articles import Articles
from proxy.links import absolute
from proxy.page import Mode, Stored
from proxy.stores import Stores

logger = logging.getLogger(__name__)

AT_ONCE = 4
POLL_SECONDS = 5.0
SLOWEST_MS = DAY
# A source is asked after a hundredth of the time since its article was last shared: after ten
# minutes on the first day, after a day some months later.
OF_AGE = 100


@dataclass(frozen=True)
class Renewer:
    """Asks sources again; `run` does so until cancelled.

    `every_ms` is how often the source of a newly shared page is asked; 0: only on request.
    """

    _every_ms: int
    _articles: Articles
    _stores: Stores
    _now: Clock

    async def run(self) -> None:
        """Asks the sources that are due, a few at a time."""
        while True:
            if self._every_ms == 0 or not await self._some():
                await asyncio.sleep(POLL_SECONDS)

    async def renew(self, article: str, mode: Mode) -> Stored | None:
        """Asks the source of a page now; None if there is no such page.

        A source that cannot be reached changes nothing. Raises Problem("store_unavailable").
        """
        before = await self._stores.articles.page(article, mode)
        if before is None:
            return None
        after = await self._articles.renew(article, mode, before)
        if after.url != before.url:
            # The page's new site has a say in it, too.
            origin = absolute(after.url).origin
            await self._stores.published.add(origin, article, mode, self._now())
        return after

    async def _some(self) -> bool:
        """Asks some sources; whether more may be due."""
        now = self._now()
        try:
            due = await self._stores.renewals.take(now, now + self._every_ms, AT_ONCE)
            await asyncio.gather(*(self._due(*each) for each in due))
        except (RedisError, OSError):
            return False  # no store or no descriptors: what was taken becomes due again by itself
        return len(due) == AT_ONCE

    async def _due(self, article: str, mode: Mode) -> None:
        newest = await self._stores.shares.newest_of(article)
        if newest is None:
            return  # nobody shares it: the watch will drop it
        with by_itself(article, "was not asked for again"):
            await self.renew(article, mode)
        age = self._now() - newest
        wait = max(self._every_ms, min(age // OF_AGE, SLOWEST_MS))
        await self._stores.renewals.put_off(article, mode, self._now() + wait)


@contextmanager
def by_itself(article: str, undone: str) -> Iterator[None]:
    """Logs what goes wrong with one article in the block, so that the others get their turn.

    Raises RedisError and OSError: without a store or descriptors the others would fail too.
    """
    try:
        yield
    except Problem as problem:
        logger.warning("article %s %s: %s", article, undone, problem.code)
    except (RedisError, OSError):
        raise
    except Exception:
        logger.exception("article %s %s", article, undone)
