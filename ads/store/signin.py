"""Limits on password attempts: they slow guessers and do not lock out an e-mail's owner."""

import hmac

from redis.asyncio import Redis

from ads.accounts import Account, access
from ads.clock import Clock
from ads.store import keys
from ads.store.throttle import Throttle


class SignIn:
    """Rates by e-mail and address, by address, and by e-mail for addresses new to the account."""

    def __init__(self, redis: Redis, now: Clock, *, limits: bool) -> None:
        self._redis = redis
        self._throttle = Throttle(redis, now, enabled=limits)

    async def brake(self, account: Account | None, email: str, address: str) -> None:
        """Raise Problem("rate_limited") if this attempt comes too soon."""
        email = account.email if account else email.strip().lower()[:254]
        brake, why = self._throttle.brake, "Too many attempts."
        pair = f"{email} {address}"
        await brake("sign-in-pair", pair, access.PASSWORD_BY_EMAIL_AND_ADDRESS, why)
        if address:
            await brake("sign-in-address", address, access.PASSWORD_BY_ADDRESS, why)
        known = account and address and await self._redis.exists(_known_key(account, address))
        if not known:
            await brake("sign-in-email", email, access.PASSWORD_BY_EMAIL, why)

    async def brake_confirming(self, account: Account) -> None:
        """As `brake`, by the account alone, for somebody who is signed in."""
        rate = access.PASSWORD_BY_EMAIL_AND_ADDRESS
        await self._throttle.brake("confirm", account.id, rate, "Too many attempts.")

    async def remember(self, account: Account, address: str) -> None:
        """Exempt this address from the rate by e-mail: the account's owner signed in from it."""
        if address:
            key = _known_key(account, address)
            await self._redis.set(key, b"1", ex=keys.KNOWN_ADDRESS_SECONDS)


def _known_key(account: Account, address: str) -> str:
    # Keyed with the password's hash, so that addresses cannot be guessed from their digests, and a
    # new password forgets them.
    secret = account.password_hash.encode()
    code = hmac.new(secret, address.encode(), "sha256").hexdigest()
    return keys.KNOWN_ADDRESS.format(account=account.id, digest=code)
