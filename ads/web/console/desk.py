"""Where every visit to the console begins: account, language, and whether its form is genuine."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from aiohttp import web
from multidict import MultiDict, MultiDictProxy
from yarl import URL

from ads.accounts import Account
from ads.accounts.access import may_change
from ads.config import AdsConfig
from ads.errors import Problem
from ads.i18n import LANGUAGES, accepted
from ads.store import keys
from ads.store.accounts import Accounts
from ads.web import form as forms
from ads.web.console import csrf, policy
from ads.web.console.views import Views
from ads.web.problem import Handler, of

THEMES = ("light", "dark")
THEME_COOKIE = "passalong-theme"
THEME_SECONDS = 365 * 24 * 3600


Screen = Callable[["Visit"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Visit:
    """A request to the console, with its account, language and form."""

    request: web.Request
    desk: "Desk"
    locale: str
    token: str = ""
    account: Account | None = None
    form: forms.Form = field(default_factory=lambda: MultiDictProxy(MultiDict()))
    zone: str = ""

    @property
    def owner(self) -> Account:
        """The account; only for screens of people who signed in."""
        if self.account is None:
            raise Problem("unauthorized")
        return self.account

    def operator(self) -> Account:
        """The account, if it is the operator's.

        Raises Problem("not_found") for anybody else, as if there were no such page.
        """
        if self.owner.role != "owner":
            raise Problem("not_found")
        return self.owner

    @property
    def whose(self) -> str:
        """Whose form it is: the account's, not the session's, so that it outlives the session."""
        return self.account.id if self.account else ""

    @property
    def sends(self) -> bool:
        """Whether the request sends a form."""
        return self.request.method == "POST"

    @property
    def here(self) -> str:
        """This page's address, or that of the page from which the form was sent."""
        if not self.sends:
            return str(self.request.rel_url)
        form = urlsplit(self.request.headers.get("Referer", ""))
        ours = f"{form.scheme}://{form.netloc}" == self.desk.config.console_origin
        return local_path(urlunsplit(("", "", form.path, form.query, ""))) if ours else "/"

    @property
    def time_zone(self) -> str:
        """The zone in which times are shown: `zone` if set, else the account's own."""
        return self.zone or (self.account.time_zone if self.account else "UTC")

    async def note(self, what: str, about: str = "", of: str = "") -> None:
        """Adds to the account's audit list (`Audit.note`)."""
        await self.desk.accounts.audit.note(self.owner.id, what, about, of)

    def text(self, name: str, longest: int = 4096) -> str:
        """A field of the form or the query, "" if it is missing or a file."""
        value = self.form.get(name, self.request.query.get(name, ""))
        return value[:longest] if isinstance(value, str) else ""

    def number(self, name: str, longest: int = 9) -> int:
        """A whole number in a field or the query, 0 if there is none."""
        digits = self.text(name, longest)
        return int(digits) if digits.isascii() and digits.isdigit() else 0

    def page(self, template: str, **values: Any) -> str:
        """The rendered page, with the values that every page needs."""
        frame = {
            "me": self.account,
            "csrf": csrf.hidden(self.whose, self.desk.config.secret_keys),
            "here": self.here,
            "sends": self.sends,
            "languages": _languages(self),
            "theme": theme(self.request),
        }
        return self.desk.views.render(template, self.locale, self.time_zone, frame | values)

    def html(self, template: str, status: int = 200, **values: Any) -> web.Response:
        """The answer with a rendered page."""
        return written(self.page(template, **values), self.desk.headers, status)

    def go(self, where: str) -> web.Response:
        """A redirect to another page of ours, as a GET."""
        return web.Response(status=303, headers={**self.desk.headers, "Location": where})


