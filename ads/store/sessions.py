"""Sessions of browsers: like API keys, but they end by themselves."""

from ads.accounts import Session
from ads.ids import digest, new_secret, short
from ads.store import keys, records
from ads.store.listed import Listed

SESSIONS_MAX = 50
"""Of one account; a new session ends the oldest ones beyond that."""

AGENT_MAX = 200
"""Characters kept of a user agent, enough to name its browser."""


class Sessions(Listed[Session]):
    """The sessions of all accounts."""

    kind, owned, used = Session, keys.SESSIONS_OF_OWNER, keys.SESSION

    async def create(self, account_id: str, label: str = "") -> str:
        """A new session's token."""
        token = new_secret()
        session = self._made(token, keys.SESSION_SECONDS, label=label[:AGENT_MAX])
        for old in (await self.list(account_id))[SESSIONS_MAX - 1 :]:
            await self.withdraw(account_id, old.id)
        await self._enter(account_id, session, account_id)
        return token

    async def owner(self, token: str) -> str | None:
        """The id of the account that is signed in."""
        found = await self._redis.get(self._used(digest(token)))
        return records.text(found) if found else None

    async def end_token(self, token: str) -> None:
        """End the session with this token, if there is one."""
        account_id = await self.owner(token)
        if account_id:
            await self.withdraw(account_id, short(digest(token)))
