"""From the spool into the store: each durable event is folded exactly once, whatever breaks."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress

from redis.exceptions import RedisError

from ads.clock import HOUR, SECOND, Clock
from ads.events.erasure import Erasure, gone
from ads.events.receipt import Receipt
from ads.fold.activity import Activity
from ads.fold.progress import Progress
from ads.fold.settle import settle
from ads.spool import Archive, Segment, Spool, archive, backup_lock
from ads.store.counts import Counts, Gap, Item
from ads.store.erasures import Erasures
from ads.store.replication import MasterStates, same
from ads.store.spools import Spools
from ads.tally import Tally, observe
from ads.tasks import TimeSlice

IDLE_SECONDS = 0.5
"""Without news from the spool, how often segments of dead owners and finished ones are seen to."""
GATHER_SECONDS, MOST_SECONDS, TIMES = 0.1, 0.5, 10
"""After the first news: what a pass asks the store is asked once for all that came meanwhile. A
call costs what twenty events do, so it waits ten times as long as the last pass took, or the most.
"""
RETRY_SECONDS = 0.2
SAY_SECONDS = 10.0
ON_DISK_SECONDS = 2.0
"""A store without an append-only file of its own to ask: `everysec` has written by then."""
SEGMENT_MS = HOUR
"""A segment is closed after so long, however small: what is in it can then be kept and expire."""
EXPIRE_SECONDS = 600.0
INDEXED = 50_000
"""Shares of ads that are remembered as indexed; to index one again is harmless."""

log = logging.getLogger(__name__)


class Folder:
    """Reads the segments that this process owns, oldest first, and folds them share by share.

    One code path serves live events, a backlog and recovery: offsets say where to read on, the
    store's marks what is folded. On every new connection, and when a mark is missing, it goes back
    to the beginning of all segments, since the store may have lost its last second. So it does when
    a server of a cluster has taken over from another, which may have acknowledged more than it
    passed on.
    """

    def __init__(
        self,
        spool: Spool,
        counts: Counts,
        activity: Activity,
        now: Clock,
        tally: Tally,
        archive: Archive,
        erasures: Erasures,
        spools: Spools,
    ) -> None:
        self._spool = spool
        self._archive = archive
        self._erasures = erasures
        self._spools = spools
        self._erased: frozenset[Erasure] = frozenset()
        self._to_erase: frozenset[Erasure] = frozenset()
        self._gone = gone(())
        self._counts = counts.dedicated(self._rewind)
        self._activity = activity
        self._now = now
        self._tally = tally
        self._places: defaultdict[str, Progress] = defaultdict(Progress)
        self._indexed: set[tuple[str, str]] = set()
        self._to_void: set[tuple[str, int]] = set()
        self._masters: MasterStates = {}
        self._turn = asyncio.Lock()
        self._kept_house = self._expired = self._said = float("-inf")
        self._took = 0.0
        # Segments in one directory are removed by its own processes: their notes stand together.
        self._place = spool.place()

    async def run(self) -> None:
        """Fold until cancelled; what was not folded stays in the spool."""
        while True:
            try:
                async with self._turn:
                    await self._pass()
            except (RedisError, OSError, Gap) as error:
                self._rewind()
                await self._counts.disconnect()
                self._say(f"folding waits for the store: {error}")
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._said = float("-inf")
                await self._news()

    def _say(self, what: str) -> None:
        """Now and then: the store is asked often, so that figures follow its return at once."""
        if _seconds() >= self._said + SAY_SECONDS:
            self._said = _seconds()
            log.warning(what)

    async def drain(self, seconds: float) -> None:
        """Fold what is there and let go of what is finished, for at most so long; then close."""
        with suppress(TimeoutError, RedisError, OSError, Gap):
            async with asyncio.timeout(seconds), self._turn:
                self._spool.rotate()
                await self._pass()
                await self._keep_house()
                while self._spool.segments():
                    await asyncio.sleep(RETRY_SECONDS)
                    await self._keep_house()
        with suppress(RedisError, OSError):
            await self._counts.close()

    async def _news(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self._spool.grown.wait()
                await asyncio.sleep(min(max(GATHER_SECONDS, TIMES * self._took), MOST_SECONDS))

    async def _pass(self) -> None:
        """Everything that is durable now; now and then also what is not urgent."""
        self._spool.grown.clear()
        began = _seconds()
        if self._to_void:
            await self._counts.void(self._to_void)
            self._to_void.clear()
        due = _seconds() >= self._kept_house + IDLE_SECONDS
        if due:
            self._spool.adopt()
        if self._kept_house < 0:  # nothing is folded before it is known what was forgotten
            await self._learn()
        for segment in self._spool.segments():
            await self._read_out(segment)
        self._took = _seconds() - began
        if due:
            await self._keep_house()

    async def _keep_house(self) -> None:
        await self._look_round()
        await self._learn()
        await self._erase()
        self._spool.rotate_made_before(self._now() - SEGMENT_MS)
        wanted = await self._spools.wanted()
        if any(segment.id in wanted for segment in self._spool.segments()):
            self._spool.rotate()
        with backup_lock.removing(self._spool.directory) as allowed:
            if allowed:
                for segment in self._spool.segments():
                    await self._let_go(segment)
                await self._tidy()
        self._kept_house = _seconds()
        await self._look_after_archive()

    async def _look_after_archive(self) -> None:
        """Events that cannot be kept or let go must not hold up what is counted."""
        due = self._kept_house >= self._expired + EXPIRE_SECONDS
        try:
            self._archive.give_way()
            if due:
                self._expired = self._kept_house
                await asyncio.to_thread(self._archive.expire, self._now())
        except OSError as error:
            log.warning("kept events: %s", error)

    async def _look_round(self) -> None:
        """Raises Gap when another server of the cluster has taken over."""
        before, self._masters = self._masters, await self._counts.master_states()
        if before and not same(before, self._masters):
            self._counts.forget_secret()
            raise Gap("a server of the store has taken over from another")

    def _rewind(self) -> None:
        for place in self._places.values():
            self._to_void |= place.late
        self._places.clear()
        self._indexed.clear()

    async def _read_out(self, segment: Segment) -> None:
        """All that is durable when it begins; later events make up a call of their own."""
        end = segment.end
        while True:
            place = self._places[segment.id]
            records, following = await self._spool.read_more(segment, place.offset)
            if records:
                await self._fold(segment.id, place, records)
            # A connection was lost and made anew meanwhile: begin again.
            if self._places[segment.id] is not place:
                continue
            if following == place.offset:
                return
            place.offset = following
            if following >= end:
                return

    async def _fold(
        self, segment: str, place: Progress, records: Sequence[tuple[int, Receipt]]
    ) -> None:
        received: defaultdict[str, list[tuple[int, Receipt]]] = defaultdict(list)
        for sequence, receipt in records:
            place.last.setdefault(receipt.share, 0)  # what is kept tells whose events are in it
            if not self._gone(receipt):
                received[receipt.share].append((sequence, receipt))
        time_slice = TimeSlice()
        shares = {
            share: await settle(share, some, self._activity, time_slice)
            for share, some in received.items()
        }
        await time_slice.end()
        await self._index(shares)
        batches = {share: (place.last.get(share, 0), items) for share, items in shares.items()}
        folded = await self._counts.fold(segment, batches)
        self._tally["passalong_folded",] += folded
        oldest = min(receipt.at for _, receipt in records)
        observe(self._tally, "passalong_fold_lag_seconds", max(0, self._now() - oldest) / SECOND)
        place.saw(records)
        place.late |= self._counts.voided()
        place.last.update((share, items[-1].sequence) for share, items in shares.items())
        place.folded_at = _seconds()

    async def _index(self, shares: Mapping[str, Sequence[Item]]) -> None:
        ads = {share: {item.receipt.ad for item in items} for share, items in shares.items()}
        pairs = {(ad, share) for share, some in ads.items() for ad in some}
        fresh = pairs - self._indexed
        if fresh:
            await self._counts.index(fresh)
            if len(self._indexed) >= INDEXED:
                self._indexed.clear()
            self._indexed |= fresh

    async def _let_go(self, segment: Segment) -> None:
        """Remove a segment that is folded for good, then its marks."""
        place = self._places[segment.id]
        if not segment.closed or place.offset < segment.end or not await self._on_disk(place):
            return
        if place.times:
            await self._keep(segment, place, *place.times)
        await self._counts.marks.erasing(self._place, segment.id, segment.path, place.last)
        if self._places.get(segment.id) is not place:
            return
        self._spool.remove(segment)
        del self._places[segment.id]
        await self._counts.marks.erase(self._place, segment.id)
        if segment.damaged:
            await asyncio.to_thread(archive.erase_damaged, self._spool.directory, self._erased)

    async def _keep(self, segment: Segment, place: Progress, first: int, last: int) -> None:
        # Read here: a thread that outlives this call must not read a file that was closed since.
        name, data = segment.id, segment.whole()
        marks = await self._counts.marks.of(name, place.last)
        keep = self._archive.keep
        await asyncio.to_thread(keep, name, data, marks, first, last, self._erased)

    async def _learn(self) -> None:
        """What is to be erased: nothing of it is folded from now on."""
        erased = await self._erasures.all(self._now())
        self._to_erase |= erased - self._erased
        if erased != self._erased:
            self._erased, self._gone = erased, gone(erased)

    async def _erase(self) -> None:
        """What was asked for since the last look goes from what is kept, and from the spool."""
        if self._to_erase:
            self._spool.rotate()
            try:
                await asyncio.to_thread(
                    archive.erase_damaged, self._spool.directory, self._to_erase
                )
                await asyncio.to_thread(self._archive.erase, self._to_erase)
            except OSError as error:  # the next look tries again
                log.warning("kept events: not erased: %s", error)
            else:
                self._to_erase = frozenset()

    async def _on_disk(self, place: Progress) -> bool:
        """Whether a crash or a fail-over leaves all that was folded of it."""
        if self._masters:
            known = None if place.copied(self._masters) else False
        else:
            known = await self._counts.on_disk()
        return _seconds() - place.folded_at >= ON_DISK_SECONDS if known is None else known

    async def _tidy(self) -> None:
        """Marks of segments whose file went just before a process died."""
        for segment, path in (await self._counts.marks.half_erased(self._place)).items():
            if not path.exists():
                await self._counts.marks.erase(self._place, segment)


def _seconds() -> float:
    return asyncio.get_running_loop().time()
