"""Spread: how a share travelled from reader to reader (contract, section 7). Pure."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from ads.events.hops import MAX_DEPTH
from ads.reports import spans
from ads.store import counts
from ads.store.counts import Tree


class Forwarder(msgspec.Struct, frozen=True):
    """A hop that brought readers: directly, and all of them."""

    hop: str
    children: int
    descendants: int


class Node(msgspec.Struct, frozen=True, omit_defaults=True):
    """A hop. `parent` is the one it reported, `orphan` says that nobody has seen that one yet.

    `capped`: its parent stands at the deepest depth too, so that its own is not known.
    """

    hop: str
    parent: str
    depth: int
    children: int
    descendants: int
    first_open: str
    orphan: bool = False
    capped: bool = False


class Branch(msgspec.Struct, frozen=True):
    """A subtree that hangs from the sharer's link; `width_by_depth[0]` is 1, its first hop."""

    hop: str
    descendants: int
    width_by_depth: list[int]

    @property
    def readers(self) -> int:
        """Its first hop and all below."""
        return self.descendants + 1


class Spread(msgspec.Struct, frozen=True, omit_defaults=True):
    """Contract, section 7; `branches` only where they were asked for."""

    readers: int
    max_depth: int
    width_by_depth: list[int]
    reproduction_by_depth: list[float]
    structural_virality: float
    largest_branch: int
    half_of_readers_after_s: int | None
    orphans: int
    conflicts: int
    capped: int
    top_forwarders: list[Forwarder]
    nodes: list[Node]
    next: str | None
    branches: list[Branch] | None = None


def build(
    tree: Tree, since: int, limit: int, branches: Sequence[counts.Branch] | None = None
) -> Spread:
    """The spread of a share made at `since` (ms), with so many of the tree's nodes.

    Widths run from the sharer's link to the deepest reader.
    """
    deepest = max((depth for depth, width in tree.widths.items() if width), default=0)
    widths = [1, *(tree.widths.get(depth, 0) for depth in range(1, deepest + 1))]
    shown = tree.nodes[:limit]
    # The store knows the second of an arrival: in its middle it is half a second off at most.
    half = None if tree.half_at is None else max(tree.half_at + 500 - since, 0) // 1000
    return Spread(
        readers=tree.readers,
        max_depth=deepest,
        width_by_depth=widths,
        reproduction_by_depth=reproduction(widths),
        structural_virality=virality(tree.readers, tree.sizes, tree.squares),
        # Branches of one reader are not kept apart.
        largest_branch=tree.branches[0].readers if tree.branches else min(tree.readers, 1),
        half_of_readers_after_s=half,
        orphans=tree.orphans,
        conflicts=tree.conflicts,
        capped=tree.capped,
        top_forwarders=[Forwarder(n.hop, n.children, n.descendants) for n in tree.forwarders],
        nodes=list(map(node, shown)),
        next=shown[-1].hop if len(tree.nodes) > limit else None,
        branches=None if branches is None else list(map(branch, branches)),
    )


def reproduction(widths: Sequence[int]) -> list[float]:
    """Readers at each next depth over the width at this one; 0 after a depth without readers."""
    return [deeper / width if width else 0.0 for width, deeper in pairwise(widths)]


def virality(readers: int, sizes: int, squares: int) -> float:
    """Mean distance over all pairs of nodes, the sharer's link included (Goel et al. 2016).

    An edge above a subtree of s nodes lies on s * (n - s) of the paths between n nodes.
    """
    nodes = readers + 1
    distances = nodes * sizes - squares
    return 2 * distances / (nodes * (nodes - 1)) if readers else 0.0


def node(told: counts.Node) -> Node:
    """A node as it is told."""
    capped = told.depth == MAX_DEPTH and told.parent[:2] == told.hop[:2]
    at = spans.stamp(told.first_open)
    return Node(*told[:3], told.children, told.descendants, at, told.stray, capped)


def branch(told: counts.Branch) -> Branch:
    """A branch as it is told."""
    return Branch(told.hop, told.readers - 1, [1, *(told.below or ())])
