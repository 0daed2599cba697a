"""Removing folded segments from the spool: first archived for the export, then removed."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence

from ads.clock import HOUR, Clock
from ads.events.erasure import Erasure, gone
from ads.fold.progress import Progress
from ads.spool import Archive, Segment, Spool, archive, backup_lock
from ads.store.counts import Counts, Gap
from ads.store.erasures import Erasures
from ads.store.replication import MasterStates, same
from ads.store.spools import Spools

ON_DISK_SECONDS = 2.0
"""How long we wait where the store cannot tell what is on disk: `everysec` has written by then."""
SEGMENT_MS = HOUR
"""A segment is closed after so long, however small, so that it can be archived and expire."""
EXPIRE_SECONDS = 600.0

log = logging.getLogger(__name__)


class Clearing:
    """Closes, archives and removes a spool's segments; `places` has the progress of each.

    `gone` tells whether an event was erased and must not be counted.
    """

    def __init__(
        self,
        spool: Spool,
        places: defaultdict[str, Progress],
        counts: Counts,
        archive: Archive,
        erasures: Erasures,
        spools: Spools,
        now: Clock,
    ) -> None:
        self._spool = spool
        self._places = places
        self._counts = counts
        self._archive = archive
        self._erasures = erasures
        self._spools = spools
        self._now = now
        self.gone = gone(())
        self._erased: frozenset[Erasure] = frozenset()
        self._to_erase: frozenset[Erasure] = frozenset()
        self._masters: MasterStates = {}
        self._expired = float("-inf")
        # Segments that are removed, with the shares that still have a mark of them. If we die now,
        # these marks stay, and do no harm.
        self._removed: dict[str, Sequence[str]] = {}

    async def clear(self) -> None:
        """Do all that is due. Raises RedisError, OSError, and Gap if the store may lack events."""
        await self._look_round()
        await self.learn()
        await self._erase()
        self._spool.rotate_made_before(self._now() - SEGMENT_MS)
        wanted = await self._spools.wanted()
        if any(segment.id in wanted for segment in self._spool.segments()):
            self._spool.rotate()
        with backup_lock.removing(self._spool.directory) as allowed:
            if allowed:
                for segment in self._spool.segments():
                    await self._let_go(segment)
                await self._erase_marks()
        await self._look_after_archive()

    async def _look_after_archive(self) -> None:
        """Make room in the archive and expire it; its faults must not hold up counting."""
        due = _seconds() >= self._expired + EXPIRE_SECONDS
        try:
            self._archive.give_way()
            if due:
                self._expired = _seconds()
                await asyncio.to_thread(self._archive.expire, self._now())
        except OSError as error:
            log.warning("kept events: %s", error)

    async def _look_round(self) -> None:
        """Raises Gap if a replica of the cluster has become master since the last call."""
        before, self._masters = self._masters, await self._counts.master_states()
        if before and not same(before, self._masters):
            self._counts.forget_secret()
            raise Gap("a server of the store has taken over from another")

    async def _let_go(self, segment: Segment) -> None:
        """Remove a segment if it is folded and safely stored."""
        place = self._places[segment.id]
        folded = segment.closed and place.offset >= segment.end and not place.stuck
        if not folded or not await self._on_disk(place):
            return
        if place.times:
            await self._keep(segment, place, *place.times)
        if self._places.get(segment.id) is not place:
            return
        self._spool.remove(segment)
        self._removed[segment.id] = list(self._places.pop(segment.id).last)
        if segment.damaged:
            await asyncio.to_thread(archive.erase_damaged, self._spool.directory, self._erased)

    async def _keep(self, segment: Segment, place: Progress, first: int, last: int) -> None:
        # Read here: a thread may outlive this call, and the file be closed by then.
        name, data = segment.id, segment.whole()
        marks = await self._counts.marks.of(name, place.last)
        keep = self._archive.keep
        await asyncio.to_thread(keep, name, data, marks, first, last, self._erased)

    async def learn(self) -> None:
        """Read what is to be erased: none of it is folded from now on."""
        erased = await self._erasures.all(self._now())
        self._to_erase |= erased - self._erased
        if erased != self._erased:
            self._erased, self.gone = erased, gone(erased)

    async def _erase(self) -> None:
        """Erase from the archive and the spool what was asked for since the last look."""
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
        """Whether all that was folded of a segment would survive a crash or a fail-over."""
        if self._masters:
            known = None if place.copied(self._masters) else False
        else:
            known = await self._counts.on_disk()
        return _seconds() - place.folded_at >= ON_DISK_SECONDS if known is None else known

    async def _erase_marks(self) -> None:
        while self._removed:
            segment, shares = next(iter(self._removed.items()))
            await self._counts.marks.erase(segment, shares)
            del self._removed[segment]


def _seconds() -> float:
    return asyncio.get_running_loop().time()
