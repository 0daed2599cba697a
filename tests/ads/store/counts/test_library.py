"""The fold's functions stay in the store, and no call is affected by earlier ones."""

import pytest
from redis.asyncio import Redis

from ads.clock import HOUR
from ads.events import hops
from ads.events.receipt import Receipt
from ads.store import keys
from ads.store.counts import Counts, Item, Stuck
from tests.ads.store.counts.telling import Agrees, apply, items

BASE = 1_790_000_000_000 - 1_790_000_000_000 % HOUR
NOW = BASE + HOUR // 2
OTHER = "#!lua name=passalong_fold\nredis.register_function('fold', function() return 1 end)"


def _told(variety: int) -> list[Item]:
    """A chain of readers and their taps; all varieties have the same ids.

    In the first one a tap has no open, and the ad ends.
    """
    told, parent = [], ""
    for n in range(10 + variety):
        opened, hop = f"open-{n:012}", hops.prefix(n + 1) + f"{n:010}"
        at, ad = BASE + (n * 7 + variety) % 12, f"ad-{variety}"
        told.append(Receipt(at, "", ad, 1, "open", opened, opened, hop, parent))
        told.append(Receipt(at, "", ad, 1, "tap", f"tap-{n:012}", opened, hop, s="top"))
        if not variety:
            told.append(Receipt(at, "", ad, 1, "tap", f"lone-{n:011}", "none" * 5, hop, s="end"))
        parent = hop
    ended = "" if variety else "ended"
    return [i._replace(refused=ended if n % 9 > 6 else "") for n, i in enumerate(items(told))]


async def _kept(redis: Redis, share: str) -> dict[str, object]:
    """All that the store has of a share; the change log without its checksum, which varies."""
    found: dict[str, object] = {}
    for key in map(bytes.decode, await redis.keys(f"{{{share}}}*")):
        if await redis.type(key) == b"zset":
            found[key] = await redis.zrange(key, 0, -1, withscores=True)
        else:
            fields = await redis.hgetall(key)
            found[key] = {f: v[8:] if f == b"j" else v for f, v in fields.items()}
    return found


async def test_calls_between_those_of_other_shares_leave_what_they_leave_alone(
    redis: Redis,
) -> None:
    told = {f"share-{n}": _told(n) for n in range(3)}
    secret = await Counts(redis).secret()

    async def fold(*shares: str) -> None:
        counts = Counts(redis, lambda: NOW)
        for at in range(0, 36, 3):
            for share in shares:
                await apply(counts, share, f"segment-{at}", told[share][at : at + 3])
                if share == "share-2":  # from now on its tree has a change log
                    await counts.branches.subtree(share, told[share][0].receipt.n, 3)

    await fold(*told)
    together = [await _kept(redis, share) for share in told]
    for share, found in zip(told, together, strict=True):
        await redis.flushdb()
        await redis.function_flush()
        await redis.set(keys.ID_SALT, secret)
        await fold(share)
        assert await _kept(redis, share) == found


async def test_a_call_that_failed_leaves_nothing_to_the_next(redis: Redis, agrees: Agrees) -> None:
    counts, told = Counts(redis, lambda: NOW), _told(1)
    directory = keys.SHARE_DIR.format(share="broken")
    await redis.set(directory, "no sorted set")
    with pytest.raises(Stuck, match="WRONGTYPE"):
        await apply(counts, "broken", "segment", told)
    await apply(counts, "share", "segment", told)
    await agrees(counts, "share", told, NOW)
    await redis.delete(directory)
    await apply(counts, "broken", "segment", told)
    await agrees(counts, "broken", told, NOW)


@pytest.mark.parametrize("other", ["", OTHER])
async def test_a_store_without_it_is_given_the_library(
    redis: Redis, agrees: Agrees, other: str
) -> None:
    counts, told = Counts(redis, lambda: NOW), _told(1)
    await apply(counts, "share", "first", told[:3])
    await redis.function_flush()
    if other:
        await redis.function_load(other)
    await apply(counts, "share", "second", told[3:])
    await agrees(counts, "share", told, NOW)
