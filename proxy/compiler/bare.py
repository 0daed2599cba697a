"""What remains of a compiled page that may show no more while its source cannot be fetched."""

import msgspec

from proxy.compiler.facts import Facts
from proxy.compiler.reader.template import short
from proxy.compiler.split import Marks
from proxy.page import Card, Page
from proxy.rights import Signals


def bare(known: Page, reason: str) -> Page:
    """A card of title, byline and link; `reason`: the page's new `mode_reason`.

    Description and picture go, too: they may come from the text (`steps.complete_card`).
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
