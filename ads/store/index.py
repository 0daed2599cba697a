"""Lists of ids by time, newest first, paged: a sorted set whose members order themselves."""

from redis.asyncio import Redis

from ads.store.records import text


class Index:
    """Ids by the millisecond they were made in, under one key."""

    def __init__(self, redis: Redis, key: str) -> None:
        self._redis = redis
        self._key = key

    async def add(self, at: int, item: str) -> None:
        """Add an id, `at` being when it was made (ms); may be repeated."""
        await self._redis.zadd(self._key, {member(at, item): 0})

    async def remove(self, at: int, item: str) -> None:
        """Remove an id that was added with this `at`."""
        await self._redis.zrem(self._key, member(at, item))

    async def count(self) -> int:
        """How many there are."""
        return int(await self._redis.zcard(self._key))

    async def all(self) -> list[str]:
        """Every id, newest first."""
        found = await self._redis.zrange(self._key, 0, -1, desc=True)
        return [_item(text(entry)) for entry in found]

    async def page(self, cursor: str, limit: int) -> tuple[list[str], str | None]:
        """At most `limit` ids after `cursor` ("" begins), and the next page's cursor if any."""
        last = f"({cursor}" if cursor else "+"
        found = await self._redis.zrange(
            self._key, last, "-", desc=True, bylex=True, offset=0, num=limit + 1
        )
        entries = [text(entry) for entry in found]
        more = entries[limit - 1] if len(found) > limit else None
        return list(map(_item, entries[:limit])), more


def member(at: int, item: str) -> str:
    """The set's member for an id; also the cursor that continues after it."""
    return f"{at:013d}:{item}"


def _item(entry: str) -> str:
    return entry.split(":", 1)[1]
