import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads import ticket
from ads.clock import HOUR
from ads.ticket import Ticket

OLD, NEW, FOREIGN = b"o" * 32, b"n" * 32, b"f" * 32
PAGE = Ticket("share23456ab", "ad23456abcde", 7, 12 * HOUR * 40_000)

tickets = st.builds(
    Ticket,
    share=st.text(max_size=30),
    ad=st.text(max_size=30),
    version=st.integers(0, 2**31),
    issued=st.integers(0, 2**42),
)


@given(tickets)
def test_a_ticket_is_read_as_it_was_signed_and_fits_any_url(page: Ticket) -> None:
    text = ticket.sign(page, [NEW])
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert ticket.read(text, [NEW]) == page
    assert ticket.size(page) == len(text)


def test_the_first_key_signs_and_all_verify() -> None:
    old = ticket.sign(PAGE, [OLD])
    assert ticket.read(old, [NEW, OLD]) == PAGE
    assert ticket.read(ticket.sign(PAGE, [NEW, OLD]), [OLD]) is None
    assert ticket.read(old, [FOREIGN]) is None


@given(st.data())
def test_no_changed_character_goes_unnoticed(data: st.DataObject) -> None:
    text = ticket.sign(PAGE, [NEW])
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters().filter(lambda c: c != text[at]))
    assert ticket.read(text[:at] + other + text[at + 1 :], [NEW]) is None


@given(st.text(max_size=600))
def test_no_text_but_a_ticket_is_a_ticket(text: str) -> None:
    assert ticket.read(text, [NEW]) is None


def test_a_ticket_has_one_spelling() -> None:
    text = ticket.sign(PAGE, [NEW])
    assert ticket.read(text, [NEW]) == PAGE
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for last in letters:
        assert (ticket.read(text[:-1] + last, [NEW]) is not None) == (last == text[-1]), last
    for tail in ("=", "==", "===", "A", "\n", " "):
        assert ticket.read(text + tail, [NEW]) is None


def test_a_text_longer_than_any_ticket_is_not_even_remembered() -> None:
    before = ticket._read.cache_info().misses
    assert ticket.read("A" * (ticket.MAX_TEXT + 1), [NEW]) is None
    assert ticket._read.cache_info().misses == before


@pytest.mark.parametrize(("hours", "over"), [(0, False), (95.99, False), (96, True), (200, True)])
def test_a_ticket_holds_for_96_hours(hours: float, over: bool) -> None:
    assert ticket.expired(PAGE, PAGE.issued + int(hours * HOUR)) is over


@pytest.mark.parametrize("served", [0, 1, HOUR - 1, HOUR, 11 * HOUR + 59])
def test_a_page_served_at_any_time_brings_a_ticket_for_95_hours_and_more(served: int) -> None:
    page = PAGE._replace(issued=ticket.epoch(PAGE.share, PAGE.issued + served))
    assert not ticket.expired(page, PAGE.issued + served + 95 * HOUR)
    assert ticket.expired(page, PAGE.issued + served + 96 * HOUR)


@given(st.text(min_size=1, max_size=12), st.integers(HOUR, 2**42), st.integers(-2 * HOUR, 2 * HOUR))
def test_a_ticket_is_current_as_long_as_pages_are_served_with_it(
    share: str, at: int, later: int
) -> None:
    issued = ticket.epoch(share, at)
    same = ticket.epoch(share, at + later) == issued
    assert ticket.current(issued, at + later) is same


def test_tickets_of_all_shares_do_not_change_at_once() -> None:
    at = PAGE.issued
    begun = {ticket.epoch(f"share{n:07}", at) * 10 // HOUR for n in range(200)}
    assert len(begun) > 9, "some in each tenth of an hour"
