"""Previews by secret token, kept for ten minutes."""

import msgspec
from redis.asyncio import Redis

from ads.ids import new_secret
from ads.store import records
from proxy.page import Mode
from proxy.store import keys


class Previewed(msgspec.Struct, frozen=True):
    """The page of `article` in `mode` with the ad, as `owner` would share it."""

    owner: str
    article: str
    mode: Mode
    ad: str


class PreviewStore:
    """Previews by token."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def put(self, previewed: Previewed) -> str:
        """Keeps it for `keys.PREVIEW_S`; its token."""
        token = new_secret()
        await records.save(self._redis, keys.preview(token), previewed, keys.PREVIEW_S)
        return token

    async def get(self, token: str) -> Previewed | None:
        """What the token shows, None once it is over."""
        return await records.load(self._redis, keys.preview(token), Previewed)
