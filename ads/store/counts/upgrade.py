"""Steps from how an earlier version kept counts to how they are kept now; again is harmless."""

from collections.abc import AsyncIterator
from typing import cast

from redis.asyncio import Redis

from ads.clock import DAY
from ads.store import keys
from ads.store.counts import renew
from ads.store.counts.run import RANKED_FROM
from ads.store.counts.script import RELEAF
from ads.store.counts.wire import EPOCH

HEAD, BODY, FORWARD, BRANCH, PROFILE = (keys.SHARE_KEYS[place] for place in (0, 3, 4, 5, 6))
_WAS_FULL, _FULL = 32, 64


async def unrank_small(redis: Redis) -> None:
    """All were ranked: hops of small shares are not any more, those of others are noted as such."""
    async for share in _shares(redis):
        head = HEAD.format(share=share)
        readers = int(await redis.hget(head, "n") or 0)
        if readers > RANKED_FROM or await redis.hexists(BODY.format(share=share), "F"):
            await redis.hset(head, "R", "1")
        elif not await redis.hexists(head, "R"):
            await redis.unlink(*(each.format(share=share) for each in (FORWARD, BRANCH, PROFILE)))
            await redis.hdel(head, "F", "B")


async def fuller_leaves(redis: Redis) -> None:
    """Leaves held thirty-two opens, and hold sixty-four."""
    async for share in _shares(redis):
        buckets = cast(bytes, await redis.hget(HEAD.format(share=share), "b") or b"")
        for at in range(0, len(buckets), 8):
            day = int.from_bytes(buckets[at : at + 2]) + EPOCH // DAY
            opens = int.from_bytes(buckets[at + 2 : at + 5])
            leaves = opens // _WAS_FULL + 1, opens // _FULL + 1
            await RELEAF(redis, [keys.SHARE_OPENS.format(share=share, day=day)], leaves)


async def short_opens(redis: Redis) -> None:
    """Opens named their hops in five bytes, and stood sixty-four together: twice as many do."""
    async for share in _shares(redis):
        await renew.opens(redis, share)


async def _shares(redis: Redis) -> AsyncIterator[str]:
    async for key in redis.scan_iter(match=HEAD.format(share="*"), count=500):
        yield key.decode()[1 : -len("}:s")]
