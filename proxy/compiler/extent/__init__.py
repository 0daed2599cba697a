"""Which blocks of a body are the article's own, from its first to its last.

Title, byline, date and buttons come before its `start`; editors, buttons, comments and links to
other articles come after it; `closing` finds its notes. Blocks are judged by class and id, by
wording, and by whether they read like running text (`seen`); a `teaser` is another article's.
"""

from dataclasses import dataclass
from itertools import takewhile

from proxy.compiler.blocks import Block, blocks
from proxy.compiler.blocks.furniture import (
    counts_comments,
    heads_comments,
    heads_others,
    holds_comments,
    leads_away,
)
from proxy.compiler.extent.closing import closing, introduces
from proxy.compiler.extent.seen import Seen
from proxy.compiler.extent.start import SHORT, icons, label, start
from proxy.compiler.tree import Element

# Comments begin below this share of the text.
TALK = 0.4
# Other articles are listed below this share; comments also begin below so much text (`weigh`).
OTHERS = 0.8
SPOKEN = 1_000
# A block at the end leads away if links are more than this share of it.
AWAY = 0.6


@dataclass(frozen=True)
class Extent:
    """The visible blocks of a body; `found[start:stop]` are the article's own.

    Of these, `found[end:stop]` are its closing: sources, notes, about the author, where to go on.
    `column` is the parent of most paragraphs or, without such a parent, the innermost element that
    holds nearly all of the running text. An element around it may be a grid, in which a slot could
    end up anywhere.
    """

    column: Element
    found: list[Block]
    start: int
    end: int
    stop: int


def extent(
    body: Element,
    title: str,
    found: list[Block] | None = None,
    *,
    columns: bool = False,
) -> Extent:
    """Find where in `body` the article with this title begins and ends.

    `columns`: enter tables that lay out the page. `found`: the body's blocks, if they are known.
    """
    seen = Seen(body, blocks(body, columns=columns) if found is None else found)
    if not seen.found:
        return Extent(body, [], 0, 0, 0)
    begin = start(seen, title)
    stop = max(_stop(seen, begin), begin + 1)
    end = closing(seen, begin, stop)
    if end < stop:
        nearly = range(max(begin + 1, end - 2), end)
        after = (at for at in nearly if all(_after(seen, b) for b in seen.found[at:end]))
        end = next(after, end)
    return Extent(seen.column(begin, stop), seen.found, begin, end, stop)


def _stop(seen: Seen, start: int) -> int:
    """One past the last block of the text."""
    end = min(_talk(seen, start), _inside(seen))
    if not any(seen.running):  # verses and lists, which consist of short lines
        return end
    stop = end
    while stop > start + 1 and _after(seen, seen.found[stop - 1]):
        stop -= 1
    if introduces(seen.found[stop - 1]):
        stop += len(list(takewhile(lambda block: _is_linked(seen, block), seen.found[stop:end])))
    return stop


def _is_linked(seen: Seen, block: Block) -> bool:
    """Whether a block is links that a line above may introduce as the text's own."""
    named = block.kind in ("paragraph", "other") and block.link_density > AWAY
    return named and not seen.furniture(block)


def _inside(seen: Seen) -> int:
    """One past the last block of the text's column."""
    inside = (i for i, b in enumerate(seen.found) if seen.in_core(b))
    return 1 + max(inside, default=len(seen.found) - 1)


def _talk(seen: Seen, start: int) -> int:
    """Where comments or other articles begin, by their heading or class; or the end of all."""
    whole, passed = sum(seen.running[start:]), 0
    own = set(seen.around(seen.found[start]))
    for index in range(start, len(seen.found)):
        block, part = seen.found[index], passed / max(1, whole)
        if block.weight < SHORT and _heads_what_follows(block.text, part):
            return index
        beside = takewhile(lambda e: e not in own, seen.around(block))
        if (part > TALK or passed >= SPOKEN) and any(map(holds_comments, beside)):
            return index
        passed += seen.running[index]
    return len(seen.found)


def _heads_what_follows(text: str, part: float) -> bool:
    """Whether a line below this share of the text heads comments or other articles."""
    if part > 0 and counts_comments(text):
        return True
    return (part > TALK and heads_comments(text)) or (part > OTHERS and heads_others(text))


def _after(seen: Seen, block: Block) -> bool:
    """Whether a block at the end is not the text's: a last heading is not, as it heads nothing."""
    if block.kind == "heading" or seen.furniture(block) or block.link_density > AWAY:
        return True
    if block.kind == "media" and not seen.captions(block):
        return icons(block)
    away = block.weight < SHORT and leads_away(block.text)
    return seen.captions(block) or away or label(block)
