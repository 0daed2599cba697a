"""One-time links: the one that makes the first account, and invitations."""

from ads import accounts as rules
from ads.accounts import Invite, Role
from ads.errors import Problem
from ads.ids import digest, new_secret
from ads.store import keys, records
from ads.store.listed import Listed

INVITES_MAX = 200
"""Of one advertiser; the operator's invitations of new advertisers count together."""


class Invites(Listed[Invite]):
    """Links that make one account each; all inviters' are on one list."""

    kind, owned, used = Invite, keys.INVITES, keys.INVITE

    async def first_link(self) -> str | None:
        """A new token for the first account (earlier ones end); None once there is an account."""
        if await self._redis.exists(keys.FIRST_ACCOUNT):
            return None
        token = new_secret()
        await self._redis.set(keys.FIRST_LINK, digest(token), ex=keys.FIRST_LINK_SECONDS)
        return token

    async def check_first(self, token: str) -> None:
        """Raises Problem("ended") unless the first account's link is good; does not use it up."""
        made = await self._redis.exists(keys.FIRST_ACCOUNT)
        if made or await self._redis.get(keys.FIRST_LINK) != digest(token).encode():
            raise Problem("ended", "This link was used or is over.")

    async def check(self, token: str) -> None:
        """Raises Problem("ended") unless this invitation is good; does not use it up."""
        if not await self._redis.exists(self._used(digest(token))):
            raise Problem("ended", "This invitation was used or is over.")

    async def claim_first(self, token: str) -> None:
        """Use the link up. Raises Problem("ended") as `check_first`."""
        await self.check_first(token)
        if not await self._redis.delete(keys.FIRST_LINK):  # another was quicker
            raise Problem("ended", "This link was used or is over.")

    async def create(self, label: str, role: Role = "member", host: str = "") -> str:
        """A token good for one account. Raises Problem("invalid" | "conflict": too many)."""
        label = rules.name(label, "label", rules.LABEL_MAX)
        if sum(each.host == host for each in await self.list()) >= INVITES_MAX:
            raise Problem("conflict", f"At most {INVITES_MAX} invitations wait; withdraw one.")
        token = new_secret()
        invite = self._made(token, keys.INVITE_SECONDS, label=label, role=role, host=host)
        await self._enter("", invite, invite.id)
        return token

    async def claim(self, token: str) -> Invite:
        """Use an invitation up. Raises Problem("ended") if it was used, is over or withdrawn."""
        invite_id = await self._redis.getdel(self._used(digest(token)))
        if not invite_id:
            raise Problem("ended", "This invitation was used or is over.")
        found = await self.find("", records.text(invite_id))
        if not found:
            raise Problem("ended", "This invitation was withdrawn.")
        await self._redis.hdel(keys.INVITES, found.id)
        return found
