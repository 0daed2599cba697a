"""The ad editor's form: from an ad to fields, and from fields back to what `ads.ad.parse` takes.

Names in the form are those of the API: `title`, `card.phone`, `variants.0.title`. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ads.ad import Ad, Card, Variant
from ads.ad.fields import VARIANTS_MAX
from ads.ad.shape import KINDS, PLACEMENTS

LINES = ("name", "advertiser", "title", "body", "button", "target")
CARD = ("person", "role", "phone", "email", "wechat")
VARIANT = ("title", "body", "button")
TIMES = ("starts", "ends")
_BARE = {
    "tel:": re.compile(r"\+?[0-9][0-9 ()-]{4,24}"),
    "mailto:": re.compile(r"[^\s@/:]{1,64}@[^\s@/:]{3,255}"),
    "https://": re.compile(r"[^\W_][\w-]*(?:\.[\w-]+)+(?::[0-9]{1,5})?(?:[/?#].*)?"),
}
_IDS = "abcdefghijklmnopqrstuvwxyz"

Fields = Mapping[str, Any]


def blank(kind: str = "text", advertiser: str = "") -> dict[str, Any]:
    """A new ad's form: placed at top and end, with this advertiser, otherwise empty."""
    known = {"kind": kind if kind in KINDS else "text", "advertiser": advertiser}
    return read(known, ("top", "end"))


def of_ad(ad: Ad, times: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The form that shows an ad; `times` are local ones, as its fields take them."""
    return {
        **{name: getattr(ad, name) for name in LINES},
        **(times or dict.fromkeys(TIMES, "")),
        "kind": ad.kind,
        "image": ad.image,
        "placements": list(ad.placements),
        "fallback": ad.fallback or "",
        "card": msgspec.structs.asdict(ad.card),
        "variants": [_row(variant) for variant in ad.variants],
    }


def _row(variant: Variant) -> dict[str, str]:
    words = {name: getattr(variant, name) or "" for name in (*VARIANT, "image")}
    return {"id": variant.id, "weight": str(variant.weight), **words}


def read(text: Mapping[str, str], placements: Sequence[str]) -> dict[str, Any]:
    """The form that somebody filled in; nothing is judged yet."""
    return {
        **{name: text.get(name, "") for name in (*LINES, *TIMES)},
        "kind": text.get("kind", "text"),
        "image": text.get("image", ""),
        "placements": [place for place in PLACEMENTS if place in placements],
        "fallback": text.get("fallback", ""),
        "card": {name: text.get(f"card.{name}", "") for name in CARD},
        "variants": _rows(text),
    }


def _rows(text: Mapping[str, str]) -> list[dict[str, str]]:
    """The variants; `at` is a row's place in the form, where its upload is found."""
    rows = []
    for at in range(VARIANTS_MAX):
        if f"variants.{at}.id" in text and f"variants.{at}.drop" not in text:
            words = {name: text.get(f"variants.{at}.{name}", "") for name in (*VARIANT, "image")}
            weight = text.get(f"variants.{at}.weight", "1")
            rows.append({"id": text[f"variants.{at}.id"], "weight": weight, "at": str(at), **words})
    return rows


def with_variant(form: Fields) -> dict[str, Any]:
    """The form with one more variant, opened; the first time with two, A being the ad itself."""
    rows = list(form["variants"])
    wanted = len(rows) + 1 if rows else 2
    taken = {row["id"] for row in rows}
    free = (name for name in _IDS if name not in taken)
    while len(rows) < min(wanted, VARIANTS_MAX):
        rows.append({"id": next(free), "weight": "1", **dict.fromkeys((*VARIANT, "image"), "")})
    return {**form, "variants": rows, "opened": rows[-1]["id"]}


def draft(form: Fields, before: Ad | None = None) -> dict[str, Any]:
    """The JSON object for `ads.ad.parse`.

    What the form does not show of `before` (its label, a variant's business card) is kept; the
    state is not in it.
    """
    kept = {"label": before.label} if before else {}
    old = {variant.id: variant for variant in before.variants} if before else {}
    named = form["name"], form["title"], form["card"]["person"], form["advertiser"]
    return {
        **{name: form[name] for name in (*LINES, "kind", "image", "placements", "card")},
        "target": address(form["target"]),
        # Readers never see the name; without one, something that they see is taken.
        "name": next(filter(None, map(str.strip, named)), ""),
        "fallback": form["fallback"] or None,
        "variants": [_variant(row, old.get(row["id"])) for row in form["variants"]],
        **kept,
    }


def _variant(row: Mapping[str, str], before: Variant | None) -> dict[str, Any]:
    """An empty field leaves the ad's own."""
    kept = msgspec.to_builtins(before) if before else {}
    rest = {name: value for name, value in kept.items() if name not in (*VARIANT, "image")}
    weight = row.get("weight", "").strip() or "1"
    rest["weight"] = int(weight) if re.fullmatch("[0-9]{1,9}", weight) else weight
    words = {name: row[name] for name in (*VARIANT, "image") if row[name].strip()}
    if before and before.image == "":
        words.setdefault("image", "")  # said by the API: no picture, although the ad has one
    return {**rest, "id": row["id"], **words}


def address(written: str) -> str:
    """An ad's target as people write it, with the scheme that they leave out.

    >>> address("www.shop.example/tea")
    'https://www.shop.example/tea'
    """
    written = written.strip()
    for scheme, shape in _BARE.items():
        if shape.fullmatch(written):
            return scheme + written
    return written


def sample(form: Fields, words: Mapping[str, str], variant: str = "") -> Ad:
    """The ad for the editor's stage; `words` fill in what its kind needs and nobody has typed yet.

    Unlike `parse` it takes anything: the stage follows every key press.
    """
    row: Mapping[str, str] = next((r for r in form["variants"] if r["id"] == variant), {})
    own = {name: row.get(name) or form[name] for name in (*VARIANT, "image")}
    card = {name: form["card"][name] for name in CARD}
    kind = next((kind for kind in KINDS if kind == form["kind"]), KINDS[1])
    if kind == "card":
        card["person"] = card["person"] or words["person"]
    return Ad(
        id="sample",
        owner="",
        name=form["name"],
        advertiser=form["advertiser"] or words["advertiser"],
        kind=kind,
        title=own["title"] or ("" if kind == "card" else words["title"]),
        body=own["body"],
        button=own["button"],
        image=own["image"],
        target=address(form["target"]),
        placements=PLACEMENTS,
        card=Card(**card),
    )
