"""The blocks of a body that a reader sees, and what stands around each of them."""

from functools import cached_property

from proxy.compiler import tree
from proxy.compiler.blocks import ATOMIC, Block
from proxy.compiler.furniture import about, captions, floats, hidden, named, pictured, said_hidden
from proxy.compiler.tree import Element

# As `weigh` counts: running text is at least this long.
RUNNING = 90
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
        self._known: dict[Element, bool] = {}
        self._around = {id(block): within(block, body) for block in found}
        self._weights: dict[Element, int] = {}
        self._linked: dict[Element, int] = {}
        for block in found:
            for element in self._around[id(block)]:
                self._weights[element] = self._weights.get(element, 0) + block.weight
                self._linked[element] = self._linked.get(element, 0) + block.linked
        self._total = max(1, sum(block.weight for block in found))
        unseen = {
            element
            for element, weight in self._weights.items()
            # What holds most of the text waited for a script, and was shown (`reveal`).
            if hidden(element) or (said_hidden(element) and 2 * weight < self._total)
        }
        self.found = [b for b in found if unseen.isdisjoint(self._around[id(b)])]

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
            and not about(block.text)
        )

    def furniture(self, block: Block) -> bool:
        """Whether it stands in what a site puts around its articles."""
        return any(map(self._is_furniture, self._around[id(block)]))

    def _is_furniture(self, element: Element) -> bool:
        known = self._known.get(element)
        if known is None:
            weight = self._weights.get(element, 0)
            known = weight < FURNITURE * self._total and (
                named(element) or self._leads(element, weight)
            )
            self._known[element] = known
        return known

    def _leads(self, element: Element, weight: int) -> bool:
        """Whether an element is a box beside the text: of links for the most part, or afloat."""
        if element.tag in ATOMIC or weight < BOX:
            return False
        return self._linked.get(element, 0) > LEADS * weight or floats(element)

    def around(self, block: Block) -> list[Element]:
        """The block's element and those around it, up to the body."""
        return self._around[id(block)]

    def weight(self, element: Element) -> int:
        """How much is seen of what an element holds."""
        return self._weights.get(element, 0)

    def captions(self, block: Block) -> bool:
        """Whether a block is called the words below a picture, or stands in a box with one."""
        around = self._around[id(block)]
        return any(map(captions, around[:2])) or any(map(self._is_picture, around))

    @cached_property
    def _pictures(self) -> set[Element]:
        """The elements that hold a picture and few words, and are called pictures."""
        media = (block for block in self.found if block.kind == "media")
        around = {element for block in media for element in self._around[id(block)]}
        return {e for e in around if self._weights.get(e, 0) <= PICTURE and pictured(e)}

    def _is_picture(self, element: Element) -> bool:
        return element in self._pictures

    def in_core(self, block: Block) -> bool:
        """Whether a block stands in the text's column."""
        return self.core == self.body or self.core in self._around[id(block)]

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
        found: dict[Element, int] = {}
        for block, weight in zip(self.found, self.mass, strict=True):
            for element in self._around[id(block)]:
                found[element] = found.get(element, 0) + weight
        return found

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
    around = list(tree.ancestors(block.first))[:3]
    outer = next((i for i, above in enumerate(around) if above.tag == "p"), -1)
    return next(iter(around[outer + 1 :]), None)


def within(block: Block, body: Element) -> list[Element]:
    """The block's element and those around it, up to the body."""
    around = [block.first] if isinstance(block.first, Element) else []
    for above in tree.ancestors(block.first):
        if above == body:
            break
        around.append(above)
    return around
