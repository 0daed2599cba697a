"""Sites' last known signals for all their pages, for when a site cannot be reached."""

from redis.asyncio import Redis

from ads.store import records
from proxy.signals import Site
from proxy.store import keys


class SiteStore:
    """Signals by origin; nothing is kept of sites without any, as most are."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, origin: str) -> Site | None:
        """The site's signals; None if it had none, or they were read too long ago."""
        return await records.load(self._redis, keys.signals(origin), Site)

    async def put(self, origin: str, site: Site) -> None:
        """Keeps it for `keys.SIGNALS_S`."""
        if site.silent:
            await self._redis.delete(keys.signals(origin))
        else:
            await records.save(self._redis, keys.signals(origin), site, keys.SIGNALS_S)
