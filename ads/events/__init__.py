"""A beacon's JSON -> events, as the contract's section 6 describes them (pure).

Each event gets a first `verdict` (with `hops` and `limits`) and becomes a `receipt`; the fold's
`mark` tells the final reason of a refusal. `ledger` lists every outcome; `erasure` is forgetting.
"""

import re
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from ads.clock import HOUR
from ads.errors import Problem
from ads.events import hops

Kind = Literal["open", "view", "read", "tap", "share", "plain", "close"]

MAX_BODY: Final = 64 * 1024
MAX_EVENTS: Final = 32
SLOTS: Final = frozenset({"top", "middle", "end", "sticky"})
SLOTTED: Final = frozenset({"view", "tap", "close"})
# A page can be visible for longer, but its ticket expires by then.
MAX_READ_MS: Final = 96 * HOUR

# All ids of an event at once: one search takes half the time of four.
_IDS = re.compile(
    r"[A-Za-z0-9_-]{16,32}\0(?:[A-Za-z0-9_-]{16,32})?\0" + rf"{hops.FORM}\0(?:{hops.FORM})?"
)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event as sent; the keys are explained in the contract, section 6.

    `o` is "" in an open that does not name itself; `p` is None where it was not sent. `s`, `ms`
    and `pct` mean something only for the kinds that they belong to.
    """

    v: Literal[1]
    t: str
    i: str
    o: str = ""
    n: str
    p: str | None = None
    k: Kind
    s: str = ""
    ms: Annotated[float, Meta(ge=0)] | None = None
    pct: Annotated[float, Meta(ge=0, le=100)] | None = None
    own: Literal[0, 1] = msgspec.field(default=0, name="self")


_decoder = msgspec.json.Decoder(Event | list[Event])


def parse(body: bytes) -> list[Event]:
    """The 1 to 32 events of a call.

    Raises Problem("too_big") for a body over 64 KB or more events, Problem("malformed") for
    anything that is not as the contract says; one bad event makes the whole call malformed.
    """
    if len(body) > MAX_BODY:
        raise Problem("too_big", f"at most {MAX_BODY} bytes")
    try:
        decoded = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("malformed", str(error)) from error
    events = decoded if isinstance(decoded, list) else [decoded]
    if len(events) > MAX_EVENTS:
        raise Problem("too_big", f"at most {MAX_EVENTS} events in a call")
    if not events:
        raise Problem("malformed", "an empty array")
    return list(map(_checked, events))


def tap(t: str, i: str, o: str, n: str, slot: str) -> Event:
    """The tap that a redirect stands for. Raises Problem("malformed")."""
    fields = {"v": 1, "k": "tap", "t": t, "i": i, "o": o, "n": n, "s": slot}
    try:
        return _checked(msgspec.convert(fields, Event))
    except msgspec.ValidationError as error:
        raise Problem("malformed", str(error)) from error


def _checked(event: Event) -> Event:
    """The event, whose keys are each of the right type, if they go together. Raises Problem."""
    if not _IDS.fullmatch(f"{event.i}\0{event.o}\0{event.n}\0{event.p or ''}"):
        fault = "`i` and `o` are 16 to 32, `n` and `p` 12 of A-Za-z0-9_-, of a depth from 1 to 1023"
    else:
        fault = _open_fault(event) if event.k == "open" else _further_fault(event)
    if fault:
        raise Problem("malformed", fault)
    return event


def _open_fault(event: Event) -> str:
    if event.p is None:
        return "an open needs `p`"
    return "an open's `o` is its own `i`" if event.o not in ("", event.i) else ""


def _further_fault(event: Event) -> str:
    if not event.o:
        return f"{event.k} needs `o`"
    if event.k in SLOTTED and event.s not in SLOTS:
        return f"{event.k} needs a slot"
    if event.k == "read" and (event.ms is None or event.pct is None):
        return "read needs `ms` and `pct`"
    return ""
