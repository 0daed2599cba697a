"""Bodies that stay hidden until a script runs are shown."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from proxy.compiler import tree
from proxy.compiler.tree import Element

_HIDING = re.compile(
    r"(?:^|;)\s*(?:visibility\s*:\s*hidden|opacity\s*:\s*0?\.?0+\b|display\s*:\s*none)"
    r"\s*(?:!\s*important)?\s*(?=;|$)",
    re.IGNORECASE,
)
# Classes that a page wears until its script has run.
_WAITING = re.compile(
    r"^(?:async-hide|is-loading|loading|preload|page-loading|js-loading|no-fouc|fouc|wf-loading"
    r"|wf-inactive|is-preload|unresolved|cloak|js_hidden|o-hidden|modal-open|noscroll|no-scroll"
    r"|overflow-hidden|wow|aos-init|invisible|hide|hidden|is-hidden|d-none|js-hide|js-hidden"
    r"|u-hidden|is-invisible|opacity-0|not-loaded|page-hidden|content-hidden)$",
    re.IGNORECASE,
)
# Rules for the whole page that a script would have taken back.
_WHOLE = re.compile(r"(?:html|body|HTML|BODY)(?:[.#][\w-]+)*\s*+\{([^{}]*+)(?=\})")
# Room of a picture's shape.
_ROOM = re.compile(r"padding(?:-(?:bottom|top))?\s*:\s*(?:0\s+0\s+)?\d+(?:\.\d+)?%")
# What a heading opens by a script (WAI-ARIA Authoring Practices, accordion and tabs).
_PANELS = "[role=region][aria-labelledby], [role=tabpanel][aria-labelledby]"
_MAYBE_HIDDEN = "[hidden], [style*=hidden], [style*=none], [style*=opacity]"
_PICTURES = tree.names("img picture video audio svg canvas math object")
_SHOWN = "visibility:visible!important;opacity:1!important"
# Of a selector's words, those that name an element by its tag, classes and ids.
_COMPOUND = re.compile(r"(?=[a-z.#])([a-z][a-z0-9-]*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_NONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_PART = re.compile(r"[.#][\w-]+")
_NAME = re.compile(r"[.#]?[\w-]+")
# A rule's selectors and declarations are within so many characters.
NEAR = 2_000
# So many parts of an article are asked whether a sheet hides them, so often in all.
MOST_PARTS = 200
MOST_CHECKS = 20_000
LEVELS = 20
_DISPLAY = re.compile(r"(?<![-\w])display\s*:\s*(none)?", re.IGNORECASE)


def reveal(root: Element, page_body: Element, article: Element | None) -> None:
    """Show the page, and everything from the article up to its root."""
    around = [] if article is None else [article, *tree.ancestors(article)]
    for element in {root, page_body, *around}:
        show(element)
    gone = _undisplayed(root, around, _parts(article) if article is not None else [])
    for element in {page_body, *around, *gone} - {root}:
        style = tree.get(element, "style").rstrip("; ")
        shown = f"{_SHOWN};display:block!important" if element in gone else _SHOWN
        tree.put(element, "style", f"{style};{shown}".lstrip(";"))
    if article is not None:
        fold(article)
        for panel in [*tree.select(article, _PANELS), *_waiting(article)]:
            show(panel)
    for sheet in tree.elements(root, "style"):
        text = sheet.text
        if "body" in text or "html" in text:
            sheet.set_text(_WHOLE.sub(_unhidden, text))


def _unhidden(rule: re.Match[str]) -> str:
    """A rule for all of the page without what hides it."""
    if rule.string[rule.start() - 1 : rule.start()].strip(" \t\n\r\f}"):
        return rule[0]
    return rule[0][: rule.start(1) - rule.start()] + _HIDING.sub("", rule[1])


def _waiting(article: Element) -> list[Element]:
    """What is hidden by itself in an article and holds most of its text."""
    found, whole = tree.select(article, _MAYBE_HIDDEN), len(article.text)
    hiding = (e for e in found if "hidden" in e.attrs or _HIDING.search(tree.get(e, "style")))
    return [e for e in hiding if 2 * len(e.text) > whole]


def _parts(article: Element) -> list[Element]:
    """What an article is made of: its innermost holder of most of the text, what is in that."""
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
    return [*around, *islice(chain(inside, within), MOST_PARTS)]


def _undisplayed(root: Element, around: list[Element], parts: list[Element]) -> set[Element]:
    """Which of these the page's own sheets take away and never give back, at any width.

    Of an article's parts only what a rule takes most of the text away with, as of one that a
    script shows slide by slide.
    """
    names = _Names()
    named: dict[str, list[Element]] = {}
    for element in dict.fromkeys([*around, *parts]):
        for name in names[element]:
            named.setdefault(name, []).append(element)
    sheets = [sheet.text for sheet in tree.elements(root, "style")]
    asked = named.keys() - {element.tag for element in parts}
    if not any(asked & _taken(sheet) for sheet in sheets):
        return set()
    weights = {element: len(element.text) for element in {*around[:1], *parts}}
    gone: dict[Element, int] = {}
    back: dict[Element, int] = {}
    checks = 0
    for selector, none in (rule for sheet in sheets for rule in _display_rules(sheet)):
        candidates = named.get(_name(selector[-1]), ())
        checks += len(candidates)
        if checks > MOST_CHECKS:
            break
        found = {e for e in candidates if _is(e, selector, names)}
        lone = found.difference(around)
        if none and 2 * sum(weights[e] for e in lone) <= weights[around[0]]:
            found -= lone
        said, force = (gone if none else back), _force(selector)
        said.update((e, max(force, said.get(e, 0))) for e in found)
    return {e for e, force in gone.items() if force > back.get(e, -1)}


class _Names(dict[Element, frozenset[str]]):
    """What a simple selector may call an element, asked once: it may have thousands of classes."""

    def __missing__(self, element: Element) -> frozenset[str]:
        named = [f".{name}" for name in tree.get(element, "class").split()]
        own = self[element] = frozenset([*named, f"#{tree.get(element, 'id')}", element.tag])
        return own


def _taken(sheet: str) -> set[str]:
    """The names before rules that show nothing: sought first, for most pages hide no article."""
    found: set[str] = set()
    for none in _NONE.finditer(sheet):
        near = max(0, none.start() - NEAR)
        brace = sheet.rfind("{", near, none.start())
        if brace >= 0:
            rule = max(near, 1 + sheet.rfind("{", near, brace), 1 + sheet.rfind("}", near, brace))
            found.update(_NAME.findall(sheet, rule, brace))
    return found


def _display_rules(sheet: str) -> Iterator[tuple[list[re.Match[str]], bool]]:
    """Selectors with what they say of display; rules under a condition only give back.

    A selector is elements that stand one within another, each by its tag, classes and ids.
    """
    depth = 0
    for part in sheet.split("}"):
        depth += part.count("{")
        head, _, declarations = part.rpartition("{")
        if said := _DISPLAY.search(declarations):
            for selector in head.rpartition("{")[2].split(","):
                named = [m for word in selector.split() if (m := _COMPOUND.fullmatch(word))]
                if named and len(named) == len(selector.split()) and not (said[1] and depth > 1):
                    yield named, bool(said[1])
        depth = max(0, depth - 1)


def _name(compound: re.Match[str]) -> str:
    """One of the names in a simple selector."""
    parts = _PART.search(compound[2])
    return parts[0] if parts else compound[1].lower()


def _force(selector: list[re.Match[str]]) -> int:
    """How many classes and ids a selector names: resets of mere tags give nothing back."""
    return sum(len(_PART.findall(compound[2])) for compound in selector)


def _is(element: Element, selector: list[re.Match[str]], names: _Names) -> bool:
    """Whether a selector names the element, by itself and what it stands in."""
    *around, own = selector
    if not _called(element, own, names):
        return False
    above = tree.ancestors(element)
    return all(any(_called(e, each, names) for e in above) for each in reversed(around))


def _called(element: Element, compound: re.Match[str], names: _Names) -> bool:
    tag = (compound[1] or element.tag).lower()
    return tag == element.tag and names[element].issuperset(_PART.findall(compound[2]))


def fold(article: Element) -> None:
    """Take away the room of pictures that only a script would have brought."""
    for element in tree.select(article, "[style*=padding]"):
        above = tree.parent(element)
        if above is None or not _ROOM.search(tree.get(element, "style")):
            continue
        if not element.text.strip() and not _pictured(above):
            tree.drop(element, "style")


def _pictured(element: Element) -> bool:
    styled = tree.select(element, "[style*='url(']")
    return bool(styled) or next(iter(tree.elements(element, *_PICTURES)), None) is not None


def show(element: Element) -> None:
    """Take away what hides this element by itself."""
    tree.drop(element, "hidden")
    if style := tree.get(element, "style"):
        shown = _HIDING.sub("", style).strip("; ")
        tree.put(element, "style", shown) if shown else tree.drop(element, "style")
    names = tree.get(element, "class").split()
    if any(_WAITING.match(name) for name in names):
        kept = [name for name in names if not _WAITING.match(name)]
        tree.put(element, "class", " ".join(kept)) if kept else tree.drop(element, "class")
