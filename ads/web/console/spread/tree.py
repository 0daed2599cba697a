"""A share's readers as a tree: the small one whole, a large one branch by branch. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from ads.reports.spread import Branch, Node
from ads.store.counts import Below as Kept
from ads.web.console.reader_codes import codes

PAGE = 50  # children of one reader shown at a time


class Twig(NamedTuple):
    """A reader in the tree: code, hop id, arrival (ms), number of readers below, and children."""

    code: str
    hop: str
    at: int
    brought: int
    children: tuple["Twig", ...]


class Below(NamedTuple):
    """A page of a reader's children, largest first; `rest`: how many follow, and their readers.

    `after` is the hop after which the next page begins, where `skip` alone does not tell.
    """

    twigs: tuple[Twig, ...]
    skip: int
    rest: tuple[int, int]
    after: str


class Scope(NamedTuple):
    """What a map shows: readers at each hop from `depth` on, and the largest branches of `many`."""

    depth: int
    widths: Sequence[int]
    boughs: Sequence[Branch]
    many: int

    @property
    def readers(self) -> int:
        """All of them."""
        return sum(self.widths)


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


def page(found: Kept, skip: int) -> Below:
    """A page of a reader's children, after skipping `skip`."""
    named = codes(node.hop for node in found.nodes)
    twigs = tuple(Twig(named[n.hop], n.hop, n.first_open, n.descendants, ()) for n in found.nodes)
    return Below(twigs, skip + len(twigs), (found.left, found.readers), found.after)
