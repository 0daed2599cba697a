"""`passalong forget`: a share, an ad, an account or a day's events, for good and everywhere."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ads.clock import now_ms
from ads.errors import Problem
from ads.events.erasure import Erasure
from ads.spool import Archive, archive, volume
from ads.store.removal import Removal
from proxy.cli.command import Opened, UndoneError, on_stores, share_id
from proxy.forget import Forgetting

POLL_SECONDS = 0.2
SPOOL_SECONDS = 15.0
"""A running service looks twice a second, and soon removes what is safely folded."""
REWRITE_SECONDS = 60.0


def add_arguments(parser: ArgumentParser) -> None:
    """`share ID|LINK`, `ad ID`, `account EMAIL`, `day YYYY-MM-DD`."""
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind, name, what in (
        ("share", "ID|LINK", "Its page, figures and events."),
        ("ad", "ID", "It and its figures; its pages have no slot left."),
        ("account", "EMAIL", "It, its ads and its shares."),
        ("day", "YYYY-MM-DD", "The events received on it (UTC)."),
    ):
        kinds.add_parser(kind, help=what, description=what).add_argument("name", metavar=name)


@on_stores
async def run(opened: Opened, args: Namespace) -> str:
    """Forgets it, and says so; 2 if there is no such thing; 1 if something is left.

    Raises UndoneError that names each place that still has something.
    """
    began = now_ms()
    erased = await _asked(Forgetting(opened.stores, now_ms), args)
    events = await _events(opened.config.data_dir, erased, began)
    left = [events, await _rewritten(opened.stores.removal)]
    if any(left):
        raise UndoneError("; ".join(filter(None, left)))
    return f"{args.name}: forgotten."


async def _asked(forgetting: Forgetting, args: Namespace) -> list[Erasure]:
    if args.kind != "day":
        ways = {"share": forgetting.share, "ad": forgetting.ad, "account": forgetting.account}
        name = share_id(args.name) if args.kind == "share" else args.name
        return await ways[args.kind](name)
    try:
        day = datetime.strptime(args.name, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise Problem("invalid", "A day is written 2026-11-22.") from error
    return await forgetting.day(int(day.timestamp() * 1000))


async def _events(data_dir: Path, erased: Sequence[Erasure], began: int) -> str:
    """Rewrites the archive here; waits for the spool, which its owners rewrite. What is left.

    What readers send after `began` (ms) goes with its segment, and is kept nowhere else.
    """
    kept, spool = Archive(data_dir / "events", 1), data_dir / "spool"
    gone = await _until(
        lambda: asyncio.to_thread(_none_spooled, spool, erased, began), SPOOL_SECONDS
    )
    await asyncio.to_thread(kept.erase, erased)
    await asyncio.to_thread(archive.erase_damaged, spool, erased)
    return "" if gone else "the spool still holds some of it, until the service runs"


def _none_spooled(spool: Path, erased: Sequence[Erasure], before: int) -> bool:
    """Whether no segment in the spool has such an event that was received before then (ms)."""
    volumes = volume.live(spool)
    try:
        events = (receipt for each in volumes for _, receipt in volume.read(each))
        old = (receipt for receipt in events if receipt.at < before)
        return not any(each.covers(receipt) for receipt in old for each in erased)
    finally:
        for each in volumes:
            each.close()


async def _rewritten(removal: Removal) -> str:
    """Has the append-only file rewritten, which still has what was removed. What is left."""

    async def done() -> bool:
        return not await removal.rewriting()

    if await removal.rewrite() and await _until(done, REWRITE_SECONDS):
        return ""
    return "the store's append-only file was not written anew: run BGREWRITEAOF there"


async def _until(true: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    deadline = asyncio.get_running_loop().time() + seconds
    while not await true():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True
