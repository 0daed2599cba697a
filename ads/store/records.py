"""Typed records under string keys, changed by compare-and-swap."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeVar, cast

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from ads.errors import Problem

Record = TypeVar("Record")
Item = TypeVar("Item")

TRIES = 20
SCANNED = 1000
PIPELINED = 256

# KEYS[1] the record; ARGV[1] what was read, ARGV[2] what it becomes. Returns 1 if it was changed.
_SWAP = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""


def decode(found: object, kind: type[Record]) -> Record:
    """The record in these bytes (the client's types allow more, which we never ask for)."""
    return msgspec.msgpack.decode(cast(bytes, found), type=kind)


def text(found: object) -> str:
    """An id as it stands in the store, as bytes or text."""
    return found if isinstance(found, str) else cast(bytes, found).decode()


async def names(redis: Redis, pattern: str) -> AsyncIterator[str]:
    """All keys that match the pattern, each once: a scan may repeat some."""
    seen: set[str] = set()
    async for key in redis.scan_iter(pattern, count=SCANNED):
        if (name := text(key)) not in seen:
            seen.add(name)
            yield name


async def batches(found: AsyncIterator[Item], size: int) -> AsyncIterator[list[Item]]:
    """Lists of `size` of what is found; the last one may be shorter."""
    some: list[Item] = []
    async for item in found:
        some.append(item)
        if len(some) >= size:
            yield some
            some = []
    if some:
        yield some


async def each(
    redis: Redis, items: Sequence[Item], queue: Callable[[Pipeline, Item], object]
) -> list[Any]:
    """The answers to a command for each item, PIPELINED at a time so that others get their turn."""
    found: list[Any] = []
    for first in range(0, len(items), PIPELINED):
        pipeline = redis.pipeline(transaction=False)
        for item in items[first : first + PIPELINED]:
            queue(pipeline, item)
        found += await pipeline.execute()
        await asyncio.sleep(0)
    return found


async def load(redis: Redis, key: str, kind: type[Record]) -> Record | None:
    """The record under `key`, or None."""
    found = await redis.get(key)
    return decode(found, kind) if found else None


async def save(redis: Redis, key: str, record: object, seconds: int | None = None) -> None:
    """Write the record over whatever was there; with `seconds`, it expires after that."""
    await redis.set(key, msgspec.msgpack.encode(record), ex=seconds)


async def change(
    redis: Redis, key: str, kind: type[Record], rule: Callable[[Record], Record]
) -> Record | None:
    """Apply `rule` to the record so that no concurrent change is lost; None without a record.

    Raises Problem("store_unavailable") if others keep changing it meanwhile.
    """
    for _ in range(TRIES):
        found = await redis.get(key)
        if not found:
            return None
        changed = rule(decode(found, kind))
        if await redis.eval(_SWAP, 1, key, found, msgspec.msgpack.encode(changed)):
            return changed
    raise Problem("store_unavailable", "Too many changes at once.")
