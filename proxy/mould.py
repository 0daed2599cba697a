"""A page joined once for all shares that differ in id and ticket alone. Pure.

Of the article's own parts a mould knows only where they stand: articles are big and have many
moulds, one for each ad and sharer.
"""

import hashlib
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from isal import isal_zlib

from proxy import splice
from proxy.gaps import Mark, Pieces
from proxy.splice import Part

ETAG_BYTES = 12
MOULD_BYTES = 2_500
"""What a mould takes beside its runs: their places, tails, and the objects around them."""
COMMON_BYTES = 2_000
"""Longer runs are our style sheet and script, of which all moulds have the same."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells a share's page from others of its mould: id, ticket, and what follows from them.

    `crc` is the whole page's CRC-32, `etag` its weak ETag.
    """

    share: str
    ticket: str
    crc: int
    etag: str


@dataclass(frozen=True, slots=True, eq=False)
class Mould:
    """`runs` are deflated bytes, empty where an article's part, an id or a ticket will stand.

    `places` say where these do, `tails` how many bytes of the page come after each id and ticket.
    `crc` is the page's without what ids and tickets add to it, `length` its bytes; `digest` tells
    what is in it, `size` what it takes in memory without what all moulds share.
    """

    runs: tuple[bytes, ...]
    places: Mapping[Mark | None, Sequence[int]]
    tails: Mapping[Mark, Sequence[int]]
    crc: int
    length: int
    digest: bytes
    size: int

    def stamp(self, share: str, ticket: str) -> Stamp:
        """Both are as long as those for which the mould was made."""
        crc = self.crc
        values: tuple[tuple[Mark, str], ...] = (("share", share), ("ticket", ticket))
        for mark, text in values:
            own = zlib.crc32(text.encode())
            for tail in self.tails[mark]:
                # A checksum is linear: each id adds its own, moved by what comes after it.
                crc ^= isal_zlib.crc32_combine(own, 0, tail)
        said = f"{share} {ticket}".encode()
        etag = hashlib.blake2b(said, digest_size=ETAG_BYTES, key=self.digest).hexdigest()
        return Stamp(share, ticket, crc, f'W/"{etag}"')

    def gzip(self, article: Sequence[bytes], stamp: Stamp) -> bytes:
        """The page of one share; `article` are the article's parts, deflated."""
        runs, places = list(self.runs), self.places
        for at, part in zip(places[None], article, strict=True):
            runs[at] = part
        share, ticket = splice.block(stamp.share.encode()), splice.block(stamp.ticket.encode())
        for at in places["share"]:
            runs[at] = share
        for at in places["ticket"]:
            runs[at] = ticket
        return splice.member(runs, stamp.crc, self.length)


def made(pieces: Pieces, article: Collection[Part], lengths: Mapping[Mark, int]) -> Mould:
    """The mould of a page in pieces, among them the `article`'s, which stay out of it.

    `lengths` are the bytes of an id and of a ticket.
    """
    apart = {id(part) for part in article}
    runs: list[bytes] = []
    places: dict[Mark | None, list[int]] = {None: [], "share": [], "ticket": []}
    ends: dict[Mark, list[int]] = {"share": [], "ticket": []}
    crc = length = 0
    for piece in pieces:
        mark = piece if isinstance(piece, str) else None
        size = lengths[piece] if isinstance(piece, str) else piece.size
        crc = isal_zlib.crc32_combine(crc, 0 if isinstance(piece, str) else piece.crc, size)
        length += size
        if mark:
            ends[mark].append(length)
        if mark or id(piece) in apart:
            places[mark].append(len(runs))
            runs.append(b"")
        elif not isinstance(piece, str):
            runs.append(piece.deflated)
    tails = {mark: [length - end for end in found] for mark, found in ends.items()}
    size = MOULD_BYTES + sum(len(run) for run in runs if len(run) < COMMON_BYTES)
    return Mould(tuple(runs), places, tails, crc, length, _digest(pieces), size)


def _digest(pieces: Pieces) -> bytes:
    told = (piece.encode() if isinstance(piece, str) else piece.digest for piece in pieces)
    return hashlib.blake2b(b"".join(told), digest_size=ETAG_BYTES).digest()
