"""Sessions of browsers: as API keys, but they end by themselves."""

import msgspec
from redis.asyncio import Redis

from ads.accounts import Session
from ads.clock import SECOND, Clock
from ads.ids import digest, new_secret, short
from ads.store import keys, listed, records

SESSIONS_MAX = 50
"""The oldest one ends when there would be more."""

AGENT_MAX = 200
"""Of a user agent so much is kept that its browser can be named."""


class Sessions:
    """The sessions of all accounts."""

    def __init__(self, redis: Redis, now: Clock) -> None:
        self._redis = redis
        self._now = now

    async def create(self, account_id: str, label: str = "") -> str:
        """A new session's token."""
        token = new_secret()
        hashed, now = digest(token), self._now()
        over = now + keys.SESSION_SECONDS * SECOND
        session = Session(short(hashed), label[:AGENT_MAX], now, over, hashed)
        for old in (await self.list(account_id))[SESSIONS_MAX - 1 :]:
            await self.end(account_id, old.id)
        owned = keys.SESSIONS_OF_ACCOUNT.format(account=account_id)
        await self._redis.hset(owned, session.id, msgspec.msgpack.encode(session))
        key = keys.SESSION.format(digest=hashed)
        await self._redis.set(key, account_id, ex=keys.SESSION_SECONDS)
        return token

    async def owner(self, token: str) -> str | None:
        """The id of the account that is signed in."""
        found = await self._redis.get(keys.SESSION.format(digest=digest(token)))
        return records.text(found) if found else None

    async def list(self, account_id: str) -> list[Session]:
        """Running ones, newest first; those that are over are forgotten on the way."""
        owned = keys.SESSIONS_OF_ACCOUNT.format(account=account_id)
        return await listed.running(self._redis, owned, Session, self._now())

    async def end(self, account_id: str, session_id: str) -> bool:
        """End one of the account's sessions; False if it has no such one."""
        owned = keys.SESSIONS_OF_ACCOUNT.format(account=account_id)
        return await listed.withdraw(self._redis, owned, session_id, Session, keys.SESSION)

    async def end_token(self, token: str) -> None:
        """End the session with this token, if there is one."""
        account_id = await self.owner(token)
        if account_id:
            await self.end(account_id, short(digest(token)))
