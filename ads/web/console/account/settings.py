"""Settings: profile, people, API keys, privacy, language; for the operator also complaints."""

import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from aiohttp import web

from ads import text
from ads.accounts import LABEL_MAX, SCOPES, Account, Invite, identity
from ads.accounts.access import INVITED, check_signup
from ads.errors import Problem, choice
from ads.i18n import gettext
from ads.ids import digest
from ads.store.accounts import Accounts
from ads.store.complaints import Complaints
from ads.web.console import csrf
from ads.web.console.account.owndata import OwnData
from ads.web.console.desk import Desk, Screen, Visit
from ads.web.console.faults import explained
from ads.web.console.public import REASONS
from ads.web.console.words import marked

COMPLAINTS_SHOWN = 100
DEEDS_SHOWN = 50
PEOPLE_SHOWN = 100
DEEDS = {
    "entered": marked("Signed in"),
    "left": marked("Signed out everywhere"),
    "password": marked("Password changed"),
    "passkey": marked("Passkey made"),
    "passkey-removed": marked("Passkey removed"),
    "key": marked("API key made"),
    "key-revoked": marked("API key revoked"),
    "link": marked("Read-only link made"),
    "link-withdrawn": marked("Read-only link withdrawn"),
    "ad": marked("Ad saved"),
    "ad-state": marked("Ad's state changed"),
    "ad-deleted": marked("Ad deleted"),
    "share": marked("Share published"),
    "share-changed": marked("Share changed"),
    "share-ended": marked("Share ended"),
    "invited": marked("Invitation made"),
    "withdrawn": marked("Invitation withdrawn"),
    "guest-ended": marked("Access ended"),
    "guest-back": marked("Access given back"),
    "ended-there": marked("Signed out elsewhere"),
    "joined": marked("Account made"),
    "export": marked("Data exported"),
}
_PLACED = re.compile(
    "(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/"
)
ROLES = {
    "owner": marked("Runs this Passalong"),
    "member": marked("Makes ads, shares"),
    "sharer": marked("Shares only"),
    "viewer": marked("Reads reports"),
}
ENDED_BY_HOST = marked("Whoever invited you ended your access.")
Leave = Callable[[str], Awaitable[object]]


def routes(desk: Desk, *, complaints: Complaints, own: OwnData, leave: Leave) -> list[web.RouteDef]:
    """The screens behind the account's initials; `leave` removes an account for good."""
    screens = _Screens(desk.accounts, complaints, own, leave)
    return [
        web.get("/settings", desk.members(screens.show)),
        web.post("/settings/profile", desk.form(screens.explained(screens.profile))),
        web.post("/settings/identity", desk.form(screens.explained(screens.identity))),
        web.post("/settings/password", desk.form(screens.explained(screens.password))),
        web.post("/settings/keys", desk.form(screens.explained(screens.new_key))),
        web.post("/settings/keys/revoke", desk.form(screens.revoke_key)),
        web.post("/settings/sessions/revoke", desk.form(screens.revoke_session)),
        web.post("/settings/sessions/all", desk.form(screens.sign_out_everywhere)),
        web.get("/settings/export", desk.members(screens.export)),
        web.post("/settings/delete", desk.form(screens.leave)),
        web.post("/settings/people", desk.form(screens.invite)),
        web.post("/settings/people/withdraw", desk.form(screens.withdraw)),
        web.post("/settings/people/access", desk.form(screens.access)),
        web.post("/settings/complaints/settle", desk.form(screens.settle)),
    ]


