"""What lay over the page, or beside it, and waits for a click that no script hears.

Dialogs, boxes about cookies, menus that slide in: in the flow, where layers are put (`clean.css`),
they would push the article down by screens.
"""

import re
from typing import Final

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import called
from proxy.compiler.blocks.lines import weigh
from proxy.compiler.tree import Element

_DIALOGS: Final = "[popover], [role=dialog], [role=alertdialog], [aria-modal=true]"
_ASKING: Final = "[id*=cookie i], [class*=cookie i], [id*=consent i], [class*=consent i], " + (
    "[id*=gdpr i], [class*=gdpr i], [id*=cmp i], [class*=cmp i], [id*=iubenda], [id*=usercentrics]"
)
# By the names of common tools, and by words together: a recipe for cookies has one of them.
_CONSENT: Final = re.compile(
    r"onetrust-|didomi|usercentrics|cookiebot|qc-cmp|sp_message|truste|iubenda-cs|fc-consent"
    r"|borlabs-?cookie|cmplz-|cmpbox|cookie-?law|eu-?cookie|gdpr(?!c-check)|te-?consent"
    r"|cookies?[-_]?(?:banner|bar|box|consent|notice|info|policy|popup|choice|disclaimer|warning"
    r"|modal|message|wall|overlay|alert|dialog)"
    r"|consent[-_]?(?:banner|bar|box|modal|popup|overlay|dialog|container|track|blackbar|sdk)",
    re.IGNORECASE,
)
# Fixed beside the screen until a script slides it in, in the words of Tailwind CSS; what it says of
# wider screens has their name before it.
_AWAY: Final = re.compile(
    r"(?:-?translate-[xy]-(?:full|\[-?[1-9]\d\d%\])|invisible|opacity-0"
    r"|-(?:left|right|top|bottom|inset-[xy])-(?:full|\[\d{3,4}px\])"
    r"|(?:left|right|top|bottom)-full)"
)
_ARTICLE: Final = "h1, main, article, [itemprop=articleBody]"
# A film's placeholder that asks for consent is the article's, and so is a gallery's dialog.
_INSIDE: Final = "article, [itemprop=articleBody]"
# So much of a page's text is more than a box about it.
MOST: Final = 0.4


def lift(page_body: Element) -> None:
    """Take dialogs and boxes that ask for consent away, but for what may be the article's."""
    asking = [e for e in tree.select(page_body, _ASKING) if _CONSENT.search(called(e))]
    away = [e for e in tree.select(page_body, ".fixed") if _away(e)]
    dialogs = tree.select(page_body, _DIALOGS)
    found = {e for e in (*asking, *away, *dialogs) if not _of_article(e)}
    if found:
        limit = MOST * weigh(page_body.text)
        # From the inside out: a box may be more than that only by what goes from it.
        inner_first = [e for e in reversed(tree.elements(page_body)) if e in found]
        tree.remove(element for element in inner_first if weigh(element.text) < limit)


def _away(element: Element) -> bool:
    return any(map(_AWAY.fullmatch, tree.get(element, "class").split()))


def _of_article(element: Element) -> bool:
    if tree.matches(element, _ARTICLE) or tree.first(element, _ARTICLE) is not None:
        return True
    return any(tree.matches(above, _INSIDE) for above in tree.ancestors(element))
