"""Who is calling the API: a bearer key (RFC 6750)."""

from aiohttp import web

from ads.accounts import Account
from ads.accounts.access import may_change
from ads.errors import Problem
from ads.store.accounts import Accounts

KEY_MAX = 200
READING = frozenset({"GET", "HEAD", "OPTIONS"})


async def account(request: web.Request, accounts: Accounts) -> Account:
    """The account whose key the request carries. Raises Problem("unauthorized" | "forbidden")."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    key = key.strip()
    found = None
    if scheme.lower() == "bearer" and 0 < len(key) <= KEY_MAX:
        found = await accounts.by_key(key, changing=request.method not in READING)
    if found and request.method not in READING and not may_change(found.role, request.path):
        raise Problem("forbidden", "This account may not change that.")
    if found is None:
        raise Problem("unauthorized", "An API key is needed: Authorization: Bearer KEY.")
    return found
