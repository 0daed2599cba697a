"""Searches for what must not be there, in a store, a spool, archived events, append-only files."""

from collections.abc import Iterator
from pathlib import Path

from isal import isal_zlib
from redis.asyncio import Redis

from ads.spool.volume import SUFFIX


async def in_store(redis: Redis, *needles: bytes) -> list[bytes]:
    """The keys that contain any of these in their name or value."""
    found = []
    async for key in redis.scan_iter("*", count=1000):
        held = await _held(redis, key)
        if any(needle in part for needle in needles for part in (key, *held)):
            found.append(key)
    return sorted(found)


async def _held(redis: Redis, key: bytes) -> list[bytes]:
    kind = (await redis.type(key)).decode()
    if kind == "string":
        return [await redis.get(key)]
    if kind == "hash":
        return [part for pair in (await redis.hgetall(key)).items() for part in pair]
    if kind == "set":
        return list(await redis.smembers(key))
    if kind == "stream":
        return [value for _, fields in await redis.xrange(key) for value in fields.values()]
    if kind == "list":
        return list(await redis.lrange(key, 0, -1))
    assert kind in ("zset", "none"), kind
    return list(await redis.zrange(key, 0, -1))


def in_events(data_dir: Path, *needles: bytes) -> list[str]:
    """Files of spooled and archived events that contain any of these, decompressed if archived."""
    return [name for name, data in _events(data_dir) if any(needle in data for needle in needles)]


def _events(data_dir: Path) -> Iterator[tuple[str, bytes]]:
    for path in data_dir.glob("spool/*"):
        yield path.name, path.read_bytes()
    for path in data_dir.glob("events/*"):
        raw = path.read_bytes()
        length = int.from_bytes(raw[:4], "little")
        if path.name.endswith(SUFFIX):
            raw = raw[: 4 + length] + isal_zlib.decompress(raw[4 + length :])
        yield path.name, raw


def in_files(folder: Path, *needles: bytes) -> list[str]:
    """Files below a folder that contain any of these."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return [p.name for p in paths if any(needle in p.read_bytes() for needle in needles)]
