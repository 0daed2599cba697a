"""An ad's events one by one with their verdicts, for its owner: from the spool and its archive.

The export agrees with the ledger: from the spool it takes only events that the store's marks say
are folded, from the archive all; the verdicts follow the rules of the fold.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ads.clock import DAY, HOUR, Clock
from ads.errors import Problem
from ads.events.mark import Mark
from ads.events.receipt import Receipt
from ads.reports import spans
from ads.reports.judge import Judge, JudgedEvent
from ads.spool import Archive
from ads.spool import volume as volumes
from ads.spool.archive import JUDGED_MS
from ads.spool.segment import made_at
from ads.spool.volume import Volume
from ads.store.ads import Ads
from ads.store.counts import Counts
from ads.store.spools import Spools

RECEIPTS_AT_ONCE = 5_000
GATHERING = 2
"""Exports of a worker that read and sort at once; more wait."""
OPEN = 32
"""Exports that are open at once, each with a file of its own; more are refused."""

ELSEWHERE_SECONDS = 5.0
"""How long we wait for other machines, which look twice a second and archive within two more."""
ELSEWHERE_MS = 2 * HOUR
POLL_SECONDS = 0.2

log = logging.getLogger(__name__)

NOT_FOLDED = Mark(0)

Marks = Mapping[str, Mapping[str, Mark]]


class _Wanted(NamedTuple):
    """A query: events of these shares received from `first` to before `last` (ms) and folded."""

    shares: frozenset[str]
    first: int
    last: int
    marks: Marks

    def of(self, volume: Volume) -> Iterator[Receipt]:
        """Such events of a volume, which is read whole into memory: a segment's worth."""
        for sequence, receipt in volumes.read(volume):
            if receipt.share in self.shares and self.first <= receipt.at < self.last:
                mark = self.marks.get(volume.segment, {}).get(receipt.share, NOT_FOLDED)
                if not volume.live:
                    yield receipt
                elif sequence <= mark.last:
                    yield mark.judged(sequence, receipt)


class Export:
    """The use case."""

    def __init__(
        self,
        *,
        ads: Ads,
        counts: Counts,
        kept: Archive,
        spool: Path,
        spools: Spools,
        now: Clock,
    ) -> None:
        self._ads = ads
        self._counts = counts
        self._kept = kept
        self._spool = spool
        self._spools = spools
        self._now = now
        self._gathering = asyncio.Semaphore(GATHERING)
        self._open = 0

    async def events(
        self, owner: str, ad: str, from_ms: int | None = None, to_ms: int | None = None
    ) -> AsyncGenerator[list[JudgedEvent], None]:
        """All events of the ad that were received in that time, in order of receipt, in lists.

        Events older than the archive's time are left out. Raises, before the first list,
        Problem("not_found") for another owner's ad, "invalid" for times in the wrong order,
        "rate_limited" while too many exports are open.
        """
        since = (await self._ads.owned(owner, ad)).created_at
        now = self._now()
        start, end = spans.span(from_ms, to_ms, since, now)
        oldest = now - self._kept.kept_ms
        secret = await self._counts.secret()
        judge = Judge(ad, max(start, oldest - oldest % HOUR), end, secret)
        if self._open >= OPEN:
            raise Problem("rate_limited", "Too many exports at once.", retry_after=10)
        self._open += 1
        try:
            async with self._gathering:
                await self._gather(judge, ad, max(start, oldest) - JUDGED_MS - HOUR, end + DAY)
                chunks = judge.verdicts(now)
                chunk = await asyncio.to_thread(next, chunks, None)
            while chunk:
                yield chunk
                chunk = await asyncio.to_thread(next, chunks, None)
        finally:
            self._open -= 1
            judge.close()

    async def _gather(self, judge: Judge, ad: str, first: int, last: int) -> None:
        shares = await self._counts.shares(ad)
        await self._gather_in(shares)
        with ExitStack() as opened:
            # In this order: what leaves the spool meanwhile is in the archive by then.
            spooled = await asyncio.to_thread(volumes.live, self._spool)
            for volume in spooled:
                opened.callback(volume.close)
            marks = await self._counts.marks.all(shares)
            archived = await asyncio.to_thread(self._kept.volumes, first, last, shares)
            wanted = _Wanted(frozenset(shares), first, last, marks)
            # Each segment once; the archive's wins, which is wholly folded.
            each_once = {volume.segment: volume for volume in [*spooled, *archived]}
            for volume in each_once.values():
                await self._hear(judge, wanted.of(volume))

    async def _gather_in(self, shares: Sequence[str]) -> None:
        """Have other machines archive what they have of these shares; wait a little for it."""
        until = asyncio.get_running_loop().time() + ELSEWHERE_SECONDS
        while elsewhere := await self._elsewhere(shares):
            if asyncio.get_running_loop().time() > until:
                log.warning("export: events of %s are on another machine", sorted(elsewhere))
                return
            await self._spools.want(elsewhere)
            await asyncio.sleep(POLL_SECONDS)

    async def _elsewhere(self, shares: Sequence[str]) -> set[str]:
        """Recent segments with marks that are neither here nor archived; older ones are lost."""
        marks = await self._counts.marks.all(shares)
        begun = self._now() - ELSEWHERE_MS
        late = {segment for segment in marks if made_at(segment) > begun}
        # In this order: what leaves the spool meanwhile is in the archive by then.
        here = await asyncio.to_thread(volumes.spooled, self._spool)
        return late and late - here - await asyncio.to_thread(self._kept.names)

    async def _hear(self, judge: Judge, receipts: Iterator[Receipt]) -> None:
        while some := await asyncio.to_thread(list, islice(receipts, RECEIPTS_AT_ONCE)):
            await asyncio.to_thread(judge.hear, some)
