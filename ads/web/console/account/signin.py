"""Getting in: the one-time link of the first start, invitations, signing in and out."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

from ads.accounts import Account
from ads.accounts.access import SIGN_UPS_BY_ADDRESS, Rate
from ads.errors import Problem
from ads.i18n import LANGUAGES, gettext
from ads.store.accounts import Accounts
from ads.store.throttle import Throttle
from ads.web.console.desk import Desk, Visit, local_path
from ads.web.console.faults import explained

AddressOf = Callable[[web.Request], str]
Check = Callable[[str], Awaitable[None]]


def routes(desk: Desk, screens: "SignIn") -> list[web.RouteDef]:
    """The screens for people who have not signed in, and signing out."""
    return [
        web.get("/start", desk.anyone(screens.start)),
        web.post("/start", desk.anyones_form(screens.make_first)),
        web.get("/join", desk.anyone(screens.join)),
        web.post("/join", desk.anyones_form(screens.make_invited)),
        web.get("/signin", desk.anyone(screens.ask)),
        web.post("/signin", desk.anyones_form(screens.sign_in)),
        web.post("/signout", desk.form(screens.sign_out)),
    ]


class SignIn:
    """The screens of signing in and making an account.

    `address_of` gives the client's address behind trusted proxies; attempts to sign in are limited
    by it and, with `throttle`, new accounts.
    """

    def __init__(self, accounts: Accounts, address_of: AddressOf, throttle: Throttle) -> None:
        self._accounts = accounts
        self._address_of = address_of
        self._throttle = throttle

    async def start(self, visit: Visit) -> web.Response:
        """GET /start?token=: the form of the first account."""
        return await self._asked(visit, "/start", self._accounts.invites.check_first)

    async def join(self, visit: Visit) -> web.Response:
        """GET /join?token=: the form of an invited account, or of any if sign-up is open."""
        if not visit.text("token") and _open(visit):
            return _start(visit, "/join")
        return await self._asked(visit, "/join", self._accounts.invites.check)

    async def make_first(self, visit: Visit) -> web.StreamResponse:
        """POST /start."""
        return await self._make(visit, "/start", self._accounts.claim_first_link)

    async def make_invited(self, visit: Visit) -> web.StreamResponse:
        """POST /join."""
        if visit.text("token") or not _open(visit):
            return await self._make(visit, "/join", self._accounts.claim_invite)
        await self.brake(visit, "sign-up", SIGN_UPS_BY_ADDRESS)

        async def sign_up(_token: str, *fields: str) -> Account:
            return await self._accounts.sign_up(visit.desk.config.signup, *fields)

        return await self._make(visit, "/join", sign_up)

    async def brake(self, visit: Visit, purpose: str, rate: Rate) -> None:
        """Limits something by the visit's address. Raises Problem("rate_limited")."""
        await self._throttle.brake(purpose, self._address_of(visit.request), rate)

    async def _asked(self, visit: Visit, action: str, check: Check) -> web.Response:
        """The form, or that its link is over, so that nobody fills it in in vain."""
        try:
            await check(visit.text("token"))
        except Problem:
            return _start(visit, action, gone=True)
        return _start(visit, action)

    async def _make(self, visit: Visit, action: str, claim: Any) -> web.StreamResponse:
        fields = [visit.text(name) for name in ("token", "email", "name", "password")]
        try:
            account: Account = await claim(*fields)
        except Problem as problem:
            if problem.code == "ended":
                return _start(visit, action, gone=True)
            if problem.code not in ("invalid", "conflict"):
                raise
            return _start(visit, action, errors=explained(visit.locale, problem))
        await self._in_its_zone(account, visit)
        return await self.let_in(visit, account, visit.go("/"))

    async def _in_its_zone(self, account: Account, visit: Visit) -> None:
        """Sets the browser's time zone, if it is known."""
        with suppress(Problem):
            await self._accounts.patch(account.id, {"time_zone": visit.text("time_zone")})

    async def let_in(
        self, visit: Visit, account: Account, answer: web.Response
    ) -> web.StreamResponse:
        """`answer` with a new session of this account, in the language chosen on the way in."""
        if visit.text("lang", 2) in LANGUAGES:
            await self._accounts.patch(account.id, {"locale": visit.text("lang", 2)})
        label = visit.request.headers.get("User-Agent", "")
        token = await self._accounts.new_session(account.id, label)
        if visit.token:
            await self._accounts.sessions.end_token(visit.token)
        return visit.desk.signed_in(answer, token)

    async def ask(self, visit: Visit) -> web.Response:
        """GET /signin."""
        where = local_path(visit.text("next"))
        return visit.go(where) if visit.account else _ask(visit)

    async def sign_in(self, visit: Visit) -> web.StreamResponse:
        """POST /signin."""
        email, password = visit.text("email"), visit.text("password")
        try:
            address = self._address_of(visit.request)
            account = await self._accounts.verify(email, password, address)
        except Problem as problem:
            return await self._not_in(visit, problem)
        if account is None:
            wrong = gettext(visit.locale, "The email or the password is not right.")
            return _ask(visit, 401, wrong)
        where = local_path(visit.text("next"))
        return await self.let_in(visit, account, visit.go(where))

    async def _not_in(self, visit: Visit, problem: Problem) -> web.Response:
        """The answer to an attempt that came too soon, or to an account that was ended."""
        if problem.code == "rate_limited":
            answer = _ask(visit, 429, gettext(visit.locale, "Too many tries. Wait a little."))
            answer.headers["Retry-After"] = str(problem.retry_after)
            return answer
        account = await self._accounts.by_email(visit.text("email"))
        if problem.code != "forbidden" or account is None:
            raise problem
        over = gettext(visit.locale, "This account was ended: %(why)s")
        return _ask(visit, 403, over % {"why": gettext(visit.locale, account.ended_why)})

    async def sign_out(self, visit: Visit) -> web.StreamResponse:
        """POST /signout."""
        await self._accounts.sessions.end_token(visit.token)
        return visit.desk.signed_out(visit.go("/signin"))


def _open(visit: Visit) -> bool:
    """Whether anybody may make an account."""
    return visit.desk.config.signup == "open"


def _start(
    visit: Visit, action: str, *, gone: bool = False, errors: dict[str, str] | None = None
) -> web.Response:
    if action == "/start":
        heading = gettext(visit.locale, "Make the first account")
        lead = gettext(visit.locale, "This link works once. Whoever uses it runs this Passalong.")
    elif visit.text("token"):
        heading = gettext(visit.locale, "Make your account")
        lead = gettext(visit.locale, "This invitation works once.")
    else:
        heading = gettext(visit.locale, "Make your account")
        lead = gettext(visit.locale, "Your first ads are looked at before readers see them.")
    return visit.html(
        "start.html",
        410 if gone else 422 if errors else 200,
        gone=gone,
        action=action,
        heading=heading,
        lead=lead,
        token=visit.text("token"),
        values={"name": visit.text("name"), "email": visit.text("email")},
        errors=errors or {},
    )


def _ask(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    return visit.html(
        "signin.html",
        status,
        wrong=wrong,
        email=visit.text("email"),
        next=local_path(visit.text("next")),
        asked=visit.request.query.get("lang", ""),
        open=_open(visit),
    )
