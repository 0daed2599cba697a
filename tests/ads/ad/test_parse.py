"""What a client may say about an ad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads import ad
from ads.errors import Problem

PICTURE = "0123456789abcdef01234567" + "0c8" + "064"
TEXT = {"name": "Spring", "advertiser": "Acme Tea", "kind": "text", "title": "Tea"}


def faults(data: object) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        ad.parse(data)
    assert caught.value.code == "invalid"
    return {fault["field"]: fault["code"] for fault in caught.value.errors}


def test_the_contracts_own_example_is_an_ad() -> None:
    draft = ad.parse(
        {
            "name": "Spring harvest",
            "advertiser": "Acme Tea",
            "kind": "banner",
            "title": "…",
            "body": "…",
            "image": "https://pictures.example/tea.jpg",
            "button": "…",
            "target": "https://acme.example/",
            "placements": ["top", "end"],
            "label": "auto",
            "card": {"person": "…", "role": "…", "phone": "…", "email": "…", "wechat": "…"},
            "variants": [{"id": "a", "weight": 1, "title": "…"}],
            "fallback": None,
            "state": "active",
        }
    )
    assert draft.variants[0].title == "…"


def test_only_what_the_kind_shows_is_required_and_the_rest_has_its_default() -> None:
    draft = ad.parse(TEXT)
    assert draft.placements == ("top", "end")
    assert (draft.label, draft.state, draft.fallback) == ("auto", "active", None)


SHOWN = {
    "banner": {"image": PICTURE},
    "text": {"title": "Tea"},
    "card": {"card": {"person": "Mei Lin"}},
    "qr": {"target": "https://acme.example/"},
    "call": {"target": "tel:+41441234567"},
}


@pytest.mark.parametrize("kind", SHOWN)
def test_each_kind_needs_what_it_shows(kind: str) -> None:
    plain = {"name": "n", "advertiser": "a", "kind": kind}
    assert ad.parse({**plain, **SHOWN[kind]}).kind == kind
    assert set(faults(plain).values()) == {"required"}


def test_a_call_shows_the_number_of_its_target_or_else_of_its_card() -> None:
    data = {**TEXT, "kind": "call", "card": {"phone": "044 123"}}
    draft = ad.parse(data)
    assert ad.phone(draft.target, draft.card) == "044 123"
    draft = ad.parse({**data, "target": "TEL:+41-44"})
    assert ad.phone(draft.target, draft.card) == "+41-44"


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"titel": "x"}, "titel", "unknown"),
        ({"card": {"fax": "x"}}, "card.fax", "unknown"),
        ({"card": "x"}, "card", "type"),
        ({"name": ""}, "name", "required"),
        ({"name": None}, "name", "required"),
        ({"advertiser": " \u200b\u2800\u3164 "}, "advertiser", "required"),
        ({"advertiser": "x" * 81}, "advertiser", "too_long"),
        ({"title": 5}, "title", "type"),
        ({"title": "x" * 121}, "title", "too_long"),
        ({"title": "a\nb"}, "title", "text"),
        ({"body": "a\x00b"}, "body", "text"),
        ({"body": "evil\u202egnp"}, "body", "text"),
        ({"button": "\u2066x"}, "button", "text"),
        ({"title": "\ud800"}, "title", "text"),
        ({"kind": "popup"}, "kind", "choice"),
        ({"kind": ["text"]}, "kind", "choice"),
        ({"placements": []}, "placements", "type"),
        ({"placements": "top"}, "placements", "type"),
        ({"placements": ["top", "top"]}, "placements", "choice"),
        ({"placements": ["bottom"]}, "placements", "choice"),
        ({"label": "Sponsored"}, "label", "choice"),
        ({"label": ""}, "label", "choice"),
        ({"state": "deleted"}, "state", "choice"),
        ({"fallback": 7}, "fallback", "type"),
        ({"image": "picture.png"}, "image", "image"),
        ({"image": "data:image/png;base64,AAAA"}, "image", "image"),
        ({"target": "javascript:alert(1)"}, "target", "target"),
        ({"variants": {}}, "variants", "type"),
        ({"variants": [{"id": str(n)} for n in range(11)]}, "variants", "type"),
        ({"variants": [{"id": "a"}, {"id": "a"}]}, "variants", "repeated"),
        ({"variants": [{"id": "a b"}]}, "variants.0.id", "format"),
        ({"variants": [{}]}, "variants.0.id", "format"),
        ({"variants": [7]}, "variants.0", "type"),
        ({"variants": [{"id": "a", "weight": 0}]}, "variants.0.weight", "range"),
        ({"variants": [{"id": "a", "weight": 1001}]}, "variants.0.weight", "range"),
        ({"variants": [{"id": "a", "weight": True}]}, "variants.0.weight", "range"),
        ({"variants": [{"id": "a", "weight": 1.5}]}, "variants.0.weight", "range"),
        ({"variants": [{"id": "a", "target": "x"}]}, "variants.0.target", "unknown"),
        ({"variants": [{"id": "a", "title": ""}]}, "variants.0.title", "required"),
        ({"variants": [{"id": "a", "advertiser": ""}]}, "variants.0.advertiser", "required"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(change: dict, field: str, code: str) -> None:
    assert faults({**TEXT, **change}) == {field: code}


def test_every_fault_is_told_at_once() -> None:
    missing = {"name", "advertiser", "kind"}
    assert set(faults({"titel": "x", "state": "gone"})) == {"titel", "state", *missing}


def test_null_says_as_much_as_a_missing_field() -> None:
    null = dict.fromkeys(ad.AdDraft.__struct_fields__)
    card = dict.fromkeys(ad.Card.__struct_fields__)
    variant = dict.fromkeys(ad.Variant.__struct_fields__)
    told = TEXT | {"card": {"phone": "1"}, "variants": [{"id": "a"}]}
    draft = ad.parse(told)
    assert ad.parse(null | told | {"card": card | {"phone": "1"}}) == draft
    assert ad.parse(null | told | {"variants": [variant | {"id": "a"}]}) == draft
    assert ad.parse(ad.merge(draft, {"card": {"phone": None}, "variants": None})) == ad.parse(TEXT)


@pytest.mark.parametrize("data", [None, [], "x", 1])
def test_what_is_no_object_is_invalid(data: object) -> None:
    assert faults(data) == {}


def test_text_is_normalised_and_white_space_around_it_goes() -> None:
    draft = ad.parse({**TEXT, "title": " Cafe\u0301 ", "body": "one\r\ntwo"})
    assert (draft.title, draft.body) == ("Café", "one\ntwo")


def test_a_patch_replaces_fields_and_merges_the_card() -> None:
    draft = ad.parse({**TEXT, "card": {"person": "Mei", "phone": "1"}, "variants": [{"id": "a"}]})
    merged = ad.parse(ad.merge(draft, {"card": {"phone": "2"}, "variants": []}))
    assert (merged.card.person, merged.card.phone, merged.variants) == ("Mei", "2", ())
    assert ad.parse(ad.merge(draft, {})) == draft


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*ad.AdDraft.__struct_fields__, "other"]), anything))
def test_whatever_comes_is_a_draft_or_invalid(data: dict[str, object]) -> None:
    try:
        draft = ad.parse({**TEXT, **data})
    except Problem as problem:
        refused = problem
    else:
        assert ad.parse(ad.merge(draft, {})) == draft
        return
    assert refused.code == "invalid"
    assert refused.errors
