"""Password hashes (argon2id), made and checked off the event loop."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ads.errors import invalid
from ads.tasks import Lane

# RFC 9106's second recommended option: 64 MiB, three passes; the library's default profile.
_hasher = PasswordHasher()
# Each takes 64 MiB: more at once would be a way to fill the machine's memory.
_lane = Lane(2)
# Leaked ones, repeats, rows of keys: zxcvbn's score 2. Signing in is throttled to one try a minute
# from everywhere together (`access.PASSWORD_BY_EMAIL`): so many take two years.
GUESSES_MIN = 1_000_000
# Its time grows with the square: a tenth of a second for so many; more of them hide no weakness.
_JUDGED = 40
# Checked for accounts that do not exist, so that the time tells nothing.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$a4Sk6AYPEvd3nXqdcYDNEA"
    "$nqUZuQCC3RU7tTCvMxZIlARKdi8+FB4Kcw73TcaqG0o"
)


async def refuse_guessable(password: str, *known: str) -> None:
    """Raises Problem("invalid") for a password that is among the first to be tried.

    `known` is what a guesser knows of its owner: e-mail, name. OWASP ASVS 4.0.3, 2.1.7; NIST SP
    800-63B, 5.1.1.2 (commonly used, expected or compromised); Wheeler, zxcvbn (USENIX Security
    2016): the lists of leaked passwords are in the library.
    """
    if await _lane.run(_guesses, password[:_JUDGED], known) < GUESSES_MIN:
        raise invalid("password", "common", "It is among the first that are tried.")


def _guesses(password: str, known: tuple[str, ...]) -> float:
    import zxcvbn  # 30,000 words: loaded when the first password is chosen

    return float(zxcvbn.zxcvbn(password, user_inputs=list(known))["guesses"])


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
