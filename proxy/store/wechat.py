"""WeChat's ticket of the operator's account, one for all workers, and whose turn it is to ask."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from ads.store.records import text
from proxy.store import keys, lease


class TicketStore:
    """Of one account by its app id."""

    def __init__(self, redis: Redis, app_id: str) -> None:
        self._redis = redis
        self._app_id = app_id

    async def get(self) -> str:
        """The ticket, "" if there is none that holds."""
        return text(await self._redis.get(keys.wechat_ticket(self._app_id)) or b"")

    async def keep(self, ticket: str, seconds: int) -> None:
        """Keeps it for so long."""
        await self._redis.set(keys.wechat_ticket(self._app_id), ticket, ex=seconds)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Whether it is this worker's turn to ask WeChat; a dead worker's turn ends by itself."""
        name = keys.wechat_turn(self._app_id)
        token = await lease.take(self._redis, name, keys.WECHAT_TURN_MS)
        try:
            yield token is not None
        finally:
            if token:
                await lease.give_back(self._redis, name, token)
