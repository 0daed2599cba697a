"""Accounts: their records, and the rules for their fields. Pure.

`identity` is who advertises, in law; `access`, who may do what and how often; one signs in with
`passwords` or `passkeys`.
"""

import re
from collections.abc import Mapping
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ads import text
from ads.accounts import identity
from ads.accounts.identity import Identity
from ads.errors import Faults, Problem, Rule, choice, invalid

Role = Literal["owner", "member", "sharer", "viewer"]
Locale = Literal["", "en", "zh"]
LOCALES: tuple[Locale, ...] = get_args(Locale)

EMAIL_MAX = 254  # RFC 5321, section 4.5.3.1.3: a path's 256 less its brackets
NAME_MAX = 80
PASSWORD_MIN = 12
PASSWORD_MAX = 1024
LABEL_MAX = 80

_email = re.compile(
    r"[^\s@\"(),:;<>\[\]\\]{1,64}@[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*"
)


class Account(msgspec.Struct, frozen=True):
    """Someone who logs in. `name` is what readers see as the sharer; `created_at` in ms.

    `locale` "" follows the browser; `time_zone` is an IANA name. The `owner` runs the service, a
    `member` is an advertiser. A guest has a `host`, the id of an advertiser: a `sharer` passes
    along the host's ads, a `viewer` reads the host's reports (`ads.accounts.access`).
    An account that was ended (`ended_at` in ms, else 0) cannot sign in, and is told why. A
    `newcomer` signed up by itself, and the operator has not vouched for it: its ads wait for a
    review, and it may do less in a day. `identity` goes into the register with each ad.
    """

    id: str
    email: str
    name: str
    password_hash: str
    locale: Locale = ""
    time_zone: str = "UTC"
    created_at: int = 0
    role: Role = "member"
    host: str = msgspec.field(default="", name="of")
    ended_at: int = 0
    ended_why: str = ""
    newcomer: bool = False
    identity: Identity = Identity()

    @property
    def ads_owner(self) -> str:
        """The id of the account whose ads it uses: its own, or its host's."""
        return self.host or self.id

    @property
    def reports_of(self) -> str:
        """The id of the account whose reports it reads: a viewer has none of its own."""
        return self.ads_owner if self.role == "viewer" else self.id


Scope = Literal["all", "read"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A record that its owner can list and revoke (`ads.store.listed`); times in ms, 0 is never.

    It is found by its `digest`, the SHA-256 of a secret that is not stored; if "", by its id.
    """

    id: str
    created_at: int
    digest: str = ""
    expires_at: int = 0


class Key(Listed, frozen=True, kw_only=True):
    """An API key. With the scope `read` it may read everything and change nothing."""

    label: str
    scope: Scope = "all"


class Session(Listed, frozen=True, kw_only=True):
    """A browser that is signed in."""

    label: str


class Invite(Listed, frozen=True, kw_only=True):
    """An invitation that was not used yet. `label` says for whom; `host` is a guest's."""

    label: str
    role: Role = "member"
    host: str = msgspec.field(default="", name="of")


def email(value: object) -> str:
    """The e-mail as we store and compare it. Raises Problem("invalid")."""
    cleaned = text.clean(value) if isinstance(value, str) else None
    if cleaned is None or len(cleaned) > EMAIL_MAX or not _email.fullmatch(cleaned):
        raise invalid("email", "format", "This is not an e-mail address.")
    return cleaned.lower()


def name(value: object, field: str = "name", longest: int = NAME_MAX) -> str:
    """A visible line of text. Raises Problem("invalid")."""
    cleaned = text.clean(value) if isinstance(value, str) else None
    if cleaned is None or not text.visible(cleaned) or len(str(value)) > longest:
        raise invalid(field, "text", f"One line of text, 1 to {longest} characters.")
    return cleaned


def password(value: object) -> str:
    """A new password, 12 characters or more; `ads.accounts.passwords` refuses the ones tried first.

    Raises Problem("invalid").
    """
    if not isinstance(value, str) or not PASSWORD_MIN <= len(value) <= PASSWORD_MAX:
        raise invalid("password", "length", f"{PASSWORD_MIN} to {PASSWORD_MAX} characters.")
    if not value.isprintable() and text.clean(value) is None:
        raise invalid("password", "text", "It holds a control character.")
    return value


def time_zone(value: object, field: str = "time_zone") -> str:
    """A name of the IANA data base. Raises Problem("invalid")."""
    if value == "UTC":
        return "UTC"  # also where the machine has no time zone data
    try:
        return ZoneInfo(value).key if isinstance(value, str) else ZoneInfo("").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid(field, "choice", "A time zone such as Europe/Zurich.") from None


_PATCHED: Mapping[str, Rule] = {
    "name": name,
    "locale": lambda value, field: choice(value, LOCALES, field),
    "time_zone": time_zone,
    "identity": identity.parse,
}


def parse_patch(data: Mapping[str, object]) -> dict[str, str | Identity]:
    """The changed fields, judged. Raises Problem("invalid") with every fault."""
    faults = Faults()
    changed = faults.judged(data, _PATCHED)
    faults.unknown(data, tuple(_PATCHED))
    faults.refuse()
    return changed


def let_in(account: Account | None) -> Account | None:
    """The account. Raises Problem("forbidden") with the reason if the operator ended it."""
    if account and account.ended_at:
        raise Problem("forbidden", f"This account was ended: {account.ended_why}")
    return account
