from hypothesis import given
from hypothesis import strategies as st

from ads.events import hops

TEN = "abcdefghij"


@given(st.integers(1, hops.MAX_DEPTH))
def test_a_hops_first_two_digits_are_its_depth(level: int) -> None:
    hop = hops.prefix(level) + TEN
    assert hops.valid(hop)
    assert hops.depth(hop) == level


def test_the_digits_are_base64url_most_significant_first() -> None:
    assert [hops.depth(text + TEN) for text in ("AB", "A_", "BA", "P_")] == [1, 63, 64, 1023]


def test_depth_zero_beyond_1023_or_another_form_is_no_hop() -> None:
    for bad in ("AA" + TEN, "QA" + TEN, "__" + TEN, "AB" + TEN + "x", "AB" + TEN[1:], ""):
        assert not hops.valid(bad)
    for bad in ("AB+bcdefghij", "ABабвгдежзик", "ABabcdefghi\n", "AB" + TEN + "\n"):
        assert not hops.valid(bad)


@given(st.integers(0, hops.MAX_DEPTH), st.integers(1, hops.MAX_DEPTH))
def test_a_child_is_one_deeper_and_children_of_the_cap_stay_at_it(up: int, down: int) -> None:
    parent = hops.prefix(up) + TEN if up else ""
    fits = hops.fits(hops.prefix(down) + TEN, parent)
    assert fits == (down == up + 1 or (up == down == hops.MAX_DEPTH))
