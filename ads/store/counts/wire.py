"""Batches of events as bytes for the fold (pure); `main.lua` reads them."""

import base64
import hashlib
import struct
from binascii import a2b_base64
from collections.abc import Sequence
from functools import cache, lru_cache, partial
from typing import NamedTuple

import msgspec

from ads.clock import DAY
from ads.events.ledger import KINDS, REASONS
from ads.events.receipt import Receipt

EPOCH = 1_577_836_800_000
"""2020-01-01T00:00Z in ms: the store counts times from here, so that five bytes hold them."""

SLOTS = ("", "top", "middle", "end", "sticky")
HOP_BYTES = 9
_LEDGER_ONLY = len(KINDS) + 3  # readers, repeated, pending stand between the kinds and the reasons

_EVENT = struct.Struct(">QQHBB6s9s9sHBIB5s")
OPEN_BYTES, ID_BYTES = 6, 5
"""Bytes of an id's digest. Two opens of a share collide with odds of 1 in 2^48, two other events of
one kind with 1 in 2^40. So a million opens in six days have a collision with odds of 1 in 560, a
hundred thousand taps with 1 in 220."""
LINK = bytes(HOP_BYTES)

_KIND = {kind: place for place, kind in enumerate(KINDS, 1)}
_REFUSED = {reason: place for place, reason in enumerate(REASONS, _LEDGER_ONLY + 1)}
_ONCE_AN_OPEN = frozenset(KINDS[:3])  # told apart by their open: their own ids do not matter
_SLOT = {slot: place for place, slot in enumerate(SLOTS)}


class Item(NamedTuple):
    """A receipt to fold: its sequence in the segment, reason of refusal ("": none), variant."""

    sequence: int
    receipt: Receipt
    refused: str = ""
    variant: str = ""


def pack_hop(hop: str) -> bytes:
    """Nine bytes that sort by depth, then by the rest of the id."""
    # A third of what `base64.urlsafe_b64decode` takes, twice for each event.
    return a2b_base64(hop.replace("-", "+").replace("_", "/")) if hop else LINK


def unpack_hop(raw: bytes) -> str:
    """The hop's id as text; "" for the sharer's link."""
    return "" if raw == LINK else base64.urlsafe_b64encode(raw).decode()


def pack_batch(items: Sequence[Item], secret: bytes) -> tuple[bytes, bytes, bytes]:
    """One share's events, their contexts and their ads; ids are digested under the secret."""
    contexts: dict[tuple[str, str, str, str], int] = {}
    ads: dict[str, int] = {}
    packed: list[bytes] = []
    # An open, its views and its reading come together and have the same ids.
    hops, opens = cache(pack_hop), cache(partial(digest, size=OPEN_BYTES, secret=secret))
    for item in items:
        r = item.receipt
        context = (item.variant, r.country, r.device, r.source)
        which = contexts.setdefault(context, len(contexts) + 1)
        ad = ads.setdefault(r.ad, len(ads) + 1)
        packed.append(
            _EVENT.pack(
                item.sequence,
                since_epoch(r.at),
                ad,
                _REFUSED.get(item.refused, 0),
                _KIND[r.k],
                opens(r.o or r.i),
                hops(r.n),
                hops(r.p),
                which,
                _SLOT.get(r.s, 0),
                r.ms,
                r.pct,
                b"" if r.k in _ONCE_AN_OPEN else digest(r.k[0] + r.i, ID_BYTES, secret),
            )
        )
    encode = msgspec.msgpack.encode
    return b"".join(packed), encode(list(contexts)), encode(list(ads))


def since_epoch(at: int) -> int:
    """Milliseconds since 2020; 0 for a clock that is before."""
    return max(at - EPOCH, 0)


def day_ms(day: int) -> int:
    """When a day, counted from 2020, begins: ms since 1970."""
    return EPOCH + day * DAY


def digest(text: str, size: int, secret: bytes) -> bytes:
    """A digest of an id; without the secret nobody can make two ids collide."""
    hashed = _keyed(size, secret).copy()
    hashed.update(text.encode())
    return hashed.digest()


# Taking in the key is more than half of what a digest costs, and there are two for each event.
@lru_cache(maxsize=8)
def _keyed(size: int, secret: bytes) -> "hashlib.blake2b":
    return hashlib.blake2b(digest_size=size, key=secret)
