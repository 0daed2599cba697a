"""The spread's figures on trees whose values are known."""

import pytest

from ads.events import hops
from ads.reports import spread
from ads.store.counts import Node, Tree


@pytest.mark.parametrize(
    ("sizes", "virality"),
    [([], 0.0), ([1], 1.0), ([1] * 10, 1.818182), (list(range(1, 10)), 3.666667)],
    ids=["unread", "one reader", "a star with 10 leaves", "a chain of 10 nodes"],
)
def test_structural_virality_is_the_mean_distance_of_all_pairs(
    sizes: list[int], virality: float
) -> None:
    squares = sum(size * size for size in sizes)
    assert spread.virality(len(sizes), sum(sizes), squares) == pytest.approx(virality, abs=5e-7)


def test_reproduction_is_the_next_width_over_this_one() -> None:
    assert spread.reproduction([1, 4, 2, 0, 3]) == [4, 0.5, 0, 0]


def test_widths_have_no_hole_at_a_depth_whose_readers_are_missing() -> None:
    tree = Tree(2, {1: 1, 3: 1}, 0, 0, 0, 0, 0, None, [], [], [])
    found = spread.build(tree, 0, 0)
    assert (found.max_depth, found.width_by_depth) == (3, [1, 1, 0, 1])


def _node(hop: str, parent: str) -> spread.Node:
    return spread.node(Node(hop, parent, hops.depth(hop), 0, 0, 0, False))


def test_only_a_hop_whose_parent_stands_at_the_deepest_level_too_is_capped() -> None:
    last, before = hops.prefix(1023) + "a" * 10, hops.prefix(1022) + "b" * 10
    assert _node(last, last[:2] + "c" * 10).capped
    assert not _node(last, before).capped
    assert not _node(hops.prefix(5) + "a" * 10, hops.prefix(5) + "b" * 10).capped
