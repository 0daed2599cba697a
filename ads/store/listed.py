"""Records that an owner can list and revoke: API keys, sessions, invitations, links, passkeys.

An owner's records are in one hash by id; beside it, a key for each record makes it usable.
"""

from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from redis.asyncio import Redis

from ads import accounts
from ads.clock import SECOND, Clock
from ads.ids import digest, short
from ads.store import records

Record = TypeVar("Record", bound=accounts.Listed)


class Listed(Generic[Record]):
    """All owners' records of one `kind`; keys: `owned` of an owner's hash, `used` of a record."""

    kind: type[Record]
    owned: ClassVar[str]
    used: ClassVar[str]

    def __init__(self, redis: Redis, now: Clock) -> None:
        self._redis = redis
        self._now = now

    async def list(self, owner: str = "") -> list[Record]:
        """The owner's records, newest first; expired ones are removed on the way."""
        owned, now = self._owned(owner), self._now()
        found = [records.decode(raw, self.kind) for raw in await self._redis.hvals(owned)]
        over = [each.id for each in found if 0 < each.expires_at <= now]
        if over:
            await self._redis.hdel(owned, *over)
        left = [each for each in found if each.id not in over]
        return sorted(left, key=lambda each: (each.created_at, each.id), reverse=True)

    async def find(self, owner: str, name: str) -> Record | None:
        """The owner's record with this id."""
        found = await self._redis.hget(self._owned(owner), name)
        return records.decode(found, self.kind) if found else None

    async def withdraw(self, owner: str, name: str) -> bool:
        """Revoke the record with this id; False if the owner has none.

        It becomes unusable first and leaves the list second: a crash in between is harmless.
        """
        found = await self.find(owner, name)
        if found is None:
            return False
        await self._redis.delete(self._used(found.digest or found.id))
        return bool(await self._redis.hdel(self._owned(owner), name))

    def _made(self, secret: str, seconds: int = 0, **said: Any) -> Record:
        """The record of a secret that is good for so many seconds, or (0) for ever."""
        hashed, now = digest(secret), self._now()
        over = now + seconds * SECOND if seconds else 0
        return self.kind(id=short(hashed), created_at=now, digest=hashed, expires_at=over, **said)

    async def _enter(self, owner: str, record: Record, value: str | bytes) -> None:
        """Add to the owner's list, and store `value` where the secret's digest finds it."""
        await self._write(owner, record)
        seconds = (record.expires_at - record.created_at) // SECOND
        await self._redis.set(self._used(record.digest), value, ex=max(seconds, 0) or None)

    async def _write(self, owner: str, record: Record) -> None:
        await self._redis.hset(self._owned(owner), record.id, msgspec.msgpack.encode(record))

    def _owned(self, owner: str) -> str:
        return self.owned.format(owner=owner)

    def _used(self, digest: str) -> str:
        return self.used.format(digest=digest)
