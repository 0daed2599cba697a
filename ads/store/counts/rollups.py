"""An ad's figures over all its shares, by closed hours and days, computed from its shares' cells.

A roll-up is never added to, only computed anew. It carries the number of late changes to its hours
that were noted before it was computed, and is valid as long as that is still the number.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from ads.clock import DAY, HOUR, SECOND
from ads.store import keys, records
from ads.store.counts import cells, due
from ads.store.counts.due import CLOSED_AFTER
from ads.store.counts.sums import (
    EVERYTHING,
    SHARES,
    AdCells,
    Part,
    Parts,
    Sums,
    Unit,
    add_share,
    merged,
)

HOURS_BACK = 2 * DAY
"""For so long hours are rolled up one by one; before that only whole days."""
DAYS_BACK = HOURS_BACK // DAY + keys.HOURS_OF_AD_SECONDS * SECOND // DAY
"""After so many days the roll-ups of a day's hours have expired."""
RUN = 31
"""How many hours or days one pass over the shares computes."""
STEP = 8
"""Days of shares computed in one go: the worker does nothing else for some milliseconds."""
FORM = 4
"""The version of the stored form; roll-ups of another form are made anew."""
FORGOTTEN, LATE = "g", "late"

Version = tuple[int, int, int]
_decode = msgspec.msgpack.Decoder(Part).decode


def split(start: int, end: int, now: int) -> tuple[list[Unit], list[tuple[int, int]]]:
    """A span as closed units that may be rolled up, and spans that must be read from the shares."""
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

    async def load(self, start: int, end: int, dimensions: Collection[str], now: int) -> AdCells:
        """Figures by these dimensions over all shares, as `sums.merged` says."""
        units, live = split(start, end, now)
        wanted = sorted(dimensions)
        found: list[Parts] = await self._rolled(units, wanted)
        found += [await self._summed(Unit(*span), wanted) for span in live]
        return merged(self._ad, found)

    async def refresh(self, day: int, now: int) -> None:
        """Compute what is closed of a day and not valid: the day itself, and its recent hours."""
        parts, whole = split(day + HOUR, day + DAY, now)[0], split(day, day + DAY, now)[0]
        units = sorted({*parts, *whole})
        # All dimensions of a unit are written together, so the shortest one stands for all.
        kept, versions = await self._kept(units, ["slot"])
        for unit in units:
            if not _holds(kept[unit], ["slot"], versions[unit]):
                await self._store(await self._computed([unit], versions, STEP))

    async def _rolled(self, units: Sequence[Unit], wanted: Sequence[str]) -> list[Parts]:
        kept, versions = await self._kept(units, wanted)
        stale = [u for u in units if not _holds(kept[u], wanted, versions[u])]
        for run in _runs(stale):
            made = await self._computed(run, versions, cells.SHARE_DAYS_AT_ONCE)
            await self._store(made)
            kept |= made
        return [{name: kept[unit][name] for name in wanted} for unit in units]

    async def _kept(
        self, units: Sequence[Unit], wanted: Sequence[str]
    ) -> tuple[dict[Unit, Parts], dict[Unit, Version]]:
        """What is stored of these units, and the version of each that is valid.

        A version is the form, how often all roll-ups of the ad were removed, and how often a
        closed hour of the unit changed.
        """
        if not units:
            return {}, {}
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.hget(keys.FORGOTTEN_OF_AD.format(ad=self._ad), FORGOTTEN)
        for unit in units:
            asked = [_field(unit, name) for name in (LATE, *wanted)]
            pipeline.hmget(_key(self._ad, unit), asked)
        forgotten, *answers = await pipeline.execute()
        kept: dict[Unit, Parts] = {}
        versions: dict[Unit, Version] = {}
        for unit, (count, *raws) in zip(units, answers, strict=True):
            found = zip(wanted, map(_part, raws), strict=True)
            kept[unit] = {name: part for name, part in found if part}
            versions[unit] = (FORM, int(forgotten or 0), int(count or 0))
        return kept, versions

    async def _computed(
        self, run: Sequence[Unit], versions: Mapping[Unit, Version], step: int
    ) -> dict[Unit, Parts]:
        """Adjacent units, computed in one pass over the shares."""
        sums = [Sums(unit) for unit in run]
        await self._gather(sums, cells.DIMENSIONS, step)
        return {each.unit: each.parts(EVERYTHING, versions[each.unit]) for each in sums}

    async def _summed(self, unit: Unit, wanted: Sequence[str]) -> Parts:
        asked = {"total" if name == SHARES else name for name in wanted}
        sums = Sums(unit, by_share=SHARES in wanted)
        await self._gather([sums], asked, cells.SHARE_DAYS_AT_ONCE)
        return sums.parts(wanted, (0, 0, 0), exact=True)

    async def _gather(
        self, sums: Sequence[Sums], dimensions: Collection[str], share_days: int
    ) -> None:
        asked = cells.Asked(sums[0].unit.start, sums[-1].unit.end, dimensions, self._ad)
        async for share in cells.gather(self._redis, self._shares, asked, share_days):
            add_share(sums, *share)

    async def _store(self, made: Mapping[Unit, Parts]) -> None:
        """Write each unit by one command, so that one valid part means that all parts are valid."""
        pipeline = self._redis.pipeline(transaction=False)
        for unit, parts in made.items():
            packed: dict[Any, Any] = {
                _field(unit, n): msgspec.msgpack.encode(part) for n, part in parts.items()
            }
            pipeline.hset(_key(self._ad, unit), mapping=packed)
            _let_go(pipeline, self._ad, unit)
        await pipeline.execute()


