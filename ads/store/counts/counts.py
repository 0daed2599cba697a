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
from ads.store.counts.cells import DIMENSIONS, ShareCells
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
"""Calls sent in one go, each of another share: redis-py puts them together in a millisecond."""
ON_DISK_MS = 1
SECRET_BYTES = 16
NOTED = 50_000
"""Hours of ads that are remembered as noted."""

FOLD_ANSWER_SECONDS = 1.5


class Counts:
    """The counts of all shares in one store.

    `marks` tell what is folded of each segment, `branches` the readers, branch by branch.
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
        """The same counts over one connection of its own; `connected` hears of each new one.

        It gives up sooner than others: a connection that is dead but open holds the figures up,
        and asking again is harmless. Of a cluster `master_states` tells more than connections do.
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
        """Connect anew before the next command: this connection may be open and dead."""
        await self._redis.connection_pool.disconnect()

    async def secret(self) -> bytes:
        """Under which ids are digested: made once in a store, and as old as its counts."""
        if not self._secret:
            await self._redis.set(keys.ID_SALT, secrets.token_bytes(SECRET_BYTES), nx=True)
            self._secret = cast(bytes, await self._redis.get(keys.ID_SALT))
        return self._secret

    def forget_secret(self) -> None:
        """Ask and note anew: the store may be another."""
        self._secret = b""
        self._noted = set()

    async def close(self) -> None:
        """End a dedicated connection."""
        await self._redis.aclose()

    async def teach(self) -> None:
        """Make the store know how to fold, as `fold` does. Raises ResponseError if it may not."""
        await FOLD.load(self._redis)

    async def fold(self, segment: str, batches: Mapping[str, tuple[int, Sequence[Item]]]) -> int:
        """Fold what each share's mark of this segment does not cover yet; answers how many.

        share -> (last sequence that was applied before, items by rising sequence). Again is
        harmless. Raises Gap when the store lost what was applied before, RedisError when it cannot
        be reached or refuses: then each call was applied whole or not at all. Raises Stuck in the
        end for shares that the store fails at.
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
        """What will have to be rolled up; each hour of an ad is noted once.

        Again after the clock was set back: an hour under way may be rolled up already, then.
        """
        receipts = (item.receipt for _, items in batches.values() for item in items)
        hours = {(r.ad, r.at // HOUR) for r in receipts}
        before, self._noted_at = self._noted_at, self._now()
        if self._noted_at < before:
            self._noted = set()
        fresh = {(ad, hour * HOUR) for ad, hour in hours} - self._noted
        if fresh:
            under_way = [(ad, hour) for ad, hour in fresh if hour + HOUR > self._noted_at]
            await rollups.late(self._redis, under_way)
            await due.note(self._redis, fresh, self._noted_at)
            self._noted = (self._noted if len(self._noted) < NOTED else set()) | fresh

    async def roll_up(self) -> bool:
        """Compute what is closed of one day of an ad that is due; whether there was one."""
        now = self._now()
        taken = await due.take(self._redis, now)
        if taken:
            shares = await self.shares(taken.ad)
            if shares:
                await Rollups(self._redis, taken.ad, shares).refresh(taken.day, now)
                await due.settle(self._redis, taken, now)
            else:  # it was forgotten, perhaps while somebody summed it up
                await rollups.clear(self._redis, taken.ad, now)
                await due.drop(self._redis, taken)
        return taken is not None

    async def sweep(self, shares: Iterable[str]) -> None:
        """Give up waiting for opens that did not come within a day, in these shares."""
        due = since_epoch(self._now() - DAY)
        overdue = await tree.overdue(self._redis, list(shares), due)
        runs = [Run(share, "", 0, (), b"") for share in overdue]
        await self._run(runs)
        for fault in (run.fault for run in runs if run.fault):
            raise fault

    async def index(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Enter shares under ads, (ad, share), for the ads' reports; before their first fold."""
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
    ) -> list[ShareCells]:
        """The cells of these shares from hour `start` to before hour `end` (ms, on the hour)."""
        await self.sweep(shares)
        return await cells.load(self._redis, shares, start, end, dimensions)

    async def of_ad(self, ad: str, start: int, end: int, dimensions: Collection[str]) -> AdCells:
        """An ad's cells over all its shares, in the span and by these dimensions alone.

        Closed days and hours come from roll-ups. "share" is a dimension too: of each share the
        figures that all dimensions have. Totals and slots stand by hour, all else in sum. Of
        more than `sketch.PRECISE` readings of a closed hour or day each is off by `sketch.ERROR`
        at most.
        """
        shares = await self.shares(ad)
        await self.sweep(shares)
        return await Rollups(self._redis, ad, shares).load(start, end, dimensions, self._now())

    async def tree(
        self, share: str, *, forwarders: int = 0, branches: int = 0, after: str = "", nodes: int = 0
    ) -> Tree:
        """The share's tree figures, with so many of the largest, and nodes after a hop id."""
        return await tree.load(self._redis, share, forwarders, branches, after, nodes)

    async def forget(self, share: str) -> None:
        """Remove all that was counted of a share; what is still on its way counts nothing."""
        await forget.share(self._redis, share, self._now())

    async def forget_day(self, share: str, start: int) -> None:
        """Remove what was counted of a share on the day that begins at `start` (ms, UTC)."""
        await forget.day(self._redis, share, start, self._now())

    async def forget_ad(self, ad: str) -> None:
        """Remove all that was counted under an ad, its shares with it."""
        await forget.ad(self._redis, ad, self._now())

    async def claim_retention(self) -> bool:
        """Whether the caller is the one to keep house today."""
        seconds = keys.RETAINED_SECONDS
        return bool(await self._redis.set(keys.RETAINED, 1, nx=True, ex=seconds))

    async def retain(self, ages: Ages) -> None:
        """Put old hours together and let old hops go, in every share of the store."""
        await retention.retain(self._redis, ages, self._now())

    async def master_states(self) -> MasterStates:
        """How each master of a cluster stands; empty of a single store."""
        return await self._redis.master_states() if isinstance(self._redis, Cluster) else {}

    def voided(self) -> set[tuple[str, int]]:
        """Closed hours (ad, first ms) whose roll-ups were voided since this was last asked."""
        found, self._voided = self._voided, set()
        return found

    async def void(self, changes: Collection[tuple[str, int]]) -> None:
        """Void the roll-ups of these hours; again is harmless."""
        await rollups.late(self._redis, changes)
        await due.note(self._redis, changes, self._now())

    async def on_disk(self) -> bool | None:
        """Whether all that this connection wrote is in the append-only file; None without one."""
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
        """The next call of each. Raises the first error, after all that succeeded is noted."""
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
            await self.teach()

    async def _void_late(self, runs: Sequence[Run]) -> None:
        """Void the roll-ups of closed hours that changed, then take it that all heard."""
        if not runs:
            return
        late = {each for run in runs for each in run.late}
        await self.void(late)
        self._voided |= late
        for run in runs:
            await HEARD(self._redis, [keys.SHARE_BODY.format(share=run.share)], [run.late_note])
            run.late_note = b""
