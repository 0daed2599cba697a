"""A page joined once for all shares that differ only in id and ticket. Pure.

A template does not hold the article's own parts, only their places: articles are large and have
many templates, one for each ad and sharer.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import msgspec
from isal import isal_zlib

from proxy.render import checksum, splice
from proxy.render.gaps import Mark, Pieces
from proxy.render.prepared import Runs
from proxy.render.splice import Part

ETAG_BYTES = 12
_STAMP = struct.Struct(f"<I{ETAG_BYTES}s")
TEMPLATE_BYTES = 2_000
"""The memory of a template beside its runs: places, tails, and the objects around them."""
RUN_BYTES = 33
"""The overhead of a Python bytes object."""
COMMON_BYTES = 2_000
"""Longer runs are our style sheets and scripts, which all templates share."""
LAID = 1_000
"""Sequences of pieces that are cached, at a few hundred bytes each."""


class Stamp(NamedTuple):
    """The differences between a share's page and its template: id, ticket, and what follows.

    `crc` is the whole page's CRC-32, `etag` its weak ETag.
    """

    share: str
    ticket: str
    crc: int
    etag: str

    def packed(self) -> bytes:
        """Everything except the id, in a fifth of the memory of these objects."""
        return _STAMP.pack(self.crc, bytes.fromhex(self.etag[3:-1])) + self.ticket.encode()


def unpacked(share: str, data: bytes) -> Stamp:
    """The stamp of a share from its `packed` form."""
    crc, etag = _STAMP.unpack_from(data)
    return Stamp(share, data[_STAMP.size :].decode(), crc, f'W/"{etag.hex()}"')


class Template(msgspec.Struct, frozen=True, array_like=True, eq=False, gc=False):
    """`runs` are deflated bytes, empty where an article's part, an id or a ticket will be put.

    `articles`, `shares` and `tickets` are the indexes of these runs; the tails say how many bytes
    of the page follow each id and ticket. `crc` is the page's without the part of ids and tickets,
    `length` the page's bytes. `digest` is of the content, `size` the memory it takes.
    """

    runs: tuple[bytes, ...]
    articles: tuple[int, ...]
    shares: tuple[int, ...]
    tickets: tuple[int, ...]
    share_tails: tuple[int, ...]
    ticket_tails: tuple[int, ...]
    crc: int
    length: int
    digest: bytes
    size: int

    def stamp(self, share: str, ticket: str) -> Stamp:
        """A share's stamp; id and ticket must have the lengths that the template was made for."""
        crc = self.crc
        crc ^= checksum.added(zlib.crc32(share.encode()), self.share_tails)
        crc ^= checksum.added(zlib.crc32(ticket.encode()), self.ticket_tails)
        content = f"{share} {ticket}".encode()
        etag = hashlib.blake2b(content, digest_size=ETAG_BYTES, key=self.digest).hexdigest()
        return Stamp(share, ticket, crc, f'W/"{etag}"')

    def gzip(self, article: Runs, stamp: Stamp) -> bytes:
        """The page of one share; `article`: the article's parts, deflated, without empty ones."""
        runs: list[bytes | memoryview] = list(self.runs)
        for at, part in zip(self.articles, article, strict=True):
            runs[at] = part
        share, ticket = splice.block(stamp.share.encode()), splice.block(stamp.ticket.encode())
        for at in self.shares:
            runs[at] = share
        for at in self.tickets:
            runs[at] = ticket
        return splice.member(runs, stamp.crc, self.length)


@dataclass(slots=True)
class _Laid:
    """Consecutive pieces; `marks` are (mark, index of its run, byte offset after it).

    Templates share these runs, so only the first template counts their `size`.
    """

    runs: tuple[bytes, ...]
    marks: tuple[tuple[Mark, int, int], ...]
    crc: int
    length: int
    digest: bytes
    size: int


def joined(page: Iterable[tuple[Part, Pieces]], share: int, ticket: int) -> Template:
    """The template of a page, given as the article's parts, each with the pieces that follow it.

    The template does not hold the parts. `share` and `ticket`: the bytes of an id and a ticket.
    """
    runs: list[bytes] = []
    places: dict[Mark | None, list[int]] = {None: [], "share": [], "ticket": []}
    ends: list[tuple[Mark, int]] = []
    digests: list[bytes] = []
    crc = length = 0
    size = TEMPLATE_BYTES
    for part, pieces in page:
        laid = _laid(pieces, share, ticket)
        if part.size:
            places[None].append(len(runs))
            runs.append(b"")
            crc = isal_zlib.crc32_combine(crc, part.crc, part.size)
            length += part.size
        for mark, run, end in laid.marks:
            places[mark].append(len(runs) + run)
            ends.append((mark, length + end))
        runs += laid.runs
        crc = isal_zlib.crc32_combine(crc, laid.crc, laid.length)
        length += laid.length
        size += laid.size
        laid.size = 0
        digests += (part.digest, laid.digest)
    shares, tickets = (
        tuple([length - end for mark, end in ends if mark == each]) for each in ("share", "ticket")
    )
    return Template(
        tuple(runs),
        tuple(places[None]),
        tuple(places["share"]),
        tuple(places["ticket"]),
        shares,
        tickets,
        crc,
        length,
        _digest(digests),
        size,
    )


@lru_cache(LAID)
def _laid(pieces: Pieces, share: int, ticket: int) -> _Laid:
    """Lay out the pieces of one gap; cached, since most are an ad's or our own."""
    sizes: Mapping[Mark, int] = {"share": share, "ticket": ticket}
    runs: list[bytes] = []
    marks: list[tuple[Mark, int, int]] = []
    crc = length = 0
    for piece in pieces:
        if isinstance(piece, str):
            crc = isal_zlib.crc32_combine(crc, 0, sizes[piece])
            length += sizes[piece]
            marks.append((piece, len(runs), length))
            runs.append(b"")
        else:
            crc = isal_zlib.crc32_combine(crc, piece.crc, piece.size)
            length += piece.size
            runs.append(piece.deflated)
    digests = (piece.encode() if isinstance(piece, str) else piece.digest for piece in pieces)
    size = sum(RUN_BYTES + len(run) for run in runs if 0 < len(run) < COMMON_BYTES)
    return _Laid(tuple(runs), tuple(marks), crc, length, _digest(digests), size)


def _digest(digests: Iterable[bytes]) -> bytes:
    return hashlib.blake2b(b"".join(digests), digest_size=ETAG_BYTES).digest()
