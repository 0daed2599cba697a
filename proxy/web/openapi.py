"""What the calls about shares take and answer, for `ads.web.openapi`."""

from ads.ad.review import WHY_MAX
from ads.web.openapi.parts import (
    IMAGE_PATTERN,
    Json,
    Paths,
    answers,
    choice,
    in_json,
    line,
    listing,
    nullable,
    operation,
    page_of,
    record,
    ref,
    removal,
    structs,
)
from proxy.moderation.vetting import VERDICTS
from proxy.page import MODES
from proxy.publish import forms
from proxy.shares import RIGHTS, STATES
from proxy.web.operator_api import ActView, ReviewedView
from proxy.web.views import PreviewView, ShareView

# What the source can answer, beside the request's own faults (contract, section 3).
_SOURCE = (400, 403, 404, 409, 413, 415, 422, 424, 429, 502, 504)


def schemas() -> dict[str, Json]:
    """The schemas that these calls name."""
    asked = _asked()
    preview = {name: asked[name] for name in ("url", "ad", "mode")}
    patch = {name: schema for name, schema in asked.items() if name != "url"}
    version = {"type": ["integer", "null"], "description": "The one that was looked at."}
    verdict = {"verdict": choice(VERDICTS), "version": version, "why": line(WHY_MAX)}
    return {
        **structs(ShareView, PreviewView, ReviewedView, ActView),
        "ReviewPage": page_of(ref("ReviewedView")),
        "TrailPage": page_of(ref("ActView")),
        "Verdict": record(verdict, ("verdict",)),
        "SharePage": page_of(ref("ShareView")),
        "NewShare": record(asked, ("url", "ad")),
        "NewPreview": record(preview, ("url", "ad")),
        "SharePatch": record(patch | {"state": choice(STATES)}, ()),
    }


def _asked() -> dict[str, Json]:
    """What a body may say about a share."""
    card = {
        "title": nullable(line(forms.TITLE_MAX)),
        "description": nullable(line(forms.DESCRIPTION_MAX)),
        "image": nullable(line(forms.IMAGE_MAX, pattern=IMAGE_PATTERN)),
    }
    return {
        "url": line(forms.URL_MAX, pattern="^[hH][tT][tT][pP][sS]?://[^/?#@\\s]"),
        "ad": line(forms.ID_MAX, needed=True),
        "channel": nullable(line(forms.CHANNEL_MAX)),
        "mode": {"type": ["string", "null"], "enum": [*MODES, None]},
        "rights": {"type": ["string", "null"], "enum": [*RIGHTS, None]},
        "card": nullable(record(card, ())),
    }


def paths() -> Paths:
    """The calls by path and method."""
    new, one = in_json("The share.", "ShareView", Location="Its address."), _share("It.")
    change = "Change ad, channel, mode, rights, card or state"
    refresh = "Ask the article's source again now; a change shows on every share of it"
    look = "What would be published; its page is good for ten minutes"
    found = in_json("What would be published.", "PreviewView")
    return {
        "/api/v1/shares": {
            "post": _publishing("publish", "Publish an article with an ad", new, "NewShare", 201),
            "get": listing("listShares", "One's shares", "SharePage"),
        },
        "/api/v1/shares/{share}": {
            "get": operation("readShare", "A share", one),
            "patch": _publishing("changeShare", change, one, "SharePatch", 200),
            "delete": removal("endShare", "End a share: its page answers 410"),
        },
        "/api/v1/shares/{share}/refresh": {
            "post": operation(
                "refreshShare", refresh, _share("The share as it is now."), 422, 429, status=201
            )
        },
        "/api/v1/shares/{share}/qr.svg": {"get": _code("Svg", "image/svg+xml")},
        "/api/v1/shares/{share}/qr.png": {"get": _code("Png", "image/png")},
        "/api/v1/preview": {"post": _publishing("preview", look, found, "NewPreview", 201)},
        **_operators(),
    }


def _share(description: str) -> Json:
    return in_json(description, "ShareView")


def _publishing(name: str, summary: str, answer: Json, body: str, status: int) -> Json:
    """A call that may ask the source: refused by it as well as by the request's own faults."""
    return operation(name, summary, answer, *_SOURCE, status=status, body=body)


def _operators() -> Paths:
    """For the account that runs the service; for any other there is none of it."""
    waiting = "Operator: ads of newcomers that nobody has looked at yet"
    judge = "Operator: pass an ad, refuse it with a reason, or vouch for its account"
    done = "Operator: what was ended, lowered, lifted or judged"
    read = "Operator: each version of every ad, whose it was, when and on which shares"
    lines = answers("JSON lines.", {"application/x-ndjson": {"type": "string"}})
    ad = in_json("The ad.", "AdView")
    return {
        "/api/v1/reviews": {"get": listing("listReviews", waiting, "ReviewPage", 404)},
        "/api/v1/reviews/{ad}": {"patch": operation("judgeAd", judge, ad, 412, body="Verdict")},
        "/api/v1/takedowns": {"get": listing("listTakedowns", done, "TrailPage", 404)},
        "/api/v1/register": {"get": operation("readRegister", read, lines, 404)},
    }


def _code(name: str, kind: str) -> Json:
    words = "A QR code of its link"
    return operation(f"qr{name}", words, answers(f"{words}.", {kind: {"type": "string"}}))
