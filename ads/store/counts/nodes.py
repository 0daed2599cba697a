"""Hops as bytes in the store (pure): records in pages, which `pages.lua` writes.

A record is the hop's id, flags, the time of its first open, its dimensions, its parent (deeper than
depth 1), its sizes unless it is a leaf, and its first form if an earlier open changed it.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ads.events.hops import MAX_DEPTH
from ads.store.counts.wire import EPOCH, HOP_BYTES, LINK, pack_hop, unpack_hop

_STRAY, _INIT, _SMALL, _BIG, _NARROW, _PARENT = 2, 8, 16, 32, 64, 128
_PLACE = HOP_BYTES + 6  # id, flags, time
_SIZES = ((_SMALL, 2), (_BIG, 6), (_INIT, 20))
# By a record's flags: where in it the parent and the sizes begin, and where it ends.
_PARENT_AT = [_PLACE + (3 if flags & _NARROW else 6) for flags in range(256)]
_SIZES_AT = [_PARENT_AT[flags] + (HOP_BYTES if flags & _PARENT else 0) for flags in range(256)]
HOP_SIZES = [
    _SIZES_AT[flags] + sum(size for flag, size in _SIZES if flags & flag) for flags in range(256)
]


class Node(NamedTuple):
    """A hop as stored. `first_open` in ms; `descendants` counts all readers below it."""

    hop: str
    parent: str
    depth: int
    first_open: int
    children: int
    descendants: int
    stray: bool


class Forwarder(NamedTuple):
    """A hop with children: `kids` counts them, `readers` its whole branch with the hop itself.

    `parent` is b"" if the hop hangs from the sharer's link.
    """

    hop: bytes
    parent: bytes
    readers: int
    kids: int


def unpack_nodes(raw: bytes, after: str = "", most: int | None = None) -> list[Node]:
    """The first `most` nodes after a hop, in order of their ids, from joined pages."""
    first, found, at = pack_hop(after), [], 0
    while at < len(raw):
        size = HOP_SIZES[raw[at + HOP_BYTES]]
        if raw[at : at + HOP_BYTES] > first:
            found.append(raw[at : at + size])
        at += size
    return [_node(record) for record in sorted(found)[:most]]


def pack_depth(depth: int) -> bytes:
    """The lowest id that a hop of this depth can have."""
    return (depth << 4).to_bytes(2) + LINK[2:]


def children_in(raw: bytes, parent: bytes) -> list[bytes]:
    """The records of a hop's children (LINK: of the sharer's link), from joined pages."""
    found, at = [], 0
    while at < len(raw):
        flags = raw[at + HOP_BYTES]
        end = at + HOP_SIZES[flags]
        if _parent(raw, at, flags) == parent and not flags & _STRAY:
            found.append(raw[at:end])
        at = end
    return found


def forwarding(raw: bytes) -> list[Forwarder]:
    """All hops with children, from joined pages."""
    found, at = [], 0
    while record := _FORWARDER.match(raw, at):
        start, at = record.start(1), record.end()
        flags = raw[start + HOP_BYTES]
        parent = _parent(raw, start, flags)
        if flags & _STRAY or parent == LINK or parent >= _DEEPEST:
            parent = b""
        found.append(Forwarder(record[1], parent, *_sizes(raw, start, flags)))
    return found


def descendants(record: bytes) -> int:
    """How many readers stand below the hop of this record."""
    return _sizes(record, 0, record[HOP_BYTES])[0] - 1


def arrival(record: bytes) -> bytes:
    """A record's sort key: the time of the hop's first open, then its id."""
    return record[HOP_BYTES + 1 : _PLACE] + record[:HOP_BYTES]


def _parent(raw: bytes, at: int, flags: int) -> bytes:
    """The parent that the record at `at` names; LINK for none."""
    start = at + _PARENT_AT[flags]
    return raw[start : start + HOP_BYTES] if flags & _PARENT else LINK


def _sizes(raw: bytes, at: int, flags: int) -> tuple[int, int]:
    """Readers of the hop's branch, itself included, and the number of its children."""
    at += _SIZES_AT[flags]
    if flags & _SMALL:
        return raw[at], raw[at + 1]
    if flags & _BIG:
        return int.from_bytes(raw[at : at + 3]), int.from_bytes(raw[at + 3 : at + 6])
    return 1, 0


def _records(wanted: Iterable[int]) -> bytes:
    """A pattern for the bytes after the id, of records with one of these flags."""
    sizes: dict[int, bytes] = {}
    for flags in wanted:
        size = HOP_SIZES[flags] - HOP_BYTES - 1
        sizes[size] = sizes.get(size, b"") + re.escape(bytes((flags,)))
    return b"|".join(b"[%b].{%d}" % (flags, size) for size, flags in sizes.items())


EVERY_HOP = pack_depth(1), pack_depth(MAX_DEPTH + 1)
"""A span of ids that covers every hop."""
_DEEPEST = pack_depth(MAX_DEPTH)
"""A hop whose parent is of the deepest depth hangs from the sharer's link."""

# Skips hops without children, at some ten nanoseconds each, up to the next one with children.
_FORWARDER = re.compile(
    b"(?s)(?:.{9}(?:%b))*+(.{9})(?:%b)"
    % (
        _records(flags for flags in range(256) if not flags & (_SMALL | _BIG)),
        _records(flags for flags in range(256) if flags & (_SMALL | _BIG)),
    )
)


def _node(record: bytes) -> Node:
    flags = record[HOP_BYTES]
    size, kids = _sizes(record, 0, flags)
    return Node(
        unpack_hop(record[:HOP_BYTES]),
        unpack_hop(_parent(record, 0, flags)),
        int.from_bytes(record[:2]) >> 4,
        EPOCH + int.from_bytes(record[HOP_BYTES + 1 : _PLACE]),
        kids,
        size - 1,
        bool(flags & _STRAY),
    )
