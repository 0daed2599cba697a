"""The calls of `/ads` and `/pictures`."""

from collections.abc import Mapping

from ads.ad import fields
from ads.ad.shape import KINDS, LABELS, PLACEMENTS, STATES
from ads.ad.target import TARGET_MAX
from ads.text import LINES_PATTERN
from ads.web.openapi.parts import (
    IMAGE_PATTERN,
    Json,
    Paths,
    choice,
    in_json,
    line,
    listing,
    operation,
    page_of,
    record,
    ref,
    removal,
    structs,
)
from ads.web.views import AdView, PictureView

_VERSION = "The ad's version, quoted: what If-Match takes."
_IMAGE = line(fields.IMAGE_MAX, pattern=IMAGE_PATTERN) | {
    "description": "An uploaded picture's id, or an http(s) address to copy it from."
}
_BODY = line(fields.BODY_MAX, pattern=LINES_PATTERN)
_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "This version only; without it, the current one.",
}
_TARGET = line(TARGET_MAX) | {
    "description": "http(s), tel: or mailto:; may hold {share}, {channel}, {depth}."
}


def _lines(*, needed: tuple[str, ...] = ()) -> Json:
    return {name: line(longest, needed=name in needed) for name, longest in fields.LINE_MAX.items()}


def _optional(schemas: Mapping[str, Json], *needed: str) -> dict[str, Json]:
    """Any but the needed ones may be null, which says as much as a missing field."""
    null: Json = {"type": "null"}
    return {n: s if n in needed else {"anyOf": [s, null]} for n, s in schemas.items()}


def _card(*, needed: tuple[str, ...] = ()) -> Json:
    lines = {n: line(longest, needed=n in needed) for n, longest in fields.CARD_MAX.items()}
    return record(_optional(lines, *needed), needed)


def _variant() -> Json:
    weight: Json = {"type": "integer", "minimum": 1, "maximum": fields.WEIGHT_MAX, "default": 1}
    own: dict[str, Json] = {
        "id": {"type": "string", "pattern": fields.VARIANT_ID},
        "weight": weight,
    }
    words = {**_lines(needed=("advertiser",)), "body": _BODY, "image": _IMAGE, "card": _card()}
    return record(_optional({**own, **words}, "id"), ("id",))


def _properties() -> dict[str, Json]:
    placements = {"type": "array", "items": choice(PLACEMENTS), "minItems": 1, "uniqueItems": True}
    found: dict[str, Json] = {
        "name": line(fields.NAME_MAX, needed=True),
        "kind": choice(KINDS),
        **_lines(needed=("advertiser",)),
        "body": _BODY,
        "image": _IMAGE,
        "target": _TARGET,
        "placements": placements | {"default": ["top", "end"]},
        "label": choice(LABELS) | {"default": "auto"},
        "card": _card(),
        "variants": {
            "type": "array",
            "items": ref("VariantInput"),
            "maxItems": fields.VARIANTS_MAX,
        },
        "fallback": {
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{0,64}$",
            "description": "Another ad of one's own, shown when this one is not active.",
        },
        "state": choice(STATES) | {"default": "active"},
    }
    return _optional(found, "name", "kind", "advertiser")


def _of_kind(kind: str, needs: Json, required: tuple[str, ...]) -> Json:
    """What a kind asks for beside name and advertiser."""
    properties = {**_properties(), "kind": {"const": kind}, **needs}
    return record(properties, ("name", "advertiser", "kind", *required))


def _new_ads() -> dict[str, Json]:
    """An ad of each kind under a name of its own, and `NewAd`, which is one of them."""
    telephone = {**_TARGET, "pattern": r"^[tT][eE][lL]:\+?[0-9][0-9.()-]{2,30}$"}
    shown = {"type": "string", "minLength": 1}
    title = line(fields.LINE_MAX["title"], needed=True)
    called = {"required": ["card"], "properties": {"card": {"required": ["phone"]}}}
    kinds = {
        "banner": _of_kind("banner", {"image": _IMAGE | shown}, ("image",)),
        "text": _of_kind("text", {"title": title}, ("title",)),
        "card": _of_kind("card", {"card": _card(needed=("person",))}, ("card",)),
        "qr": _of_kind("qr", {}, ())
        | {"anyOf": [{"required": ["target"]}, {"required": ["image"]}]},
        "call": _of_kind("call", {}, ())
        | {"anyOf": [{"required": ["target"], "properties": {"target": telephone}}, called]},
    }
    named = {f"New{kind.title()}Ad": schema for kind, schema in kinds.items()}
    mapping = {kind: ref(name)["$ref"] for kind, name in zip(kinds, named, strict=True)}
    choices = {"oneOf": [ref(name) for name in named]}
    return {
        **named,
        "NewAd": choices | {"discriminator": {"propertyName": "kind", "mapping": mapping}},
    }


def schemas() -> dict[str, Json]:
    """The schemas that these calls name."""
    return {
        **structs(AdView, PictureView),
        **_new_ads(),
        "AdPatch": record(_properties(), ()),
        "VariantInput": _variant(),
        "AdPage": page_of(ref("AdView")),
    }


def _ad(description: str, **headers: str) -> Json:
    return in_json(description, "AdView", ETag=_VERSION, **headers)


def _upload() -> Json:
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": form}}}


def paths() -> Paths:
    """The calls."""
    made = _ad("The new ad.", Location="Its address.")
    uploaded = in_json("The picture.", "PictureView", Location="It.")
    upload = "Upload a picture: at most 8 MB, written anew, metadata dropped"
    changed = _ad("The new version; pages that carry the ad show it.")
    change = "Change some fields; `card` is merged by field, lists are replaced"
    delete = "Delete an ad; pages that carry it show its fallback, or none"
    return {
        "/api/v1/ads": {
            "post": operation("createAd", "Make an ad", made, 429, status=201, body="NewAd"),
            "get": listing("listAds", "One's ads", "AdPage"),
        },
        "/api/v1/ads/{ad}": {
            "get": operation("readAd", "An ad", _ad("The ad.")),
            "patch": operation(
                "changeAd", change, changed, 409, 412, 429, parameters=[_MATCH], body="AdPatch"
            ),
            "delete": removal("deleteAd", delete, 412, parameters=[_MATCH]),
        },
        "/api/v1/pictures": {
            "post": operation("uploadPicture", upload, uploaded, status=201, body=_upload())
        },
    }
