"""Passkeys of accounts, and the challenges that are out, each good once and for five minutes."""

import msgspec
from redis.asyncio import Redis

from ads.accounts.passkeys import Passkey
from ads.errors import Problem
from ads.ids import digest, new_secret
from ads.store import keys, listed, records

PASSKEYS_MAX = 20


class Passkeys:
    """The passkeys of all accounts."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def challenge(self, purpose: str, challenge: bytes) -> str:
        """A ticket for a challenge of `purpose`; the challenge itself stays here."""
        ticket = new_secret()
        key = keys.PASSKEY_CHALLENGE.format(digest=digest(f"{purpose} {ticket}"))
        await self._redis.set(key, challenge, ex=keys.PASSKEY_CHALLENGE_SECONDS)
        return ticket

    async def take(self, purpose: str, ticket: str) -> bytes:
        """Its challenge, used up. Raises Problem("forbidden") if it was, or is over."""
        key = keys.PASSKEY_CHALLENGE.format(digest=digest(f"{purpose} {ticket}"))
        found = await self._redis.getdel(key)
        if not found:
            raise Problem("forbidden", "This took too long. Try again.")
        return found if isinstance(found, bytes) else found.encode()

    async def add(self, key: Passkey) -> None:
        """Keep a new one. Raises Problem("conflict") for one that is known, or too many."""
        owned = keys.PASSKEYS_OF_ACCOUNT.format(account=key.account)
        if await self._redis.hlen(owned) >= PASSKEYS_MAX:
            raise Problem("conflict", f"An account has at most {PASSKEYS_MAX} passkeys.")
        claim = keys.PASSKEY.format(passkey=key.id)
        if not await self._redis.set(claim, key.account, nx=True):
            raise Problem("conflict", "This passkey is known already.")
        await self._redis.hset(owned, key.id, msgspec.msgpack.encode(key))

    async def find(self, credential_id: str) -> Passkey | None:
        """The passkey with this credential id."""
        account = await self._redis.get(keys.PASSKEY.format(passkey=credential_id))
        if not account:
            return None
        owned = keys.PASSKEYS_OF_ACCOUNT.format(account=records.text(account))
        found = await self._redis.hget(owned, credential_id)
        return records.decode(found, Passkey) if found else None

    async def used(self, key: Passkey) -> None:
        """Write down its new count."""
        owned = keys.PASSKEYS_OF_ACCOUNT.format(account=key.account)
        await self._redis.hset(owned, key.id, msgspec.msgpack.encode(key))

    async def list(self, account: str) -> list[Passkey]:
        """The account's, newest first."""
        owned = keys.PASSKEYS_OF_ACCOUNT.format(account=account)
        return await listed.newest(self._redis, owned, Passkey)

    async def remove(self, account: str, credential_id: str) -> bool:
        """Make it worthless; False if the account has no such one."""
        owned = keys.PASSKEYS_OF_ACCOUNT.format(account=account)
        if not await self._redis.hexists(owned, credential_id):
            return False
        await self._redis.delete(keys.PASSKEY.format(passkey=credential_id))
        return bool(await self._redis.hdel(owned, credential_id))

    async def forget(self, account: str) -> None:
        """All of an account that goes."""
        for key in await self.list(account):
            await self.remove(account, key.id)
