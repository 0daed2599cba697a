"""What goes to the scripts and comes back, byte for byte (pure); their half is in Lua."""

import base64
import hashlib
import re
import struct
from binascii import a2b_base64
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache, partial
from typing import NamedTuple

import msgspec

from ads.clock import DAY
from ads.events.hops import MAX_DEPTH
from ads.events.ledger import KINDS, REASONS
from ads.events.receipt import Receipt

EPOCH = 1_577_836_800_000
"""2020-01-01T00:00Z in ms: the store's times count from here, so that five bytes hold them."""

SLOTS = ("", "top", "middle", "end", "sticky")
HOP_BYTES = 9
_LEDGER_ONLY = len(KINDS) + 3  # readers, repeated, pending stand between the kinds and the reasons

_EVENT = struct.Struct(">QQHBB6s9s9sHBIB5s")
OPEN_BYTES, ID_BYTES = 6, 5
"""Of the digests of ids. Two opens of a share are one for the store with odds of 1 in 2^48, two
other events of one kind with 1 in 2^40: a million opens in six days take each other's place with
odds of 1 in 560, a hundred thousand taps with 1 in 220."""
LINK = bytes(HOP_BYTES)
_STRAY, _INIT, _SMALL, _BIG, _NARROW, _PARENT = 2, 8, 16, 32, 64, 128
_PLACE = HOP_BYTES + 6  # id, flags, time

_KIND = {kind: place for place, kind in enumerate(KINDS, 1)}
_REFUSED = {reason: place for place, reason in enumerate(REASONS, _LEDGER_ONLY + 1)}
_ONCE_AN_OPEN = frozenset(KINDS[:3])  # their own ids tell nothing
_SLOT = {slot: place for place, slot in enumerate(SLOTS)}


class Item(NamedTuple):
    """A receipt to be folded: its sequence in the segment, the final reason (or "") and variant."""

    sequence: int
    receipt: Receipt
    refused: str = ""
    variant: str = ""


class Node(NamedTuple):
    """A hop as stored. Times in ms; `descendants` counts all below it."""

    hop: str
    parent: str
    depth: int
    first_open: int
    children: int
    descendants: int
    stray: bool


class Forwarder(NamedTuple):
    """Who brought others: those who came straight from it, and all of its branch with itself.

    `parent` is b"" where it hangs from the sharer's link.
    """

    hop: bytes
    parent: bytes
    readers: int
    kids: int


def pack_hop(hop: str) -> bytes:
    """Nine bytes that sort by depth, then by the rest of the id."""
    # A third of what `base64.urlsafe_b64decode` takes, twice for each event.
    return a2b_base64(hop.replace("-", "+").replace("_", "/")) if hop else LINK


def unpack_hop(raw: bytes) -> str:
    """The id again; "" for the sharer's link."""
    return "" if raw == LINK else base64.urlsafe_b64encode(raw).decode()


def pack_batch(items: Sequence[Item], secret: bytes = b"") -> tuple[bytes, bytes, bytes]:
    """One share's events, their contexts and ads as the script reads them.

    Ids are digested under the secret.
    """
    contexts: dict[tuple[str, str, str, str], int] = {}
    ads: dict[str, int] = {}
    packed: list[bytes] = []
    # An open, its views and its reading come together, and name the same.
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
    """Milliseconds in the store's count; a clock before 2020 is taken for its first moment."""
    return max(at - EPOCH, 0)


def unpack_nodes(raw: bytes, after: str = "", most: int | None = None) -> list[Node]:
    """The first `most` nodes behind a hop, in order of their ids, of pages put together."""
    first, found, at = pack_hop(after), [], 0
    while at < len(raw):
        size = HOP_SIZES[raw[at + HOP_BYTES]]
        if raw[at : at + HOP_BYTES] > first:
            found.append(raw[at : at + size])
        at += size
    return [_node(record) for record in sorted(found)[:most]]


def pack_depth(depth: int) -> bytes:
    """Where the hops of a depth begin among all."""
    return (depth << 4).to_bytes(2) + LINK[2:]


def children_in(raw: bytes, parent: bytes) -> list[bytes]:
    """The records of a hop's children (LINK: of the sharer's link), out of pages put together."""
    found, at = [], 0
    while at < len(raw):
        flags = raw[at + HOP_BYTES]
        size = HOP_SIZES[flags]
        start = at + _PLACE + (3 if flags & _NARROW else 6)
        named = raw[start : start + HOP_BYTES] if flags & _PARENT else LINK
        if named == parent and not flags & _STRAY:
            found.append(raw[at : at + size])
        at += size
    return found


