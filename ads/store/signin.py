"""The brake on password attempts: guessers are slowed, the owner of an e-mail is not locked out."""

import hmac

from redis.asyncio import Redis

from ads.accounts import Account, access
from ads.clock import Clock
from ads.store import keys
from ads.store.throttle import Throttle


class SignIn:
    """Buckets by e-mail and address, by address, and by e-mail for addresses new to it."""

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
        """As `brake`, for who is signed in: by the account alone."""
        rate = access.PASSWORD_BY_EMAIL_AND_ADDRESS
        await self._throttle.brake("confirm", account.id, rate, "Too many attempts.")

    async def remember(self, account: Account, address: str) -> None:
        """The account was entered from here: the brake for its e-mail leaves this address out."""
        if address:
            key = _known_key(account, address)
            await self._redis.set(key, b"1", ex=keys.KNOWN_ADDRESS_SECONDS)


def _known_key(account: Account, address: str) -> str:
    # Keyed with the password's hash: no address can be read from it, a new password forgets them.
    secret = account.password_hash.encode()
    code = hmac.new(secret, address.encode(), "sha256").hexdigest()
    return keys.KNOWN_ADDRESS.format(account=account.id, digest=code)
