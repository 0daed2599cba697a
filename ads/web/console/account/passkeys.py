"""Passkeys in the console: made in Settings, used instead of a password; both need scripts."""

from aiohttp import web

from ads.accounts import LABEL_MAX, let_in
from ads.accounts import passkeys as rules
from ads.accounts.access import PASSKEY_BY_ADDRESS
from ads.accounts.passkeys import CREDENTIAL_MAX, Asked
from ads.clock import Clock
from ads.errors import Problem
from ads.i18n import gettext
from ads.store.passkeys import Passkeys
from ads.web.console.account.signin import SignIn
from ads.web.console.desk import Desk, Visit, local_path

MAKE, ENTER = "make", "enter"


def routes(desk: Desk, signin: SignIn, *, now: Clock) -> list[web.RouteDef]:
    """What the scripts of Settings and of the sign-in page ask for."""
    screens = _Screens(desk, signin, now)
    return [
        web.post("/settings/passkeys/options", desk.form(screens.ask_to_make)),
        web.post("/settings/passkeys", desk.form(screens.make)),
        web.post("/settings/passkeys/remove", desk.form(screens.remove)),
        web.post("/signin/passkey/options", desk.anyones_form(screens.ask_to_enter)),
        web.post("/signin/passkey", desk.anyones_form(screens.enter)),
    ]


class _Screens:
    def __init__(self, desk: Desk, signin: SignIn, now: Clock) -> None:
        self._kept: Passkeys = desk.accounts.passkeys
        self._origin = desk.config.console_origin
        self._signin = signin
        self._now = now

    async def ask_to_make(self, visit: Visit) -> web.Response:
        known = await self._kept.list(visit.owner.id)
        asked = rules.ask_to_make(self._origin, visit.owner, known)
        return await self._asked(visit, f"{MAKE} {visit.owner.id}", asked)

    async def make(self, visit: Visit) -> web.Response:
        me = visit.owner
        challenge = await self._kept.take(f"{MAKE} {me.id}", visit.text("ticket", 100))
        label = visit.text("label", LABEL_MAX).strip() or gettext(visit.locale, "Passkey")
        credential = visit.text("credential", CREDENTIAL_MAX)
        key = rules.made(self._origin, me, challenge, credential, label, self._now())
        await self._kept.add(key)
        await visit.note("passkey", label)
        return _go(visit, "/settings#passkeys")

    async def remove(self, visit: Visit) -> web.Response:
        if await self._kept.withdraw(visit.owner.id, visit.text("id", 2000)):
            await visit.note("passkey-removed")
        return visit.go("/settings#passkeys")

    async def ask_to_enter(self, visit: Visit) -> web.Response:
        await self._signin.brake(visit, "passkey", PASSKEY_BY_ADDRESS)
        return await self._asked(visit, ENTER, rules.ask_to_enter(self._origin))

    async def enter(self, visit: Visit) -> web.StreamResponse:
        await self._signin.brake(visit, "passkey", PASSKEY_BY_ADDRESS)
        challenge = await self._kept.take(ENTER, visit.text("ticket", 100))
        credential = visit.text("credential", CREDENTIAL_MAX)
        key = await self._kept.known(rules.credential_id(credential))
        account = await visit.desk.accounts.by_id(key.account) if key else None
        if key is None or account is None:
            raise Problem("forbidden", "This passkey is not known here.")
        let_in(account)
        used = rules.entered(self._origin, key, challenge, credential, self._now())
        await self._kept.use(used)
        where = local_path(visit.text("next"))
        return await self._signin.let_in(visit, account, _go(visit, where))

    async def _asked(self, visit: Visit, purpose: str, asked: Asked) -> web.Response:
        ticket = await self._kept.challenge(purpose, asked.challenge)
        body = f'{{"ticket": "{ticket}", "options": {asked.options}}}'
        return web.Response(text=body, content_type="application/json", headers=visit.desk.headers)


def _go(visit: Visit, where: str) -> web.Response:
    return web.json_response({"go": where}, headers=visit.desk.headers)
