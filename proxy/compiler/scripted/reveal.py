"""Shows a page, and parts of its article, that are hidden until a script runs."""

import re
from functools import cache
from itertools import chain, islice, takewhile

from proxy.compiler import tree
from proxy.compiler.blocks.furniture import keeps_room
from proxy.compiler.scripted.folds import OPEN, folds, open_collapsed, panels
from proxy.compiler.scripted.sheets import Named, Rule, Sheets
from proxy.compiler.scripted.unlazy import ICON
from proxy.compiler.tree import Element

_HIDING = re.compile(
    r"(?:^|;)\s*(?:visibility\s*:\s*hidden|opacity\s*:\s*0?\.?0+\b|display\s*:\s*none)"
    r"\s*(?:!\s*important)?\s*(?=;|$)",
    re.IGNORECASE,
)
# Classes that hide an element until its page's script has run.
_WAITING = re.compile(
    r"^(?:async-hide|is-loading|loading|preload|page-loading|js-loading|no-fouc|fouc|wf-loading"
    r"|wf-inactive|is-preload|unresolved|cloak|js_hidden|o-hidden|modal-open|noscroll|no-scroll"
    r"|overflow-hidden|wow|aos-init|invisible|hide|hidden|is-hidden|d-none|js-hide|js-hidden"
    r"|u-hidden|is-invisible|opacity-0|not-loaded|page-hidden|content-hidden|use-motion)$",
    re.IGNORECASE,
)
# Classes of Elementor, Divi and WPBakery for elements that enter when they are scrolled into view;
# their style sheets hide these until then.
_ENTERING = ".elementor-invisible, .et_animated, .et-waypoint, .wpb_animate_when_almost_visible"
# Rules for the whole page, whose effect a script would undo.
_PAGE = r"(?:html|body|HTML|BODY)(?:[.#][\w-]+)*\s*+"
_WHOLE = re.compile(rf"{_PAGE}(?:,\s*+{_PAGE})?\{{([^{{}}]*+)(?=\}})")
_ROW = re.compile(r"display\s*:\s*(?:-webkit-)?flex")
_MAYBE_HIDDEN = "[hidden], [style*=hidden], [style*=none]"
_PICTURES = tree.names("img picture video audio svg canvas math object")
_SHOWN = "visibility:visible!important;opacity:1!important"
_ENTERED = f"{_SHOWN};transform:none!important"
# Without IGNORECASE, which would take five times as long.
_NONE = re.compile(r"display\s*:\s*none")
# How many parts of an article, and how many pictures, are checked against the style sheets.
MOST_PARTS = 200
MOST_PICTURES = 500
LEVELS = 20
_FADES = re.compile(r"opacity\s*:\s*0?\.?0+(?![.\d])")
# The look-behind comes after the first letter, which is faster (as in `clean.css`).
_FADING = re.compile(r"o(?<![-\w]o)pacity\s*:\s*(0?\.?0+(?![.\d]))?")
_HIGH = re.compile(r"max-height\s*:\s*(?:\d|calc)")
# A fixed height (pixels) never fits the text of an article.
_FIXED = re.compile(r"height(?<![-\w]height)\s*:\s*[1-9]\d+(?:\.\d+)?px")
_HEIGHT = re.compile(
    r"h(?:(?<=max-h)eight\s*:\s*(\d|calc)?|(?<![-\w]h)eight\s*:\s*([1-9]\d+(?:\.\d+)?px)?)"
)
_WHOLE_HEIGHT = "height:auto!important;max-height:none!important"
_CLIPS = re.compile(r"overflow(?:-y)?\s*:\s*(?:hidden|clip)", re.IGNORECASE)
_DISPLAY = re.compile(r"[dD](?<![-\w][dD])(?i:isplay)\s*:\s*((?i:none))?")


