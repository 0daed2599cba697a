"""From the spool into the store: each durable event is counted exactly once, whatever breaks."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec
from redis.exceptions import RedisError

from ads.ad import variant
from ads.clock import SECOND, Clock
from ads.events.mark import settled
from ads.events.receipt import Receipt
from ads.fold.activity import Activity
from ads.fold.clearing import Clearing
from ads.fold.progress import Progress
from ads.spool import Archive, Segment, Spool
from ads.store.counts import Counts, Gap, Item, Stuck
from ads.store.erasures import Erasures
from ads.store.spools import Spools
from ads.tally import Tally, observe
from ads.tasks import TimeSlice

IDLE_SECONDS = 0.5
"""How often orphaned and finished segments are looked after while no events come."""
GATHER_SECONDS, MOST_SECONDS, TIMES = 0.1, 0.5, 10
"""How long a pass waits after the first new event, to gather more: at least, at most, and as a
multiple of the last pass. A call to the store costs as much as twenty events.
"""
RETRY_SECONDS = 0.2
STUCK_SECONDS = 60.0
"""When the events of a stuck share are tried again."""
SAY_SECONDS = 10.0
INDEXED = 50_000
"""How many (ad, share) pairs are remembered as indexed; a pair may be indexed twice."""

log = logging.getLogger(__name__)


class Folding:
    """Reads the segments that this process owns, oldest first, and folds them share by share.

    One code path serves live events, a backlog and recovery: offsets say where to read on, the
    store's marks say what is folded. After every new connection, and when a mark is missing, it
    starts again at the beginning of all segments, since the store may have lost its last second.
    It does so too after a fail-over in a cluster: the old master may have acknowledged more than it
    had replicated.
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
        self._counts = counts.dedicated(self._rewind)
        self._activity = activity
        self._now = now
        self._tally = tally
        self._places: defaultdict[str, Progress] = defaultdict(Progress)
        self._indexed: set[tuple[str, str]] = set()
        self._to_void: set[tuple[str, int]] = set()
        self._turn = asyncio.Lock()
        self._kept_house = self._said = float("-inf")
        self._took = 0.0
        self._clearing = Clearing(spool, self._places, self._counts, archive, erasures, spools, now)

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
                await self._news()

    def _say(self, what: str) -> None:
        """Log, but not at every try: the store is tried often, to see its return at once."""
        if _seconds() >= self._said + SAY_SECONDS:
            self._said = _seconds()
            log.warning(what)

    async def drain(self, seconds: float) -> None:
        """Fold what is there and remove finished segments, for at most `seconds`; then close."""
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
        """Fold everything that is durable now; from time to time, also look after segments."""
        self._spool.grown.clear()
        began = _seconds()
        if self._to_void:
            await self._counts.void(self._to_void)
            self._to_void.clear()
        due = _seconds() >= self._kept_house + IDLE_SECONDS
        if due:
            self._spool.adopt()
        if self._kept_house < 0:  # before the first fold it must be known what was erased
            await self._clearing.learn()
        for segment in self._spool.segments():
            if _seconds() >= self._places[segment.id].again_at:
                del self._places[segment.id]
            await self._read_out(segment)
        self._took = _seconds() - began
        if due:
            await self._keep_house()

    async def _keep_house(self) -> None:
        try:
            await self._clearing.clear()
        except OSError as error:  # a fault of files must not stop the folding
            self._say(f"the spool is not cleared: {error}")
        self._kept_house = _seconds()

    def _rewind(self) -> None:
        for place in self._places.values():
            self._to_void |= place.late
        self._places.clear()
        self._indexed.clear()

    async def _read_out(self, segment: Segment) -> None:
        """Fold all that is durable when the call begins; later events wait for the next pass."""
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
            place.last.setdefault(receipt.share, 0)  # the archive lists the shares of each segment
            if receipt.share not in place.stuck and not self._clearing.gone(receipt):
                received[receipt.share].append((sequence, receipt))
        shares = await self._settled(segment, place, received)
        await self._index(shares)
        batches = {share: (place.last.get(share, 0), items) for share, items in shares.items()}
        self._tally["passalong_folded",] += await self._folded(segment, place, batches)
        oldest = min(receipt.at for _, receipt in records)
        observe(self._tally, "passalong_fold_lag_seconds", max(0, self._now() - oldest) / SECOND)
        place.saw(records)
        place.late |= self._counts.voided()
        place.last.update(
            (share, items[-1].sequence)
            for share, items in shares.items()
            if share not in place.stuck
        )
        place.folded_at = _seconds()

    async def _settled(
        self, segment: str, place: Progress, received: Mapping[str, Sequence[tuple[int, Receipt]]]
    ) -> dict[str, Sequence[Item]]:
        """Settled items by share; a share whose records are unreadable waits, the others go on."""
        time_slice = TimeSlice()
        found: dict[str, Sequence[Item]] = {}
        for share, some in received.items():
            try:
                found[share] = await _items(some, self._activity, time_slice)
            except msgspec.MsgspecError as error:  # written by a later version than this one
                self._wait(segment, place, Stuck({share: error}, 0))
        await time_slice.end()
        return found

    async def _folded(
        self, segment: str, place: Progress, batches: Mapping[str, tuple[int, Sequence[Item]]]
    ) -> int:
        """Fold; returns how many events. A share on which the fold fails waits."""
        try:
            return await self._counts.fold(segment, batches)
        except Stuck as error:
            self._wait(segment, place, error)
            return error.folded

    def _wait(self, segment: str, place: Progress, error: Stuck) -> None:
        log.error("fold: waits in %s: %s", segment, error)
        place.stuck |= error.shares.keys()
        place.again_at = _seconds() + STUCK_SECONDS

    async def _index(self, shares: Mapping[str, Sequence[Item]]) -> None:
        ads = {share: {item.receipt.ad for item in items} for share, items in shares.items()}
        pairs = {(ad, share) for share, some in ads.items() for ad in some}
        fresh = pairs - self._indexed
        if fresh:
            await self._counts.index(fresh)
            if len(self._indexed) >= INDEXED:
                self._indexed.clear()
            self._indexed |= fresh


async def _items(
    received: Sequence[tuple[int, Receipt]], activity: Activity, time_slice: TimeSlice
) -> list[Item]:
    """The items of one share, with the final reason of a refusal and the variant shown."""
    share = received[0][1].share
    latest = max(receipt.at for _, receipt in received)
    ads = {receipt.ad for _, receipt in received}
    # Once for each ad: asking for each event took a quarter of the fold's time here.
    active = {ad: await activity.until(share, ad, latest) for ad in ads}
    items = []
    for sequence, receipt in received:
        await time_slice.end()
        refused = settled(receipt.refused, active=active[receipt.ad](receipt.at))
        shown = "" if refused or receipt.k != "open" else await _variant(receipt, activity)
        items.append(Item(sequence, receipt, refused, shown))
    return items


async def _variant(receipt: Receipt, activity: Activity) -> str:
    ad = await activity.version(receipt.ad, receipt.version)
    return variant.pick(receipt.n, variant.weights(ad)) if ad else ""


def _seconds() -> float:
    return asyncio.get_running_loop().time()
