"""Time is passed in: code that needs the time takes a `Clock` (a leaf)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

Clock = Callable[[], int]
Timestamp = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now_ms() -> int:
    """The server's wall clock in milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


def steady_ms() -> int:
    """Milliseconds of a clock that is never set; only differences mean anything."""
    return time.monotonic_ns() // 1_000_000


def timestamp(at: int) -> str:
    """RFC 3339, UTC, to the millisecond."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