def reveal(root: Element, page_body: Element, article: Element) -> None:
    """Show the article, all elements around it, and the parts of it that scripts would show."""
    around = [article, *tree.ancestors(article)]
    for element in {root, page_body, *around}:
        show(element)
    sheets, folded = Sheets(root), folds(article)
    styles, unseen = _restored(sheets, page_body, around)
    for element in unseen:
        element.attrs["hidden"] = ""
    for element, own in styles.items():
        tree.style(element, *own)
    _drop_room(article)
    for panel in [*panels(article), *folded, *_waiting(article)]:
        show(panel)
    for each in folded:
        _open(each)
    open_collapsed(article)
    for sheet in tree.elements(root, "style"):
        text = sheet.text
        if ("body" in text or "html" in text) and (shown := _WHOLE.sub(_unhidden, text)) != text:
            sheet.set_text(shown)


def _open(element: Element) -> None:
    tree.style(element, OPEN, _SHOWN)
    if "aria-expanded" in element.attrs:
        tree.put(element, "aria-expanded", "true")


def _restored(
    sheets: Sheets, page_body: Element, around: list[Element]
) -> tuple[dict[Element, list[str]], set[Element]]:
    """For each element, styles that undo the style sheets' hiding; elements that stay hidden."""
    article = around[0]
    holders, parts = _parts(article)
    styles = {each: [_SHOWN] for each in {page_body, *around[:-1]}}
    named = sheets.named([*around, *holders, *parts])
    hidden, unseen = _undisplayed(sheets, article, set(around), {*holders, *parts})
    for element in hidden:
        styles[element] = [_SHOWN, "display:block!important"]
    for element in _cut(sheets, named).intersection([*around, *holders]):
        styles.setdefault(element, []).append(_WHOLE_HEIGHT)
    for element in (*tree.select(page_body, _ENTERING), *_transparent(article)):
        styles.setdefault(element, []).append(_ENTERED)
    for element in _faded(sheets, article):
        styles.setdefault(element, []).append(_SHOWN)
    return styles, unseen


def _unhidden(rule: re.Match[str]) -> str:
    """A rule for the whole page without hiding it, or putting our slots beside the text."""
    if rule.string[rule.start() - 1 : rule.start()].strip(" \t\n\r\f}"):
        return rule[0]
    shown = _HIDING.sub("", rule[1])
    if "column" not in shown:
        shown = _ROW.sub("display:block", shown)
    return rule[0][: rule.start(1) - rule.start()] + shown


def _waiting(article: Element) -> list[Element]:
    """Elements in an article that hide themselves and hold most of its text."""
    found, whole = tree.select(article, _MAYBE_HIDDEN), len(article.text)
    hiding = (e for e in found if "hidden" in e.attrs or _HIDING.search(tree.get(e, "style")))
    return [e for e in hiding if 2 * len(e.text) > whole]


def _transparent(article: Element) -> list[Element]:
    """Elements whose own style makes them transparent until a script runs (Webflow, Framer)."""
    faint = tree.select(article, "[style*=opacity]")
    return [each for each in faint if _FADES.search(tree.get(each, "style"))]


def _parts(article: Element) -> tuple[list[Element], list[Element]]:
    """The nested elements that hold most of an article's text; the parts of the innermost."""
    around: list[Element] = []
    inside = [article]
    for _ in range(LEVELS):
        holder = inside[0]
        inside, half = tree.child_elements(holder), len(holder.text) / 2
        inner = next((e for e in inside if len(e.text) > half), None)
        if inner is None:
            break
        around.append(inner)
        inside = [inner]
    within = (each for above in inside for each in tree.child_elements(above))
    return around, list(islice(chain(inside, within), MOST_PARTS))


