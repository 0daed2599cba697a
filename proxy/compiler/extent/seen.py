"""The blocks of a body that a reader sees, and what stands around each of them."""

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import islice

from proxy.compiler import tree
from proxy.compiler.blocks import ATOMIC, Block
from proxy.compiler.blocks.furniture import captions, hidden, named, pictured, said_hidden
from proxy.compiler.blocks.nest import Nest
from proxy.compiler.tree import Element

# As `weigh` counts: running text is at least this long, a label shorter.
RUNNING = 90
LABEL = 60
# A block is a link if links are more of it than this.
LINKED = 0.8
# What is called furniture and holds more of the text than this is the article all the same.
FURNITURE = 0.4
# A box with more links than this beside its text leads away, if it is larger than a line.
LEADS = 0.5
BOX = 60
# An element with more of the text than this holds all of it.
CORE = 0.9
COLUMN = 0.6
# As `weigh` counts: so many words stand below a picture.
PICTURE = 450


class Seen:
    """The blocks of a body that are seen, and what each of them is."""

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
        # What holds most of the text waited for a script, and was shown (`reveal`).
        small = 2 * self._weights[element] < self._total
        return hidden(element) or (small and said_hidden(element))

    @cached_property
    def running(self) -> list[int]:
        """The weight of each block that reads like an article's text, 0 of the others."""
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
        return small and (named(element) or self._leads(element, weight))

    def _leads(self, element: Element, weight: int) -> bool:
        """Whether an element is a box of links for the most part."""
        if element.tag in ATOMIC or weight < BOX:
            return False
        return self._linked[element] > LEADS * weight

    def around(self, block: Block) -> Iterable[Element]:
        """The block's element and those around it, up to the body, the nearest first."""
        return self._nest.around(block)

    def weight(self, element: Element) -> int:
        """How much is seen of what an element holds."""
        return self._weights.get(element, 0)

    def captions(self, block: Block) -> bool:
        """Whether a block is called the words below a picture, or stands in a box with one."""
        return any(map(captions, islice(self.around(block), 2))) or self._by_picture(block)

    @cached_property
    def _by_picture(self) -> Callable[[Block], bool]:
        """Whether a block stands in what holds a picture and few words and is called a picture."""
        media = self._nest.sums((block, block.kind == "media") for block in self.found)
        return self._nest.inside(
            lambda e: bool(media[e]) and self._weights[e] <= PICTURE and pictured(e)
        )

    def in_core(self, block: Block) -> bool:
        """Whether a block stands in the text's column."""
        return self.core == self.body or self._in_core(block)

    @cached_property
    def _in_core(self) -> Callable[[Block], bool]:
        return self._nest.inside(lambda element: element == self.core)

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
        """The running text, or all outside of links where most is short lines: chats are."""
        weights = [max(0, block.weight - block.linked) for block in self.found]
        return self.running if 2 * sum(self.running) >= sum(weights) else weights

    def column(self, start: int, stop: int) -> Element:
        """The parent of most paragraphs, or the core."""
        held: dict[Element, int] = {}
        for block, weight in zip(self.found[start:stop], self.mass[start:stop], strict=True):
            if (above := _holder(block)) is not None:
                held[above] = held.get(above, 0) + weight
        best = max(held, key=held.__getitem__, default=self.core)
        share = COLUMN * sum(self.mass[start:stop])
        return best if held.get(best, 0) > share else self.core


def _holder(block: Block) -> Element | None:
    """What a block stands in; of a `<p>` that is parted by line breaks, what that stands in."""
    around = list(islice(tree.ancestors(block.first), 3))
    outer = next((i for i, above in enumerate(around) if above.tag == "p"), -1)
    return next(iter(around[outer + 1 :]), None)
