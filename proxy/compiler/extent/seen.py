"""The blocks of a body that a reader sees, and the elements around each of them."""

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import islice

from proxy.compiler import tree
from proxy.compiler.blocks import ATOMIC, Block
from proxy.compiler.blocks.furniture import (
    has_hiding_class,
    is_caption,
    is_furniture,
    is_hidden,
    is_picture_box,
)
from proxy.compiler.blocks.nest import Nest
from proxy.compiler.tree import Element

# As `weigh` counts: a block of running text is at least so long; a label is shorter than LABEL.
RUNNING = 90
LABEL = 60
# A block is a link if links are more than this share of it.
LINKED = 0.8
# An element named as furniture with at least this share of the text is the article all the same.
FURNITURE = 0.4
# A box leads away if links are more than this share of its text and it is no shorter than BOX.
LEADS = 0.5
BOX = 60
# The core holds more than this share of the running text, the column more than COLUMN.
CORE = 0.9
COLUMN = 0.6
# The longest text in a box with a picture, as `weigh` counts.
PICTURE = 450


class Seen:
    """The visible blocks of a body, and what each of them is."""

    def __init__(self, body: Element, found: list[Block]) -> None:
        self.body = body
        self._nest = Nest(found, body)
        self._weights = self._nest.sums((block, block.weight) for block in found)
        self._linked = self._nest.sums((block, block.linked) for block in found)
        self._total = max(1, sum(block.weight for block in found))
        self.furniture = self._nest.inside(self._is_furniture)
        unseen = self._nest.inside(self._is_unseen)
        self.found = [block for block in found if not unseen(block)]

    def _is_unseen(self, element: Element) -> bool:
        # A hiding class on most of the text waited for a script, and `reveal` has shown the text.
        small = 2 * self._weights[element] < self._total
        return is_hidden(element) or (small and has_hiding_class(element))

    @cached_property
    def running(self) -> list[int]:
        """The weights of the blocks that read like an article's text, 0 for the others."""
        return [block.weight if self.runs(block) else 0 for block in self.found]

    def runs(self, block: Block) -> bool:
        """Whether a block reads like an article's text."""
        return (
            block.kind in ("paragraph", "other")
            and block.weight >= RUNNING
            and block.link_density <= 0.5
            and not self.furniture(block)
            and not self.captions(block)
        )

    def _is_furniture(self, element: Element) -> bool:
        weight = self._weights[element]
        small = weight < FURNITURE * self._total
        return small and (is_furniture(element) or self._leads(element, weight))

    def _leads(self, element: Element, weight: int) -> bool:
        """Whether an element is mostly a box of links."""
        if element.tag in ATOMIC or weight < BOX:
            return False
        return self._linked[element] > LEADS * weight

    def around(self, block: Block) -> Iterable[Element]:
        """The block's element and those around it, the nearest first, without the body."""
        return self._nest.around(block)

    def weight(self, element: Element) -> int:
        """The weight of the blocks in an element."""
        return self._weights.get(element, 0)

    def captions(self, block: Block) -> bool:
        """Whether a block is a caption by its class, or is in a box with a picture."""
        return any(map(is_caption, islice(self.around(block), 2))) or self._by_picture(block)

    @cached_property
    def _by_picture(self) -> Callable[[Block], bool]:
        """Whether a block is in a box with a picture and few words that is named as a picture."""
        media = self._nest.sums((block, block.kind == "media") for block in self.found)
        return self._nest.inside(
            lambda e: bool(media[e]) and self._weights[e] <= PICTURE and is_picture_box(e)
        )

    @cached_property
    def in_core(self) -> Callable[[Block], bool]:
        """Whether a block is in the core."""
        whole = self.core == self.body
        return (lambda _: True) if whole else self._nest.inside(self.core.__eq__)

    @cached_property
    def core(self) -> Element:
        """The innermost element that holds nearly all of the running text."""
        core, whole = self.body, sum(self.mass)
        while inner := next((e for e in tree.child_elements(core) if self._holds(e, whole)), None):
            core = inner
        return core

    def _holds(self, element: Element, whole: int) -> bool:
        return element.tag not in ATOMIC and self._texts.get(element, 0) > CORE * whole

    @cached_property
    def _texts(self) -> dict[Element, int]:
        return self._nest.sums(zip(self.found, self.mass, strict=True))

    @cached_property
    def mass(self) -> list[int]:
        """The weights of running text; of all but links where short lines prevail, as in chats."""
        weights = [max(0, block.weight - block.linked) for block in self.found]
        return self.running if 2 * sum(self.running) >= sum(weights) else weights

    def column(self, start: int, stop: int) -> Element:
        """The parent of most of the text in these blocks, or the core."""
        held: dict[Element, int] = {}
        for block, weight in zip(self.found[start:stop], self.mass[start:stop], strict=True):
            if (above := _holder(block)) is not None:
                held[above] = held.get(above, 0) + weight
        best = max(held, key=held.__getitem__, default=self.core)
        share = COLUMN * sum(self.mass[start:stop])
        return best if held.get(best, 0) > share else self.core


def _holder(block: Block) -> Element | None:
    """A block's parent; for a block that line breaks separate in a `<p>`, the `<p>`'s parent."""
    around = list(islice(tree.ancestors(block.first), 3))
    outer = next((i for i, above in enumerate(around) if above.tag == "p"), -1)
    return next(iter(around[outer + 1 :]), None)
