"""API keys: their digest finds the account; the account lists their records."""

import msgspec
from redis.asyncio import Redis

from ads import accounts as rules
from ads.accounts import Key, Scope
from ads.clock import Clock
from ads.errors import Problem
from ads.ids import digest, new_secret, short
from ads.store import keys, listed, records

KEYS_MAX = 100
PREFIX = "pal_"
"""So that a leaked key is recognised as one of ours."""


class ApiKeys:
    """The keys of all accounts."""

    def __init__(self, redis: Redis, now: Clock) -> None:
        self._redis = redis
        self._now = now

    async def create(
        self, account_id: str, label: str, secret: str = "", scope: Scope = "all"
    ) -> tuple[Key, str]:
        """The record and the key itself; the same `secret` again answers the same key.

        Raises Problem("invalid") for the label, Problem("conflict") when the account has too many
        or the secret was used with another label.
        """
        label = rules.name(label, "label", rules.LABEL_MAX)
        text = PREFIX + (secret or new_secret())
        owned = keys.KEYS_OF_ACCOUNT.format(account=account_id)
        hashed = digest(text)
        key = await self._recorded(owned, Key(short(hashed), label, self._now(), hashed, scope))
        value = account_id if scope == "all" else f"{account_id} {scope}"
        await self._redis.set(keys.API_KEY.format(digest=hashed), value)
        return key, text

    async def _recorded(self, owned: str, key: Key) -> Key:
        """The record as it stands on the account's list, new or from an earlier call."""
        found = await self._redis.hget(owned, key.id)
        if found is None and await self._redis.hlen(owned) >= KEYS_MAX:
            raise Problem("conflict", f"An account has at most {KEYS_MAX} keys; revoke one.")
        if found is None:
            await self._redis.hset(owned, key.id, msgspec.msgpack.encode(key))
            return key
        earlier = records.decode(found, Key)
        if (earlier.label, earlier.scope) != (key.label, key.scope):
            raise Problem("conflict", "This Idempotency-Key was used with another request.")
        return earlier

    async def owner(self, text: str) -> tuple[str, str] | None:
        """The id of the account that the key belongs to, and the key's scope."""
        found = await self._redis.get(keys.API_KEY.format(digest=digest(text)))
        account, _, scope = records.text(found).partition(" ") if found else ("", "", "")
        return (account, scope or "all") if account else None

    async def list(self, account_id: str) -> list[Key]:
        """Newest first."""
        owned = keys.KEYS_OF_ACCOUNT.format(account=account_id)
        return await listed.newest(self._redis, owned, Key)

    async def revoke(self, account_id: str, key_id: str) -> bool:
        """Make it worthless; False if the account has no such one."""
        owned = keys.KEYS_OF_ACCOUNT.format(account=account_id)
        return await listed.withdraw(self._redis, owned, key_id, Key, keys.API_KEY)
