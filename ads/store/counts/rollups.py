"""An ad's figures over all its shares, by closed hours and days: computed from its shares' cells.

A roll-up is only ever overwritten by what is computed anew. It stands under the number of late
changes to its hours that were known before it was computed, and holds while that is the number.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, cast

import msgspec
from redis.asyncio import Redis

from ads.clock import DAY, HOUR, MINUTE
from ads.store import keys
from ads.store.counts import cells, sketch
from ads.store.counts.cells import Cell, Reading, ShareCells

CLOSED_AFTER = 10 * MINUTE
"""Clocks of workers may differ by less: what is folded into a past hour they call late."""
HOURS_BACK = 2 * DAY
"""Hours are rolled up on their own for so long; then their days are."""
RUN = 31
"""So many hours or days are computed from one reading of the shares."""
SHARES = "share"
MEASURES = ("ms", "pct")


class Unit(NamedTuple):
    """A closed hour or a whole closed day, [start, end) in ms."""

    start: int
    end: int

    @property
    def day(self) -> bool:
        """Whether it is a day."""
        return self.end - self.start == DAY

    def field(self, dimension: str) -> str:
        """Where one of its dimensions stands in the ad's hash."""
        return f"{self.start // HOUR}:{dimension}"


class _Part(msgspec.Struct, frozen=True, array_like=True):
    """One dimension of a unit: (hour, ad's share or "", key, figures), or (value, how many)."""

    version: tuple[int, int]
    cells: list[tuple[int, str, str, list[int]]] = []
    readings: list[tuple[int, int]] = []


Parts = Mapping[str, _Part]
_decode = msgspec.msgpack.Decoder(_Part).decode


def split(start: int, end: int, now: int) -> tuple[list[Unit], list[tuple[int, int]]]:
    """A span as closed units that may be rolled up, and what must be read from the shares."""
    closed = now - CLOSED_AFTER
    units: list[Unit] = []
    live: list[tuple[int, int]] = []
    at = start
    while at < end:
        after = at + DAY if not at % DAY and at + DAY <= min(end, closed) else at + HOUR
        if after - at == DAY or (after <= closed and at >= now - now % HOUR - HOURS_BACK):
            units.append(Unit(at, after))
        elif live and live[-1][1] == at:
            live[-1] = (live[-1][0], after)
        else:
            live.append((at, after))
        at = after
    return units, live