class _Screens:
    def __init__(
        self, accounts: Accounts, complaints: Complaints, own: OwnData, leave: Leave
    ) -> None:
        self._accounts = accounts
        self._complaints = complaints
        self._own = own
        self._leave = leave

    async def show(self, visit: Visit) -> web.Response:
        return await self._page(visit)

    def explained(self, screen: Screen) -> Screen:
        """The screen; if its form is invalid, the page with the errors explained."""

        async def tried(visit: Visit) -> web.StreamResponse:
            try:
                return await screen(visit)
            except Problem as problem:
                if problem.code != "invalid":
                    raise
                return await self._page(visit, errors=explained(visit.locale, problem))

        return tried

    async def profile(self, visit: Visit) -> web.Response:
        wanted = {name: visit.text(name) for name in ("name", "locale", "time_zone")}
        await self._accounts.patch(visit.owner.id, wanted)
        return visit.desk.themed(visit.go("/settings?saved=1"), visit.text("theme", 8))

    async def identity(self, visit: Visit) -> web.Response:
        fields = {name: text.mended(visit.text(name)) for name in identity.FIELDS}
        await self._accounts.patch(visit.owner.id, {"identity": fields})
        return visit.go("/settings?saved=1")

    async def password(self, visit: Visit) -> web.StreamResponse:
        """Changes the password: every session ends, and this browser gets a new one."""
        me = visit.owner
        if not await self._accounts.confirm(me, visit.text("old")):
            wrong = gettext(visit.locale, "That is not your password.")
            return await self._page(visit, errors={"old": wrong})
        await self._accounts.set_password(me.id, visit.text("password"))
        label = visit.request.headers.get("User-Agent", "")[:80]
        token = await self._accounts.new_session(me.id, label)
        return visit.desk.signed_in(visit.go("/settings?saved=1"), token)

    async def new_key(self, visit: Visit) -> web.Response:
        """Makes an API key; it is shown now, and once more to whoever reloads the page."""
        scope = choice(visit.text("scope", 8) or "all", SCOPES, "scope")
        label = visit.text("label")
        sent = f"{visit.text(csrf.FIELD)}\0{scope}\0{label}"
        secret = csrf.again(sent, visit.whose, visit.desk.config.secret_keys)
        _, key = await self._accounts.add_key(visit.owner.id, label, secret, scope)
        return await self._page(visit, key=key)

    async def revoke_key(self, visit: Visit) -> web.Response:
        await self._accounts.revoke_key(visit.owner.id, visit.text("id"))
        return visit.go("/settings#keys")

    async def revoke_session(self, visit: Visit) -> web.Response:
        await self._accounts.sessions.withdraw(visit.owner.id, visit.text("id"))
        await visit.note("ended-there")
        return visit.go("/settings#profile")

    async def sign_out_everywhere(self, visit: Visit) -> web.StreamResponse:
        """Ends every session, this browser's too."""
        await self._accounts.end_all_sessions(visit.owner.id)
        await visit.note("left")
        return visit.desk.signed_out(visit.go("/signin"))

    async def export(self, visit: Visit) -> web.Response:
        """Everything that is kept of the account, as JSON."""
        headers = {"Content-Disposition": 'attachment; filename="passalong.json"'}
        body = await self._own.of(visit.owner)
        return web.Response(
            body=body, content_type="application/json", headers=visit.desk.headers | headers
        )

    async def leave(self, visit: Visit) -> web.StreamResponse:
        """Removes the account, if the password is given once more."""
        if not await self._accounts.confirm(visit.owner, visit.text("leaving")):
            wrong = gettext(visit.locale, "That is not your password.")
            return await self._page(visit, errors={"leaving": wrong})
        await self._leave(visit.owner.email)
        return visit.desk.signed_out(visit.go("/signin"))

    async def invite(self, visit: Visit) -> web.Response:
        """Makes an invitation: a link that works once, for seven days."""
        me = visit.owner
        able = INVITED.get(me.role, ())
        role = next((r for r in able if visit.text("role") in ("", r)), None)
        if role is None:
            raise Problem("not_found")
        if role == "member":
            check_signup(visit.desk.config.signup, invited=True)
        host = "" if role == "member" else me.id
        tag = text.mended(visit.text("email", LABEL_MAX))
        label = tag if text.visible(tag) else gettext(visit.locale, "Someone")
        token = await self._accounts.invites.create(label, role, host)
        await visit.note("invited", label)
        return await self._page(
            visit, link=f"{visit.desk.config.console_origin}/join?token={token}"
        )

    async def withdraw(self, visit: Visit) -> web.Response:
        waiting = await self._invitations(visit.owner)
        wanted = next((each for each in waiting if each.id == visit.text("id", 64)), None)
        if wanted is None:
            raise Problem("not_found")
        await self._accounts.invites.withdraw("", wanted.id)
        await visit.note("withdrawn", wanted.label)
        return visit.go("/settings#people")

    async def access(self, visit: Visit) -> web.Response:
        """Ends a guest's access or gives it back; what the guest shared goes on.

        A guest whom the operator ended cannot be let in again here.
        """
        guests, end = await self._accounts.guests(visit.owner.id), bool(visit.number("end"))
        guest = next((each for each in guests if each.id == visit.text("id", 64)), None)
        if guest is None or guest.ended_why not in ("", ENDED_BY_HOST):
            raise Problem("not_found")
        ending = (ENDED_BY_HOST, visit.desk.views.now()) if end else ("", 0)
        await self._accounts.end(guest.id, *ending)
        deed = "guest-ended" if end else "guest-back"
        await visit.note(deed, guest.email)
        return visit.go("/settings#people")

    async def settle(self, visit: Visit) -> web.Response:
        visit.operator()
        await self._complaints.settle(visit.text("id"))
        return visit.go("/settings#complaints")

    async def _people(self, me: Account) -> list[Account]:
        """For the operator everyone, for an advertiser itself and its guests, else nobody."""
        if me.role not in INVITED:
            return []
        found = await self._accounts.all()
        return [a for a in found if me.role == "owner" or me.id in (a.id, a.host)]

    async def _invitations(self, me: Account) -> list[Invite]:
        if me.role not in INVITED:
            return []
        found = await self._accounts.invites.list()
        return [each for each in found if me.role == "owner" or each.host == me.id]

    async def _page(self, visit: Visit, **shown: Any) -> web.Response:
        me = visit.owner
        operator = me.role == "owner"
        values: dict[str, Any] = {"errors": {}, "key": "", "link": ""} | shown
        return visit.html(
            "settings.html",
            422 if values["errors"] else 200,
            keys=await self._accounts.api_keys.list(me.id),
            sessions=await self._accounts.sessions.list(me.id),
            this_session=digest(visit.token),
            passkeys=await self._accounts.passkeys.list(me.id),
            deeds=await self._accounts.audit.newest(me.id, DEEDS_SHOWN),
            deed_word=lambda what: gettext(visit.locale, DEEDS.get(what, what)),
            people=await self._people(me),
            people_shown=PEOPLE_SHOWN,
            ended_by_host=ENDED_BY_HOST,
            zones=_zones(),
            invitations=await self._invitations(me),
            roles=_roles(visit, me),
            role_word=lambda role: gettext(visit.locale, ROLES[role]),
            complaints=await self._complaints.newest(COMPLAINTS_SHOWN) if operator else [],
            reasons={value: gettext(visit.locale, text) for value, text in REASONS.items()},
            saved=bool(visit.text("saved")),
            typed=visit.form,
            **values,
        )


@cache
def _zones() -> list[str]:
    """The time zones named by continent and place; the others are old names of these."""
    return ["UTC", *sorted(filter(_PLACED.match, available_timezones()))]


def _roles(visit: Visit, me: Account) -> list[tuple[str, str]]:
    """The roles that one may invite: (role, what it may do)."""
    closed = visit.desk.config.signup == "closed"
    able = (role for role in INVITED.get(me.role, ()) if role != "member" or not closed)
    return [(role, gettext(visit.locale, ROLES[role])) for role in able]
