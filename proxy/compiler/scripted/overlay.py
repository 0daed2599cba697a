"""Layers over or beside the page that wait for a click, which no script handles here.

Dialogs, cookie banners, menus that slide in: `clean.css` puts layers into the flow, where these
would push the article down by screens.
"""

import re
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import class_and_id
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.tree import Element

_DIALOGS: Final = "[popover], [role=dialog], [role=alertdialog], [aria-modal=true]"
_ASKING: Final = "[id*=cookie i], [class*=cookie i], [id*=consent i], [class*=consent i], " + (
    "[id*=gdpr i], [class*=gdpr i], [id*=cmp i], [class*=cmp i], [id*=iubenda], [id*=usercentrics]"
)
# Names of common tools, and pairs of words: one word alone may be in a recipe for cookies.
_CONSENT: Final = re.compile(
    r"onetrust-|didomi|usercentrics|cookiebot|qc-cmp|sp_message|truste|iubenda-cs|fc-consent"
    r"|borlabs-?cookie|cmplz-|cmpbox|cookie-?law|eu-?cookie|gdpr(?!c-check)|te-?consent"
    r"|cookies?[-_]?(?:banner|bar|box|consent|notice|info|policy|popup|choice|disclaimer|warning"
    r"|modal|message|wall|overlay|alert|dialog)"
    r"|consent[-_]?(?:banner|bar|box|modal|popup|overlay|dialog|container|track|blackbar|sdk)",
    re.IGNORECASE,
)
# Tailwind CSS's classes for a layer beside the screen that a script slides in. Those for wider
# screens have a prefix, so they do not match.
_AWAY: Final = re.compile(
    r"(?:-?translate-[xy]-(?:full|\[-?[1-9]\d\d%\])|invisible|opacity-0"
    r"|-(?:left|right|top|bottom|inset-[xy])-(?:full|\[\d{3,4}px\])"
    r"|(?:left|right|top|bottom)-full)"
)
_ARTICLE: Final = "h1, main, article, [itemprop=articleBody]"
# In an article, a video's placeholder may ask for consent, and a gallery may be a dialog.
_INSIDE: Final = "article, [itemprop=articleBody]"
# A layer has less than this share of the page's text.
MOST: Final = 0.4


def lift(page_body: Element) -> None:
    """Remove dialogs and boxes that ask for consent, unless they may be the article's."""
    asking = [e for e in tree.select(page_body, _ASKING) if _CONSENT.search(class_and_id(e))]
    fixed = ((e, tree.get(e, "class").split()) for e in tree.select(page_body, ".fixed"))
    away = [e for e, names in fixed if any(map(_AWAY.fullmatch, names))]
    dialogs = tree.select(page_body, _DIALOGS)
    found = {e for e in (*asking, *away, *dialogs) if not _of_article(e)}
    if found:
        limit = MOST * weigh(page_body.text)
        # From the inside out: an outer box may be too large only because of inner ones.
        inner_first = [e for e in reversed(tree.elements(page_body)) if e in found]
        tree.remove(element for element in inner_first if weigh(element.text) < limit)


def _of_article(element: Element) -> bool:
    if tree.matches(element, _ARTICLE) or tree.first(element, _ARTICLE) is not None:
        return True
    return any(tree.matches(above, _INSIDE) for above in tree.ancestors(element))