class Rollups:
    """The roll-ups of one ad."""

    def __init__(self, redis: Redis, ad: str, shares: Sequence[str]) -> None:
        self._redis = redis
        self._ad = ad
        self._shares = shares

    async def load(
        self, start: int, end: int, dimensions: Collection[str], now: int
    ) -> list[ShareCells]:
        """Cells and readings of these dimensions, as `cells.load` gives them.

        They belong to no share, or, with `SHARES` among the dimensions, each total to its own.
        """
        units, live = split(start, end, now)
        wanted = sorted(dimensions)
        found: list[Parts] = await self._rolled(units, wanted)
        found += [await self._summed(Unit(*span), wanted) for span in live]
        return _told(self._ad, found, by_share=SHARES in dimensions)

    async def _rolled(self, units: Sequence[Unit], wanted: Sequence[str]) -> list[Parts]:
        if not units:
            return []
        versions = await self._versions(units)
        kept = await self._kept(units, wanted)
        stale = [u for u in units if _stale(kept[u], wanted, versions[u])]
        for run in _runs(stale):
            made = await self._computed(run, versions)
            await self._store(made)
            kept |= made
        return [{name: kept[unit][name] for name in wanted} for unit in units]

    async def _versions(self, units: Sequence[Unit]) -> dict[Unit, tuple[int, int]]:
        """How often all was forgotten, and how often a closed hour of the unit changed."""
        asked = [f"{'d' if unit.day else 'h'}{unit.start // HOUR}" for unit in units]
        key = keys.LATE_OF_AD.format(ad=self._ad)
        forgotten, *late = await self._redis.hmget(key, ["g", *asked])
        return {
            unit: (int(forgotten or 0), int(count or 0))
            for unit, count in zip(units, late, strict=True)
        }

    async def _kept(self, units: Sequence[Unit], wanted: Sequence[str]) -> dict[Unit, Parts]:
        pipeline = self._redis.pipeline(transaction=False)
        for unit in units:
            fields = [unit.field(dimension) for dimension in wanted]
            pipeline.hmget(_key(self._ad, unit), fields)
        answers = cast(list[list[bytes | None]], await pipeline.execute())
        return {
            unit: {name: _decode(raw) for name, raw in zip(wanted, raws, strict=True) if raw}
            for unit, raws in zip(units, answers, strict=True)
        }

    async def _computed(
        self, run: Sequence[Unit], versions: Mapping[Unit, tuple[int, int]]
    ) -> dict[Unit, Parts]:
        """Units that follow each other, from one reading of the shares."""
        sums = {unit: _Sums(self._ad, unit) for unit in run}
        first, size = run[0].start, run[0].end - run[0].start
        span = first, run[-1].end
        async for share in cells.each(self._redis, self._shares, *span, cells.DIMENSIONS):
            for place, part in _cut(share, first, size).items():
                sums[run[place]].add(part)
        everything = (*cells.DIMENSIONS, SHARES)
        return {unit: each.parts(everything, versions[unit]) for unit, each in sums.items()}

    async def _summed(self, unit: Unit, wanted: Sequence[str]) -> Parts:
        asked = {"total" if name == SHARES else name for name in wanted}
        sums = _Sums(self._ad, unit)
        async for share in cells.each(self._redis, self._shares, unit.start, unit.end, asked):
            sums.add(share)
        return sums.parts(wanted, (0, 0), exact=True)

    async def _store(self, made: Mapping[Unit, Parts]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for unit, parts in made.items():
            for name, part in parts.items():
                packed = msgspec.msgpack.encode(part)
                pipeline.hset(_key(self._ad, unit), unit.field(name), packed)
            if not unit.day:
                pipeline.expire(_key(self._ad, unit), keys.HOURS_OF_AD_SECONDS)
        await pipeline.execute()


async def late(redis: Redis, changes: Iterable[tuple[str, int]]) -> None:
    """Note that closed hours (ad, first ms) changed: what was rolled up of them is void."""
    pipeline = redis.pipeline(transaction=False)
    for ad, hour in changes:
        key = keys.LATE_OF_AD.format(ad=ad)
        pipeline.hincrby(key, f"d{hour // DAY * DAY // HOUR}", 1)
        pipeline.hincrby(key, f"h{hour // HOUR}", 1)
    await pipeline.execute()


async def forget(redis: Redis, ads: Iterable[str]) -> None:
    """Remove all roll-ups of these ads; they are made anew from what is left of their shares."""
    pipeline = redis.pipeline(transaction=False)
    for ad in ads:
        pipeline.hincrby(keys.LATE_OF_AD.format(ad=ad), "g", 1)
        pipeline.unlink(keys.DAYS_OF_AD.format(ad=ad))
        pipeline.unlink(keys.HOURS_OF_AD.format(ad=ad))
    await pipeline.execute()


def _key(ad: str, unit: Unit) -> str:
    return (keys.DAYS_OF_AD if unit.day else keys.HOURS_OF_AD).format(ad=ad)


def _stale(parts: Parts, wanted: Sequence[str], version: tuple[int, int]) -> bool:
    return any(name not in parts or parts[name].version != version for name in wanted)


def _runs(units: Sequence[Unit]) -> list[list[Unit]]:
    """Units of one size that follow each other, of a month at most."""
    runs: list[list[Unit]] = []
    for unit in sorted(units):
        last = runs[-1][-1] if runs else None
        if last and last.end == unit.start and last.day == unit.day and len(runs[-1]) < RUN:
            runs[-1].append(unit)
        else:
            runs.append([unit])
    return runs


def _cut(share: ShareCells, first: int, size: int) -> dict[int, ShareCells]:
    """A share's cells and readings by the units, so long and one after another, they fall into."""
    found: dict[int, ShareCells] = {}
    for cell in share.cells:
        into = found.setdefault((cell.hour - first) // size, ShareCells(share.share, [], []))
        into.cells.append(cell)
    for each in share.readings:
        into = found.setdefault((each.hour - first) // size, ShareCells(share.share, [], []))
        into.readings.append(each)
    return found


class _Sums:
    """Sums over the shares: all dimensions of a unit, its totals by hour and by share."""

    def __init__(self, ad: str, unit: Unit) -> None:
        self._ad = ad
        self.unit = unit
        self._cells: dict[tuple[str, int, str, str], list[int]] = {}
        self._readings: dict[str, Counter[int]] = {name: Counter() for name in MEASURES}

    def add(self, share: ShareCells) -> None:
        """Those of a share's cells and readings that belong to the unit."""
        for cell in share.cells:
            if cell.ad == self._ad:
                for place in self._places(cell, share.share):
                    _add(self._cells.setdefault(place, [0] * len(cell.figures)), cell.figures)
        for each in share.readings:
            if each.ad == self._ad:
                self._readings[each.measure][each.value] += each.opens

    def parts(
        self, names: Collection[str], version: tuple[int, int], *, exact: bool = False
    ) -> Parts:
        """What was summed, by these dimensions; many readings in buckets unless `exact`."""
        form = dict if exact else sketch.reduced
        listed = defaultdict(list)
        for (dimension, hour, share, key), figures in self._cells.items():
            listed[dimension].append((hour, share, key, figures))
        return {
            name: _Part(version, readings=sorted(form(self._readings[name]).items()))
            if name in MEASURES
            else _Part(version, cells=listed[name])
            for name in names
        }

    def _places(self, cell: Cell, share: str) -> list[tuple[str, int, str, str]]:
        if cell.dimension != "total":
            return [(cell.dimension, self.unit.start, "", cell.key)]
        return [("total", cell.hour, "", ""), (SHARES, self.unit.start, share, "")]


def _add(into: list[int], figures: Sequence[int]) -> None:
    for place, figure in enumerate(figures):
        if figure:
            into[place] += figure


def _told(ad: str, found: Sequence[Parts], *, by_share: bool) -> list[ShareCells]:
    """The parts as cells; of the totals either those by hour or those by share."""
    whole = ShareCells("", [], [])
    shares: dict[str, ShareCells] = {}
    for parts in found:
        for name, part in parts.items():
            if name in MEASURES:
                whole.readings.extend(Reading(0, ad, name, *each) for each in part.readings)
            elif name == SHARES:
                for hour, share, _, figures in part.cells:
                    into = shares.setdefault(share, ShareCells(share, [], []))
                    into.cells.append(Cell(hour, ad, "total", "", figures))
            elif name != "total" or not by_share:
                whole.cells.extend(Cell(h, ad, name, key, f) for h, _, key, f in part.cells)
    return [whole, *shares.values()]
