"""Counts: fold batches in, forget segments, read figures out."""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import cast

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ResponseError

from ads.clock import DAY, HOUR, Clock, now_ms
from ads.store import keys, records
from ads.store.cluster import Cluster
from ads.store.counts import cells, due, forget, retention, rollups, tree
from ads.store.counts.branch import Branches
from ads.store.counts.cells import DIMENSIONS, Cell
from ads.store.counts.marks import Marks
from ads.store.counts.outlines import Outlines
from ads.store.counts.retention import Ages
from ads.store.counts.rollups import Rollups
from ads.store.counts.run import Run, Stuck
from ads.store.counts.script import FOLD, HEARD
from ads.store.counts.sums import AdCells
from ads.store.counts.tree import Tree
from ads.store.counts.wire import Item, since_epoch
from ads.store.replication import MasterStates
from ads.tasks import TimeSlice

PIPELINED = 16
"""Calls sent in one go, each for another share: redis-py encodes them in a millisecond."""
ON_DISK_MS = 1
SECRET_BYTES = 16
NOTED = 50_000
"""How many hours of ads a process remembers as queued for roll-up."""
FOLD_ANSWER_SECONDS = 1.5


class Counts:
    """The counts of all shares in one store.

    `marks` say what is folded of each segment; `branches` read a tree branch by branch.
    """

    def __init__(self, redis: Redis, now: Clock = now_ms) -> None:
        self._redis = redis
        self._now = now
        self.marks = Marks(redis)
        self.branches = Branches(redis, Outlines(redis))
        self._secret = b""
        self._voided: set[tuple[str, int]] = set()
        self._noted: set[tuple[str, int]] = set()
        self._noted_at = 0

    def dedicated(self, connected: Callable[[], None]) -> "Counts":
        """The same counts over a connection of their own; `connected` is called for each new one.

        Its commands time out sooner: a dead connection holds the figures up, and repeating a fold
        is harmless. For a cluster, `connected` is not called: `master_states` tells more.
        """
        if isinstance(self._redis, Cluster):
            alone = self._redis.another(max_connections=1, socket_timeout=FOLD_ANSWER_SECONDS)
            return Counts(alone, self._now)

        async def greet(connection: AbstractConnection) -> None:
            await connection.on_connect()
            counts.forget_secret()
            connected()

        pool = self._redis.connection_pool
        told = {
            **pool.connection_kwargs,
            "redis_connect_func": greet,
            "socket_timeout": FOLD_ANSWER_SECONDS,
        }
        single: ConnectionPool = ConnectionPool(pool.connection_class, max_connections=1, **told)
        counts = Counts(Redis.from_pool(single), self._now)
        return counts

    async def disconnect(self) -> None:
        """Drop the connection, which may be dead; the next command connects anew."""
        await self._redis.connection_pool.disconnect()

    async def secret(self) -> bytes:
        """The secret under which ids are digested: made once in a store, with its first counts."""
        if not self._secret:
            await self._redis.set(keys.ID_SALT, secrets.token_bytes(SECRET_BYTES), nx=True)
            self._secret = cast(bytes, await self._redis.get(keys.ID_SALT))
        return self._secret

    def forget_secret(self) -> None:
        """Forget what is remembered of the store: it may be another one."""
        self._secret = b""
        self._noted = set()

    async def close(self) -> None:
        """End a dedicated connection."""
        await self._redis.aclose()

    async def load_library(self) -> None:
        """Load the fold's library into the store. Raises ResponseError if we may not."""
        await FOLD.load(self._redis)

    async def fold(self, segment: str, batches: Mapping[str, tuple[int, Sequence[Item]]]) -> int:
        """Fold what each share's mark of this segment does not cover yet; returns how many events.

        `batches`: share -> (last sequence applied before, items by rising sequence). May be
        repeated. Raises Gap if the store lost what was applied before; RedisError if it cannot be
        reached or refuses (each call was then applied whole or not at all); at the end, Stuck for
        shares on whose data the fold fails.
        """
        time_slice = TimeSlice()
        await self._note(batches)
        secret = await self.secret()
        await time_slice.end()
        runs = [Run(share, segment, *batch, secret) for share, batch in batches.items()]
        await self._run(runs)
        folded = sum(run.folded for run in runs)
        if stuck := {run.share: run.fault for run in runs if run.fault}:
            raise Stuck(stuck, folded)
        return folded

    async def _note(self, batches: Mapping[str, tuple[int, Sequence[Item]]]) -> None:
        """Queue the hours of these events for roll-up, each hour of an ad once.

        After the clock was set back they are queued again: the current hour may be rolled up
        already.
        """
        receipts = (item.receipt for _, items in batches.values() for item in items)
        hours = {(r.ad, r.at // HOUR) for r in receipts}
        before, self._noted_at = self._noted_at, self._now()
        if self._noted_at < before:
            self._noted = set()
        fresh = {(ad, hour * HOUR) for ad, hour in hours} - self._noted
        if fresh:
            under_way = [(ad, hour) for ad, hour in fresh if hour + HOUR > self._noted_at]
            await rollups.note_late(self._redis, under_way)
            await due.note(self._redis, fresh, self._noted_at)
            self._noted = (self._noted if len(self._noted) < NOTED else set()) | fresh

    async def roll_up(self) -> bool:
        """Compute the closed hours of one ad's day that is due; False if none was."""
        now = self._now()
        taken = await due.take(self._redis, now)
        if taken:
            shares = await self.shares(taken.ad)
            if shares:
                await Rollups(self._redis, taken.ad, shares).refresh(taken.day, now)
                await due.settle(self._redis, taken, now)
            else:  # the ad was forgotten, perhaps during a roll-up
                await rollups.clear(self._redis, taken.ad, now)
                await due.drop(self._redis, taken)
        return taken is not None

    async def sweep(self, shares: Iterable[str]) -> None:
        """In these shares, refuse events that have waited for their open for a day."""
        due = since_epoch(self._now() - DAY)
        overdue = await tree.overdue(self._redis, list(shares), due)
        runs = [Run(share, "", 0, (), b"") for share in overdue]
        await self._run(runs)
        for fault in (run.fault for run in runs if run.fault):
            raise fault

    async def index(self, pairs: Iterable[tuple[str, str]]) -> None:
        """List shares under ads, (ad, share), for the ads' reports; call before the first fold."""
        pipeline = self._redis.pipeline(transaction=False)
        for ad, share in pairs:
            pipeline.sadd(keys.SHARES_OF_AD.format(ad=ad), share)
        await pipeline.execute()

    async def shares(self, ad: str) -> list[str]:
        """Every share that has an event under the ad, in order of their ids."""
        found = await self._redis.smembers(keys.SHARES_OF_AD.format(ad=ad))
        return sorted(map(records.text, found))

    async def cells(
        self, shares: Sequence[str], start: int, end: int, dimensions: Collection[str] = DIMENSIONS
    ) -> list[list[Cell]]:
        """The cells of each share, in order, from hour `start` to before hour `end` (ms)."""
        await self.sweep(shares)
        return await cells.load(self._redis, shares, start, end, dimensions)

    async def of_ad(self, ad: str, start: int, end: int, dimensions: Collection[str]) -> AdCells:
        """An ad's cells over all its shares, in the span and by these dimensions.

        Closed days and hours come from roll-ups. "share" is a dimension too, with the figures that
        all dimensions have. Totals and slots come by hour, everything else as a sum over the span.
        Where a closed hour or day has more than `sketch.PRECISE` readings, each is off by at most
        `sketch.ERROR`.
        """
        shares = await self.shares(ad)
        await self.sweep(shares)
        return await Rollups(self._redis, ad, shares).load(start, end, dimensions, self._now())

    async def tree(
        self, share: str, *, forwarders: int = 0, branches: int = 0, after: str = "", nodes: int = 0
    ) -> Tree:
        """A share's tree: its figures, so many of the largest, `nodes` nodes after a hop's id."""
        return await tree.load(self._redis, share, forwarders, branches, after, nodes)

    async def forget(self, share: str) -> None:
        """Remove all that was counted of a share; events still in a spool will not count."""
        await forget.share(self._redis, share, self._now())

    async def forget_day(self, share: str, start: int) -> None:
        """Remove what was counted of a share on the day that begins at `start` (ms, UTC)."""
        await forget.day(self._redis, share, start, self._now())

    async def forget_ad(self, ad: str) -> None:
        """Remove all that was counted under an ad, its shares with it."""
        await forget.ad(self._redis, ad, self._now())

    async def claim_retention(self) -> bool:
        """Whether the caller is today's worker for `retain`."""
        seconds = keys.RETAINED_SECONDS
        return bool(await self._redis.set(keys.RETAINED, 1, nx=True, ex=seconds))

    async def retain(self, ages: Ages) -> None:
        """Merge old hours and drop old hops, in every share of the store."""
        await retention.retain(self._redis, ages, self._now())

    async def master_states(self) -> MasterStates:
        """The replication state of each master of a cluster; empty for a single store."""
        return await self._redis.master_states() if isinstance(self._redis, Cluster) else {}

    def voided(self) -> set[tuple[str, int]]:
        """Closed hours (ad, first ms) whose roll-ups were voided since the last call."""
        found, self._voided = self._voided, set()
        return found

    async def void(self, changes: Collection[tuple[str, int]]) -> None:
        """Void the roll-ups of these hours; may be repeated."""
        await rollups.note_late(self._redis, changes)
        await due.note(self._redis, changes, self._now())

    async def on_disk(self) -> bool | None:
        """Whether all that this connection wrote is in the append-only file; None if it is off."""
        try:
            local, _ = await self._redis.waitaof(1, 0, ON_DISK_MS)
        except ResponseError:
            return None
        return bool(local >= 1)

    async def _run(self, runs: Sequence[Run]) -> None:
        left = list(runs)
        while left:
            await self._round(left[:PIPELINED])
            left = [run for run in left if not run.done]

    async def _round(self, runs: Sequence[Run]) -> None:
        """Make the next call of each. Raises the first error, after noting all that succeeded."""
        pipeline, time_slice = self._redis.pipeline(transaction=False), TimeSlice()
        for run in runs:
            FOLD.queue(pipeline, *run.call(self._now()))
            await time_slice.end()
        answers = await pipeline.execute(raise_on_error=False)
        errors = []
        for run, answer in zip(runs, answers, strict=True):
            if not isinstance(answer, Exception):
                run.take(answer)
            elif FOLD.failed(answer):
                run.give_up(answer)
            else:
                errors.append(answer)
        await self._void_late([run for run in runs if run.late_note])
        if errors and not FOLD.is_missing(errors[0]):
            raise errors[0]
        if errors:
            await self.load_library()

    async def _void_late(self, runs: Sequence[Run]) -> None:
        """Void the roll-ups of closed hours that changed, then clear the shares' notes of them."""
        if not runs:
            return
        late = {each for run in runs for each in run.late}
        await self.void(late)
        self._voided |= late
        for run in runs:
            await HEARD(self._redis, [keys.SHARE_BODY.format(share=run.share)], [run.late_note])
            run.late_note = b""
