"""The elements around blocks, each visited once: markup may be nested a hundred thousand deep."""

from collections.abc import Callable, Iterable

from proxy.compiler import tree
from proxy.compiler.blocks import Block
from proxy.compiler.tree import Element


class Nest:
    """The elements around some blocks, up to but without `top`; up to the root if it is None."""

    def __init__(self, found: Iterable[Block], top: Element | None = None) -> None:
        # Each element's parent; parents come before their children.
        self._above: dict[Element, Element | None] = {}
        self._top = top
        self._innermost = {id(block): self._enter(block) for block in found}

    def _enter(self, block: Block) -> Element | None:
        path: list[Element] = []
        above = first = block.element
        while above is not None and above != self._top and above not in self._above:
            path.append(above)
            above = tree.parent(above)
        for element in reversed(path):
            self._above[element] = None if above == self._top else above
            above = element
        return None if first == self._top else first

    def around(self, block: Block) -> Iterable[Element]:
        """The block's own element and those around it, the nearest first."""
        element = self._innermost[id(block)]
        while element is not None:
            yield element
            element = self._above[element]

    def sums(self, weights: Iterable[tuple[Block, int]]) -> dict[Element, int]:
        """For each element, the sum of these weights over all blocks in it."""
        found = dict.fromkeys(self._above, 0)
        for block, weight in weights:
            if (innermost := self._innermost[id(block)]) is not None:
                found[innermost] += weight
        for element, above in reversed(self._above.items()):
            if above is not None:
                found[above] += found[element]
        return found

    def inside(self, holds: Callable[[Element], bool]) -> Callable[[Block], bool]:
        """A test of blocks: whether `holds` is true of any element around the block."""
        known: dict[Element | None, bool] = {None: False}

        def is_inside(block: Block) -> bool:
            path: list[Element] = []
            element = self._innermost[id(block)]
            while element not in known and element is not None:
                path.append(element)
                element = self._above[element]
            inside = known[element]
            for each in reversed(path):
                inside = known[each] = inside or holds(each)
            return inside

        return is_inside
