"""A compiled page in the bytes in which it is kept: in the store, in a file, in memory. Pure.

Its deflated runs lie one behind the other, their lengths before them, so that nothing is decoded
to show it once more; what only drawing looks at comes last, as MessagePack.
"""

import hashlib
import struct
from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from proxy.compiler.page import Page
from proxy.serving.splice import DIGEST_BYTES, Part

PAGE_BYTES = 500
"""What a page takes in memory beside its bytes."""
_HEAD = struct.Struct(f"<??{DIGEST_BYTES}s{DIGEST_BYTES}sH")

Bytes = bytes | bytearray
Runs = Sequence[bytes | memoryview]


class Telling(Protocol):
    """What is kept with a page: its `version`, why it is `closed`, and more for others to read."""

    @property
    def page(self) -> Page:
        """Without segments."""

    @property
    def version(self) -> str: ...  # noqa: D102 - see the class

    @property
    def closed(self) -> str: ...  # noqa: D102


class Told(msgspec.Struct, frozen=True):
    """The same as it is read to be drawn."""

    page: Page
    version: str = ""
    closed: str = ""


class _Rest(msgspec.Struct, frozen=True, array_like=True):
    """What is asked for less often than runs: of each part its checksum, size and digest."""

    told: msgspec.Raw
    parts: tuple[tuple[int, int, bytes], ...]


_TOLD = msgspec.msgpack.Decoder(Told)
_REST = msgspec.msgpack.Decoder(_Rest)


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """`data` is all of it, `digest` tells what its page says, `version` is a digest of the word.

    `http` says that pictures of `http:` addresses are in it (`proxy.pictures.markup`): no reader
    sees it as it is. `ended`: it may not be shown any more.
    """

    data: Bytes
    ended: bool
    http: bool
    version: bytes
    digest: bytes
    count: int

    @property
    def runs(self) -> Runs:
        """The deflated bytes of the parts that are not empty; nothing is copied."""
        return list(_cut(self))[:-1]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The page's segments, deflated; none if they are kept apart."""
        runs = map(bytes, self.runs)
        return tuple([Part(next(runs) if each[1] else b"", *each) for each in self._rest.parts])

    @property
    def told(self) -> msgspec.Raw:
        """What is kept with the page, and the page without its segments, as MessagePack."""
        return self._rest.told

    @property
    def page(self) -> Page:
        """The page without its segments."""
        return _TOLD.decode(self.told).page

    @property
    def closed(self) -> str:
        """Why it may not be shown any more; "": it may."""
        return _TOLD.decode(self.told).closed if self.ended else ""

    @property
    def size(self) -> int:
        """Bytes that it takes in memory."""
        return PAGE_BYTES + len(self.data)

    @property
    def _rest(self) -> _Rest:
        *_, end = _cut(self)
        return _REST.decode(end)


def read(data: Bytes) -> Prepared:
    """The page in these bytes. Raises struct.error."""
    return Prepared(data, *_HEAD.unpack_from(data))


def packed(
    told: Telling, parts: Sequence[Part], *, http: bool = False, apart: bool = False
) -> bytes:
    """The bytes in which a page is kept; without its runs if these are kept `apart`."""
    encode = msgspec.msgpack.encode
    says = encode((told.page, [part.digest for part in parts]))
    kept = () if apart else parts
    runs = [part.deflated for part in kept if part.size]
    version = _digest(told.version.encode())
    head = _HEAD.pack(bool(told.closed), http, version, _digest(says), len(runs))
    lengths = struct.pack(f"<{len(runs)}I", *map(len, runs))
    rest = _Rest(msgspec.Raw(encode(told)), tuple([part[1:] for part in kept]))
    return b"".join((head, lengths, *runs, encode(rest)))


def _cut(page: Prepared) -> Iterator[memoryview]:
    """The runs, and what follows them."""
    view, at = memoryview(page.data), _HEAD.size + 4 * page.count
    for length in struct.unpack_from(f"<{page.count}I", page.data, _HEAD.size):
        yield view[at : at + length]
        at += length
    yield view[at:]


def _digest(said: bytes) -> bytes:
    return hashlib.blake2b(said, digest_size=DIGEST_BYTES).digest()