def _undisplayed(
    sheets: Sheets, article: Element, around: set[Element], parts: set[Element]
) -> tuple[set[Element], set[Element]]:
    """Elements that style sheets hide at every width: those to show, and those to leave hidden.

    Elements around the article's text are shown; its parts only if their rule hides most of the
    text, as where a script shows it slide by slide. No slot may be in those left hidden.
    """
    taken = sheets.taken(_NONE)
    names = {name for name in taken if name[0] in ".#"}
    called = set(islice(sheets.called(names, tree.elements(article)), MOST_PARTS))
    named = sheets.named(chain(around, parts, called))
    if taken.isdisjoint(named.keys() - {element.tag for element in parts}):
        return set(), set()
    parts = parts | called
    weights = {element: len(element.text) for element in parts}
    whole = len(article.text) - sum(len(e.text) for e in tree.elements(article, "style"))
    shown, left = _Taken(), _Taken()
    for rule in sheets.rules(named, _DISPLAY):
        none, lone = bool(rule.said[1]), rule.elements & parts - around
        if rule.always or not none:
            few = none and 2 * sum(weights[e] for e in lone) <= whole
            shown.add(rule, rule.elements & (around if few else around | parts), takes=none)
            left.add(rule, rule.elements & called, takes=none)
    kept = shown.kept()
    return kept, left.kept() - kept


def _faded(sheets: Sheets, article: Element) -> set[Element]:
    """Pictures that style sheets make transparent until a script runs.

    The rule may be for a picture, or for an element around it without text.
    """

    @cache
    def bare(element: Element) -> bool:
        return not element.text.strip()

    taken = sheets.taken(_FADES)
    pictures = tree.elements(article, "img")[:MOST_PICTURES] if taken else []
    large = [each for each in pictures if not _small(each)]
    around = (takewhile(bare, tree.ancestors(each)) for each in large)
    named = sheets.named(chain(large, *around))
    if taken.isdisjoint(named):
        return set()
    found = _Taken()
    for rule in sheets.rules(named, _FADING):
        takes = bool(rule.said[1])
        if rule.always or not takes:
            found.add(rule, rule.elements, takes=takes)
    return found.kept()


def _small(picture: Element) -> bool:
    width = tree.number(tree.get(picture, "width"))
    return width is not None and width < ICON


def _cut(sheets: Sheets, named: Named) -> set[Element]:
    """Those of these elements whose height a style sheet limits, to cut them off."""
    if (sheets.taken(_HIGH) | sheets.taken(_FIXED)).isdisjoint(named):
        return set()
    found = _Taken()
    for rule in sheets.rules(named, _HEIGHT):
        most, fixed = map(bool, rule.said.groups())
        if not most or _CLIPS.search(rule.declarations):
            found.add(rule, rule.elements, takes=most or fixed)
    return found.kept()


class _Taken:
    """Collects elements that rules hide, and that rules with as much force show again."""

    def __init__(self) -> None:
        self._most: dict[Element, tuple[int, bool]] = {}

    def add(self, rule: Rule, elements: set[Element], *, takes: bool) -> None:
        """Note that a rule hides (`takes`) or shows these elements."""
        said = rule.force, not takes
        self._most.update((e, max(said, self._most.get(e, said))) for e in elements)

    def kept(self) -> set[Element]:
        """The elements that are hidden and not shown again."""
        return {e for e, (_, shown) in self._most.items() if not shown}


def _drop_room(article: Element) -> None:
    """Remove the room kept for pictures that only a script would load."""
    for element in tree.select(article, "[style*=padding]"):
        above = tree.parent(element)
        bare = keeps_room(element) and not element.text.strip()
        if bare and above is not None and not _pictured(above):
            tree.drop(element, "style")


def _pictured(element: Element) -> bool:
    styled = tree.select(element, "[style*='url(']")
    return bool(styled) or next(iter(tree.elements(element, *_PICTURES)), None) is not None


def show(element: Element) -> None:
    """Remove the attributes, styles and classes by which an element hides itself."""
    tree.drop(element, "hidden")
    if style := tree.get(element, "style"):
        tree.put(element, "style", _HIDING.sub("", style).strip("; "))
    names = tree.get(element, "class").split()
    if any(_WAITING.match(name) for name in names):
        kept = (name for name in names if not _WAITING.match(name))
        tree.put(element, "class", " ".join(kept))
