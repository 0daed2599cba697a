"""Who may do what, who may make an account, and how often a password may be tried. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ads.accounts import Role
from ads.clock import DAY, HOUR, MINUTE, SECOND
from ads.config import Signup
from ads.errors import Problem

INVITED: Mapping[Role, tuple[Role, ...]] = {
    "owner": ("member", "sharer", "viewer"),
    "member": ("sharer", "viewer"),
}
"""Whom each role may invite; sharers and viewers belong to whoever invited them."""
_OWN_AFFAIRS = ("/settings", "/signout", "/api/v1/account")
_ADS = ("/ads", "/stage", "/api/v1/ads", "/api/v1/pictures")


def may_change(role: Role, path: str) -> bool:
    """Whether this role may send a change to an address of the console or the API."""
    if role == "viewer":
        return path.startswith(_OWN_AFFAIRS)
    return role != "sharer" or not path.startswith(_ADS)


@dataclass(frozen=True)
class Rate:
    """`burst` tries at once, then one every `every_ms`."""

    burst: int
    every_ms: int


# Somebody who mistypes never meets these, somebody who guesses does at once. The rate for an e-mail
# exempts addresses that its owner signed in from, so that others cannot lock the owner out.
PASSWORD_BY_EMAIL_AND_ADDRESS = Rate(burst=10, every_ms=20 * SECOND)
PASSWORD_BY_ADDRESS = Rate(burst=50, every_ms=5 * SECOND)
PASSWORD_BY_EMAIL = Rate(burst=50, every_ms=MINUTE)
# Each question takes room in the store, and each answer costs arithmetic; no e-mail is in them.
PASSKEY_BY_ADDRESS = Rate(burst=50, every_ms=2 * SECOND)
SIGN_UPS_BY_ADDRESS = Rate(burst=3, every_ms=HOUR)


def newcomers(a_day: int) -> Rate:
    """The rate of what a newcomer may do `a_day`: as many at once, then evenly over the day."""
    return Rate(burst=a_day, every_ms=DAY // a_day)


def check_signup(signup: Signup, *, invited: bool) -> None:
    """Raise Problem("forbidden") unless the operator's setting lets this person in."""
    if signup == "open" or (signup == "invite" and invited):
        return
    reason = "An invitation is needed." if signup == "invite" else "Sign-up is closed."
    raise Problem("forbidden", reason)
