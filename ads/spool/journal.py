"""A worker's spool: receipts go in and are durable; they can be read in order until removed."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from ads.clock import now_ms
from ads.errors import Problem
from ads.events.receipt import Receipt
from ads.spool import frame, segment
from ads.spool.commit import GroupCommit
from ads.spool.segment import Segment
from ads.tasks import TimeSlice

SEGMENT_BYTES = 8 * 1024 * 1024
WAITING_BYTES = 8 * 1024 * 1024
RESERVE_BYTES = 1024 * 1024
READ_BYTES, TURN_BYTES = 512 * 1024, 16 * 1024
"""Bytes of one `read_more`; bytes of these that are read in one turn of the loop."""

log = logging.getLogger(__name__)

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Receipt).decode


class Spool:
    """The segments that this process owns in `directory`, one of them open for writing.

    `sync` makes an append wait for fdatasync; without it an event survives the death of the process
    but not of the machine. `max_bytes` limits what this process keeps on disk. `grown` is set
    whenever there is more to read; its reader clears it.
    """

    def __init__(self, directory: Path, *, sync: bool, max_bytes: int) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.directory = directory
        self._sync = sync
        self._max_bytes = max_bytes
        self._segments: dict[str, Segment] = {}
        self._current: Segment | None = None
        self._held = 0
        self._made_at = 0
        self._lock = threading.Lock()  # guards `_current`; held while the thread writes
        self._rotate_asked = False
        self._faulty: set[Path] = set()
        self._failing = False
        self.grown = asyncio.Event()
        self._commit = GroupCommit(self._write, self._kept)

    async def append(self, receipts: Sequence[Receipt]) -> None:
        """Return when all `receipts` are durable.

        Raises Problem("store_unavailable") when they could not be made so: the disk is full or
        read-only, `max_bytes` is reached, too much is waiting already, or the spool is closed.
        """
        waiter: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()

        def told(error: Exception | None) -> None:
            if not waiter.done():
                waiter.set_result(error)

        self.submit(receipts, told)
        error = await waiter
        if isinstance(error, OSError):
            if not self._failing:  # once until an event is kept again: the log has its limits, too
                log.warning("spool: nothing can be kept: %s", error)
            self._failing = True
            raise Problem("store_unavailable", "the event could not be kept") from error
        if error:
            raise error

    def submit(self, receipts: Sequence[Receipt], told: Callable[[Exception | None], None]) -> None:
        """`append` without waiting: `told` is called when they are durable (None), or with why not.

        It may be called at once.
        """
        try:
            payloads = self._admitted(receipts)
            if payloads:
                self._commit.submit(payloads, told)
                return
        except (Problem, OSError) as error:
            told(error)
            return
        told(None)

    def _admitted(self, receipts: Sequence[Receipt]) -> list[bytes]:
        payloads = [_encode(receipt) for receipt in receipts]
        if payloads:
            size = sum(map(len, payloads)) + len(payloads) * frame.HEADER_BYTES
            waiting = self._commit.waiting_bytes + size
            if waiting > WAITING_BYTES or self._held + waiting > self._max_bytes:
                raise Problem("store_unavailable", "the spool is full", retry_after=5)
        return payloads

    @property
    def held_bytes(self) -> int:
        """How many bytes this process keeps on disk."""
        return self._held

    def adopt(self) -> list[Segment]:
        """Take over the segments of processes that died; returns them."""
        try:
            taken = segment.orphans(self.directory, self._fault)
        except OSError as error:  # our own open segments are not affected
            self._fault(self.directory, error)
            return []
        self._segments.update((s.id, s) for s in taken)
        self._weigh()
        if taken:
            self.grown.set()
        return taken

    def segments(self) -> list[Segment]:
        """The segments owned by this process, oldest first."""
        return sorted(self._segments.copy().values(), key=lambda s: s.id)

    def read(
        self, segment: Segment, offset: int, max_bytes: int
    ) -> tuple[list[tuple[int, Receipt]], int]:
        """(sequence, receipt) pairs that are durable from byte `offset` on, and the next offset.

        Sequences start at 1 in each segment. About `max_bytes` are read, at least one record if
        there is one. A segment is read out when it is `closed` and the next offset is its `end`; a
        torn tail lowers `end`. Damaged bytes are skipped and reported; after a read error nothing
        is returned, so that the caller tries again.
        """
        end = segment.end
        wanted = min(max(max_bytes, frame.MAX_FRAME), end - offset)
        try:
            data = os.pread(segment.fd, wanted, offset)
        except OSError as error:
            self._fault(segment.path, error)
            return [], offset
        short = len(data) < wanted or offset + wanted == end
        records, used, bad = frame.scan(data, final=short)
        following = offset + used
        if bad or len(data) < wanted:
            following = self._skip(segment, following, end)
        return self._receipts(segment, records), following

    async def read_more(
        self, segment: Segment, offset: int
    ) -> tuple[list[tuple[int, Receipt]], int]:
        """As `read`, about READ_BYTES, in several turns of the loop."""
        end = min(segment.end, offset + READ_BYTES)
        records: list[tuple[int, Receipt]] = []
        time_slice = TimeSlice()
        while True:
            some, following = self.read(segment, offset, TURN_BYTES)
            records += some
            if following == offset or following >= end:
                return records, following
            offset = following
            await time_slice.end()

    def rotate(self) -> None:
        """Close the segment being written, if not empty: now, or after the current write."""
        self._rotate_asked = True
        if self._lock.acquire(blocking=False):
            try:
                self._seal()
            finally:
                self._lock.release()

    def rotate_made_before(self, at: int) -> None:
        """`rotate` if the segment being written was begun before `at` (ms)."""
        if self._current and self._made_at < at:
            self.rotate()

    def remove(self, segment: Segment) -> None:
        """Delete a closed segment (a damaged one is set aside). Raises ValueError, OSError."""
        if not segment.closed:
            raise ValueError(f"segment {segment.id} is being written")
        segment.discard()
        del self._segments[segment.id]
        self._weigh()

    def has_room(self) -> bool:
        """Whether events can be kept: by `max_bytes`, and by the disk."""
        try:
            # Free space does not tell of a disk that takes no writes, or has no inodes left.
            with TemporaryFile(dir=self.directory, buffering=0):
                disk = os.statvfs(self.directory)
        except OSError:
            return False
        room = self._held + RESERVE_BYTES <= self._max_bytes
        return room and disk.f_bavail * disk.f_frsize >= RESERVE_BYTES

    def close(self) -> None:
        """Write what waits, then let go of every segment; the next owner adopts them."""
        self._commit.stop()
        with self._lock:
            self._drop_current()
        for owned in self.segments():
            owned.release()
        self._segments.clear()

    def _kept(self) -> None:
        self._failing = False
        self.grown.set()

    def _write(self, payloads: Sequence[bytes]) -> None:
        """One group, on the writer's thread. Raises OSError."""
        with self._lock:
            current = self._current or self._open()
            try:
                current.extend(payloads, sync=self._sync)
            except OSError:
                self._drop_current()
                raise
            finally:
                self._weigh()
            if current.end >= SEGMENT_BYTES:
                self._seal()
        if self._rotate_asked:  # while the lock was held
            self.rotate()

    def _open(self) -> Segment:
        self._made_at = max(now_ms(), self._made_at + 1)  # keeps their order if the clock is set
        self._current = segment.create(self.directory, self._made_at, sync=self._sync)
        self._segments[self._current.id] = self._current
        return self._current

    def _seal(self) -> None:
        self._rotate_asked = False
        if self._current and self._current.end:
            self._current.closed = True
            self._current = None

    def _drop_current(self) -> None:
        """Stop writing the current segment; delete it if it is empty."""
        self._seal()
        empty, self._current = self._current, None
        if empty:
            del self._segments[empty.id]
            with suppress(OSError):  # an empty file left over harms nobody
                empty.discard()

    def _weigh(self) -> None:
        self._held = sum(s.end for s in self._segments.copy().values())

    def _skip(self, segment: Segment, at: int, end: int) -> int:
        """Where to read on after the bad record at `at`; if nothing sound follows, end there."""
        rest = os.pread(segment.fd, end - at, at)
        found = frame.resync(rest, 1)
        if found:
            self._report(segment, at, f"{found} bytes are lost")
            return at + found
        with self._lock:  # waits for the write under way: `end` must be final before it is cut
            if self._current is segment:
                self._seal()
        # A crash tears at most the last group of an adopted segment; anything else is damage.
        if not segment.adopted or len(rest) > frame.RESYNC_BYTES:
            self._report(segment, at, f"{end - at} bytes are lost")
        segment.end = at
        return at

    def _receipts(
        self, segment: Segment, records: Sequence[tuple[int, bytes]]
    ) -> list[tuple[int, Receipt]]:
        found = []
        for sequence, payload in records:
            try:
                found.append((sequence, _decode(payload)))
            except msgspec.MsgspecError as error:  # written by another version of this code
                self._report(segment, sequence, f"record {sequence} is unreadable: {error}")
        return found

    def _fault(self, path: Path, error: OSError) -> None:
        """Log a file that cannot be read, but only once: it is tried twice a second."""
        if path not in self._faulty:
            self._faulty.add(path)
            log.error("spool: %s cannot be read: %s", path, error)

    def _report(self, segment: Segment, where: int, what: str) -> None:
        if where in segment.damaged:  # reported before; the reader went back
            return
        segment.damaged.add(where)
        log.error("spool: %s is damaged at %d and will be set aside: %s", segment.path, where, what)
