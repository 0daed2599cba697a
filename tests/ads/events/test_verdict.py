import itertools

import pytest

from ads.client import ClientFacts
from ads.clock import HOUR
from ads.events import Event, verdict
from ads.ticket import Ticket

AT = 1_764_000_000_000
PAGE = Ticket("share", "ad", 3, AT - HOUR)
OVER = PAGE._replace(issued=AT - 96 * HOUR)
PERSON = ClientFacts("reader", "", "phone", "wechat")
ID = "i" * 16


def event(**changes: object) -> Event:
    fields = {"v": 1, "t": "", "i": ID, "n": "ABabcdefghij", "p": "", "k": "open"} | changes
    return Event(**fields)  # type: ignore[arg-type]  # the changes are the tests' own


def test_reasons_yield_to_each_other_in_the_contracts_order() -> None:
    faults = {  # in the order of the contract's section 6
        "bad_ticket": {"ticket": None},
        "expired_ticket": {"ticket": OVER},
        "self": {"own": 1},
        "prefetch": {"refused": "prefetch"},
        "bot": {"refused": "bot"},
        "bad_hop": {"n": "ADabcdefghij"},
    }
    for first, second in itertools.combinations(faults, 2):
        if {first, second} in ({"bad_ticket", "expired_ticket"}, {"prefetch", "bot"}):
            continue  # one request shows one of them
        told = faults[second] | faults[first]
        ticket = told.pop("ticket", PAGE)
        facts = PERSON._replace(refused=told.pop("refused", ""))
        assert verdict.at_receipt(event(**told), ticket, facts, AT) == first


def test_a_persons_event_with_a_good_ticket_is_not_refused() -> None:
    assert verdict.at_receipt(event(), PAGE, PERSON, AT) == ""


@pytest.mark.parametrize(
    ("n", "p", "reason"),
    [
        ("AB", "", ""),
        ("AC", "AB", ""),
        ("P_", "P_", ""),
        ("AC", "", "bad_hop"),
        ("AB", "AB", "bad_hop"),
        ("AB", "AC", "bad_hop"),
        ("P-", "P_", "bad_hop"),
    ],
)
def test_a_hop_is_one_deeper_than_the_parent_it_names(n: str, p: str, reason: str) -> None:
    ten = "abcdefghij"
    sent = event(n=n + ten, p=p and p + ten)
    assert verdict.at_receipt(sent, PAGE, PERSON, AT) == reason


def test_an_event_that_names_no_parent_cannot_have_the_wrong_one() -> None:
    assert verdict.at_receipt(event(k="tap", n="AZabcdefghij", p=None), PAGE, PERSON, AT) == ""


def test_the_record_holds_what_its_kind_means_and_no_more() -> None:
    extra = {"s": "top", "ms": 5e9, "pct": 12.7, "o": "o" * 16}
    opened = verdict.receipt(event(**extra | {"o": ""}), PAGE, PERSON, AT, "")
    assert (opened.o, opened.s, opened.ms, opened.pct) == (ID, "", 0, 0)
    viewed = verdict.receipt(event(k="view", **extra), PAGE, PERSON, AT, "rate")
    assert (viewed.o, viewed.s, viewed.ms, viewed.refused) == ("o" * 16, "top", 0, "rate")
    read = verdict.receipt(event(k="read", **extra), PAGE, PERSON, AT, "")
    assert (read.s, read.ms, read.pct) == ("", 96 * HOUR, 12)
    assert (read.share, read.ad, read.version, read.at) == ("share", "ad", 3, AT)
    assert (read.device, read.source) == ("phone", "wechat")
    assert "reader" not in repr(read), "its hash is kept nowhere"