def forwarding(raw: bytes) -> list[Forwarder]:
    """All hops with children, out of pages put together."""
    found, at = [], 0
    while record := _FORWARDER.match(raw, at):
        start, at = record.start(1), record.end()
        flags = raw[start + HOP_BYTES]
        place = start + _PLACE + (3 if flags & _NARROW else 6)
        parent = raw[place : place + HOP_BYTES] if flags & _PARENT else b""
        place += len(parent)
        if flags & _STRAY or parent >= _DEEPEST:
            parent = b""
        found.append(Forwarder(record[1], parent, *_sizes(raw, place, flags)))
    return found


def descendants(record: bytes) -> int:
    """How many readers stand below the hop of this record."""
    flags = record[HOP_BYTES]
    at = _PLACE + (3 if flags & _NARROW else 6) + (HOP_BYTES if flags & _PARENT else 0)
    return _sizes(record, at, flags)[0] - 1


def arrival(record: bytes) -> bytes:
    """By which records sort: the time of the hop's first open, then its id."""
    return record[HOP_BYTES + 1 : _PLACE] + record[:HOP_BYTES]


def _sizes(raw: bytes, at: int, flags: int) -> tuple[int, int]:
    """Readers of the branch, its first hop included, and those who came straight from that one."""
    if flags & _SMALL:
        return raw[at], raw[at + 1]
    if flags & _BIG:
        return int.from_bytes(raw[at : at + 3]), int.from_bytes(raw[at + 3 : at + 6])
    return 1, 0


def day_ms(day: int) -> int:
    """When a day of the store's count begins, in ms since 1970."""
    return EPOCH + day * DAY


def digest(text: str, size: int, secret: bytes) -> bytes:
    """So many bytes that stand for an id; without the secret nobody can make two ids meet."""
    hashed = _keyed(size, secret).copy()
    hashed.update(text.encode())
    return hashed.digest()


# Taking in the key is more than half of what a digest costs, and there are two for each event.
@lru_cache(maxsize=8)
def _keyed(size: int, secret: bytes) -> "hashlib.blake2b":
    return hashlib.blake2b(digest_size=size, key=secret)


def _hop_size(flags: int) -> int:
    parts = {_NARROW: 3, _PARENT: HOP_BYTES, _SMALL: 2, _BIG: 6, _INIT: 20}
    wide = 0 if flags & _NARROW else 6
    return _PLACE + wide + sum(size for flag, size in parts.items() if flags & flag)


HOP_SIZES = [_hop_size(flags) for flags in range(256)]
"""How long the record of a hop is, by its flags."""


def _records(wanted: Iterable[int]) -> bytes:
    """A pattern of what comes behind the id in records with one of these flags."""
    sizes: dict[int, bytes] = {}
    for flags in wanted:
        size = HOP_SIZES[flags] - HOP_BYTES - 1
        sizes[size] = sizes.get(size, b"") + re.escape(bytes((flags,)))
    return b"|".join(b"[%b].{%d}" % (flags, size) for size, flags in sizes.items())


_DEEPEST = pack_depth(MAX_DEPTH)
"""Who names one of these hangs from the sharer's link."""

# Past all who brought nobody, at some ten nanoseconds each, to the next one who did.
_FORWARDER = re.compile(
    b"(?s)(?:.{9}(?:%b))*+(.{9})(?:%b)"
    % (
        _records(flags for flags in range(256) if not flags & (_SMALL | _BIG)),
        _records(flags for flags in range(256) if flags & (_SMALL | _BIG)),
    )
)


def _node(record: bytes) -> Node:
    flags, at = record[HOP_BYTES], _PLACE + (3 if record[HOP_BYTES] & _NARROW else 6)
    parent = record[at : at + HOP_BYTES] if flags & _PARENT else LINK
    at += HOP_BYTES if flags & _PARENT else 0
    size, kids = _sizes(record, at, flags)
    return Node(
        unpack_hop(record[:HOP_BYTES]),
        unpack_hop(parent),
        int.from_bytes(record[:2]) >> 4,
        EPOCH + int.from_bytes(record[HOP_BYTES + 1 : _PLACE]),
        kids,
        size - 1,
        bool(flags & _STRAY),
    )
