"""One file of the spool, locked by the process that owns it."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ads.spool import frame

SUFFIX = ".spool"
DAMAGED = ".damaged"


class Segment:
    """A file of numbered receipts; its lock is held as long as it is open here.

    `end` is how far, in bytes, its records may be read (they are durable, or all that a dead owner
    left); `closed` says that `end` will not grow. A closed segment is read out at offset `end`.
    `adopted`: it had another owner. `damaged` names the places where it was found damaged.
    """

    def __init__(self, path: Path, fd: int, *, adopted: bool) -> None:
        self.id = path.name.removesuffix(SUFFIX)
        self.path = path
        self.fd = fd
        self.end = os.fstat(fd).st_size
        self.adopted = adopted
        self.closed = adopted
        self.damaged: set[int] = set()
        self._last = 0

    def extend(self, payloads: Sequence[bytes], *, sync: bool) -> None:
        """Append records and, with `sync`, force them to disk.

        Raises OSError: nothing of `payloads` is then readable, and the segment must not be written
        again, since after a failed sync the disk's content is unknown.
        """
        data = frame.pack(self._last, payloads)
        try:
            _write_all(self.fd, data)
            if sync:
                os.fdatasync(self.fd)
        except OSError:
            with suppress(OSError):  # then the tail is torn, and `end` keeps readers away from it
                os.ftruncate(self.fd, self.end)
            raise
        self._last += len(payloads)
        self.end += len(data)

    def whole(self) -> bytes:
        """All that may be read of it now. Raises OSError."""
        return os.pread(self.fd, self.end, 0)

    def release(self) -> None:
        """Close the file and give up its lock."""
        os.close(self.fd)

    def discard(self) -> None:
        """Delete the file, or set it aside for the operator if it is damaged; release it."""
        with _alone(self.path.parent) as folder:
            if self.damaged:
                self.path.rename(self.path.with_suffix(DAMAGED))
            else:
                self.path.unlink(missing_ok=True)
            # After a power cut, events whose marks are gone must not come back.
            os.fsync(folder)
        self.release()


def create(directory: Path, at: int, *, sync: bool) -> Segment:
    """A new empty segment owned by this process; its name begins with `at` (ms). Raises OSError."""
    # The random part makes the name unique whatever the clock did.
    path = directory / f"{at:012x}-{secrets.token_hex(6)}{SUFFIX}"
    with _alone(directory) as folder:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if sync:
                os.fsync(folder)  # the name must survive a power cut as well as the bytes
            return Segment(path, fd, adopted=False)
        except OSError:
            os.close(fd)
            path.unlink(missing_ok=True)
            raise


def made_at(name: str) -> int:
    """When a segment with this id was begun (ms); 0 if it is not one of our names."""
    try:
        return int(name.partition("-")[0], 16)
    except ValueError:
        return 0


def orphans(directory: Path, fault: Callable[[Path, OSError], None]) -> list[Segment]:
    """Take over every segment in `directory` whose owner has died. Raises OSError.

    `fault` is called for a segment that cannot be opened; the others are taken all the same.
    """
    with _alone(directory):
        taken = (_take(path, fault) for path in sorted(directory.glob(f"*{SUFFIX}")))
        return [segment for segment in taken if segment]


def _take(path: Path, fault: Callable[[Path, OSError], None]) -> Segment | None:
    try:
        fd = os.open(path, os.O_RDONLY)
    except OSError as error:
        fault(path, error)
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.pread(fd, 1, 0)
    except OSError as error:
        os.close(fd)
        if not isinstance(error, BlockingIOError):  # which says that its owner lives
            fault(path, error)
        return None
    return Segment(path, fd, adopted=True)


@contextmanager
def _alone(directory: Path) -> Iterator[int]:
    """Hold the directory's lock while files are made or removed.

    So nobody finds a segment before its owner has locked it, or locks one that is being removed.
    """
    folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(folder)


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]
