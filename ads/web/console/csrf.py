"""Whose form is it? A token bound to the session, and what the browser says about the sender."""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

from ads.ids import new_id

FIELD = "csrf"


def make(session: str, keys: Sequence[bytes]) -> str:
    """A token for forms of this session; each rendering differs, so compression leaks nothing."""
    salt = new_id(8)
    return f"{salt}.{_seal(salt, session, keys[0])}"


def fits(token: str, session: str, keys: Sequence[bytes]) -> bool:
    """Whether one of `keys` made `token` for this session."""
    salt, _, seal = token.partition(".")
    return any(hmac.compare_digest(seal.encode(), _seal(salt, session, k).encode()) for k in keys)


def _seal(salt: str, session: str, key: bytes) -> str:
    return hmac.new(key, f"console form\0{salt}\0{session}".encode(), sha256).hexdigest()


def from_us(headers: Mapping[str, str], origin: str) -> bool:
    """Whether the browser sent this from one of our own pages.

    Fetch Metadata decides where it is sent (secure contexts); else Origin, which every browser
    sends with a POST. Neither: no browser with a session of ours, so no.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return headers.get("Origin") == origin
