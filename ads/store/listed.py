"""Records that an owner lists and takes back: in one hash by id, each secret's digest a key beside.

API keys, sessions, invitations, read-only links; of passkeys the list alone.
"""

from typing import Protocol, TypeVar

from redis.asyncio import Redis

from ads.store import records


class _Listed(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def created_at(self) -> int: ...


class _Ending(_Listed, Protocol):
    @property
    def expires_at(self) -> int: ...


class _Secret(_Listed, Protocol):
    @property
    def digest(self) -> str: ...


Listed = TypeVar("Listed", bound=_Listed)
Ending = TypeVar("Ending", bound=_Ending)


async def newest(redis: Redis, owned: str, kind: type[Listed]) -> list[Listed]:
    """All of the hash `owned`, newest first."""
    found = [records.decode(raw, kind) for raw in await redis.hvals(owned)]
    return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)


async def running(redis: Redis, owned: str, kind: type[Ending], now: int) -> list[Ending]:
    """Those that are not over at `now` (ms), newest first; the others are forgotten on the way."""
    found = await newest(redis, owned, kind)
    over = [each.id for each in found if each.expires_at <= now]
    if over:
        await redis.hdel(owned, *over)
    return [each for each in found if each.expires_at > now]


async def withdraw(redis: Redis, owned: str, name: str, kind: type[_Secret], secret: str) -> bool:
    """Take back the one with this id, whose key is `secret` with its digest; False without one.

    Worthless first, off the list second: a crash in between leaves nothing usable.
    """
    found = await redis.hget(owned, name)
    if not found:
        return False
    await redis.delete(secret.format(digest=records.decode(found, kind).digest))
    return bool(await redis.hdel(owned, name))
