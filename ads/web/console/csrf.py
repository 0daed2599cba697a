"""Protection against forged forms: a token bound to the account, and the sender's origin."""

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256

from markupsafe import Markup

from ads.ids import new_id

FIELD = "csrf"


def hidden(whose: str, keys: Sequence[bytes]) -> Markup:
    """A form's field with a token of this account; each differs, so compression leaks nothing."""
    salt = new_id(8)
    field = Markup('<input type="hidden" name="{}" value="{}.{}">')
    return field.format(FIELD, salt, _seal(salt, whose, keys[0]))


def fits(token: str, whose: str, keys: Sequence[bytes]) -> bool:
    """Whether one of `keys` made `token` for this account."""
    salt, _, seal = token.partition(".")
    return any(hmac.compare_digest(seal.encode(), _seal(salt, whose, k).encode()) for k in keys)


def again(sent: str, whose: str, keys: Sequence[bytes]) -> str:
    """A secret that the same form, `sent` again, makes again; it cannot be told from the form."""
    return _seal("made by\0" + sent, whose, keys[0])


def _seal(salt: str, whose: str, key: bytes) -> str:
    return hmac.new(key, f"console form\0{salt}\0{whose}".encode(), sha256).hexdigest()


def from_us(headers: Mapping[str, str], origin: str) -> bool:
    """Whether the browser sent this from one of our own pages.

    Fetch Metadata decides if it is sent (secure contexts), else Origin, which every browser sends
    with a POST. A request with neither does not come from a browser with a session of ours.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return headers.get("Origin") == origin
