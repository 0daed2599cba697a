"""What the calls about shares take and answer, for `ads.web.openapi`."""

from ads.ad.review import WHY_MAX
from ads.web.openapi.parts import (
    IMAGE_PATTERN,
    Json,
    Paths,
    answers,
    choice,
    idempotency_key,
    in_path,
    json_body,
    line,
    nullable,
    operation,
    page_of,
    paging,
    record,
    ref,
    structs,
)
from proxy.compiler.page import MODES
from proxy.moderation.vetting import VERDICTS
from proxy.publish import forms
from proxy.shares import RIGHTS, STATES
from proxy.web.vetting import ActView, ReviewedView
from proxy.web.views import PreviewView, ShareView

# What the source can answer, beside the request's own faults (contract, section 3).
_SOURCE = (400, 403, 404, 409, 413, 415, 422, 424, 429, 502, 504)


def schemas() -> dict[str, Json]:
    """The schemas that these calls name."""
    return {
        **structs(ShareView, PreviewView, ReviewedView, ActView),
        "ReviewPage": page_of(ref("ReviewedView")),
        "TrailPage": page_of(ref("ActView")),
        "Verdict": _verdict(),
        "SharePage": page_of(ref("ShareView")),
        "NewShare": _new_share(),
        "NewPreview": _new_preview(),
        "SharePatch": _patch(),
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


def _new_share() -> Json:
    return record(_asked(), ("url", "ad"))


def _new_preview() -> Json:
    asked = _asked()
    return record({name: asked[name] for name in ("url", "ad", "mode")}, ("url", "ad"))


def _patch() -> Json:
    asked = _asked()
    del asked["url"]
    return record({**asked, "state": choice(STATES)}, ())


def _verdict() -> Json:
    version = {"type": ["integer", "null"], "description": "The one that was looked at."}
    said = {"verdict": choice(VERDICTS), "version": version, "why": line(WHY_MAX)}
    return record(said, ("verdict",))


def _json(description: str, schema: str, **headers: str) -> Json:
    return answers(description, {"application/json": ref(schema)}, **headers)


def paths() -> Paths:
    """The calls."""
    return {
        "/api/v1/shares": _all(),
        "/api/v1/shares/{share}": _one(),
        "/api/v1/shares/{share}/refresh": {
            "post": operation(
                "refreshShare",
                "Ask the article's source again now; a change shows on every share of it",
                {201: _json("The share as it is now.", "ShareView")},
                (404, 429),
                parameters=[in_path("share")],
            )
        },
        "/api/v1/shares/{share}/qr.svg": {"get": _code("Svg", "image/svg+xml")},
        "/api/v1/shares/{share}/qr.png": {"get": _code("Png", "image/png")},
        "/api/v1/preview": {
            "post": operation(
                "preview",
                "What would be published; its page is good for ten minutes",
                {201: _json("What would be published.", "PreviewView")},
                _SOURCE,
                parameters=[idempotency_key()],
                body=json_body(ref("NewPreview")),
            )
        },
        **_operators(),
    }


def _operators() -> Paths:
    """For the account that runs the service; for any other there is none of it."""
    reviews, acts = _json("They.", "ReviewPage"), _json("They.", "TrailPage")
    lines = answers("JSON lines.", {"application/x-ndjson": {"type": "string"}})
    judged = {200: _json("The ad.", "AdView")}
    return {
        "/api/v1/reviews": {
            "get": operation(
                "listReviews",
                "Operator: ads of newcomers that nobody has looked at yet, newest first",
                {200: reviews},
                (404, 422),
                parameters=paging(),
            )
        },
        "/api/v1/reviews/{ad}": {
            "patch": operation(
                "judgeAd",
                "Operator: pass an ad, refuse it with a reason, or vouch for its account",
                judged,
                (400, 404, 412, 413, 415, 422),
                parameters=[in_path("ad")],
                body=json_body(ref("Verdict")),
            )
        },
        "/api/v1/takedowns": {
            "get": operation(
                "listTakedowns",
                "Operator: what was ended, lowered, lifted or judged, newest first",
                {200: acts},
                (404, 422),
                parameters=paging(),
            )
        },
        "/api/v1/register": {
            "get": operation(
                "readRegister",
                "Operator: each version of every ad, whose it was, when and on which shares",
                {200: lines},
                (404,),
            )
        },
    }


def _all() -> dict[str, Json]:
    return {
        "post": operation(
            "publish",
            "Publish an article with an ad",
            {201: _json("The share.", "ShareView", Location="Its address.")},
            _SOURCE,
            parameters=[idempotency_key()],
            body=json_body(ref("NewShare")),
        ),
        "get": operation(
            "listShares",
            "One's shares",
            {200: _json("Newest first.", "SharePage")},
            (422,),
            parameters=paging(),
        ),
    }


def _one() -> dict[str, Json]:
    one = [in_path("share")]
    return {
        "get": operation(
            "readShare", "A share", {200: _json("It.", "ShareView")}, (404,), parameters=one
        ),
        "patch": operation(
            "changeShare",
            "Change ad, channel, mode, rights, card or state",
            {200: _json("It.", "ShareView")},
            _SOURCE,
            parameters=one,
            body=json_body(ref("SharePatch")),
        ),
        "delete": operation(
            "endShare",
            "End a share: its page answers 410",
            {204: answers("Ended.")},
            (404,),
            parameters=one,
        ),
    }


def _code(name: str, kind: str) -> Json:
    picture = answers("A QR code of its link.", {kind: {"type": "string"}})
    return operation(
        f"qr{name}", "A QR code of its link", {200: picture}, (404,), parameters=[in_path("share")]
    )
