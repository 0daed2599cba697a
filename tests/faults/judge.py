"""Compares what was acknowledged with what is reported, event by event."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from ads import tasks
from tests.client import Client, Json
from tests.faults.load import Load
from tests.faults.pace import Pace, Recovery
from tests.faults.readers import Truth

CATCH_UP_SECONDS = 60.0
STILL_SECONDS = 0.8
"""Longer than the fold's pause, so that figures that stand still are final."""
AD_EXACT, SHARE_EXACT, ERROR = 1_024, 4_096, 0.011
"""Of the medians in reports: how many readings are exact, and the greatest error of more."""
KINDS = ("open", "view", "read", "tap", "share", "plain", "close")
NAMES = {"opens": "open", "views": "view", "taps": "tap", "shares": "share"}
TOTALS = NAMES | {"plain": "plain", "closes": "close"}


@dataclass
class Outcome:
    """Figures of a run. `lost`: acknowledged and not counted; `doubled`: counted twice."""

    acknowledged: int = 0
    counted: int = 0
    lost: int = 0
    doubled: int = 0
    unacknowledged: int = 0
    catch_up_s: float = 0.0
    took: list[tuple[str, float]] = field(default_factory=list)
    recovered: list[Recovery] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def check(self, true: bool, what: str) -> None:
        if not true:
            self.problems.append(what)


