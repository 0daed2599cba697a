"""Steps from how an earlier version kept counts to how they are kept now; again is harmless."""

from redis.asyncio import Redis

from ads.store import keys
from ads.store.counts import buckets, renew
from ads.store.counts.run import RANKED_FROM
from ads.store.counts.script import RELEAF

HEAD, BODY, FORWARD, BRANCH, PROFILE = (keys.SHARE_KEYS[place] for place in (0, 3, 4, 5, 6))
_WAS_FULL, _FULL = 32, 64


async def unrank_small(redis: Redis) -> None:
    """All were ranked: hops of small shares are not any more, those of others are noted as such."""
    async for share in buckets.every_share(redis):
        head = HEAD.format(share=share)
        readers = int(await redis.hget(head, "n") or 0)
        if readers > RANKED_FROM or await redis.hexists(BODY.format(share=share), "F"):
            await redis.hset(head, "R", "1")
        elif not await redis.hexists(head, "R"):
            await redis.unlink(*(each.format(share=share) for each in (FORWARD, BRANCH, PROFILE)))
            await redis.hdel(head, "F", "B")


async def fuller_leaves(redis: Redis) -> None:
    """Leaves held thirty-two opens, and hold sixty-four."""
    async for share in buckets.every_share(redis):
        for bucket in await buckets.of(redis, share):
            leaves = bucket.opens // _WAS_FULL + 1, bucket.opens // _FULL + 1
            await RELEAF(redis, [bucket.key], leaves)


async def short_opens(redis: Redis) -> None:
    """Opens named their hops in five bytes, and stood sixty-four together: twice as many do."""
    async for share in buckets.every_share(redis):
        await renew.opens(redis, share)
