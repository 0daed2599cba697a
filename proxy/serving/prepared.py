"""A compiled page as readers' pages are made of it: deflated runs at once, the rest when asked for.

A page that is shown once more takes its runs alone; only drawing looks at what it says. Pure.
"""

import struct
from collections.abc import Iterator, Sequence

import msgspec

from proxy.compiler.page import Page
from proxy.serving import splice
from proxy.serving.splice import Part

PAGE_BYTES = 3_000
"""What a page takes beside its runs."""
_HEAD = struct.Struct(f"<{splice.DIGEST_BYTES}sH")
_PAGE = msgspec.msgpack.Decoder(Page)

Runs = Sequence[bytes | memoryview]


class Prepared(msgspec.Struct, frozen=True, gc=False):
    """`told` is the page without its segments, as MessagePack, `parts` are these, deflated.

    `runs` are the deflated bytes of the parts that are not empty, `digest` tells what is in them.
    """

    told: bytes
    parts: tuple[Part, ...]
    runs: tuple[bytes, ...]
    digest: bytes

    @property
    def page(self) -> Page:
        """The page without its segments."""
        return _PAGE.decode(self.told)

    @property
    def size(self) -> int:
        """Bytes that it takes in memory."""
        return PAGE_BYTES + sum(map(len, self.runs))


def prepared(told: bytes, parts: tuple[Part, ...]) -> Prepared:
    """A page whose segments were deflated before."""
    runs = tuple([part.deflated for part in parts if part.size])
    return Prepared(told, parts, runs, splice.digest(parts))


class _Rest(msgspec.Struct, frozen=True, array_like=True):
    """What is asked for less often than runs: of each part its checksum, size and digest."""

    told: bytes
    parts: tuple[tuple[int, int, bytes], ...]


_REST = msgspec.msgpack.Decoder(_Rest)


def packed(page: Prepared) -> bytes:
    """A page for a file: digest, lengths of the runs, these, and the rest."""
    lengths = [len(run) for run in page.runs]
    head = _HEAD.pack(page.digest, len(lengths)) + struct.pack(f"<{len(lengths)}I", *lengths)
    rest = _Rest(page.told, tuple([part[1:] for part in page.parts]))
    return b"".join((head, *page.runs, msgspec.msgpack.encode(rest)))


def runs(data: bytearray) -> tuple[bytes, list[memoryview]]:
    """The digest and the runs of a page that was `packed`; nothing is copied."""
    digest, count = _HEAD.unpack_from(data)
    return digest, list(_cut(data, count))[:-1]


def unpacked(data: bytearray) -> Prepared:
    """The page that was `packed`."""
    digest, count = _HEAD.unpack_from(data)
    *views, end = _cut(data, count)
    found, rest = tuple(map(bytes, views)), _REST.decode(end)
    left = iter(found)
    parts = tuple([Part(next(left) if part[1] else b"", *part) for part in rest.parts])
    return Prepared(rest.told, parts, found, digest)


def _cut(data: bytearray, count: int) -> Iterator[memoryview]:
    """The runs, and what follows them."""
    view, at = memoryview(data), _HEAD.size + 4 * count
    for length in struct.unpack_from(f"<{count}I", data, _HEAD.size):
        yield view[at : at + length]
        at += length
    yield view[at:]
