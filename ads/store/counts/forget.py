"""Forgetting: what was counted of a share, an ad or a day is removed, and stays removed.

A spool may still hold events of it, so the share's head first notes that they no longer count; the
note expires when the last of them must have been folded.
"""

from typing import cast

from redis.asyncio import Redis

from ads.clock import DAY
from ads.store import keys, records
from ads.store.counts import cells, fields, rollups
from ads.store.counts.script import SWAP
from ads.store.counts.sections import pack_section, sections
from ads.store.counts.wire import EPOCH, since_epoch

Raw = dict[bytes, bytes]
_BUCKET_BYTES = 8
"""Of an entry: the day, the number of opens, the number of other events (see `leaves.lua`)."""


async def share(redis: Redis, name: str, now: int) -> None:
    """Remove everything of a share. May be repeated."""
    head = keys.SHARE_HEAD.format(share=name)
    await redis.hset(head, fields.GONE, "1")
    found = await _names(redis, name)
    remembered = await buckets(redis, name)
    pipeline = redis.pipeline(transaction=False)
    for ad in _ads(found):
        pipeline.srem(keys.SHARES_OF_AD.format(ad=ad), name)
    pipeline.unlink(*(key for key in keys.of_share(name, *keys.SHARE_KEYS) if key != head))
    if remembered:
        pipeline.unlink(*remembered.values())
    await pipeline.execute()
    stays = fields.MARK, fields.GONE
    spent = [field for field in await redis.hkeys(head) if field[:1] not in stays]
    if spent:
        await redis.hdel(head, *spent)
    await redis.expire(head, keys.BUCKET_SECONDS)
    await rollups.forget(redis, _ads(found), now)


async def buckets(redis: Redis, share: str) -> dict[int, str]:
    """Keys of the buckets of opens that a share's head lists, by day since 2020; old ones expired.

    A bucket's key has the day since 1970, the share's head the day since 2020.
    """
    raw = cast(bytes, await redis.hget(keys.SHARE_HEAD.format(share=share), fields.BUCKETS) or b"")
    days = [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), _BUCKET_BYTES)]
    return {day: keys.SHARE_OPENS.format(share=share, day=day + EPOCH // DAY) for day in days}


async def ad(redis: Redis, name: str, now: int) -> None:
    """Remove everything counted under an ad: its shares whole, but for those of other ads too."""
    index = keys.SHARES_OF_AD.format(ad=name)
    for raw in await redis.smembers(index):
        each = records.text(raw)
        found = await _names(redis, each)
        if _ads(found) > {name}:
            await _cells_of(redis, each, name, found)
        else:
            await share(redis, each, now)
    await redis.unlink(index)
    await rollups.forget(redis, [name], now)


async def day(redis: Redis, name: str, start: int, now: int) -> None:
    """Remove a share's figures of the day (UTC) that begins at `start` (ms), not its tree."""
    which = (since_epoch(start) // DAY).to_bytes(2)
    await _note(redis, name, fields.GONE_DAYS, which)
    body = keys.SHARE_BODY.format(share=name)
    marks = cells.MARKS | {fields.ARRIVALS}
    lengths = (cells.FIELD_BYTES, cells.FIELD_BYTES + 2)  # the latter hold one long section each
    async for field, _ in redis.hscan_iter(body, count=1000):
        if len(field) in lengths and field[:2] == which and field[2:3] in marks:
            await redis.hdel(body, field)
    await rollups.forget(redis, _ads(await _names(redis, name)), now)


async def _note(redis: Redis, name: str, field: bytes, which: bytes) -> None:
    """Add to a list in the share's head; the fold ignores what is on it."""
    head = keys.SHARE_HEAD.format(share=name)
    while not _listed(which, known := cast(bytes, await redis.hget(head, field) or b"")):
        await SWAP(redis, [head], [field, known, known + which])


def _listed(which: bytes, known: bytes) -> bool:
    return any(known[at : at + len(which)] == which for at in range(0, len(known), len(which)))


async def _cells_of(redis: Redis, name: str, ad_: str, found: Raw) -> None:
    """Remove an ad's sections from the share's days, after noting that the fold must ignore it."""
    number = int(found[b"a" + ad_.encode()])
    await _note(redis, name, fields.GONE_ADS, bytes([number]))
    body = keys.SHARE_BODY.format(share=name)
    async for field, _ in redis.hscan_iter(body, count=1000):
        if len(field) == cells.FIELD_BYTES and field[-1:] in cells.MARKS:
            await _take_out(redis, body, field, number)


async def _take_out(redis: Redis, body: str, field: bytes, ad_: int) -> None:
    while raw := cast(bytes | None, await redis.hget(body, field)):
        found = sections(raw)
        gone = [each.alone(field) for each in found if each.ad == ad_ and each.away]
        stays = b"".join(pack_section(each) for each in found if each.ad != ad_)
        if stays == raw or await SWAP(redis, [body], [field, raw, stays, *gone]):
            return


async def _names(redis: Redis, name: str) -> Raw:
    return cast(Raw, await redis.hgetall(keys.SHARE_NAMES.format(share=name)))


def _ads(names: Raw) -> set[str]:
    return {field[1:].decode() for field in names if field[:1] == b"a"}
