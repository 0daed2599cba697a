"""What becomes of old counts: a day's hours are merged, the hops of a silent share are dropped.

Figures by day and figures of the spread stay for ever; a share's hops are forgotten when nobody has
read it for long. It may be repeated, and broken off at any moment.
"""

from collections import Counter
from typing import NamedTuple, cast

from redis.asyncio import Redis

from ads.clock import DAY
from ads.store import keys
from ads.store.counts import cells, fields, tree
from ads.store.counts.forget import buckets
from ads.store.counts.script import FREEZE, SWAP
from ads.store.counts.sections import (
    WHOLE_DAY,
    Section,
    count_into,
    figures,
    pack_counts,
    pack_figures,
    pack_section,
    sections,
)
from ads.store.counts.wire import since_epoch

MEASURES = b"mp"
HOP_DAYS_LEAST = keys.REMEMBERED_DAYS + 2
"""Until then opens may still need their hops."""


class Ages(NamedTuple):
    """For how many days hours are kept, and hops after the last event of their share."""

    hours: int = 90
    hops: int = 365


async def retain(redis: Redis, ages: Ages, now: int) -> None:
    """Apply `share` to every share of the store, one at a time."""
    async for key in redis.scan_iter(match=keys.SHARE_HEAD.format(share="*"), count=500):
        await share(redis, key.decode()[1 : -len("}:s")], ages, now)


async def share(redis: Redis, name: str, ages: Ages, now: int) -> None:
    """Merge a share's old hours, and freeze it (drop its hops) if it has long been silent."""
    body, today = keys.SHARE_BODY.format(share=name), since_epoch(now) // DAY
    noted, done = cast(list[bytes | None], await redis.hmget(body, [fields.DAYS, fields.COMPACTED]))
    days = sorted(cells.days_of(noted or b""))
    through = int.from_bytes(done or b"")
    old = [day for day in days if through < day < today - ages.hours]
    for day in old:
        await _compact(redis, body, day)
    if old:
        await redis.hset(body, fields.COMPACTED, old[-1].to_bytes(2))
    # An old event may have been folded only recently.
    heard = await buckets(redis, name)
    silent = max([*heard, 0]) < today - HOP_DAYS_LEAST
    if silent and days and days[-1] < today - max(ages.hops, HOP_DAYS_LEAST):
        await _freeze(redis, name, noted or b"")


async def _compact(redis: Redis, body: str, day: int) -> None:
    for mark in sorted(cells.MARKS):
        field = fields.of_day(day, mark)
        while raw := cast(bytes | None, await redis.hget(body, field)):
            found = list(sections(raw))
            away = [each.alone(field) for each in found if each.away]
            if all(each.hour == WHOLE_DAY for each in found):
                break
            alone = cast(list[bytes], await redis.hmget(body, away)) if away else []
            if await SWAP(redis, [body], [field, raw, together(mark, found, alone), *away]):
                break


def together(mark: bytes, found: list[Section], alone: list[bytes]) -> bytes:
    """The field with one section for each ad; `alone` has the contents that are `away`."""
    contents = iter(alone)
    by_ad: dict[int, list[Section]] = {}
    for each in found:
        raw = next(contents) if each.away else each.raw
        by_ad.setdefault(each.ad, []).append(each._replace(raw=raw))
    coarse = mark in MEASURES and any(each.coarse for each in found)
    return b"".join(
        pack_section(Section(WHOLE_DAY, ad, _sum(mark, parts), coarse=coarse))
        for ad, parts in sorted(by_ad.items())
    )


def _sum(mark: bytes, parts: list[Section]) -> bytes:
    if mark in MEASURES:
        values: Counter[int] = Counter()
        for part in parts:
            count_into(part, values)
        return pack_counts(values)
    sums: dict[int, list[int]] = {}
    for part in parts:
        for key, more in figures(part, totals=mark == fields.TOTALS):
            sums[key] = [a + b for a, b in zip(sums.get(key, [0] * len(more)), more, strict=True)]
    return pack_figures(sums, totals=mark == fields.TOTALS)


async def _freeze(redis: Redis, name: str, noted: bytes) -> None:
    """Drop a share's hops, unless an event came meanwhile; keep the largest that reports show."""
    named = keys.of_share(name, *tree.TREE_KEYS, keys.SHARE_STRAY)
    await FREEZE(redis, named, [noted, tree.FORWARDERS, tree.BRANCHES])
