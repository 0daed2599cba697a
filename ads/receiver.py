"""Events in, durable receipts out: judged, spooled, then tallied."""

from collections.abc import Callable, Sequence

from ads import ticket
from ads.client.facts import ClientFacts
from ads.events import Event, verdict
from ads.events.limits import Limits
from ads.events.receipt import Receipt
from ads.spool import Spool
from ads.tally import Tally
from ads.ticket import Ticket

Kept = Callable[[Exception | None], None]


class Receiver:
    """Judges events and spools all but those with a bad ticket, which belong to no ad's ledger."""

    def __init__(self, spool: Spool, keys: Sequence[bytes], limits: Limits, tally: Tally) -> None:
        self._spool = spool
        self._keys = tuple(keys)
        self._limits = limits
        self._tally = tally

    def admits(self, address: str, events: int, at: int) -> bool:
        """Whether a call of so many events from this address is taken at all."""
        return self._limits.admits(address, events, at)

    def ticket(self, text: str) -> Ticket | None:
        """The page's ticket in a text, if one of our keys signed it."""
        return ticket.read(text, self._keys)

    async def receive(self, events: Sequence[Event], facts: ClientFacts, at: int) -> None:
        """Return when every event received at `at` (ms) is durable, whatever the verdict on it.

        Raises Problem("store_unavailable"). An event with a bad ticket is tallied and not kept.
        """
        judged = self.judge(events, facts, at)
        await self._spool.append([receipt for receipt in judged if receipt])
        self._note(judged)

    def judge(self, events: Sequence[Event], facts: ClientFacts, at: int) -> list[Receipt | None]:
        """A receipt for each event, None for one with a bad ticket; takes from the limits."""
        return [self._judge(event, facts, at) for event in events]

    def keep(self, judged: Sequence[Receipt | None], kept: Kept) -> None:
        """`receive` of what is judged, without waiting; `kept` is called as `Spool.submit` says."""

        def told(error: Exception | None) -> None:
            if error is None:
                self._note(judged)
            kept(error)

        self._spool.submit([receipt for receipt in judged if receipt], told)

    def _note(self, judged: Sequence[Receipt | None]) -> None:
        for receipt in judged:
            known = (receipt.refused or "accepted") if receipt else "bad_ticket"
            self._tally["passalong_events", known] += 1

    def _judge(self, event: Event, facts: ClientFacts, at: int) -> Receipt | None:
        page = ticket.read(event.t, self._keys)
        refused = verdict.at_receipt(event, page, facts, at)
        if page is None:
            return None
        if not refused and not self._limits.within(facts.reader, page.share, event.n, at):
            refused = "rate"
        return verdict.receipt(event, page, facts, at, refused)
