"""The WeChat ticket of the operator's account, shared by all workers; one of them renews it."""

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
        """The ticket, "" if there is no valid one."""
        return text(await self._redis.get(keys.wechat_ticket(self._app_id)) or b"")

    async def keep(self, ticket: str, seconds: int) -> None:
        """Keeps the ticket for so many seconds."""
        await self._redis.set(keys.wechat_ticket(self._app_id), ticket, ex=seconds)

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """A block that yields whether it is this worker's turn to ask WeChat."""
        return lease.turn(self._redis, keys.wechat_turn(self._app_id), keys.WECHAT_TURN_MS)
