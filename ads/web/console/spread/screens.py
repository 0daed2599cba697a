"""The spread of a share: the whole tree while it is small, a map and its branches after that."""

from typing import Any

from aiohttp import web

from ads.events.hops import depth, valid
from ads.reports import Reports
from ads.reports.spread import Spread, branch
from ads.store.counts import BRANCHES
from ads.web.console.desk import Desk, Visit
from ads.web.console.reader_codes import codes
from ads.web.console.report import charts, sentences
from ads.web.console.spread import arrivals, drawing, tree
from ads.web.console.spread.arrivals import Arrival
from ads.web.console.spread.tree import Scope

WHOLE = 50  # readers shown one by one
AHEAD = range(5_000, 750_000)
"""For shares with so many readers, branches are prepared while somebody looks at the map: in a
smaller share a branch is read faster than its page, a larger share's outline might not be kept."""
SKIP_MAX = 10_000_000


def routes(desk: Desk, reports: Reports) -> list[web.RouteDef]:
    """GET /shares/{share}/spread, and what its page asks for when somebody opens a branch."""
    screens = _Screens(reports)
    one = "/shares/{share}/spread"
    return [
        web.get(one, desk.members(screens.show)),
        web.get(f"{one}/below", desk.members(screens.below)),
        web.get(f"{one}/ahead", desk.members(screens.ahead)),
        web.get(f"{one}/replay", desk.members(screens.replay)),
    ]


class _Screens:
    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    async def show(self, visit: Visit) -> web.Response:
        booked = await self._reports.booked(visit.owner.reports_of, _share(visit))
        found = await self._reports.spread(
            visit.owner.reports_of, booked.share, WHOLE, "", BRANCHES
        )
        whole = found.readers <= WHOLE
        forwarded, half = sum(found.width_by_depth[2:]), found.half_of_readers_after_s
        over = sentences.over(visit.locale, quiet=False, ended=booked.state == "ended")
        figures = (found.readers, forwarded, found.max_depth, half, over)
        headline = sentences.people(visit.locale, *figures)
        values = {} if whole else await self._large(visit, found)
        return visit.html(
            "spread.html" if whole else "spreadmap.html",
            booked=booked,
            spread=found,
            headline=headline,
            hops=charts.hops(dict(enumerate(found.width_by_depth[1:], 1))),
            tree=tree.grown(found.nodes) if whole else (),
            **values,
        )

    async def _large(self, visit: Visit, found: Spread) -> dict[str, Any]:
        """The map's values for the template."""
        root = _hop(visit.text("root", 16))
        scope = await self._scope(visit, found, root)
        asked, largest = visit.text("branch", 16), next(iter(scope.boughs), None)
        chosen = next((bough for bough in scope.boughs if bough.hop == asked), largest)
        smaller = scope.many - len(scope.boughs)
        named = codes(
            [*(b.hop for b in scope.boughs), *(f.hop for f in found.top_forwarders), root]
        )
        return {
            "root": root,
            "ahead": found.readers in AHEAD,
            "scope": scope,
            "chosen": chosen,
            "map": drawing.draw(scope, chosen.hop if chosen else ""),
            "codes": named,
            "depth_of": depth,
            "listed": visit.text("view") == "list",
            "arrivals": await self._arrivals(visit),
            "smaller": smaller,
            "through": scope.readers - smaller - sum(bough.readers for bough in scope.boughs),
        }

    async def _scope(self, visit: Visit, found: Spread, root: str) -> Scope:
        if not root:
            widths = found.width_by_depth[1:]
            return Scope(1, widths, found.branches or [], widths[0])
        below = await self._reports.subtree(visit.owner.reports_of, _share(visit), root, BRANCHES)
        boughs = list(map(branch, below.branches))
        return Scope(depth(root) + 1, below.widths, boughs, below.many)

    async def _arrivals(self, visit: Visit) -> list[Arrival]:
        """Readers over time and depth, from the first to the last who came."""
        facts = await self._reports.facts(visit.owner.reports_of, ("share", _share(visit)))
        return arrivals.spans(facts, visit.desk.views.now())

    async def below(self, visit: Visit) -> web.Response:
        """A page of the readers below one, for the list."""
        share, hop = _share(visit), _hop(visit.text("hop", 16))
        skip, after = min(visit.number("skip"), SKIP_MAX), _hop(visit.text("after", 16))
        found = await self._reports.below(
            visit.owner.reports_of, share, hop, skip, tree.PAGE, after
        )
        return visit.html("below.html", share=share, hop=hop, below=tree.page(found, skip))

    async def ahead(self, visit: Visit) -> web.Response:
        """Prepares the data of branches while somebody looks at the map."""
        await self._reports.prepare(visit.owner.reports_of, _share(visit))
        return web.Response(status=204, headers=visit.desk.headers)

    async def replay(self, visit: Visit) -> web.Response:
        """How many readers stood at each hop by the end of each span."""
        steps = arrivals.steps(await self._arrivals(visit), drawing.COLUMNS)
        return web.json_response({"steps": steps}, headers=visit.desk.headers)


def _share(visit: Visit) -> str:
    return visit.request.match_info["share"]


def _hop(text: str) -> str:
    return text if valid(text) else ""
