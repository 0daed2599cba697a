"""Events with their verdicts: the contract's section 6 applied to the events themselves.

The fold keeps only figures. The verdict on an event follows from the events of its share alone, in
whatever order they came: of events that count once the earliest counts, and an event that belongs
to an open waits for it. SQLite sorts them on disk, so that memory stays bounded.
"""

import base64
import sqlite3
from collections.abc import Iterable, Iterator

import msgspec

from ads.clock import DAY, HOUR, Timestamp, timestamp
from ads.events import hops
from ads.events.erasure import MARK, trace
from ads.events.receipt import Receipt
from ads.store.counts.wire import OPEN_BYTES, SLOTS, digest

CACHE_KB = 8192
ROWS_AT_ONCE = 1000
HOURLY = ("view", "read")
"""Kinds whose time within the hour does not matter."""

_RECEIVED = """
CREATE TABLE received (
  at INTEGER, i TEXT, o TEXT, k TEXT, share TEXT, n TEXT, p TEXT, slot TEXT,
  told INTEGER, refused TEXT, once TEXT, turn INTEGER, tie BLOB, opened TEXT
)"""
_INSERT = "INSERT INTO received VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Erased events left traces of their ids; if there are any, all ids are compared by their traces.
_TRACED = "UPDATE received SET once = trace(once), opened = trace(opened)"
_OPENS = """
CREATE TABLE opens AS SELECT share, opened, at, n, p FROM (
  SELECT *, row_number() OVER (PARTITION BY share, opened ORDER BY at, tie) AS place
  FROM received WHERE k = 'open' AND refused = ''
) WHERE place = 1"""
_BY_ID = "CREATE UNIQUE INDEX opens_by_id ON opens (share, opened)"
_JUDGED = """
SELECT e.at, e.i, e.o, e.k, e.share,
  iif(open.n <> '', open.n, e.n), iif(open.n <> '', open.p, e.p), e.slot,
  CASE
    WHEN e.refused <> '' THEN e.refused
    WHEN e.place > 1 THEN 'repeated'
    WHEN e.k = 'open' OR hangs THEN 'counted'
    WHEN e.since <= :now - :day THEN 'no_open'
    ELSE 'pending'
  END
FROM (
  SELECT *,
    row_number() OVER (PARTITION BY share, once ORDER BY turn, tie, at) AS place,
    min(at) OVER (PARTITION BY share, once, turn) AS since
  FROM received
) AS e LEFT JOIN (SELECT *, 1 AS hangs FROM opens) AS open
  ON open.share = e.share AND open.opened = e.opened AND open.at < e.since + :day
    AND e.refused = '' AND e.place = 1 AND e.k <> 'open'
WHERE e.told ORDER BY e.at"""


class JudgedEvent(msgspec.Struct, frozen=True):
    """An event. `o` is the open that it belongs to, `slot` may be empty.

    `verdict` is counted, repeated, pending or the reason of its refusal. A counted event tells the
    hop and parent of its open.
    """

    at: Timestamp
    i: str
    o: str
    k: str
    share: str
    n: str
    p: str
    slot: str
    verdict: str


class Judge:
    """Takes events in, in any order but each once, then lists those of one ad and span.

    `secret` is the one under which the store digests ids. To judge an event, it needs the events of
    five days before it and of the day after.
    """

    def __init__(self, ad: str, start: int, end: int, secret: bytes = b"") -> None:
        self._ad = ad
        self._start = start
        self._end = end
        self._secret = secret
        # A database without a name is SQLite's own temporary file; threads take turns.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode = OFF", "temp_store = FILE", f"cache_size = -{CACHE_KB}"):
            self._db.execute(f"PRAGMA {setting}")
        self._db.create_function("trace", 1, _traced, deterministic=True)
        self._db.execute(_RECEIVED)
        self._traces = False

    def hear(self, receipts: Iterable[Receipt]) -> None:
        """Receipts whose `refused` is final."""
        self._db.execute("BEGIN")
        self._db.executemany(_INSERT, map(self._row, receipts))
        self._db.execute("COMMIT")

    def verdicts(self, now: int) -> Iterator[list[JudgedEvent]]:
        """The ad's events in order of receipt, a thousand at a time, judged as of `now` (ms)."""
        if self._traces:
            self._db.execute(_TRACED)
        self._db.execute(_OPENS)
        self._db.execute(_BY_ID)
        found = self._db.execute(_JUDGED, {"now": now, "day": DAY})
        while rows := found.fetchmany(ROWS_AT_ONCE):
            yield [JudgedEvent(timestamp(at), *rest) for at, *rest in rows]

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def _row(self, r: Receipt) -> tuple[object, ...]:
        gone = r.i.startswith(MARK)
        self._traces = self._traces or gone
        told = r.ad == self._ad and self._start <= r.at < self._end and not gone
        # The sharer's link is the parent of all readers of depth 1.
        p = "" if r.k == "open" and not r.refused and hops.depth(r.n) == 1 else r.p
        once, tie = ("", b"") if r.refused else (_once(r), self._tie(r, p))
        # The earliest counts, by the millisecond; of views and readings, by the hour.
        turn = r.at - r.at % HOUR if r.k in HOURLY else r.at
        return (r.at, r.i, r.o, r.k, r.share, r.n, p, r.s, told, r.refused, once, turn, tie, r.o)

    def _tie(self, r: Receipt, p: str) -> bytes:
        """Decides between two of the same turn: sorted by content, as the fold does."""
        if r.k == "open":
            return b"".join(base64.urlsafe_b64decode(hop) for hop in (r.n, p)) + r.ad.encode()
        if r.k in HOURLY:
            return r.ad.encode()
        return digest(r.o, OPEN_BYTES, self._secret) + r.ad.encode() + bytes((0, SLOTS.index(r.s)))


def _once(r: Receipt) -> str:
    """The name under which an event counts once: of a view slot and open, of a read its open."""
    if r.k == "view":
        return f"view {r.s} {r.o}"
    return f"{r.k} {r.o if r.k == 'read' else r.i}"


def _traced(once: str) -> str:
    kind, space, name = once.rpartition(" ")
    return kind + space + trace(name)
