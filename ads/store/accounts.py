"""Accounts: made once per e-mail, found by id, e-mail, key or session."""

from collections.abc import Mapping
from typing import Any

import msgspec
from redis.asyncio import Redis

from ads import accounts as rules
from ads.accounts import Account, Key, Role, Scope, access, passwords
from ads.clock import Clock, now_ms
from ads.config import Signup
from ads.errors import Problem
from ads.ids import new_id
from ads.store import keys, records
from ads.store.apikeys import ApiKeys
from ads.store.audit import Audit
from ads.store.changes import Changes
from ads.store.index import Index
from ads.store.invites import Invites
from ads.store.passkeys import Passkeys
from ads.store.sessions import Sessions
from ads.store.signin import SignIn

AT_ONCE = 1_000
"""Accounts read in one command: a service with open sign-up has tens of thousands."""


class Accounts:
    """Everything about accounts; with `limits` False, password attempts are not limited.

    A change is published as `account:<id>`, because pages carry the account's name.
    """

    def __init__(
        self,
        redis: Redis,
        now: Clock = now_ms,
        *,
        limits: bool = True,
        changes: Changes | None = None,
    ) -> None:
        self._redis = redis
        self._changes = changes or Changes(redis)
        self._now = now
        self.api_keys = ApiKeys(redis, now)
        self.sessions = Sessions(redis, now)
        self._sign_in = SignIn(redis, now, limits=limits)
        self.invites = Invites(redis, now)
        self.passkeys = Passkeys(redis, now)
        self.audit = Audit(redis, now)

    async def create(
        self,
        email: str,
        name: str,
        password: str,
        role: Role = "member",
        host: str = "",
        *,
        newcomer: bool = False,
    ) -> Account:
        """A new account; the first one of all is the owner's.

        Raises Problem("invalid") for a field, Problem("conflict") if the e-mail has an account.
        """
        email, name = rules.email(email), rules.name(name)
        await passwords.refuse_guessable(rules.password(password), email, name)
        hashed = await passwords.digest(password)
        account = Account(
            id=new_id(),
            email=email,
            name=name,
            password_hash=hashed,
            created_at=self._now(),
            role=role,
            host=host,
            newcomer=newcomer,
        )
        # Written before it can be found: a crash in between leaves a record that nobody can reach.
        await records.save(self._redis, keys.ACCOUNT.format(account=account.id), account)
        claim = keys.ACCOUNT_OF_EMAIL.format(email=email)
        if not await self._redis.set(claim, account.id, nx=True):
            await self._redis.delete(keys.ACCOUNT.format(account=account.id))
            raise Problem("conflict", "There is an account with this e-mail already.")
        if await self._redis.set(keys.FIRST_ACCOUNT, account.id, nx=True):
            account = await self._change(account.id, {"role": "owner"})
        await Index(self._redis, keys.ACCOUNTS).add(account.created_at, account.id)
        return account

    async def take_over(self, account: Account) -> Account:
        """Make this account the owner's if the former owner is gone; else leave it as it is."""
        if await self._redis.get(keys.FIRST_ACCOUNT) != keys.NOBODY.encode():
            return account
        await self._redis.set(keys.FIRST_ACCOUNT, account.id)
        return await self._change(account.id, {"role": "owner"})

    async def by_id(self, account_id: str) -> Account | None:
        """The account with this id."""
        return await records.load(self._redis, keys.ACCOUNT.format(account=account_id), Account)

    async def by_email(self, email: str) -> Account | None:
        """The account with this e-mail, however it is written."""
        try:
            email = rules.email(email)
        except Problem:
            return None
        found = await self._redis.get(keys.ACCOUNT_OF_EMAIL.format(email=email))
        return await self.by_id(records.text(found)) if found else None

    async def all(self) -> list[Account]:
        """Every account, newest first."""
        ids = await Index(self._redis, keys.ACCOUNTS).all()
        found: list[Account] = []
        for start in range(0, len(ids), AT_ONCE):
            named = [keys.ACCOUNT.format(account=i) for i in ids[start : start + AT_ONCE]]
            read = await self._redis.mget(named)
            found += [records.decode(each, Account) for each in read if each]
        return found

    async def guests(self, account_id: str) -> list[Account]:
        """Who shares this account's ads or reads its reports."""
        return [each for each in await self.all() if each.host == account_id]

    async def patch(self, account_id: str, changed: Mapping[str, object]) -> Account:
        """Change what a client sent. Raises Problem("invalid" | "not_found")."""
        account = await self._change(account_id, rules.parse_patch(changed))
        named = Index(self._redis, keys.BOOKINGS_OF_OWNER.format(owner=account.id))
        # Pages have no `account:` key at edges, which need not know whose they are.
        shares = await named.all() if "name" in changed else []
        await self._changes.publish(f"account:{account.id}", *(f"share:{each}" for each in shares))
        return account

    async def set_password(self, account_id: str, password: str) -> Account:
        """A new password; every session ends. Raises Problem("invalid" | "not_found")."""
        await passwords.refuse_guessable(rules.password(password))
        hashed = await passwords.digest(password)
        account = await self._change(account_id, {"password_hash": hashed})
        await self.end_all_sessions(account_id)
        await self.audit.note(account_id, "password")
        return account

    async def end(self, account_id: str, why: str, at: int) -> Account:
        """End the account at `at` (ms), with its sessions; an `at` of 0 lets it in again.

        Raises Problem("forbidden") for the owner's account: somebody must run the service.
        """
        found = await self.by_id(account_id)
        if found and found.role == "owner" and at:
            raise Problem("forbidden", "The owner's account cannot be ended.")
        account = await self._change(account_id, {"ended_at": at, "ended_why": why})
        await self.end_all_sessions(account_id)
        return account

    async def _change(self, account_id: str, values: Mapping[str, Any]) -> Account:
        def changed(account: Account) -> Account:
            return msgspec.structs.replace(account, **values)

        key = keys.ACCOUNT.format(account=account_id)
        account = await records.change(self._redis, key, Account, changed)
        if account is None:
            raise Problem("not_found", "There is no such account.")
        return account

    async def verify(self, email: str, password: str, address: str = "") -> Account | None:
        """The account if the password is right; `address` is the client's, "" if unknown.

        Raises Problem("rate_limited") after too many attempts.
        """
        account = await self.by_email(email)
        await self._sign_in.brake(account, email, address)
        stored = account.password_hash if account else None
        if not await passwords.matches(stored, password[: rules.PASSWORD_MAX + 1]) or not account:
            return None
        await self._sign_in.remember(account, address)
        return rules.let_in(account)

    async def confirm(self, account: Account, password: str) -> bool:
        """Whether this is the password of an account that is signed in.

        Raises Problem("rate_limited") after too many attempts here. Attempts to sign in do not
        count: strangers who guess must not keep the owner from changing a password.
        """
        await self._sign_in.brake_confirming(account)
        return await passwords.matches(account.password_hash, password[: rules.PASSWORD_MAX + 1])

    # --- API keys -----------------------------------------------------------------------------

    async def new_key(self, account_id: str, label: str, scope: Scope = "all") -> str:
        """A new API key; only its digest is kept. Raises Problem as `ApiKeys.create`."""
        return (await self.add_key(account_id, label, scope=scope))[1]

    async def add_key(
        self, account_id: str, label: str, secret: str = "", scope: Scope = "all"
    ) -> tuple[Key, str]:
        """As `new_key`, with its record; the same `secret` again gives the same key."""
        key, text = await self.api_keys.create(account_id, label, secret, scope)
        await self.audit.note(account_id, "key", key.label)
        return key, text

    async def by_key(self, key: str, *, changing: bool = False) -> Account | None:
        """The account that this API key belongs to.

        Raises Problem("forbidden") if the call is `changing` something and the key only reads.
        """
        found = await self.api_keys.owner(key)
        if found and changing and found[1] == "read":
            raise Problem("forbidden", "This key only reads.")
        return rules.let_in(await self.by_id(found[0])) if found else None

    async def revoke_key(self, account_id: str, key_id: str) -> bool:
        """Make the key worthless; False if the account has no such key."""
        gone = await self.api_keys.withdraw(account_id, key_id)
        if gone:
            await self.audit.note(account_id, "key-revoked", key_id)
        return gone

    # --- sessions -----------------------------------------------------------------------------

    async def new_session(self, account_id: str, label: str = "") -> str:
        """A token for a browser's cookie; `label` says which browser, for the list."""
        await self.audit.note(account_id, "entered", label)
        return await self.sessions.create(account_id, label)

    async def end_all_sessions(self, account_id: str) -> None:
        """Sign every browser out."""
        for session in await self.sessions.list(account_id):
            await self.sessions.withdraw(account_id, session.id)

    async def by_session(self, token: str) -> Account | None:
        """The account that is signed in with this token."""
        found = await self.sessions.owner(token)
        account = await self.by_id(found) if found else None
        return None if account and account.ended_at else account

    # --- the first account, and invited ones ----------------------------------------------------

    async def claim_first_link(self, token: str, email: str, name: str, password: str) -> Account:
        """The first account. Raises Problem("ended") if the link was used or is over."""
        await self.invites.check_first(token)
        await _usable(email, name, password)
        await self.invites.claim_first(token)
        return await self.create(email, name, password)

    async def claim_invite(self, token: str, email: str, name: str, password: str) -> Account:
        """An account by invitation. Raises Problem("ended") if it was used or is over."""
        await self.invites.check(token)
        await _usable(email, name, password)
        if await self.by_email(email):
            raise Problem("conflict", "There is an account with this e-mail already.")
        invite = await self.invites.claim(token)
        host = rules.let_in(await self.by_id(invite.host)) if invite.host else None
        newcomer = bool(host and host.newcomer)  # a newcomer cannot vouch for others
        return await self.create(email, name, password, invite.role, invite.host, newcomer=newcomer)

    async def sign_up(self, signup: Signup, email: str, name: str, password: str) -> Account:
        """A newcomer's account, without an invitation.

        Raises Problem("forbidden") unless sign-up is open and somebody runs the service already,
        Problem("invalid" | "conflict") for the fields.
        """
        access.check_signup(signup, invited=False)
        if not await self._redis.exists(keys.FIRST_ACCOUNT):
            raise Problem("forbidden", "Whoever runs this Passalong makes the first account.")
        account = await self.create(email, name, password, newcomer=True)
        await self.audit.note(account.id, "joined")
        return account

    async def vouch(self, account_id: str, *, newcomer: bool = False) -> Account:
        """Set or clear `newcomer` on the account and its guests. Raises Problem("not_found")."""
        for each in await self.guests(account_id):
            await self._change(each.id, {"newcomer": newcomer})
        return await self._change(account_id, {"newcomer": newcomer})


async def _usable(email: str, name: str, password: str) -> None:
    """Check the fields before a link is used up. Raises Problem("invalid")."""
    rules.email(email), rules.name(name), rules.password(password)
    await passwords.refuse_guessable(password, email, name)
