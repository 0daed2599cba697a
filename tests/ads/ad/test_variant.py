"""Which variant a reader sees."""

from collections import Counter

import pytest

from ads.ad import Ad, Card, CardOverride, Variant, overridden, variant

AD = Ad(
    id="a",
    owner="o",
    name="n",
    advertiser="Acme",
    kind="text",
    title="Tea",
    body="Green",
    card=Card(person="Mei", phone="1"),
    variants=(
        Variant("x", 1, title="Coffee", card=CardOverride(phone="2")),
        Variant("y", 3, body=""),
    ),
)


@pytest.mark.parametrize(
    ("data", "value"),
    # From the reference vectors of the FNV authors (isthe.com/chongo/tech/comp/fnv).
    [(b"", 0x811C9DC5), (b"a", 0xE40C292C), (b"foobar", 0xBF9CF968)],
)
def test_the_hash_is_fnv1a_of_32_bits(data: bytes, value: int) -> None:
    assert variant.fnv1a32(data) == value


def test_the_hash_falls_along_the_weights_in_order() -> None:
    weights = [("x", 1), ("y", 2)]
    # FNV-1a32("a") = 3826002220, which is 1 more than a multiple of 3: the second one.
    assert 0xE40C292C % 3 == 1
    assert variant.pick("a", weights) == "y"
    assert variant.pick("a", [("x", 2), ("y", 1)]) == "x"


def test_without_variants_there_is_none_to_pick() -> None:
    assert variant.pick("AB0123456789", []) == ""


def test_readers_are_split_by_weight() -> None:
    weights = [("x", 1), ("y", 2), ("z", 1)]
    seen = Counter(variant.pick(f"AB{n:010d}", weights) for n in range(4000))
    assert set(seen) == {"x", "y", "z"}
    assert all(abs(seen[name] / 4000 - weight / 4) < 0.03 for name, weight in weights)


def test_a_variant_overrides_only_what_it_names() -> None:
    shown = overridden(AD, AD.variants[0])
    assert (shown.title, shown.body, shown.card) == ("Coffee", "Green", Card("Mei", phone="2"))
    assert overridden(AD, AD.variants[1]).body == ""
