"""Who calls the API, by a bearer key (RFC 6750)."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from ads.accounts import Account
from ads.accounts.access import may_change
from ads.errors import Problem
from ads.store.accounts import Accounts
from ads.web.problem import Handler

KEY_MAX = 200
READING = frozenset({"GET", "HEAD", "OPTIONS"})
Call = Callable[[web.Request, Account], Awaitable[web.StreamResponse]]


def called(accounts: Accounts) -> Callable[[Call], Handler]:
    """Makes handlers of calls: each call gets the account whose key the request has.

    The handlers raise Problem("unauthorized" | "forbidden").
    """

    def handler(call: Call) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await call(request, await _account(request, accounts))

        return handle

    return handler


async def _account(request: web.Request, accounts: Accounts) -> Account:
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
