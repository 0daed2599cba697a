"""`/api/v1/account`: oneself, one's API keys and sessions."""

import hmac
from base64 import urlsafe_b64encode

from aiohttp import web

from ads.accounts import SCOPES, Account, Key, Session
from ads.errors import Faults, Problem, choice
from ads.store.accounts import Accounts
from ads.store.index import member
from ads.web import auth, paging, views
from ads.web.body import json_object, read_json
from ads.web.idempotency import key_of

PATH = "/api/v1/account"
KEYS = PATH + "/keys"
SESSIONS = PATH + "/sessions"
_ID = ":[A-Za-z0-9_-]{1,64}}"


def routes(*, accounts: Accounts, secret_key: bytes) -> list[web.RouteDef]:
    """The routes of this module, for the console's origin; `secret_key` signs (ads.config)."""
    api, called = _Api(accounts, secret_key), auth.called(accounts)
    return [
        web.get(PATH, called(api.read)),
        web.patch(PATH, called(api.change)),
        web.post(KEYS, called(api.create_key)),
        web.get(KEYS, called(api.list_keys)),
        web.delete(KEYS + "/{key" + _ID, called(api.revoke_key)),
        web.get(SESSIONS, called(api.list_sessions)),
        web.delete(SESSIONS + "/{session" + _ID, called(api.revoke_session)),
    ]


class _Api:
    def __init__(self, accounts: Accounts, secret_key: bytes) -> None:
        self._accounts = accounts
        self._secret_key = secret_key

    async def read(self, _: web.Request, account: Account) -> web.Response:
        return views.answer(views.account(account))

    async def change(self, request: web.Request, account: Account) -> web.Response:
        patch = json_object(await read_json(request))
        return views.answer(views.account(await self._accounts.patch(account.id, patch)))

    async def create_key(self, request: web.Request, account: Account) -> web.Response:
        data = json_object(await read_json(request))
        faults = Faults()
        faults.unknown(data, ("label", "scope"))
        faults.refuse()
        # Only a key's digest is stored, so its answer cannot be remembered by Idempotency-Key: the
        # API key is derived from that, so that a repeated call makes the same one.
        secret = await self._made_from(account.id, key_of(request))
        scope = choice(data.get("scope", "all"), SCOPES, "scope")
        key, text = await self._accounts.add_key(account.id, data.get("label", ""), secret, scope)
        return views.answer(views.new_key(key, text), 201, Location=f"{KEYS}/{key.id}")

    async def _made_from(self, account_id: str, idempotency_key: str) -> str:
        def made(day: int) -> str:
            message = f"api-key\n{account_id}\n{day}\n{idempotency_key}".encode()
            return urlsafe_b64encode(hmac.digest(self._secret_key, message, "sha256")).decode()

        return await self._accounts.api_keys.repeated(made) if idempotency_key else ""

    async def list_keys(self, request: web.Request, account: Account) -> web.Response:
        found = await self._accounts.api_keys.list(account.id)
        return views.answer(paging.page(request, found, _member, views.key))

    async def revoke_key(self, request: web.Request, account: Account) -> web.Response:
        if not await self._accounts.revoke_key(account.id, request.match_info["key"]):
            raise Problem("not_found", "There is no such key.")
        return web.Response(status=204)

    async def list_sessions(self, request: web.Request, account: Account) -> web.Response:
        found = await self._accounts.sessions.list(account.id)
        return views.answer(paging.page(request, found, _member, views.session))

    async def revoke_session(self, request: web.Request, account: Account) -> web.Response:
        if not await self._accounts.sessions.withdraw(account.id, request.match_info["session"]):
            raise Problem("not_found", "There is no such session.")
        return web.Response(status=204)


def _member(item: Key | Session) -> str:
    return member(item.created_at, item.id)
