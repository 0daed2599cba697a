"""A long piece of a segment, read in turns of the loop."""

from ads.events.receipt import Receipt
from ads.spool.journal import Spool
from ads.spool.segment import Segment
from ads.turn import Turn

MAX_BYTES, TURN_BYTES = 512 * 1024, 16 * 1024
"""Read at once; read in one turn of the loop."""


async def read(
    spool: Spool, segment: Segment, offset: int
) -> tuple[list[tuple[int, Receipt]], int]:
    """What is durable now from byte `offset` on, about MAX_BYTES of it, as `Spool.read` has it."""
    end = min(segment.end, offset + MAX_BYTES)
    records: list[tuple[int, Receipt]] = []
    turn = Turn()
    while True:
        some, following = spool.read(segment, offset, TURN_BYTES)
        records += some
        if following == offset or following >= end:
            return records, following
        offset = following
        await turn.end()