class Desk:
    """Makes visits. Screens are plain functions from a Visit to an answer."""

    def __init__(self, *, accounts: Accounts, config: AdsConfig, views: Views) -> None:
        self.accounts = accounts
        self.config = config
        self.views = views
        self.headers = dict(policy.headers(config.console_origin, config.pages_origin))
        secure = config.console_origin.startswith("https:")
        self.cookie = "__Host-passalong" if secure else "passalong"
        self._guarded: dict[str, Any] = {"secure": secure, "httponly": True, "samesite": "Lax"}

    def anyone(self, screen: Screen) -> Handler:
        """A page for everyone."""
        return self._handler(screen, form=False, members=False)

    def members(self, screen: Screen) -> Handler:
        """A page for people who signed in; others sign in first and come back."""
        return self._handler(screen, form=False, members=True)

    def makers(self, screen: Screen) -> Handler:
        """A page on which things are made; whose role makes none goes to its own first page."""

        async def shown(visit: Visit) -> web.StreamResponse:
            if may_change(visit.owner.role, visit.request.path):
                return await screen(visit)
            return visit.go("/reports" if visit.owner.role == "viewer" else "/")

        return self.members(shown)

    def anyones_form(self, screen: Screen) -> Handler:
        """A form for everyone: it must come from our own page."""
        return self._handler(screen, form=True, members=False)

    def form(self, screen: Screen) -> Handler:
        """A form of people who signed in: from our own page, with a token of the account's."""
        return self._handler(screen, form=True, members=True)

    def signed_in(self, answer: web.StreamResponse, token: str) -> web.StreamResponse:
        """Keeps a new session's token in the browser."""
        answer.set_cookie(self.cookie, token, max_age=keys.SESSION_SECONDS, **self._guarded)
        return answer

    def signed_out(self, answer: web.StreamResponse) -> web.StreamResponse:
        """Takes the session's token out of the browser."""
        answer.del_cookie(self.cookie, **self._guarded)
        return answer

    def themed(self, answer: web.Response, wanted: str) -> web.Response:
        """Keeps the theme in this browser; anything but a theme follows the system again."""
        if wanted in THEMES:
            answer.set_cookie(THEME_COOKIE, wanted, max_age=THEME_SECONDS, **self._guarded)
        else:
            answer.del_cookie(THEME_COOKIE, path="/")
        return answer

    def _handler(self, screen: Screen, *, form: bool, members: bool) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            visit = Visit(request, self, language(request, None))
            try:
                visit = await self._known(visit)
                if members and visit.account is None:
                    return _outside(visit)
                visit = await self._with_form(visit) if form else visit
                return await screen(visit)
            except (web.HTTPException, ConnectionError):  # nobody is there to be told the latter
                raise
            except Exception as error:  # noqa: BLE001 - the edge: nothing may show its insides
                return _refusal(visit, of(error))

        return handle

    async def _known(self, visit: Visit) -> Visit:
        """The visit with the session's account, if there is one."""
        token = visit.request.cookies.get(self.cookie, "")
        account = await self.accounts.by_session(token) if token else None
        if account is None:
            return visit
        locale = language(visit.request, account)
        return replace(visit, token=token, account=account, locale=locale)

    async def _with_form(self, visit: Visit) -> Visit:
        """The visit with its form, read and found genuine."""
        if not csrf.from_us(visit.request.headers, self.config.console_origin):
            raise Problem("forbidden", "This form did not come from this Passalong.")
        form = await forms.read(visit.request)
        token = form.get(csrf.FIELD, "")
        if not isinstance(token, str) or not csrf.fits(token, visit.whose, self.config.secret_keys):
            raise Problem("forbidden", "This form is too old. Load the page again.")
        if visit.account and not may_change(visit.account.role, visit.request.path):
            raise Problem("forbidden", "This account may not change that.")
        return replace(visit, form=form)


def written(page: str, headers: Mapping[str, str], status: int = 200) -> web.Response:
    """The answer with this page."""
    answer = web.Response(text=page, status=status, content_type="text/html", headers=headers)
    answer.enable_compression()  # a form's token differs each time: its length tells nothing
    return answer


def theme(request: web.Request) -> str:
    """This browser's theme, "" to follow the system."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def language(request: web.Request, account: Account | None) -> str:
    """The language in the address, else the account's, else the browser's first that we have."""
    asked = request.query.get("lang", "") or (account.locale if account else "")
    if asked in LANGUAGES:
        return asked
    return accepted(request.headers.get("Accept-Language", ""))


def _languages(visit: Visit) -> list[tuple[str, str, str]]:
    """(tag, name, this page's address in it) for the corner."""
    # Without the path: that of a page that was not found may lead elsewhere (`//host`).
    query = URL("").with_query(visit.request.query)
    return [
        (tag, name, str(query.update_query(lang=tag)))
        for tag, name in (("en", "English"), ("zh", "简体中文"))
    ]


def local_path(where: str) -> str:
    """`where` if it is a path of our own, else the front page: no redirect leads elsewhere."""
    parts = urlsplit(where.replace("\\", "/"))
    ours = where.startswith("/") and not where.startswith(("//", "/\\"))
    plain = "//" not in parts.path and "/." not in parts.path  # nor one that becomes //elsewhere
    return where if ours and plain and not parts.netloc and where.isprintable() else "/"


def _outside(visit: Visit) -> web.Response:
    """A redirect to the sign-in; for a form an error page, so that what was typed is not lost."""
    if visit.sends:
        return _refusal(visit, Problem("unauthorized"))
    return visit.go("/signin?next=" + quote(visit.here, safe=""))


def _refusal(visit: Visit, problem: Problem) -> web.Response:
    answer = visit.html("problem.html", problem.status, problem=problem)
    if problem.retry_after:
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer
