"""The spread of a share: the whole tree while it is small, its largest branches after that."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from aiohttp import web

from ads.errors import Problem
from ads.reports import Reports
from ads.spread import Node, Spread
from ads.store.bookings import Bookings
from ads.web.console import charts, sentences
from ads.web.console.codes import codes
from ads.web.console.desk import Desk, Visit

WHOLE = 50  # readers shown one by one
BRANCHES = 20


class Twig(NamedTuple):
    """A reader in the tree: their code, hop id, when they came (ms) and whom they brought."""

    code: str
    hop: str
    at: int
    brought: int
    children: tuple["Twig", ...]


def routes(desk: Desk, *, reports: Reports, bookings: Bookings) -> list[web.RouteDef]:
    """GET /shares/{share}/spread."""

    async def show(visit: Visit) -> web.Response:
        share = visit.request.match_info["share"]
        booked = await bookings.get(share)
        if booked is None or booked.owner != visit.owner.id:
            raise Problem("not_found")
        found = await reports.spread(visit.owner.id, share, WHOLE, "", BRANCHES)
        first = found.width_by_depth[1] if found.max_depth else 0
        forwarded = max(0, found.readers - first)
        half = found.half_of_readers_after_s
        branches = found.branches or []
        return visit.html(
            "spread.html",
            booked=booked,
            spread=found,
            headline=sentences.people(
                visit.locale, found.readers, forwarded, found.max_depth, half
            ),
            hops=charts.hops(dict(enumerate(found.width_by_depth[1:], 1))),
            tree=grown(found.nodes) if found.readers <= WHOLE else (),
            whole=found.readers <= WHOLE,
            branches=branches,
            smaller=smaller(found, first),
            codes=codes([b.hop for b in branches] + [f.hop for f in found.top_forwarders]),
        )

    return [web.get("/shares/{share}/spread", desk.members(show))]


def smaller(found: Spread, first: int) -> tuple[int, int]:
    """How many branches are not listed, and the readers of all of them."""
    listed = found.branches or []
    return max(0, first - len(listed)), max(
        0, found.readers - sum(branch.descendants + 1 for branch in listed)
    )


def _ms(stamp: str) -> int:
    return round(datetime.fromisoformat(stamp).timestamp() * 1000)


def grown(nodes: Sequence[Node]) -> tuple[Twig, ...]:
    """The tree of these nodes; a reader whose parent nobody has seen hangs from the link."""
    named = codes(node.hop for node in nodes)
    known = set(named)
    below: dict[str, list[Node]] = {}
    for node in nodes:
        home = node.parent if node.parent in known and not node.orphan and not node.capped else ""
        below.setdefault(home, []).append(node)

    def twigs(hop: str) -> tuple[Twig, ...]:
        found = sorted(below.get(hop, ()), key=lambda n: (-n.descendants, n.first_open, n.hop))
        return tuple(
            Twig(named[n.hop], n.hop, _ms(n.first_open), n.descendants, twigs(n.hop)) for n in found
        )

    return twigs("")
