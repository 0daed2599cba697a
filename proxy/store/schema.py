"""The version of the store's records; a service reads and writes one version."""

from redis.asyncio import Redis

from ads.store import keys as shared

VERSION = 6  # raised by whatever changes what is kept


class SchemaError(Exception):
    """The store was written by another version of this service."""


async def version(redis: Redis) -> int:
    """The store's version; a store that nobody has claimed counts as ours."""
    return int(await redis.get(shared.SCHEMA) or VERSION)


async def claim(redis: Redis) -> None:
    """Mark a new store with our version. Raises SchemaError, RedisError."""
    await redis.set(shared.SCHEMA, VERSION, nx=True)
    await check(redis)


async def check(redis: Redis) -> None:
    """Raises SchemaError if the store is of another version, RedisError."""
    if (found := await version(redis)) != VERSION:
        raise SchemaError(
            f"the store has version {found} and this service reads {VERSION}: "
            "start the service that wrote it, or restore a backup"
        )