async def note_late(redis: Redis, changes: Iterable[tuple[str, int]]) -> None:
    """Note that closed hours (ad, first ms) changed, which voids their roll-ups."""
    pipeline = redis.pipeline(transaction=False)
    for ad, hour in changes:
        day = hour // DAY * DAY
        for unit in (Unit(day, day + DAY), Unit(hour, hour + HOUR)):
            pipeline.hincrby(_key(ad, unit), _field(unit, LATE), 1)
            _let_go(pipeline, ad, unit)
    await pipeline.execute()


async def forget(redis: Redis, ads: Iterable[str], now: int) -> None:
    """Remove all roll-ups of these ads and queue them to be made from what is left."""
    for ad in ads:
        fields = map(records.text, await redis.hkeys(keys.DAYS_OF_AD.format(ad=ad)))
        hours = {int(field.partition(":")[0]) * HOUR for field in fields}
        await redis.hincrby(keys.FORGOTTEN_OF_AD.format(ad=ad), FORGOTTEN, 1)
        await clear(redis, ad, now)
        await due.note(redis, ((ad, hour) for hour in hours), now)


async def clear(redis: Redis, ad: str, now: int) -> None:
    """Remove all roll-ups of an ad."""
    await redis.unlink(keys.DAYS_OF_AD.format(ad=ad))
    for day in range(now // DAY - DAYS_BACK, now // DAY + 1):
        await redis.unlink(keys.HOURS_OF_AD.format(ad=ad, day=day))


def _let_go(pipeline: Pipeline, ad: str, unit: Unit) -> None:
    """Let a day's hours expire together when none has changed for long; days stay."""
    if not unit.day:
        pipeline.expire(_key(ad, unit), keys.HOURS_OF_AD_SECONDS)


def _key(ad: str, unit: Unit) -> str:
    form = keys.DAYS_OF_AD if unit.day else keys.HOURS_OF_AD
    return form.format(ad=ad, day=unit.start // DAY)


def _field(unit: Unit, name: str) -> str:
    return f"{unit.start // HOUR}:{name}"


def _part(raw: bytes | None) -> Part | None:
    """A stored part, if it has today's form."""
    try:
        return _decode(raw) if raw else None
    except msgspec.ValidationError:
        return None


def _holds(parts: Parts, wanted: Sequence[str], version: Version) -> bool:
    return all(name in parts and parts[name].version == version for name in wanted)


def _runs(units: Sequence[Unit]) -> list[list[Unit]]:
    """Groups of adjacent units of one size, at most RUN each."""
    runs: list[list[Unit]] = []
    for unit in sorted(units):
        last = runs[-1][-1] if runs else None
        if last and last.end == unit.start and last.day == unit.day and len(runs[-1]) < RUN:
            runs[-1].append(unit)
        else:
            runs.append([unit])
    return runs
