"""A file of kept events, named by its segment and its first and last time of receipt.

It begins with the shares whose events it has; the spool's frames follow, compressed. A segment that
is still in the spool is read through the same class.
"""

import logging
import os
import re
import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec
from isal import isal_zlib

from ads.events.receipt import Receipt
from ads.spool import frame, segment

SUFFIX = ".events"
LEVEL = 1  # ids are random: more effort gains little

_NAME = re.compile(rf"[^.]+\.[0-9a-f]{{1,16}}-[0-9a-f]{{1,16}}{re.escape(SUFFIX)}")
_HEAD = struct.Struct("<I")
_shares = msgspec.msgpack.Decoder(list[str])
_decode = msgspec.msgpack.Decoder(Receipt).decode

log = logging.getLogger(__name__)


class Damaged(Exception):
    """A file's content is not what was written."""


class Volume(NamedTuple):
    """A segment's events; `live` is the open file of a segment that is still in the spool."""

    segment: str
    path: Path
    live: BinaryIO | None = None

    def close(self) -> None:
        """Let go of the open file, if there is one."""
        if self.live:
            self.live.close()


def path_of(directory: Path, name: str, first: int, last: int) -> Path:
    """Where a segment's events are kept, received from `first` to `last` (ms)."""
    return directory / f"{name}.{first:x}-{last:x}{SUFFIX}"


def kept(directory: Path) -> list[Path]:
    """The files of kept events in a directory, which may have other files too."""
    return [path for path in directory.glob(f"*{SUFFIX}") if _NAME.fullmatch(path.name)]


def segment_of(path: Path) -> str:
    """The id of the segment that a file keeps."""
    return path.name.partition(".")[0]


def times(path: Path) -> tuple[int, int]:
    """The first and the last time of receipt that its name tells."""
    first, _, last = path.name.split(".")[1].partition("-")
    return int(first, 16), int(last, 16)


def data(path: Path) -> bytes:
    """The frames in a file. Raises OSError, Damaged."""
    raw = path.read_bytes()
    with _sound_or_damaged(path):
        (length,) = _HEAD.unpack_from(raw)
        return zlib.decompress(raw[_HEAD.size + length :])


def shares_in(path: Path) -> list[str]:
    """The shares whose events a file has. Raises OSError, Damaged."""
    with path.open("rb") as file, _sound_or_damaged(path):
        (length,) = _HEAD.unpack(file.read(_HEAD.size))
        return _shares.decode(file.read(length))


def write(path: Path, shares: Iterable[str], receipts: bytes) -> None:
    """Write the file, whole or not at all: the shares, then `receipts` (frames). Raises OSError."""
    head = msgspec.msgpack.encode(sorted(shares))
    half = path.with_suffix(f".{secrets.token_hex(4)}.half")
    try:
        with half.open("wb") as file:
            file.write(_HEAD.pack(len(head)) + head + isal_zlib.compress(receipts, LEVEL))
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    except OSError:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def spooled(spool: Path) -> frozenset[str]:
    """Ids of the segments in a spool's directory."""
    return frozenset(path.stem for path in spool.glob(f"*{segment.SUFFIX}"))


def live(spool: Path) -> list[Volume]:
    """All segments in a spool's directory, opened, since their owners may remove them any time."""
    found = []
    for path in sorted(spool.glob(f"*{segment.SUFFIX}")):
        with suppress(FileNotFoundError):
            found.append(Volume(path.name.removesuffix(segment.SUFFIX), path, path.open("rb")))
    return found


def read(volume: Volume) -> Iterator[tuple[int, Receipt]]:
    """A volume's events with their sequence; none if it is gone or damaged. Raises OSError."""
    try:
        found = volume.live.read() if volume.live else data(volume.path)
    except FileNotFoundError:  # it has expired, or all of it was erased
        return iter(())
    except Damaged as error:
        log.error("archive: %s", error)  # noqa: TRY400 - no fault of ours
        return iter(())
    return records(found)


def records(frames: bytes) -> Iterator[tuple[int, Receipt]]:
    """The events in frames, with their sequence."""
    for sequence, payload in _sound(frames):
        with suppress(msgspec.MsgspecError):  # reported when it was folded
            yield sequence, _decode(payload)


@contextmanager
def _sound_or_damaged(path: Path) -> Iterator[None]:
    try:
        yield
    except (zlib.error, struct.error, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Damaged(f"{path} is damaged: {error}") from error


def _sound(data: bytes) -> Sequence[tuple[int, bytes]]:
    """Every sound record, as the spool's own reader finds them."""
    found, at, bad = frame.scan(data, final=True)
    while bad:
        start = frame.resync(data, at + 1)
        if start is None:
            break
        more, used, bad = frame.scan(data[start:], final=True)
        found += more
        at = start + used
    return found


def _sync(directory: Path) -> None:
    folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
