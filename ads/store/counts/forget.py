"""Forgetting: what was counted of a share, of an ad or on a day is removed, and stays removed.

Events of it may still stand in a spool, so the share's head first says that they count nothing;
that note goes when the last of them can have been folded.
"""

from collections.abc import Iterable
from typing import cast

from redis.asyncio import Redis

from ads.clock import DAY
from ads.store import keys, records
from ads.store.counts.wire import EPOCH

HEAD, NAMES = keys.SHARE_KEYS[:2]
GONE = "z"
_MARKS = (b"m", b"z")
Raw = dict[bytes, bytes]


async def share(redis: Redis, name: str) -> None:
    """Everything of a share. Again is harmless."""
    head = HEAD.format(share=name)
    await redis.hset(head, GONE, "1")
    found = await _names(redis, name)
    buckets = cast(bytes, await redis.hget(head, "b") or b"")
    pipeline = redis.pipeline(transaction=False)
    for ad in _ads(found):
        pipeline.srem(keys.SHARES_OF_AD.format(ad=ad), name)
    pipeline.unlink(*_keys(name, found, buckets))
    await pipeline.execute()
    spent = [field for field in await redis.hkeys(head) if field[:1] not in _MARKS]
    if spent:
        await redis.hdel(head, *spent)
    await redis.expire(head, keys.BUCKET_SECONDS)


async def ad(redis: Redis, name: str) -> None:
    """Everything counted under an ad: whole shares, but for those that carried others too."""
    index = keys.SHARES_OF_AD.format(ad=name)
    for raw in await redis.smembers(index):
        each = records.text(raw)
        found = await _names(redis, each)
        if _ads(found) > {name}:
            await _cells_of(redis, each, name, found)
        else:
            await share(redis, each)
    await redis.unlink(index)


async def _cells_of(redis: Redis, name: str, ad_: str, found: Raw) -> None:
    await redis.hset(HEAD.format(share=name), GONE + ad_, "1")
    number = bytes([int(found[b"a" + ad_.encode()])])
    for key in _days(name, found):
        fields = [field async for field, _ in redis.hscan_iter(key) if field[:1] == number]
        if fields:
            await redis.hdel(key, *fields)


async def _names(redis: Redis, name: str) -> Raw:
    return cast(Raw, await redis.hgetall(NAMES.format(share=name)))


def _ads(names: Raw) -> set[str]:
    return {field[1:].decode() for field in names if field[:1] == b"a"}


def _days(name: str, names: Raw) -> Iterable[str]:
    for day in (int.from_bytes(field[1:]) for field in names if field[:1] == b"D"):
        yield keys.SHARE_CELLS.format(share=name, day=day)
        yield keys.SHARE_READS.format(share=name, day=day)


def _keys(name: str, names: Raw, buckets: bytes) -> list[str]:
    """All keys but the head. A bucket's name has its day since 1970, the head's note since 2020."""
    days = {int.from_bytes(buckets[at : at + 2]) + EPOCH // DAY for at in range(0, len(buckets), 3)}
    named = [key.format(share=name) for key in keys.SHARE_KEYS[1:]]
    for form in (keys.SHARE_OPENS, keys.SHARE_IDS):
        named += [form.format(share=name, day=day) for day in days]
    return [*named, *_days(name, names)]
