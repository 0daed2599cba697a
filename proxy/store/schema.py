"""What shape the store's records have, and the steps from one shape to the next."""

from collections.abc import Awaitable, Callable
from zlib import crc32

from redis.asyncio import Redis

from ads.clock import DAY
from ads.store import keys as shared
from ads.store.counts import upgrade
from proxy.store.renewals import RenewalStore
from proxy.store.shares import ShareStore


class SchemaError(Exception):
    """The store was written by a later version of this service."""


async def _shares_by_article(redis: Redis) -> None:
    """1: which shares an article has: to make them anew, and to purge caches by address."""
    shares = ShareStore(redis)
    async for ids in shares.all():
        for share in await shares.many(ids):
            await shares.enter(share)


async def _small_shares_unranked(redis: Redis) -> None:
    """2: forwarders and branches of small shares are not ranked."""
    await upgrade.unrank_small(redis)


async def _fuller_leaves(redis: Redis) -> None:
    """3: more opens stand together in one field."""
    await upgrade.fuller_leaves(redis)


async def _older_pages_renewed(redis: Redis) -> None:
    """4: pages shared before sources were asked again are asked too, spread over a day."""
    shares, renewals = ShareStore(redis), RenewalStore(redis)
    seconds, _ = await redis.time()
    async for ids in shares.all():
        for share in await shares.many(ids):
            if share.state == "active":
                at = seconds * 1000 + crc32(share.article_id.encode()) % DAY
                await renewals.enter(share.article_id, share.asked, at)


async def _shorter_opens(redis: Redis) -> None:
    """5: what is remembered of an open is shorter."""
    await upgrade.short_opens(redis)


Step = Callable[[Redis], Awaitable[None]]
STEPS: tuple[Step, ...] = (
    _shares_by_article,
    _small_shares_unranked,
    _fuller_leaves,
    _older_pages_renewed,
    _shorter_opens,
)
"""Each may run again after it was cut short; a new one goes to the end, none is ever changed."""


async def version(redis: Redis) -> int:
    """The store's version; an empty one is as new as can be."""
    found = await redis.get(shared.SCHEMA)
    if found is not None:
        return int(found)
    return 0 if await redis.dbsize() else len(STEPS)


async def migrate(redis: Redis) -> int:
    """Brings the store to this version; how many steps it took. Raises SchemaError, RedisError."""
    begun = await version(redis)
    if begun > len(STEPS):
        raise SchemaError(
            f"the store has version {begun} and this service knows {len(STEPS)}: "
            "start the newer service, or restore a backup"
        )
    for number in range(begun, len(STEPS)):
        await STEPS[number](redis)
        await redis.set(shared.SCHEMA, number + 1)
    await redis.set(shared.SCHEMA, len(STEPS))
    return len(STEPS) - begun
