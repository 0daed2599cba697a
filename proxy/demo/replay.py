"""Sends a week of readers to the real endpoints, at the times of the calendar."""

import asyncio
import heapq
import random

from ads.clock import DAY, MINUTE, now_ms
from proxy.demo import cascade, shop
from proxy.demo.calendar import Calendar
from proxy.demo.cascade import Call, Crowd, Gathering
from proxy.demo.line import Line

SEED = 20
TICKET_MS = DAY  # how long readers use a page's ticket until we fetch the page again
CHANGED_AFTER = 4  # the place of the link after which the ad's text is changed


class Week:
    """The week: publishes each link at its time, and sends the calls of readers in between."""

    def __init__(self, line: Line, key: str, calendar: Calendar, end: int) -> None:
        self._line = line
        self._key = key
        self._calendar = calendar
        self._end = end
        self._rng = random.Random(SEED)  # noqa: S311 - a drawing, not a secret
        self._waiting: list[tuple[int, int, Call]] = []
        self._tickets: dict[str, tuple[int, str]] = {}
        self.gatherings: list[Gathering] = []

    async def run(self) -> None:
        """Run the whole week; at its end all calls are sent and acknowledged."""
        begin = self._calendar()
        card = await shop.card(self._line, self._key)
        self._calendar.turn(begin + MINUTE)
        banner = await shop.banner(self._line, self._key)
        for place, plan in enumerate(sorted(shop.PLANS, key=lambda each: each.after)):
            at = begin + plan.after
            await self._until(at)
            ad = card if plan.card else banner
            crowd = await shop.share(self._line, self._key, plan, ad, at)
            self._expect(crowd)
            if place == CHANGED_AFTER:
                await shop.second_thoughts(self._line, self._key, banner)
        await self._until(self._end)

    def _expect(self, crowd: Crowd) -> None:
        """Draw a crowd, and queue all its calls."""
        gathering = Gathering(crowd, self._rng)
        found = gathering.until(self._end)
        calls = list(cascade.calls(crowd, found, self._end, self._rng))
        if not self.gatherings:
            calls += cascade.oddities(crowd, self._end, self._rng)
        self.gatherings.append(gathering)
        for call in calls:
            heapq.heappush(self._waiting, (call.at, len(self._waiting), call))

    async def _until(self, at: int) -> None:
        while self._waiting and self._waiting[0][0] < at:
            call = heapq.heappop(self._waiting)[2]
            self._calendar.turn(call.at)
            ticket = await self._ticket(call.share)
            events = [{**event, "t": ticket} for event in call.events]
            await self._line.send(events, call.guise, call.address, call.country)
        self._calendar.turn(at)

    async def _ticket(self, share: str) -> str:
        now = self._calendar()
        read_at, ticket = self._tickets.get(share, (0, ""))
        if now - read_at >= TICKET_MS:
            ticket = await self._line.ticket(share)
            self._tickets[share] = (now, ticket)
        return ticket


async def onward(line: Line, gatherings: list[Gathering], rng: random.Random) -> None:
    """Add one reader to some link, now; their later events follow within seconds."""
    gathering = rng.choices(gatherings, [each.crowd.size for each in gatherings])[0]
    crowd, now = gathering.crowd, now_ms()
    ticket = await line.ticket(crowd.share)
    for call in cascade.calls(crowd, [gathering.late(now)], now + DAY, rng):
        await asyncio.sleep(1.0)
        await line.send([{**event, "t": ticket} for event in call.events], call.guise)
