"""An event and what is known of it at receipt -> the reason why it is refused, if any (pure)."""

from ads.client.facts import ClientFacts
from ads.events import MAX_READ_MS, SLOTTED, Event, hops
from ads.events.receipt import Receipt
from ads.ticket import Ticket, expired


def at_receipt(event: Event, ticket: Ticket | None, facts: ClientFacts, at: int) -> str:
    """Why the event is refused, as far as its receipt at `at` (ms) can tell; "" if it is not.

    Of several reasons, the contract's first (section 6). `rate` is judged after this, for events
    that are not refused otherwise. `ended` and `no_open` are found by the fold, which alone knows
    what was active at the time of receipt and whether the open came.
    """
    if ticket is None:
        return "bad_ticket"
    if expired(ticket, at):
        return "expired_ticket"
    if event.own:
        return "self"
    if facts.refused:
        return facts.refused
    # A tap by redirect names no parent; its open does (contract, section 6).
    return "" if event.p is None or hops.fits(event.n, event.p) else "bad_hop"


def receipt(event: Event, ticket: Ticket, facts: ClientFacts, at: int, refused: str) -> Receipt:
    """The record to keep of an event received at `at` (ms)."""
    slot, ms, pct = event.s if event.k in SLOTTED else "", 0, 0
    if event.k == "read":
        ms, pct = int(min(event.ms or 0, MAX_READ_MS)), int(event.pct or 0)
    # By position, in the order of Receipt: names would double what this costs a beacon.
    return Receipt(
        at,
        ticket.share,
        ticket.ad,
        ticket.version,
        event.k,
        event.i,
        event.i if event.k == "open" else event.o,
        event.n,
        event.p or "",
        slot,
        ms,
        pct,
        refused,
        facts.country,
        facts.device,
        facts.source,
    )
