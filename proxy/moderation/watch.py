"""Reads publishers' signals again after publishing, and enforces them on published pages.

Every five minutes one worker reads an origin's site-wide signals (robots.txt, TDMRep, TXT record,
file) and compares them, and the operator's lists, with each page published from it. A page that
shows more than is allowed is made anew; a share of a refused page ends. All workers, and through
them the edges, hear of it by the surrogate key of the article or share.
"""

import asyncio
import logging
from typing import Literal

from redis.exceptions import RedisError

from ads.clock import MINUTE, Clock
from proxy.articles.renew import Renewer, by_itself
from proxy.moderation.endings import Endings
from proxy.page import Mode, Page, Stored
from proxy.publish.records import follow
from proxy.rights import Signals, Verdict, lower, over
from proxy.shares import Ending, Share
from proxy.signals import Gatherer
from proxy.store.audit import Act
from proxy.stores import Stores

logger = logging.getLogger(__name__)

EVERY_MS = 5 * MINUTE
TICK_SECONDS = 2.0
# Four small requests each. Sites that answer take half a second: 24,000 in a round of five minutes.
# If all of them were away, each would take the five seconds that a text may: 2,400 a worker.
AT_ONCE = 40
# Reasons that a publisher or the operator can take back from outside the page.
_OUTSIDE = frozenset({"opt-out", "operator"})


class Watch:
    """Goes through all that is published; `run` goes on until cancelled."""

    def __init__(self, renewer: Renewer, gatherer: Gatherer, stores: Stores, now: Clock) -> None:
        self._renewer = renewer
        self._gatherer = gatherer
        self._stores = stores
        self._endings = Endings(stores, now)
        self._now = now

    async def run(self) -> None:
        """Asks the origins that are due, again and again."""
        while True:
            heard = 0
            try:
                heard = await self.round()
            except (RedisError, OSError) as error:
                logger.warning("publishers were not heard: %s", error)
            if heard < AT_ONCE:
                await asyncio.sleep(TICK_SECONDS)

    async def round(self) -> int:
        """Reads the origins that are due, at most AT_ONCE of them; returns how many."""
        at = self._now()
        due = await self._stores.published.take(at - EVERY_MS, at, AT_ONCE)
        await asyncio.gather(*(self._hear(origin) for origin in due))
        return len(due)

    async def _hear(self, origin: str) -> None:
        self._gatherer.forget(origin)
        for article, mode in await self._stores.published.articles(origin):
            with by_itself(article, "was not checked"):
                await self._check_article(origin, article, mode)

    async def _check_article(self, origin: str, article: str, mode: Mode) -> None:
        living = await self._sharing(article, mode)
        if not living:
            await self._let_go(origin, article, mode)
        # A page that is not there yet, or is lost, is made by whoever looks at it first.
        elif stored := await self._stores.articles.page(article, mode):
            await self._check_page(article, mode, stored, living)

    async def _let_go(self, origin: str, article: str, mode: Mode) -> None:
        """Stops following a page that nobody shares; goes on if somebody just began to."""
        await self._stores.published.drop_article(origin, article, mode)
        await self._stores.renewals.drop(article, mode)
        await self._stores.articles.let_go(article, mode)
        for share in (await self._sharing(article, mode))[:1]:
            await follow(self._stores, share, self._now(), self._now())

    async def _sharing(self, article: str, mode: Mode) -> list[Share]:
        """The article's active shares that asked for this mode."""
        found = await self._stores.shares.many(await self._stores.shares.of_article(article))
        wanted = ("active", article, mode)
        return [share for share in found if (share.state, share.article_id, share.asked) == wanted]

    async def _check_page(
        self, article: str, mode: Mode, stored: Stored, living: list[Share]
    ) -> None:
        """Ends the shares of a page, or makes it anew, if it shows what is not allowed now."""
        signals = await self._gatherer.outside(stored.url)
        allowed = lower(mode, signals, self._now())
        if allowed.mode is None:
            await self._end(allowed.reason, living, signals)
        elif self._differs(stored.page, allowed) or self._over(stored):
            await self._renewer.renew(article, mode)

    def _over(self, stored: Stored) -> bool:
        """Whether the page's `until` is past and its source was not asked since."""
        return not stored.closed and stored.page.over(self._now())

    @staticmethod
    def _differs(page: Page, allowed: Verdict) -> bool:
        """Whether the page shows more than is allowed, or less for a reason that is gone."""
        gone = page.mode_reason in _OUTSIDE and page.mode_reason != allowed.reason
        return over(page.mode, allowed.mode) or gone

    async def _end(self, reason: str, living: list[Share], signals: Signals) -> None:
        by: Literal["operator", "publisher"] = "publisher"
        law = False
        if reason.startswith("operator"):
            by, law = "operator", signals.law
            reason = signals.note or reason
        at = self._now()
        for share in living:
            await self._endings.end(share.id, Ending(by, reason, law, at))
            await self._stores.audit.put(Act(at, by, "share", share.id, "ended", reason, law))
