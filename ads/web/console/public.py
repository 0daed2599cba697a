"""Pages for people without an account: how we count, and reporting a page."""

import re
from collections.abc import Callable

from aiohttp import web

from ads import complaint
from ads.clock import Clock
from ads.errors import Problem
from ads.i18n import gettext
from ads.ids import new_id
from ads.store.complaints import Complaints
from ads.store.throttle import Throttle
from ads.web.console.desk import Desk, Visit
from ads.web.console.words import marked

REASONS = {
    "false": marked("It is false or misleading"),
    "label": marked("It is not labelled as an ad"),
    "rights": marked("It uses what is mine"),
    "other": marked("Something else"),
}
AddressOf = Callable[[web.Request], str]


def routes(
    desk: Desk, *, complaints: Complaints, throttle: Throttle, address_of: AddressOf, now: Clock
) -> list[web.RouteDef]:
    """GET /about, GET and POST /report."""

    async def take(visit: Visit) -> web.Response:
        await throttle.brake("complaint", address_of(visit.request), complaint.RATE)
        texts = {name: visit.text(name) for name in ("reason", "words", "contact")}
        try:
            made = complaint.parse(new_id(), now(), texts | {"share": _shared(visit)})
        except Problem:
            return _form(visit, gettext(visit.locale, "Choose one of these."))
        await complaints.put(made)
        return _form(visit, done=True)

    return [
        web.get("/about", desk.anyone(_about)),
        web.get("/report", desk.anyone(_ask)),
        web.post("/report", desk.anyones_form(take)),
    ]


def lost(desk: Desk) -> web.RouteDef:
    """The route of any other address: a page that says it is not found; not for the API."""

    async def answer(_: Visit) -> web.Response:
        raise Problem("not_found")

    return web.get("/{any:(?!api/|healthz$|readyz$).*}", desk.anyone(answer))


async def _about(visit: Visit) -> web.Response:
    return visit.html("about.html")


async def _ask(visit: Visit) -> web.Response:
    return _form(visit)


def _shared(visit: Visit) -> str:
    """The id of the share in an address of ours; an id, or another address, as it is."""
    page = visit.text("share", complaint.LINE_MAX)
    host = visit.desk.config.pages_origin.partition("://")[2]
    _, ours, rest = page.partition(f"{host}/s/")
    return re.split(r"[/?#\s]", rest)[0] if ours else page


def _form(visit: Visit, wrong: str = "", *, done: bool = False) -> web.Response:
    reasons = [(value, gettext(visit.locale, text)) for value, text in REASONS.items()]
    return visit.html(
        "complaint.html",
        422 if wrong else 200,
        share=_shared(visit),
        words=visit.text("words", complaint.WORDS_MAX),
        contact=visit.text("contact", complaint.LINE_MAX),
        reasons=reasons,
        wrong=wrong,
        done=done,
    )
