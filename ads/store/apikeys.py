"""API keys: their digest finds the account; the account lists their records."""

from collections.abc import Callable

from ads import accounts as rules
from ads.accounts import Key, Scope
from ads.clock import DAY, SECOND
from ads.errors import Problem
from ads.ids import digest, new_secret
from ads.store import keys, records
from ads.store.listed import Listed

KEYS_MAX = 100
REPEATED_DAYS = 2
"""A repeated Idempotency-Key gives the same secret until the end of the next day (UTC)."""
PREFIX = "pal_"
"""Lets secret scanners recognise a leaked key as one of ours."""


class ApiKeys(Listed[Key]):
    """The keys of all accounts."""

    kind, owned, used = Key, keys.KEYS_OF_OWNER, keys.API_KEY

    async def create(
        self, account_id: str, label: str, secret: str = "", scope: Scope = "all"
    ) -> tuple[Key, str]:
        """The record and the key itself; the same `secret` again gives the same key.

        Raises Problem("invalid") for the label, Problem("conflict") when the account has too many
        keys, or the secret was used with another label or scope or was revoked.
        """
        label = rules.name(label, "label", rules.LABEL_MAX)
        text = PREFIX + (secret or new_secret())
        key = await self._recorded(account_id, self._made(text, label=label, scope=scope))
        await self._enter(
            account_id, key, account_id if scope == "all" else f"{account_id} {scope}"
        )
        return key, text

    async def _recorded(self, account_id: str, key: Key) -> Key:
        """The record as it stands on the account's list, new or from an earlier call."""
        earlier = await self.find(account_id, key.id)
        if earlier is None and len(await self.list(account_id)) >= KEYS_MAX:
            raise Problem("conflict", f"An account has at most {KEYS_MAX} keys; revoke one.")
        if earlier is None and await self._redis.exists(self._used(key.digest)):
            raise Problem("conflict", "The key of this Idempotency-Key was revoked.")
        if earlier and (earlier.label, earlier.scope) != (key.label, key.scope):
            raise Problem("conflict", "This Idempotency-Key was used with another request.")
        return earlier or key

    async def repeated(self, made: Callable[[int], str]) -> str:
        """`made(day)` of today, or of yesterday if that secret is in use; days count from 1970."""
        today = self._now() // DAY
        before = made(today - 1)
        used = await self._redis.exists(self._used(digest(PREFIX + before)))
        return before if used else made(today)

    async def withdraw(self, owner: str, name: str) -> bool:
        """As the base class; the digest stays reserved while a repeated call could make it anew."""
        found = await self.find(owner, name)
        if found:
            seconds = REPEATED_DAYS * DAY // SECOND
            await self._redis.set(self._used(found.digest), b"", ex=seconds)
            await self._redis.hdel(self._owned(owner), name)
        return found is not None

    async def owner(self, text: str) -> tuple[str, str] | None:
        """The id of the account that the key belongs to, and the key's scope."""
        found = await self._redis.get(self._used(digest(text)))
        account, _, scope = records.text(found).partition(" ") if found else ("", "", "")
        return (account, scope or "all") if account else None