class Judge:
    """Compares a load with the ledger, reports and spread of an ad's shares."""

    def __init__(self, client: Client, load: Load, ad: str, shares: list[str]) -> None:
        self._client = client
        self._load = load
        self._ad = ad
        self._shares = shares
        self.outcome = Outcome()
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        ends = (now - timedelta(days=1), now + timedelta(days=2))
        start, end = (each.isoformat().replace("+00:00", "Z") for each in ends)
        self._span = f"from={start}&to={end}"

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[Pace]:
        """Watches the figures' delay during the block."""
        pace = Pace(self._client, self._load, f"/ads/{self._ad}/ledger?{self._span}")
        work = asyncio.create_task(pace.watch())
        try:
            yield pace
        finally:
            await tasks.end([work])

    async def run(self) -> Outcome:
        """After the load, with the store back: three comparisons, each based on the last."""
        load, found = self._load, self.outcome
        started = time.monotonic()
        await self._received(sum(load.acked.values()))
        found.catch_up_s = time.monotonic() - started
        first = await self._still()
        await self._compare_acked(first)
        acked = [e for i, e in load.events.items() if load.acked[i]]
        left = [e for i, e in load.events.items() if not load.acked[i]]
        found.acknowledged, found.unacknowledged = len(acked), len(left)
        second = await self._sent_again(first, acked)
        await self._completed(second, left)
        await self._exported()
        return found

    async def _compare_acked(self, ledger: Json) -> None:
        """Acknowledged events must be counted, others at most once."""
        load, check = self._load, self.outcome.check
        acked = Truth(e for i, e in load.events.items() if load.acked[i])
        every = Truth(load.events.values())
        self._adds_up(ledger)
        for kind in KINDS:
            low, is_, high = (
                acked.counted[kind],
                ledger["counted"].get(kind, 0),
                every.counted[kind],
            )
            check(low <= is_ <= high, f"{kind}: {low} acknowledged, {is_} counted, {high} sent")
        self._refused(ledger)
        hops = {n["hop"] for share in self._shares for n in await self._nodes(share)}
        missing, foreign = acked.parents.keys() - hops, hops - every.parents.keys()
        check(not missing, f"acknowledged readers that are not there: {sorted(missing)[:5]}")
        check(not foreign, f"readers that nobody sent: {sorted(foreign)[:5]}")

    async def _sent_again(self, before: Json, acked: list[Json]) -> Json:
        """Sends acknowledged events again: all must be recognised as repetitions."""
        counted = [e for e in acked if "self" not in e]
        await self._load.send_all(counted)
        after = await self._received(before["received"] + len(counted))
        self._adds_up(after)
        self.outcome.lost = _total(after) - _total(before)
        self.outcome.check(
            before["counted"] == after["counted"],
            f"sent again: {before['counted']} became {after['counted']}",
        )
        known = after["repeated"] - before["repeated"]
        self.outcome.check(known >= len(counted), f"{known} of {len(counted)} were known again")
        return after

    async def _completed(self, before: Json, left: list[Json]) -> None:
        """Sends the rest, too: every event must be counted exactly once, in every figure."""
        await self._load.send_all(left)
        await self._received(before["received"] + len(left))
        after = await self._still()
        self._adds_up(after)
        self._refused(after)
        truth = Truth(self._load.events.values())
        self.outcome.counted = _total(after)
        self.outcome.doubled = max(0, _total(after) - truth.counted.total())
        found = Counter(after["counted"])
        self.outcome.check(+found == truth.counted, f"in the end {found}, sent {truth.counted}")
        wait = truth.pending.total()  # events whose opens were never sent
        self.outcome.check(after["pending"] == wait, f"{after['pending']} wait, not {wait}")
        await self._reports(truth)
        for place, share in enumerate(self._shares):
            mine = [e for e in self._load.events.values() if e["share"] == place]
            await self._share(share, Truth(mine))

    async def _reports(self, truth: Truth) -> None:
        """Checks the ad's report: totals, by depth, by slot."""
        path, check = f"/ads/{self._ad}/report?{self._span}", self.outcome.check
        totals = (await self._get(path))["totals"]
        want = {name: truth.counted[kind] for name, kind in TOTALS.items()}
        want |= {
            "readers": len(truth.parents),
            "forwarded_readers": len(truth.parents) - truth.widths[1],
        }
        got = {name: totals[name] for name in want}
        check(got == want, f"totals {got}, not {want}")
        self._medians(totals, truth, AD_EXACT)
        rows = await self._rows(f"{path}&by=depth")
        widths = {int(row["key"]): row["readers"] for row in rows if row["readers"]}
        check(widths == dict(truth.widths), "readers by depth differ")
        for name in NAMES:
            check(sum(row[name] for row in rows) == want[name], f"{name} by depth do not add up")
        slots = {
            (row["key"], kind): row[name]
            for row in await self._rows(f"{path}&by=slot")
            for name, kind in (("views", "view"), ("taps", "tap"), ("closes", "close"))
            if row[name]
        }
        check(slots == dict(truth.slots), f"by slot {slots}, not {dict(truth.slots)}")

    def _medians(self, totals: Json, truth: Truth, exact: int) -> None:
        """Checks medians: exact for at most `exact` readings, else within the error."""
        off = 0.0 if truth.readings <= exact else ERROR
        for name, median in zip(("read_ms_median", "read_pct_median"), truth.medians, strict=True):
            near = abs(totals[name] - median) <= off * median
            self.outcome.check(near, f"{name} {totals[name]}, not {median}")

    async def _share(self, share: str, truth: Truth) -> None:
        """Checks a share's report and its tree, node by node."""
        check = self.outcome.check
        totals = (await self._get(f"/shares/{share}/report?{self._span}"))["totals"]
        check(totals["readers"] == len(truth.parents), f"readers of {share}: {totals['readers']}")
        self._medians(totals, truth, SHARE_EXACT)
        spread = await self._get(f"/shares/{share}/spread?limit=1")
        apart = abs(spread["structural_virality"] - truth.virality())
        check(apart < 1e-9, f"structural virality off by {apart}")
        deepest = max(truth.widths, default=0)
        widths = [1, *(truth.widths[depth] for depth in range(1, deepest + 1))]
        check(spread["width_by_depth"] == widths, f"widths {spread['width_by_depth']}")
        check(not spread["orphans"] and not spread["conflicts"], "orphans or conflicts")
        nodes = {n["hop"]: n["parent"] for n in await self._nodes(share)}
        check(nodes == truth.parents, "the tree's nodes differ")

    async def _exported(self) -> None:
        """Checks the export: each event as often as received, verdicts as in the ledger."""
        ledger = await self._ledger()
        told = await self._client.events(self._ad, self._span)
        found = Counter(e["verdict"] for e in told)
        want = Counter(ledger["refused"], counted=_total(ledger))
        want += Counter(repeated=ledger["repeated"], pending=ledger["pending"])
        self.outcome.check(found == +want, f"exported {found}, the ledger has {+want}")
        often = Counter(e["i"] for e in told)
        few = [i for i, times in self._load.acked.items() if often[i] < times]
        many = [i for i, times in often.items() if times > self._load.tried[i]]
        self.outcome.check(not few and not many, f"exported too few {few[:3]}, many {many[:3]}")

    def _adds_up(self, ledger: Json) -> None:
        known = sum(ledger["counted"].values()) + sum(ledger["refused"].values())
        known += ledger["repeated"] + ledger["pending"]
        self.outcome.check(ledger["received"] == known, f"the ledger does not add up: {ledger}")
        tried, acked = sum(self._load.tried.values()), sum(self._load.acked.values())
        fits = acked <= ledger["received"] <= tried
        self.outcome.check(fits, f"received {ledger['received']} of {acked} to {tried}")

    def _refused(self, ledger: Json) -> None:
        """Checks refusals, which are counted once for each receipt."""
        load = self._load
        own = [i for i, e in load.events.items() if "self" in e]
        low, high = (sum(times[i] for i in own) for times in (load.acked, load.tried))
        refused = {reason: n for reason, n in ledger["refused"].items() if n}
        fits = set(refused) <= {"self"} and low <= refused.get("self", 0) <= high
        self.outcome.check(fits, f"refused {refused}, self {low} to {high}")

    async def _received(self, least: int) -> Json:
        """The ledger, once it has at least so many events."""
        deadline = time.monotonic() + CATCH_UP_SECONDS
        while (ledger := await self._ledger())["received"] < least:
            if time.monotonic() > deadline:
                self.outcome.check(False, f"received {ledger['received']}, {least} acknowledged")
                break
            await asyncio.sleep(0.1)
        return ledger

    async def _still(self) -> Json:
        """The ledger, once it stands still."""
        last, since = await self._ledger(), time.monotonic()
        deadline = since + CATCH_UP_SECONDS
        while time.monotonic() < since + STILL_SECONDS:
            assert time.monotonic() < deadline, f"the ledger never comes to rest: {last}"
            await asyncio.sleep(0.1)
            if (now := await self._ledger()) != last:
                last, since = now, time.monotonic()
        return last

    async def _ledger(self) -> Json:
        return await self._get(f"/ads/{self._ad}/ledger?{self._span}")

    async def _rows(self, path: str) -> list[Json]:
        return await self._paged(path, "rows")

    async def _nodes(self, share: str) -> list[Json]:
        return await self._paged(f"/shares/{share}/spread?", "nodes")

    async def _paged(self, path: str, name: str) -> list[Any]:
        found: list[Any] = []
        cursor = ""
        while True:
            page = await self._get(f"{path}&limit=100" + (f"&cursor={cursor}" if cursor else ""))
            found += page[name]
            cursor = page.get("next")
            if not cursor:
                return found

    async def _get(self, path: str) -> Json:
        """A GET, repeated while the end of a fault still disturbs it."""
        deadline = time.monotonic() + CATCH_UP_SECONDS
        while True:
            try:
                return await self._client.call("GET", path)
            except (AssertionError, aiohttp.ClientError, OSError, TimeoutError):
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.2)


def _total(ledger: Json) -> int:
    return sum(ledger["counted"].values())
