"""A store's data is copied to another one, of whatever make and version."""

from typing import Any

from redis.asyncio import Redis

from ads.store import connect
from proxy.store.transfer import PARTS_AT_ONCE, copy

MANY = PARTS_AT_ONCE * 2 + 1


async def filled(store: Redis) -> None:
    """Write keys of each type, long and short, some that expire."""
    await store.set("word", b"\x00\xff")
    await store.set("nothing", b"")
    await store.set("ends", b"1", px=500_000)
    await store.hset("hash", mapping={f"{n}": bytes([n % 256]) for n in range(MANY)})
    await store.sadd("set", *range(MANY))
    await store.rpush("list", *range(MANY), 3)
    await store.zadd("zset", {f"{n}": 1_764_000_000_123 + n / 8 for n in range(MANY)})
    for n in range(3):
        await store.xadd("stream", {"b": n, "a": b"\xff"}, f"1764000000123-{n}")
    await store.expire("stream", 500)


async def held(store: Redis) -> dict[str, Any]:
    """All that `filled` has written."""
    return {
        "word": await store.mget("word", "nothing", "ends"),
        "hash": await store.hgetall("hash"),
        "set": await store.smembers("set"),
        "list": await store.lrange("list", 0, -1),
        "zset": await store.zrange("zset", 0, -1, withscores=True),
        "stream": await store.xrange("stream"),
        "lives": [round(await store.ttl(name), -2) for name in ("ends", "stream", "word")],
    }


async def test_a_store_that_takes_nobodys_dump_has_every_key_as_it_was(
    redis: Redis, valkey_url: str
) -> None:
    # An older server, or another product, refuses RESTORE because of the format.
    await redis.acl_setuser(
        "older", enabled=True, nopass=True, keys=["*"], categories=["+@all"], commands=["-restore"]
    )
    target = connect(f"{valkey_url.replace('://', '://older@')}?db=5")
    try:
        await filled(redis)
        assert await copy(redis, target) == 8
        assert await held(target) == await held(redis)
    finally:
        await redis.acl_deluser("older")
        await target.aclose()
