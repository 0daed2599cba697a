"""What a client sent about an ad -> a draft, or every fault of it at once. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ads import text
from ads.ad import fields
from ads.ad.shape import (
    KINDS,
    LABELS,
    PLACEMENTS,
    STATES,
    AdDraft,
    Card,
    Variant,
    overridden,
    phone,
)
from ads.errors import Faults, Problem


def parse(data: object) -> AdDraft:
    """The draft that a JSON object describes.

    Raises Problem("invalid") whose `errors` name every field at fault.
    """
    faults = Faults()
    if not isinstance(data, Mapping):
        raise Problem("invalid", "An ad is a JSON object.")
    faults.unknown(data, AdDraft.__struct_fields__)
    values = _values(_said(data), faults)
    faults.refuse("Some fields of the ad cannot be used.")
    draft = msgspec.convert(values, AdDraft)
    _check_shown(draft, faults)
    faults.refuse("The ad does not show what its kind needs.")
    return draft


def merge(draft: AdDraft, patch: Mapping[str, object]) -> dict[str, object]:
    """The JSON object of `draft` with the fields of `patch` put in; `card` is merged by field."""
    own: dict[str, object] = msgspec.json.decode(msgspec.json.encode(draft))
    merged = {**own, **patch}
    card = patch.get("card")
    if isinstance(card, Mapping):
        merged["card"] = {**msgspec.to_builtins(draft.card), **card}
    return merged


def _said(data: Mapping[str, object]) -> dict[str, object]:
    """The fields that say something: null in one is as if it were left out."""
    return {name: value for name, value in data.items() if value is not None}


def _values(data: Mapping[str, object], faults: Faults) -> dict[str, Any]:
    """The fields that `data` has, cleaned; the required ones in any case."""
    values: dict[str, Any] = fields.texts(data, fields.LINE_MAX, "", faults)
    values["name"] = fields.visible(data.get("name", ""), "name", faults, fields.NAME_MAX)
    values.setdefault("advertiser", "")
    values["kind"] = fields.choice(data.get("kind"), "kind", faults, KINDS)
    for name, rule in _OPTIONAL.items():
        if name in data:
            values[name] = rule(data[name], name, faults)
    return values


def _body(value: object, field: str, faults: Faults) -> str:
    return fields.line(value, field, faults, fields.BODY_MAX, lines=True)


def _card(value: object, field: str, faults: Faults) -> dict[str, str]:
    if not isinstance(value, Mapping):
        faults.note(field, "type", "An object.")
        return {}
    faults.unknown(value, Card.__struct_fields__, f"{field}.")
    return fields.texts(_said(value), fields.CARD_MAX, f"{field}.", faults)


def _variants(value: object, field: str, faults: Faults) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > fields.VARIANTS_MAX:
        faults.note(field, "type", f"A list of at most {fields.VARIANTS_MAX} variants.")
        return []
    found = [_variant(item, f"{field}.{at}.", faults) for at, item in enumerate(value)]
    ids = [variant.get("id") for variant in found]
    if len(set(ids)) < len(ids):
        faults.note(field, "repeated", "Each variant has an id of its own.")
    return found


def _variant(value: object, at: str, faults: Faults) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        faults.note(at.rstrip("."), "type", "An object.")
        return {}
    faults.unknown(value, Variant.__struct_fields__, at)
    value = _said(value)
    found: dict[str, Any] = fields.texts(value, fields.LINE_MAX, at, faults)
    found["id"] = fields.identifier(value.get("id"), f"{at}id", faults)
    weight = value.get("weight", 1)
    found["weight"] = fields.whole(weight, f"{at}weight", faults, 1, fields.WEIGHT_MAX)
    for name, rule in (("body", _body), ("image", fields.image), ("card", _card)):
        if name in value:
            found[name] = rule(value[name], f"{at}{name}", faults)
    return found


_OPTIONAL: Mapping[str, fields.Rule] = {
    "body": _body,
    "image": fields.image,
    "target": fields.target,
    "placements": lambda v, f, faults: fields.placements(v, f, faults, PLACEMENTS),
    "label": lambda v, f, faults: fields.choice(v, f, faults, LABELS),
    "card": _card,
    "variants": _variants,
    "fallback": lambda v, f, faults: fields.line(v, f, faults, fields.ID_MAX) or None,
    "state": lambda v, f, faults: fields.choice(v, f, faults, STATES),
}


def _check_shown(draft: AdDraft, faults: Faults) -> None:
    """The ad, and each variant of it, shows what its kind needs."""
    _check_kind(draft, "", faults)
    for at, variant in enumerate(draft.variants):
        _check_kind(overridden(draft, variant), f"variants.{at}.", faults)


def _check_kind(draft: AdDraft, at: str, faults: Faults) -> None:
    for field, shown in (("advertiser", draft.advertiser), _needed(draft)):
        if not text.visible(shown):
            faults.note(f"{at}{field}", "required", f"A {draft.kind} shows it.")


def _needed(draft: AdDraft) -> tuple[str, str]:
    """The field that the kind cannot do without, and what stands in it."""
    needed = {
        "banner": ("image", draft.image),
        "text": ("title", draft.title),
        "card": ("card.person", draft.card.person),
        "qr": ("target", draft.target or draft.image),  # an address, or a picture of its code
        "call": ("target", phone(draft.target, draft.card)),
    }
    return needed[draft.kind]
