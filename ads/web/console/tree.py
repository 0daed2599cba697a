"""A share's readers as a tree: the small one whole, a large one branch by branch. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from ads.spread import Node
from ads.store.counts import Node as Kept
from ads.web.console.codes import codes

PAGE = 50  # children of one reader shown at a time


class Twig(NamedTuple):
    """A reader in the tree: their code, hop id, when they came (ms) and whom they brought."""

    code: str
    hop: str
    at: int
    brought: int
    children: tuple["Twig", ...]


class Below(NamedTuple):
    """Some children of one reader, largest first; `rest` are the further ones and their readers."""

    twigs: tuple[Twig, ...]
    skip: int
    rest: tuple[int, int]


class Bough(NamedTuple):
    """A branch: its first hop, all its readers, how many of them stand at each depth from there."""

    hop: str
    readers: int
    widths: Sequence[int]


class Scope(NamedTuple):
    """What a map shows: readers at each hop from `depth` on, and the largest branches of `many`."""

    depth: int
    widths: Sequence[int]
    boughs: Sequence[Bough]
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


def children(nodes: Sequence[Kept], hop: str, skip: int) -> Below:
    """A page of the readers who came straight from `hop` ("": from the link)."""
    found = [node for node in nodes if _home(node) == hop]
    found.sort(key=lambda n: (-n.descendants, n.first_open, n.hop))
    named = codes(node.hop for node in found)
    shown, rest = found[skip : skip + PAGE], found[skip + PAGE :]
    twigs = (Twig(named[n.hop], n.hop, n.first_open, n.descendants, ()) for n in shown)
    return Below(tuple(twigs), skip + PAGE, (len(rest), sum(n.descendants + 1 for n in rest)))


def _home(node: Kept) -> str:
    """Whom it hangs from: nobody's parent is nobody seen."""
    return "" if node.stray or node.parent[:2] == node.hop[:2] else node.parent


def scope(nodes: Sequence[Kept], root: str, most: int) -> Scope | None:
    """The subtree below `root`, counted from all nodes, shallow ones first; None without it."""
    top = next((node for node in nodes if node.hop == root), None)
    if top is None:
        return None
    home: dict[str, str] = {root: ""}
    widths: list[int] = []
    sizes: dict[str, list[int]] = {}
    for node in nodes:
        parent = _home(node)
        if parent in home and node.hop != root:
            home[node.hop] = home[parent] or node.hop
            level = node.depth - top.depth - 1
            for row in (widths, sizes.setdefault(home[node.hop], [])):
                row += [0] * (level + 1 - len(row))
                row[level] += 1
    largest = sorted(sizes, key=lambda hop: (-sum(sizes[hop]), hop))[:most]
    boughs = [Bough(hop, sum(sizes[hop]), sizes[hop]) for hop in largest]
    return Scope(top.depth + 1, widths, boughs, len(sizes))


def arrivals(nodes: Sequence[Kept], edges: Sequence[int], depths: int) -> list[list[int]]:
    """Readers who were there at the end of each span, by depth; `edges` (ms) end the spans."""
    if not edges:
        return []
    steps = [[0] * depths for _ in edges]
    for node in nodes:
        at = next((n for n, edge in enumerate(edges) if node.first_open < edge), len(edges) - 1)
        steps[at][min(node.depth, depths) - 1] += 1
    for before, now in pairwise(steps):
        for depth in range(depths):
            now[depth] += before[depth]
    return steps
