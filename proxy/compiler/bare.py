"""What is left of a compiled page when its source is away and nothing more may be shown."""

import msgspec

from proxy.compiler.facts import Facts
from proxy.compiler.reader.template import short
from proxy.compiler.split import Marks
from proxy.page import Card, Page
from proxy.rights import Signals


def bare(known: Page, reason: str) -> Page:
    """A card of title, byline and link; `reason` says who lowered it.

    A description or picture may have been taken from the text itself (`steps.complete_card`), so
    they go, too.
    """
    article = msgspec.structs.replace(known.article, image="")
    card = Card(known.card.title)
    facts = Facts(article, card, Signals(), known.canonical)
    marks = Marks()
    segments, gaps = marks.split(short(facts, marks, []))
    skipped = {"middle": "mode_card"}
    made = Page("card", reason, article, card, segments, gaps, skipped, dark=True)
    kept = {name: getattr(known, name) for name in ("canonical", "gone_since", "until")}
    return msgspec.structs.replace(made, **kept)
