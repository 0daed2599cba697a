"""Password hashes (argon2id), made and checked off the event loop."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ads.offload import Lane

# RFC 9106's second recommended option: 64 MiB, three passes; the library's default profile.
_hasher = PasswordHasher()
# Each takes 64 MiB: more at once would be a way to fill the machine's memory.
_lane = Lane(2)
# Checked for accounts that do not exist, so that the time tells nothing.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$a4Sk6AYPEvd3nXqdcYDNEA"
    "$nqUZuQCC3RU7tTCvMxZIlARKdi8+FB4Kcw73TcaqG0o"
)


async def digest(password: str) -> str:
    """The hash to store."""
    return await _lane.run(_hasher.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Whether it is the password; as slow, and False, for an account that does not exist."""
    return await _lane.run(_matches, stored or _NOBODY, password) and bool(stored)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
