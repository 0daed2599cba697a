"""JSON-LD (schema.org): the object that describes the article."""

import json
import re
from collections.abc import Iterator, Mapping

from proxy.compiler import tree
from proxy.compiler.decode import letters
from proxy.compiler.tree import Document

Thing = Mapping[str, object]

_ARTICLE = re.compile(
    r"Article$|(?:^|[/:])(?:BlogPosting|Report|LiveBlogPosting|SocialMediaPosting"
    r"|DiscussionForumPosting|Review|HowTo|Recipe|WebPage|ItemPage|Chapter|CreativeWork)$",
    re.IGNORECASE,
)
_WEAK = re.compile(r"WebPage|ItemPage|CreativeWork", re.IGNORECASE)
_WRAPPED = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*+\]\]>|\]\]>)\s*+;?\s*+$"
)
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")
# A thing with one of these is described, not only referred to.
_TOLD = frozenset(("name", "url", "contentUrl"))
MAX_BLOCKS = 50


def blocks(document: Document) -> list[object]:
    """The data of all JSON-LD blocks that can be parsed, sloppy JSON included."""
    found: list[object] = []
    for script in tree.select(document, "script[type*='ld+json' i]")[: 2 * MAX_BLOCKS]:
        try:
            found.append(_read(_WRAPPED.sub("", script.text)))
        except (ValueError, RecursionError):
            continue
    return found[:MAX_BLOCKS]


def _read(text: str) -> object:
    data: object = json.loads(text, strict=False)
    if _HALVES.search(text):
        return json.loads(letters(json.dumps(data, ensure_ascii=False)))
    return data


def article(data: list[object]) -> Thing:
    """The object that describes an article, {} if there is none."""
    things = [thing for block in data for thing in _things(block)]
    articles = [each for each in things if any(map(_ARTICLE.search, _kinds(each)))]
    best = next(filter(says_article, articles), next(iter(articles), None))
    return _whole(best, things) if best is not None else {}


def _whole(thing: Thing, things: list[Thing]) -> Thing:
    """The object with references by `@id`, as WordPress writes them, replaced by their objects."""
    telling = (one for one in things if not _TOLD.isdisjoint(one))
    by_id = {key: one for one in telling if isinstance(key := one.get("@id"), str)}
    return {key: _followed(value, by_id) for key, value in thing.items()}


def _followed(value: object, by_id: Mapping[str, Thing]) -> object:
    if isinstance(value, list):
        return [_followed(item, by_id) for item in value[:20]]
    if isinstance(value, Mapping) and "name" not in value:
        key = value.get("@id")
        return by_id.get(key, value) if isinstance(key, str) else value
    return value


def says_article(thing: Thing) -> bool:
    """Whether an object describes an article, not merely a page."""
    return bool(thing) and not _WEAK.search(" ".join(_kinds(thing)))


def is_news(thing: Thing) -> bool:
    """Whether a newspaper's article is described: a `NewsArticle` or a kind of one."""
    return any(kind.endswith("NewsArticle") for kind in _kinds(thing))


def title(thing: Thing) -> str:
    """The name of an article or recipe, "" for a mere page, whose name includes the site's."""
    return text(thing.get("name")) if says_article(thing) else ""


def recipe(data: list[object]) -> list[str]:
    """The lines of the first recipe's ingredients and instructions, [] if there is none."""
    things = (thing for block in data for thing in _things(block))
    found = next((thing for thing in things if thing.get("recipeIngredient")), {})
    parts = (found.get("recipeIngredient"), found.get("recipeInstructions"))
    return [line for value in parts for line in _lines(value)]


def _lines(value: object, depth: int = 5) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, Mapping) and depth:
        yield from _lines(value.get("itemListElement") or value.get("text"), depth - 1)
    elif isinstance(value, list) and depth:
        for item in value[:100]:
            yield from _lines(item, depth - 1)


def _kinds(thing: Thing) -> list[str]:
    kind = thing.get("@type")
    return [k for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)]


def _things(block: object, depth: int = 4) -> Iterator[Thing]:
    if depth == 0:
        return
    if isinstance(block, Mapping):
        yield block
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _things(block.get(key), depth - 1)
    elif isinstance(block, list):
        for item in block[:200]:
            yield from _things(item, depth - 1)


def text(value: object) -> str:
    """A text value, or the first of several."""
    if isinstance(value, list):
        return text(value[0]) if value else ""
    if isinstance(value, Mapping):
        return text(value.get("@value"))
    return value.strip() if isinstance(value, str) else ""


def name(value: object) -> str:
    """The name of a person or organisation, or of the first of several."""
    if isinstance(value, list):
        return next((found for item in value if (found := name(item))), "")
    if isinstance(value, Mapping):
        return text(value.get("name"))
    found = text(value)
    return "" if found.startswith(("http:", "https:")) else found


def is_person(value: object) -> bool:
    """Whether a person, not an organisation, is described."""
    return isinstance(value, Mapping) and "Person" in _kinds(value)


def names(value: object) -> str:
    """All names, joined by commas."""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(found for item in value[:20] if (found := name(item))))
    return name(value)


def image(value: object) -> str:
    """The address of an image, or of the first of several."""
    if isinstance(value, list):
        return next((found for item in value if (found := image(item))), "")
    if isinstance(value, Mapping):
        return text(value.get("url")) or text(value.get("contentUrl"))
    return text(value)
