"""Records that an owner lists and takes back: in one hash by id, beside it a key for each in use.

API keys, sessions, invitations, read-only links, passkeys.
"""

from typing import ClassVar, Generic, Protocol, TypeVar

import msgspec
from redis.asyncio import Redis

from ads.clock import Clock
from ads.store import records


class _Listed(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def created_at(self) -> int: ...

    @property
    def digest(self) -> str: ...


Record = TypeVar("Record", bound=_Listed)


class Listed(Generic[Record]):
    """All owners' records of one `kind`; `owned` names an owner's hash, `used` a record's key."""

    kind: type[Record]
    owned: ClassVar[str]
    used: ClassVar[str]

    def __init__(self, redis: Redis, now: Clock) -> None:
        self._redis = redis
        self._now = now

    async def list(self, owner: str = "") -> list[Record]:
        """The owner's, newest first; those that are over are forgotten on the way."""
        owned, now = self._owned(owner), self._now()
        found = [records.decode(raw, self.kind) for raw in await self._redis.hvals(owned)]
        over = [each.id for each in found if getattr(each, "expires_at", now + 1) <= now]
        if over:
            await self._redis.hdel(owned, *over)
        left = [each for each in found if each.id not in over]
        return sorted(left, key=lambda each: (each.created_at, each.id), reverse=True)

    async def find(self, owner: str, name: str) -> Record | None:
        """The owner's record with this id."""
        found = await self._redis.hget(self._owned(owner), name)
        return records.decode(found, self.kind) if found else None

    async def count(self, owner: str) -> int:
        """How many the owner has, those that are over included."""
        return int(await self._redis.hlen(self._owned(owner)))

    async def withdraw(self, owner: str, name: str) -> bool:
        """Take back the one with this id; False if the owner has no such one.

        Worthless first, off the list second: a crash in between leaves nothing usable.
        """
        found = await self.find(owner, name)
        if found is None:
            return False
        await self._redis.delete(self._used(found.digest))
        return bool(await self._redis.hdel(self._owned(owner), name))

    async def _enter(self, owner: str, record: Record) -> None:
        await self._redis.hset(self._owned(owner), record.id, msgspec.msgpack.encode(record))

    def _owned(self, owner: str) -> str:
        return self.owned.format(owner=owner)

    def _used(self, digest: str) -> str:
        return self.used.format(digest=digest)
