"""Settings: profile, people, API keys, privacy, language; for the operator what was reported."""

from typing import Any

from aiohttp import web

from ads.access import check_signup
from ads.errors import Problem
from ads.i18n import gettext
from ads.store.accounts import Accounts
from ads.store.complaints import Complaints
from ads.web.console.desk import Desk, Visit
from ads.web.console.faults import explained
from ads.web.console.public import REASONS

COMPLAINTS_SHOWN = 100


def routes(desk: Desk, *, complaints: Complaints) -> list[web.RouteDef]:
    """The screens behind the account's initials."""
    screens = Settings(desk.accounts, complaints)
    return [
        web.get("/settings", desk.members(screens.show)),
        web.post("/settings/profile", desk.form(screens.profile)),
        web.post("/settings/password", desk.form(screens.password)),
        web.post("/settings/keys", desk.form(screens.new_key)),
        web.post("/settings/keys/revoke", desk.form(screens.revoke_key)),
        web.post("/settings/sessions/revoke", desk.form(screens.revoke_session)),
        web.post("/settings/people", desk.form(screens.invite)),
        web.post("/settings/people/withdraw", desk.form(screens.withdraw)),
        web.post("/settings/complaints/settle", desk.form(screens.settle)),
    ]


class Settings:
    """The one settings page and what its forms do."""

    def __init__(self, accounts: Accounts, complaints: Complaints) -> None:
        self._accounts = accounts
        self._complaints = complaints

    async def show(self, visit: Visit) -> web.Response:
        """GET /settings."""
        return await self._page(visit)

    async def profile(self, visit: Visit) -> web.Response:
        """POST /settings/profile: name, language, time zone."""
        wanted = {name: visit.text(name) for name in ("name", "locale", "time_zone")}
        try:
            await self._accounts.update(visit.owner.id, **wanted)
        except Problem as problem:
            if problem.code != "invalid":
                raise
            return await self._page(visit, errors=explained(visit.locale, problem))
        return visit.go("/settings?saved=1")

    async def password(self, visit: Visit) -> web.StreamResponse:
        """POST /settings/password: ends every session, this one begins anew."""
        me = visit.owner
        if await self._accounts.verify(me.email, visit.text("old")) is None:
            wrong = gettext(visit.locale, "That is not your password.")
            return await self._page(visit, errors={"old": wrong})
        try:
            await self._accounts.set_password(me.id, visit.text("password"))
        except Problem as problem:
            if problem.code != "invalid":
                raise
            return await self._page(visit, errors=explained(visit.locale, problem))
        label = visit.request.headers.get("User-Agent", "")[:80]
        token = await self._accounts.new_session(me.id, label)
        return visit.desk.signed_in(visit.go("/settings?saved=1"), token)

    async def new_key(self, visit: Visit) -> web.Response:
        """POST /settings/keys: the key is shown this once."""
        try:
            key = await self._accounts.new_key(visit.owner.id, visit.text("label"))
        except Problem as problem:
            if problem.code != "invalid":
                raise
            return await self._page(visit, errors=explained(visit.locale, problem))
        return await self._page(visit, key=key)

    async def revoke_key(self, visit: Visit) -> web.Response:
        """POST /settings/keys/revoke."""
        await self._accounts.revoke_key(visit.owner.id, visit.text("id"))
        return visit.go("/settings#keys")

    async def revoke_session(self, visit: Visit) -> web.Response:
        """POST /settings/sessions/revoke."""
        await self._accounts.revoke_session(visit.owner.id, visit.text("id"))
        return visit.go("/settings#profile")

    async def invite(self, visit: Visit) -> web.Response:
        """POST /settings/people: a link that works once, for seven days."""
        _operator(visit)
        check_signup(visit.desk.config.signup, invited=True)
        token = await self._accounts.invite(visit.text("email", 254))
        return await self._page(
            visit, link=f"{visit.desk.config.console_origin}/join?token={token}"
        )

    async def withdraw(self, visit: Visit) -> web.Response:
        """POST /settings/people/withdraw."""
        _operator(visit)
        await self._accounts.withdraw(visit.text("id"))
        return visit.go("/settings#people")

    async def settle(self, visit: Visit) -> web.Response:
        """POST /settings/complaints/settle."""
        _operator(visit)
        await self._complaints.settle(visit.text("id"))
        return visit.go("/settings#complaints")

    async def _page(self, visit: Visit, **said: Any) -> web.Response:
        me = visit.owner
        operator = me.role == "owner"
        values: dict[str, Any] = {"errors": {}, "key": "", "link": ""} | said
        return visit.html(
            "settings.html",
            422 if values["errors"] else 200,
            keys=await self._accounts.keys(me.id),
            sessions=await self._accounts.sessions(me.id),
            people=await self._accounts.all() if operator else [],
            invitations=await self._accounts.invitations() if operator else [],
            complaints=await self._complaints.newest(COMPLAINTS_SHOWN) if operator else [],
            reasons={value: gettext(visit.locale, text) for value, text in REASONS.items()},
            inviting=operator and visit.desk.config.signup != "closed",
            saved=bool(visit.text("saved")),
            **values,
        )


def _operator(visit: Visit) -> None:
    """Only who runs the service. Raises Problem("not_found"), as for what does not exist."""
    if visit.owner.role != "owner":
        raise Problem("not_found")
