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
"""A call with an Idempotency-Key makes the same secret until the day after it was made first."""
PREFIX = "pal_"
"""So that a leaked key is recognised as one of ours."""


class ApiKeys(Listed[Key]):
    """The keys of all accounts."""

    kind, owned, used = Key, keys.KEYS_OF_OWNER, keys.API_KEY

    async def create(
        self, account_id: str, label: str, secret: str = "", scope: Scope = "all"
    ) -> tuple[Key, str]:
        """The record and the key itself; the same `secret` again answers the same key.

        Raises Problem("invalid") for the label, Problem("conflict") when the account has too many
        or the secret was used with another label.
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
        """The secret that `made` makes of a day since 1970: of yesterday's if that is in use."""
        today = self._now() // DAY
        before = made(today - 1)
        used = await self._redis.exists(self._used(digest(PREFIX + before)))
        return before if used else made(today)

    async def withdraw(self, owner: str, name: str) -> bool:
        """As of all that is listed; the digest stays taken while a repeated call would make it."""
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
