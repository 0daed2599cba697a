"""Copies every key of a store into another, empty one, of whatever make and version.

They are copied value by value: a server that is older or of another make refuses dumps, which are
hardly faster.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from ads.store import records
from proxy.store.snapshot import SnapshotError

KEYS_AT_ONCE = 200
PARTS_AT_ONCE = 1_000
"""Elements of a value written by one command: a longer one would hold the server up."""

_READ: Mapping[bytes, Callable[[Pipeline, bytes], Any]] = {
    b"string": lambda steps, name: steps.get(name),
    b"hash": lambda steps, name: steps.hgetall(name),
    b"set": lambda steps, name: steps.smembers(name),
    b"list": lambda steps, name: steps.lrange(name, 0, -1),
    b"zset": lambda steps, name: steps.zrange(name, 0, -1, withscores=True),
    b"stream": lambda steps, name: steps.xrange(name),
}
_ADD: Mapping[bytes, Callable[[Pipeline, bytes, Sequence[Any]], Any]] = {
    b"string": lambda steps, name, whole: steps.set(name, *whole),
    b"hash": lambda steps, name, some: steps.hset(name, mapping=dict(some)),
    b"set": lambda steps, name, some: steps.sadd(name, *some),
    b"list": lambda steps, name, some: steps.rpush(name, *some),
    b"zset": lambda steps, name, some: steps.zadd(name, dict(some)),
    b"stream": lambda steps, name, some: [steps.xadd(name, said, at) for at, said in some],
}


async def copy(source: Redis, target: Redis) -> int:
    """Copies every key of `source`, with its time to live, to `target`; returns how many.

    If it fails, `target` is emptied. Raises SnapshotError, RedisError.
    """
    try:
        named = records.batches(source.scan_iter(count=KEYS_AT_ONCE), KEYS_AT_ONCE)
        return sum([await _copied(source, target, names) async for names in named])
    except BaseException:
        await target.flushdb()
        raise


async def must_be_empty(target: Redis) -> None:
    """Raises SnapshotError if it is not, RedisError."""
    if await target.dbsize():
        raise SnapshotError("the store is not empty")


async def _copied(source: Redis, target: Redis, names: Sequence[bytes]) -> int:
    reading, writing = source.pipeline(transaction=False), target.pipeline(transaction=False)
    for name in names:
        reading.type(name)
        reading.pttl(name)
    found = await reading.execute()
    there = [each for each in zip(names, found[::2], found[1::2], strict=True) if each[1] in _READ]
    for name, kind, _ in there:
        _READ[kind](reading, name)
    for (name, kind, life), value in zip(there, await reading.execute(), strict=True):
        _write(writing, name, kind, value)
        if life > 0:
            writing.pexpire(name, life)
    await writing.execute()
    return len(there)


def _write(steps: Pipeline, name: bytes, kind: bytes, value: Any) -> None:
    """Writes a value in parts; nothing if it has gone meanwhile."""
    if kind == b"string":
        value = [] if value is None else [value]
    parts = [*(value.items() if kind == b"hash" else value)]
    steps.delete(name)
    for start in range(0, len(parts), PARTS_AT_ONCE):
        _ADD[kind](steps, name, parts[start : start + PARTS_AT_ONCE])
