"""The editor's stage: the ad of the form's fields between the words of an article, in a frame."""

from aiohttp import web

from ads import slot
from ads.ad.shape import PLACEMENTS
from ads.i18n import gettext
from ads.web.console import policy
from ads.web.console.ad import form as adform
from ads.web.console.desk import Desk, Visit, written

STAGE = "/stage"  # not below /ads: public blocking lists stop frames from there


def routes(desk: Desk) -> list[web.RouteDef]:
    """GET /stage."""
    return [web.get(STAGE, desk.members(stage))]


async def stage(visit: Visit) -> web.Response:
    """GET /stage: the ad of the form's fields in its place, for the editor's frame."""
    query = visit.request.query
    form = adform.read(query, query.getall("placements", []))
    place = next((each for each in PLACEMENTS if each == query.get("place")), PLACEMENTS[0])
    ad = adform.sample(form, _stand_ins(visit.locale), query.get("variant", "")[:16])
    pages = visit.desk.config.pages_origin
    card = slot.html(
        ad, place, language=visit.locale, share="sample", channel="", pages_origin=pages, live=True
    )
    card = card.replace(' data-slot="sticky"', ' data-slot="sticky" data-on=""', 1)
    # The frame runs no script, but stands for a page that does: its buttons are shown.
    style = (slot.STYLE + slot.DARK).replace("(scripting:none)", "not all")
    whole = "part" not in query  # the script asks for what stands in the body alone
    text = visit.page("stage.html", slot=card, style=style, place=place, whole=whole)
    headers = policy.stage_headers(visit.desk.config.console_origin, pages)
    return written(text, headers)


def _stand_ins(locale: str) -> dict[str, str]:
    return {
        "advertiser": gettext(locale, "Advertiser"),
        "title": gettext(locale, "Title of the ad"),
        "person": gettext(locale, "Name"),
    }
