"""What goes to the scripts and comes back, byte for byte (pure); their half is in Lua."""

import base64
import hashlib
import struct
from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from ads.clock import DAY, HOUR
from ads.ledger import KINDS, REASONS
from ads.receipt import Receipt

EPOCH = 1_577_836_800_000
"""2020-01-01T00:00Z in ms: the store's times count from here, so that five bytes hold them."""

SLOTS = ("", "top", "middle", "end", "sticky")
HOP_BYTES = 9
_LEDGER_ONLY = len(KINDS) + 3  # readers, repeated, pending stand between the kinds and the reasons

_EVENT = struct.Struct(">QQHBB8s9s9sHBIB8s")
_HOP = struct.Struct(">9s5sBBBBH9s3s3s3sB")
_NOWHERE = bytes(HOP_BYTES)
_STRAY = 2

_KIND = {kind: place for place, kind in enumerate(KINDS, 1)}
_REFUSED = {reason: place for place, reason in enumerate(REASONS, _LEDGER_ONLY + 1)}
_SLOT = {slot: place for place, slot in enumerate(SLOTS)}


class Item(NamedTuple):
    """A receipt to be folded: its sequence in the segment, the final reason (or "") and variant."""

    sequence: int
    receipt: Receipt
    refused: str = ""
    variant: str = ""


class Batch(NamedTuple):
    """Arguments for one call of the script."""

    events: bytes
    contexts: bytes
    ads: bytes
    days: set[int]


class Node(NamedTuple):
    """A hop as stored. Times in ms; `descendants` counts all below it."""

    hop: str
    parent: str
    depth: int
    first_open: int
    children: int
    descendants: int
    stray: bool


def pack_hop(hop: str) -> bytes:
    """Nine bytes that sort by depth, then by the rest of the id."""
    return base64.urlsafe_b64decode(hop) if hop else _NOWHERE


def unpack_hop(raw: bytes) -> str:
    """The id again; "" for the sharer's link."""
    return "" if raw == _NOWHERE else base64.urlsafe_b64encode(raw).decode()


def pack_batch(items: Sequence[Item]) -> Batch:
    """The events of one share as the script reads them."""
    contexts: dict[tuple[str, str, str, str], int] = {}
    ads: dict[str, int] = {}
    packed: list[bytes] = []
    days: set[int] = set()
    for item in items:
        r = item.receipt
        context = (item.variant, r.country, r.device, r.source)
        which = contexts.setdefault(context, len(contexts) + 1)
        packed.append(_event(item, ads.setdefault(r.ad, len(ads) + 1), which))
        days.add(since_epoch(r.at) // DAY)
    encode = msgspec.msgpack.encode
    return Batch(b"".join(packed), encode(list(contexts)), encode(list(ads)), days)


def since_epoch(at: int) -> int:
    """Milliseconds in the store's count; a clock before 2020 is taken for its first moment."""
    return max(at - EPOCH, 0)


def unpack_nodes(raw: bytes, after: str = "", most: int | None = None) -> list[Node]:
    """The first `most` nodes behind a hop, of pages put together."""
    first = pack_hop(after)
    behind = (fields for fields in _HOP.iter_unpack(raw) if fields[0] > first)
    return [_node(fields) for fields in islice(behind, most)]


def unpack_arrivals(raw: bytes) -> list[tuple[int, int]]:
    """(second of the hour, readers) in order."""
    return [(s, int.from_bytes(count)) for s, count in struct.iter_unpack(">H3s", raw)]


def hour_ms(hour: int) -> int:
    """When an hour of the store's count begins, in ms since 1970."""
    return EPOCH + hour * HOUR


def _event(item: Item, ad: int, context: int) -> bytes:
    r = item.receipt
    return _EVENT.pack(
        item.sequence,
        since_epoch(r.at),
        ad,
        _REFUSED.get(item.refused, 0),
        _KIND[r.k],
        _digest(r.o or r.i),
        pack_hop(r.n),
        pack_hop(r.p),
        context,
        _SLOT.get(r.s, 0),
        r.ms,
        r.pct,
        _digest(r.k[0] + r.i),
    )


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def _node(fields: tuple[Any, ...]) -> Node:
    hop, at, _, _, _, _, _, parent, size, kids, _, flags = fields
    whole = int.from_bytes
    return Node(
        unpack_hop(hop),
        unpack_hop(parent),
        whole(hop[:2]) >> 4,
        EPOCH + whole(at),
        whole(kids),
        whole(size) - 1,
        flags >= _STRAY,
    )
