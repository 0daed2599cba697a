"""Token F1 of a text, compared with the body that another project expects. Pure.

A token is a word, or one Chinese, Japanese or Korean character; tokens are compared as bags. Files
with segments only (evaldata) do not have the whole body and are not used.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from html import unescape

from lxml import etree, html

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_TAGS = re.compile(r"<[^>]+>")
_FRONT = re.compile(r"^(?:---.*?^---$|```json.*?^```$)", re.DOTALL | re.MULTILINE)
_LINKS = re.compile(r"\]\([^)]*\)|!\[[^\]]*\]")


def f1(wanted: str, found: str) -> float:
    """The harmonic mean of precision and recall over bags of tokens."""
    left, right = (Counter(_TOKEN.findall(text.lower())) for text in (wanted, found))
    shared = sum((left & right).values())
    return 2 * shared / max(1, left.total() + right.total())


def wanted(files: Mapping[str, bytes]) -> str:
    """The expected body of a page, "" if no file has a whole one."""
    return next((read(files[kind]) for kind, read in _READ.items() if kind in files), "")


def of_markup(markup: str) -> str:
    """The text of some markup, without scripts and styles."""
    tree = html.fromstring(markup) if markup.strip() else html.Element("p")
    etree.strip_elements(tree, "script", "style", etree.Comment, with_tail=False)
    return " ".join(tree.itertext())


def of_reader(markup: str) -> str:
    """The text of a page in `reader` below its title and byline."""
    tree = html.document_fromstring(markup).find(".//article")
    if tree is None:
        return ""
    for element in list(tree)[:2]:
        if element.tag == "h1" or element.get("class") == "k":
            element.drop_tree()  # keeps the text after it
    return " ".join(tree.itertext())


def _plain(raw: bytes) -> str:
    return unescape(_TAGS.sub(" ", raw.decode("utf-8", "replace")))


_READ: Mapping[str, Callable[[bytes], str]] = {
    "expected.html": lambda raw: of_markup(raw.decode()),
    "groundtruth.json": lambda raw: json.loads(raw)["articleBody"],
    "reference.txt": _plain,
    "cx.txt": lambda raw: unescape(_TAGS.sub(" ", raw.decode("gb18030", "replace"))),
    "newspaper.txt": lambda raw: raw.decode(),
    "defuddle.md": lambda raw: _LINKS.sub("", _FRONT.sub("", raw.decode(), count=1)),
}
