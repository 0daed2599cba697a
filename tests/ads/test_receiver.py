from collections.abc import Sequence

import pytest

from ads import events, ticket
from ads.client import ClientFacts
from ads.errors import Problem
from ads.events import Event
from ads.events.limits import HOP, Limits
from ads.events.receipt import Receipt
from ads.receiver import Receiver
from ads.tally import Tally
from ads.ticket import Ticket

KEYS = (b"k" * 32,)
AT = 1_764_000_000_000
GOOD = ticket.sign(Ticket("share", "ad", 1, ticket.epoch("share", AT)), KEYS)
PERSON = ClientFacts("reader")


class Kept:
    """A spool that can be full."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []
        self.full = False

    async def append(self, receipts: Sequence[Receipt]) -> None:
        if self.full:
            raise Problem("store_unavailable")
        self.receipts += receipts


class Here:
    def __init__(self) -> None:
        self.kept, self.tally = Kept(), Tally()
        self.receiver = Receiver(self.kept, KEYS, Limits(), self.tally)

    async def receive(self, *sent: Event, facts: ClientFacts = PERSON) -> list[str]:
        before = len(self.kept.receipts)
        await self.receiver.receive(sent, facts, AT)
        return [receipt.refused for receipt in self.kept.receipts[before:]]


@pytest.fixture
def here() -> Here:
    return Here()


def tap(text: str = GOOD) -> Event:
    return events.tap(text, "i" * 16, "o" * 16, "ABabcdefghij", "top")


async def test_refused_events_are_kept_with_their_reason(here: Here) -> None:
    assert await here.receive(tap()) == [""]
    assert await here.receive(tap(), facts=PERSON._replace(refused="bot")) == ["bot"]
    assert here.tally == {("passalong_events", "accepted"): 1, ("passalong_events", "bot"): 1}


async def test_an_event_with_a_bad_ticket_stands_in_the_tally_alone(here: Here) -> None:
    assert await here.receive(tap("forged"), tap()) == [""]
    assert here.tally["passalong_events", "bad_ticket"] == 1


async def test_what_is_over_the_rate_is_kept_as_such(here: Here) -> None:
    verdicts = await here.receive(*[tap()] * (HOP.burst + 2))
    assert verdicts == [""] * HOP.burst + ["rate"] * 2


async def test_events_refused_otherwise_use_up_nothing(here: Here) -> None:
    await here.receive(*[tap()] * 1000, facts=PERSON._replace(refused="bot"))
    assert await here.receive(tap()) == [""]


async def test_what_could_not_be_kept_is_not_tallied(here: Here) -> None:
    here.kept.full = True
    with pytest.raises(Problem):
        await here.receive(tap())
    assert not here.tally
