"""Where an article's text begins in its body: below title, byline, date and buttons."""

from functools import cached_property

from proxy.compiler import tree
from proxy.compiler.blocks import Block
from proxy.compiler.facts.visible import same_title
from proxy.compiler.furniture import about, byline_named, dated, leads_away, offers, sentence
from proxy.compiler.seen import LABEL, LINKED, Seen
from proxy.compiler.tree import Element

# As `weigh` counts. A line about the article is at most so long.
SHORT = 120
# Title, byline and buttons stand above this much of the text, and above its second paragraph: a
# summary may come before them.
SUMMARY = 0.12
SUMMARY_LENGTHS = (250, 450)
HALF = 0.5
HEAD_BLOCKS = 14
# So near to a picture stand its words.
NEXT = 6
# Buttons, labels and pictures below a byline hold less of a body than this.
PASSED = 0.3
ICON = 60


class Start:
    """Where the text begins, below its title and its author."""

    def __init__(self, seen: Seen, title: str, author: str) -> None:
        self.seen, self.found = seen, seen.found
        self.title, self.author = title, author

    def index(self) -> int:
        """The first block of the text: after the last that heads it."""
        head, passed, spoken, titled = 0, 0, 0, False
        least, most = SUMMARY_LENGTHS
        whole = sum(self.seen.mass)
        limit = min(max(least, SUMMARY * whole), most, HALF * whole)
        for index, block in enumerate(self.found[:HEAD_BLOCKS]):
            above = not spoken and (self._buttons(block) or _stamp(block))
            chapter = block.kind == "heading" and spoken and titled
            if not chapter and (self._told(block, spoken > 0) or above):
                head = index + 1
                titled = titled or block.kind == "heading"
            elif block.weight > LABEL / 2 and (sentence(block.text) or self.seen.running[index]):
                spoken += 1
            passed += self.seen.mass[index]
            if passed > limit or spoken > 1:
                break
        head = max(head, self._under_title())
        first = head
        while first < len(self.found) and (self._skipped(first) or self._leads(first)):
            first += 1
        passed = sum(block.weight for block in self.found[head:first])
        much = passed > PASSED * sum(block.weight for block in self.found)
        own = any(self.seen.running[first:]) and not much
        return min(first if own else head, len(self.found) - 1)

    def _under_title(self) -> int:
        """One past the page's title as a heading above all paragraphs, 0 if there is none."""
        for index, block in enumerate(self.found[: 2 * HEAD_BLOCKS]):
            if block.kind == "heading" and same_title(block.text, self.title):
                return index + 1
            if block.kind == "paragraph" and self.seen.running[index]:
                break
        return 0

    def _told(self, block: Block, spoken: bool) -> bool:
        """Title, byline, date; of what comes after a summary only a plain line tells the day."""
        if same_title(block.text, self.title) or block is self._headline:
            return True
        if block.kind == "media" or block.weight > SHORT or sentence(block.text):
            return False
        if self.seen.captions(block):
            return False
        signed = bool(self.author) and self.author in block.text[: len(self.author) + 10]
        plain = not spoken or (block.kind != "heading" and block.link_density <= LINKED)
        return signed or (plain and dated(block.text)) or _byline(block)

    @cached_property
    def _headline(self) -> Block | None:
        """The first `<h1>`: some sites' chapters stand under further ones."""
        return next((block for block in self.found if _is_h1(block)), None)

    def _buttons(self, block: Block) -> bool:
        if block.kind == "media" or block.weight > SHORT:
            return False
        return self.seen.furniture(block) or block.link_density > LINKED

    def _skipped(self, index: int) -> bool:
        """Between the byline and the text: buttons, labels, a picture with its caption."""
        block = self.found[index]
        if self.seen.furniture(block) or about(block.text):
            return True
        if block.kind == "heading" and same_title(block.text, self.title):
            return True
        if block.kind == "media":
            return bool(block.text) or icons(block) or self._captioned(index)
        if self.seen.captions(block):
            return True
        if block.weight < SHORT and (block.link_density > LINKED or _away(block.text)):
            return True
        # In the text's own column a short line is its heading.
        outside = not self.seen.in_core(block)
        return outside and block.kind in ("paragraph", "other") and label(block)

    def _captioned(self, index: int) -> bool:
        """Whether the words below a picture stand next to it."""
        after = self.found[index + 1 : index + NEXT]
        said = next((block for block in after if block.kind != "media"), None)
        return said is not None and all(map(self.seen.captions, (self.found[index], said)))

    def _leads(self, index: int) -> bool:
        """A list of links above the text, and the heading of one."""
        block, after = self.found[index], self.found[index + 1 : index + 2]
        if _linked(block) or (block.kind == "heading" and any(map(_linked, after))):
            return True
        headed = index > 0 and _away(self.found[index - 1].text)
        return headed and block.kind == "other" and block.linked > 0


def _away(text: str) -> bool:
    return leads_away(text) or offers(text)


def _linked(block: Block) -> bool:
    return block.kind == "other" and block.link_density > LINKED


def label(block: Block) -> bool:
    """Whether a block is a few words that are no sentence."""
    return block.weight < LABEL and not sentence(block.text)


def _is_h1(block: Block) -> bool:
    return isinstance(block.first, Element) and block.first.tag == "h1"


def _stamp(block: Block) -> bool:
    """Whether a few words tell who published it and when."""
    return block.weight < LABEL and about(block.text)


def _byline(block: Block) -> bool:
    element = block.first if isinstance(block.first, Element) else tree.parent(block.first)
    return element is not None and byline_named(element)


def icons(block: Block) -> bool:
    """Whether all its pictures are too small to be an article's, or drawings that lead away."""
    if not isinstance(block.first, Element):
        return False
    own = [block.first] if block.first.tag in ("img", "svg") else []
    pictures = own or tree.elements(block.first, "img", "svg")
    return bool(pictures) and all(map(_icon, pictures))


def _icon(picture: Element) -> bool:
    width = tree.number(tree.get(picture, "width"))
    if width is not None:
        return width < ICON
    return picture.tag == "svg" and any(a.tag in ("a", "button") for a in tree.ancestors(picture))
