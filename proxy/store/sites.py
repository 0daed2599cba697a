"""What sites said of all their pages when they were last heard, for whoever cannot hear them."""

import msgspec
from redis.asyncio import Redis

from ads.store import records
from proxy.signals import Site
from proxy.store import keys


class SiteStore:
    """By origin; of a site that says nothing, as most do, nothing is kept."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, origin: str) -> Site | None:
        """What it said; None if that was nothing, or too long ago."""
        return await records.load(self._redis, keys.said(origin), Site)

    async def put(self, origin: str, site: Site) -> None:
        """Keeps it for `keys.SAID_S`."""
        if site.silent:
            await self._redis.delete(keys.said(origin))
        else:
            await self._redis.set(keys.said(origin), msgspec.msgpack.encode(site), ex=keys.SAID_S)
