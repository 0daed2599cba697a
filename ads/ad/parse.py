"""What a client sent about an ad -> a draft, or every fault of it at once. Pure."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from ads import text
from ads.ad import fields
from ads.ad.shape import KINDS, LABELS, STATES, AdDraft, overridden, phone
from ads.errors import Faults, Problem, Rule, choice, fields_of, invalid


def parse(data: object) -> AdDraft:
    """The draft that a JSON object describes.

    Raises Problem("invalid") whose `errors` name every field at fault.
    """
    faults = Faults()
    if not isinstance(data, Mapping):
        raise Problem("invalid", "An ad is a JSON object.")
    faults.unknown(data, AdDraft.__struct_fields__)
    # Null counts as left out.
    said = {name: value for name, value in data.items() if value is not None}
    values = faults.judged({**_NEEDED, **said}, _OF_AD)
    faults.refuse("Some fields of the ad cannot be used.")
    draft = msgspec.convert(values, AdDraft)
    _check_shown(draft, faults)
    faults.refuse("The ad does not show what its kind needs.")
    return draft


def merge(draft: AdDraft, patch: Mapping[str, object]) -> dict[str, object]:
    """The JSON object of `draft`, changed by the fields of `patch`; `card` is merged by field."""
    own: dict[str, object] = msgspec.json.decode(msgspec.json.encode(draft))
    merged = {**own, **patch}
    card = patch.get("card")
    if isinstance(card, Mapping):
        merged["card"] = {**msgspec.to_builtins(draft.card), **card}
    return merged


def _body(value: object, field: str) -> str:
    return fields.line(value, field, fields.BODY_MAX, lines=True)


_card = partial(fields_of, fields.lines(fields.CARD_MAX), usual={})


def _variants(value: object, field: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > fields.VARIANTS_MAX:
        raise invalid(field, "type", f"A list of at most {fields.VARIANTS_MAX} variants.")
    faults = Faults()
    numbered = {str(at): variant for at, variant in enumerate(value)}
    found = faults.judged(numbered, dict.fromkeys(numbered, _variant), f"{field}.")
    named = (each.get("id") for each in value if isinstance(each, Mapping))
    ids = [each for each in named if isinstance(each, str)]
    if len(set(ids)) < len(ids):
        faults.note(field, "repeated", "Each variant has an id of its own.")
    faults.refuse()
    return list(found.values())


_OF_VARIANT: Mapping[str, Rule] = {
    **fields.lines(fields.LINE_MAX),
    "id": fields.identifier,
    "weight": fields.weight,
    "body": _body,
    "image": fields.image,
    "card": _card,
}
_variant = partial(fields_of, _OF_VARIANT, usual={"id": None, "weight": 1})
_OF_AD: Mapping[str, Rule] = {
    **fields.lines(fields.LINE_MAX),
    "name": lambda value, field: fields.visible(value, field, fields.NAME_MAX),
    "advertiser": lambda value, field: fields.visible(value, field, fields.LINE_MAX[field]),
    "kind": lambda value, field: choice(value, KINDS, field),
    "body": _body,
    "image": fields.image,
    "target": fields.target,
    "placements": fields.placements,
    "label": lambda value, field: choice(value, LABELS, field),
    "card": _card,
    "variants": _variants,
    "fallback": lambda value, field: fields.line(value, field, fields.ID_MAX) or None,
    "state": lambda value, field: choice(value, STATES, field),
}
_NEEDED: Mapping[str, object] = {"name": "", "kind": None, "advertiser": ""}
"""Values for required fields that are missing; their rules, or those of the kind, refuse them."""


def _check_shown(draft: AdDraft, faults: Faults) -> None:
    """Note where the ad, or a variant of it, lacks what its kind must show."""
    _check_kind(draft, "", faults)
    for at, variant in enumerate(draft.variants):
        _check_kind(overridden(draft, variant), f"variants.{at}.", faults)


def _check_kind(draft: AdDraft, at: str, faults: Faults) -> None:
    for field, shown in (("advertiser", draft.advertiser), _needed(draft)):
        if not text.visible(shown):
            faults.note(f"{at}{field}", "required", f"A {draft.kind} shows it.")


def _needed(draft: AdDraft) -> tuple[str, str]:
    """The field that the ad's kind requires, and its value."""
    needed = {
        "banner": ("image", draft.image),
        "text": ("title", draft.title),
        "card": ("card.person", draft.card.person),
        "qr": ("target", draft.target or draft.image),  # an address, or a picture of its code
        "call": ("card.phone", phone(draft.target, draft.card)),
    }
    return needed[draft.kind]
