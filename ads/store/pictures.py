"""Pictures: the bytes of each once, and which accounts may put it into an ad."""

from collections.abc import Awaitable, Callable

import msgspec
from redis.asyncio import Redis

from ads import picture
from ads.accounts import Account
from ads.errors import Problem
from ads.picture import Picture
from ads.store import keys, records

PICTURES_MAX = 2000
"""Of one account."""
PICTURES_OF_NEWCOMER = 100
"""Of one that nobody vouched for."""


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """A picture's bytes as they are served."""

    media_type: str
    data: bytes


Encode = Callable[[bytes], Awaitable[Picture]]
"""`ads.picture.encode_now`, run outside the event loop."""


class Pictures:
    """Uploaded and copied pictures; `encode` makes them, best in a process that may crash."""

    def __init__(self, redis: Redis, encode: Encode = picture.encode) -> None:
        self._redis = redis
        self._encode = encode

    async def keep(self, owner: str, data: bytes) -> Picture:
        """Encode what somebody uploaded, store it and let the account use it.

        Raises Problem as `picture.encode_now`, and "conflict" for too many pictures.
        """
        await self.room(owner)
        made = await self._encode(data)
        await self.put(made)
        await self.own(owner, made.id)
        return made

    async def put(self, made: Picture) -> str:
        """Store a picture and return its id; the same picture has the same id."""
        stored = Stored(made.media_type, made.data)
        await records.save(self._redis, keys.PICTURE.format(picture=made.id), stored)
        return made.id

    async def get(self, picture_id: str) -> Stored | None:
        """Media type and bytes."""
        return await records.load(self._redis, keys.PICTURE.format(picture=picture_id), Stored)

    async def room(self, owner: str) -> None:
        """Raises Problem("conflict") if the account has as many pictures as it may."""
        account = await records.load(self._redis, keys.ACCOUNT.format(account=owner), Account)
        most = PICTURES_OF_NEWCOMER if account and account.newcomer else PICTURES_MAX
        if await self._redis.scard(keys.PICTURES_OF_OWNER.format(owner=owner)) >= most:
            raise Problem("conflict", f"This account has at most {most} pictures.")

    async def own(self, owner: str, picture_id: str) -> None:
        """Let the account use it."""
        await self._redis.sadd(keys.PICTURES_OF_OWNER.format(owner=owner), picture_id)

    async def owns(self, owner: str, picture_id: str) -> bool:
        """Whether the account uploaded or copied it."""
        key = keys.PICTURES_OF_OWNER.format(owner=owner)
        return bool(await self._redis.sismember(key, picture_id))
