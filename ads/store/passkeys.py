"""Passkeys of accounts, and open challenges: each is good once and for five minutes."""

from ads.accounts.passkeys import Passkey
from ads.errors import Problem
from ads.ids import digest, new_secret
from ads.store import keys, records
from ads.store.listed import Listed

PASSKEYS_MAX = 20


class Passkeys(Listed[Passkey]):
    """The passkeys of all accounts."""

    kind, owned, used = Passkey, keys.PASSKEYS_OF_OWNER, keys.PASSKEY

    async def challenge(self, purpose: str, challenge: bytes) -> str:
        """A ticket for a challenge of this purpose; the challenge itself stays in the store."""
        ticket = new_secret()
        key = keys.PASSKEY_CHALLENGE.format(digest=digest(f"{purpose} {ticket}"))
        await self._redis.set(key, challenge, ex=keys.PASSKEY_CHALLENGE_SECONDS)
        return ticket

    async def take(self, purpose: str, ticket: str) -> bytes:
        """A ticket's challenge, used up. Raises Problem("forbidden") if it is over or was used."""
        key = keys.PASSKEY_CHALLENGE.format(digest=digest(f"{purpose} {ticket}"))
        found = await self._redis.getdel(key)
        if not found:
            raise Problem("forbidden", "This took too long. Try again.")
        return found if isinstance(found, bytes) else found.encode()

    async def add(self, key: Passkey) -> None:
        """Keep a new passkey. Raises Problem("conflict") if it is known, or for too many."""
        if len(await self.list(key.account)) >= PASSKEYS_MAX:
            raise Problem("conflict", f"An account has at most {PASSKEYS_MAX} passkeys.")
        if not await self._redis.set(self._used(key.id), key.account, nx=True):
            raise Problem("conflict", "This passkey is known already.")
        await self._write(key.account, key)

    async def known(self, credential_id: str) -> Passkey | None:
        """Any account's passkey with this credential id."""
        account = await self._redis.get(self._used(credential_id))
        return await self.find(records.text(account), credential_id) if account else None

    async def use(self, key: Passkey) -> None:
        """Keep a passkey's new signature count."""
        await self._write(key.account, key)
