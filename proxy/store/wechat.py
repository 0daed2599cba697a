"""WeChat's ticket of the operator's account, one for all workers, and whose turn it is to ask."""

from contextlib import AbstractAsyncContextManager

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

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """Whether it is this worker's turn to ask WeChat."""
        return lease.turn(self._redis, keys.wechat_turn(self._app_id), keys.WECHAT_TURN_MS)
