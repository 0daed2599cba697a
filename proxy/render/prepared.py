"""The stored form of a compiled page: the same bytes in the store, in a file, in memory. Pure.

First a head and the lengths of the deflated runs, then the runs, so that a page is served without
decoding anything; last, as MessagePack, what only drawing needs.
"""

import hashlib
import struct
from collections.abc import Iterable, Sequence

import msgspec

from proxy.page import Page, Stored
from proxy.render import splice
from proxy.render.splice import DIGEST_BYTES, Part

PAGE_BYTES, RUN_BYTES = 700, 200
"""The memory that a page takes beside its bytes, and that each of its runs takes."""
_HEAD = struct.Struct(f"<??{DIGEST_BYTES}s{DIGEST_BYTES}sH")

Bytes = bytes | bytearray
Runs = Sequence[bytes | memoryview]


class _Rest(msgspec.Struct, frozen=True, array_like=True):
    """What is needed less often than the runs; `parts`: (checksum, size, digest) of each part."""

    stored: msgspec.Raw
    parts: tuple[tuple[int, int, bytes], ...]


_STORED = msgspec.msgpack.Decoder(Stored)
_REST = msgspec.msgpack.Decoder(_Rest)


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """A page whose stored bytes are `data`; `runs` and `rest` are views of these.

    `runs` are the deflated parts that are not empty. `digest` is of the page, `version` of
    `Stored.version`. `http`: the page has pictures with `http:` addresses, so readers only get it
    rewritten (`proxy.pictures.markup`). `ended`: it may not be shown any more.
    """

    data: Bytes
    ended: bool
    http: bool
    version: bytes
    digest: bytes
    runs: Runs
    rest: memoryview

    @property
    def parts(self) -> tuple[Part, ...]:
        """The page's segments, deflated; none if they are stored apart."""
        runs = map(bytes, self.runs)
        return tuple([Part(next(runs) if each[1] else b"", *each) for each in self._rest.parts])

    @property
    def stored(self) -> Stored:
        """The page without its segments, and the facts that are stored with it."""
        return _STORED.decode(self._rest.stored)

    @property
    def closed(self) -> str:
        """Why it may not be shown any more; "": it may."""
        return self.stored.closed if self.ended else ""

    @property
    def size(self) -> int:
        """The memory that it takes, in bytes."""
        return PAGE_BYTES + RUN_BYTES * len(self.runs) + len(self.data)

    @property
    def _rest(self) -> _Rest:
        return _REST.decode(self.rest)


def read(data: Bytes) -> Prepared:
    """The page in `data`, without copying any of it. Raises struct.error."""
    ended, http, version, digest, count = _HEAD.unpack_from(data)
    view, at, runs = memoryview(data), _HEAD.size + 4 * count, []
    for length in struct.unpack_from(f"<{count}I", data, _HEAD.size):
        runs.append(view[at : at + length])
        at += length
    return Prepared(data, ended, http, version, digest, runs, view[at:])


def deflated(page: Page) -> tuple[Part, ...]:
    """The page's segments, deflated; takes tens of milliseconds at most."""
    return tuple(splice.part(segment, small=True) for segment in page.segments)


def inflated(parts: Iterable[Part]) -> tuple[bytes, ...]:
    """The segments as they were before deflating."""
    return tuple([splice.identity(splice.gzip([part])) for part in parts])


def packed(
    stored: Stored, parts: Sequence[Part], *, http: bool = False, apart: bool = False
) -> bytes:
    """The stored form of a page with `parts` for its segments; without these if `apart`."""
    encode = msgspec.msgpack.encode
    page = msgspec.structs.replace(stored.page, segments=())
    says = encode((page, [part.digest for part in parts]))
    kept = () if apart else parts
    runs = [part.deflated for part in kept if part.size]
    version = _digest(stored.version.encode())
    head = _HEAD.pack(bool(stored.closed), http, version, _digest(says), len(runs))
    lengths = struct.pack(f"<{len(runs)}I", *map(len, runs))
    bare = encode(msgspec.structs.replace(stored, page=page))
    rest = _Rest(msgspec.Raw(bare), tuple([part[1:] for part in kept]))
    return b"".join((head, lengths, *runs, encode(rest)))


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()
