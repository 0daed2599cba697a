"""Spread: how a share travelled from reader to reader (contract, section 7). Pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from ads import spans
from ads.hops import MAX_DEPTH

FORWARDERS = 10
BRANCHES = 20


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


class Figures(msgspec.Struct, frozen=True):
    """What the store keeps over all hops: `sizes`, `squares` sum the hops' subtree sizes.

    `half_ms` is how long after the share was made half of its readers were here; None without any.
    """

    readers: int = 0
    widths: Mapping[int, int] = {}
    sizes: int = 0
    squares: int = 0
    orphans: int = 0
    conflicts: int = 0
    capped: int = 0
    largest_branch: int = 0
    half_ms: int | None = None


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
    figures: Figures,
    forwarders: Sequence[Forwarder],
    nodes: Sequence[Node],
    following: str | None,
    branches: Sequence[Branch] | None = None,
) -> Spread:
    """The spread of a share; widths run from the sharer's link to the deepest reader."""
    deepest = max((depth for depth, width in figures.widths.items() if width), default=0)
    widths = [1, *(figures.widths.get(depth, 0) for depth in range(1, deepest + 1))]
    return Spread(
        readers=figures.readers,
        max_depth=deepest,
        width_by_depth=widths,
        reproduction_by_depth=reproduction(widths),
        structural_virality=virality(figures.readers, figures.sizes, figures.squares),
        largest_branch=figures.largest_branch,
        half_of_readers_after_s=None if figures.half_ms is None else figures.half_ms // 1000,
        orphans=figures.orphans,
        conflicts=figures.conflicts,
        capped=figures.capped,
        top_forwarders=list(forwarders),
        nodes=list(nodes),
        next=following,
        branches=None if branches is None else list(branches),
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


def node(
    hop: str,
    parent: str,
    depth: int,
    *,
    children: int,
    descendants: int,
    first_open: int,
    orphan: bool,
) -> Node:
    """A node as told; `first_open` in ms."""
    capped = depth == MAX_DEPTH and parent[:2] == hop[:2]
    at = spans.stamp(first_open)
    return Node(hop, parent, depth, children, descendants, at, orphan, capped)


def branch(hop: str, readers: int, below: Sequence[int]) -> Branch:
    """A branch told by its first hop, its readers and the widths below that hop."""
    return Branch(hop, readers - 1, [1, *below])
