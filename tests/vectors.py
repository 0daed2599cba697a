"""The attack vectors of ../shared/corpus/suites/rewrite, as their authors wrote them."""

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path

# In events.json `*` stands for any element: here an unknown one and a focusable one.
ANY_ELEMENT = ("xss", "a")


@functools.cache
def vectors(corpus: Path) -> dict[str, tuple[str, ...]]:
    """Vectors by set; one that two sets have belongs to the first."""
    folder = corpus / "suites" / "rewrite"
    sets = {
        "dompurify": _dompurify(folder / "dompurify"),
        "portswigger-xss": _portswigger(folder / "portswigger-xss"),
        "payloadsallthethings-xss": _lines(folder / "payloadsallthethings-xss"),
        "feedparser-sanitize": _feeds(folder / "feedparser-sanitize"),
        "html5lib-tests": _trees(folder / "html5lib-tests"),
    }
    seen: set[str] = set()
    found = {}
    for name, given in sets.items():
        fresh = [each for each in dict.fromkeys(given) if each.strip() and each not in seen]
        seen |= set(fresh)
        found[name] = tuple(fresh)
    return found


def every(corpus: Path) -> list[str]:
    """All vectors of all sets."""
    return [vector for several in vectors(corpus).values() for vector in several]


def _dompurify(folder: Path) -> Iterator[str]:
    for case in json.loads((folder / "expect.json").read_text()):
        yield str(case["payload"])


def _portswigger(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.json")):
        for code in _codes(json.loads(path.read_text())):
            if "<*" in code:
                yield from (
                    code.replace("<*", f"<{e}").replace("/*>", f"/{e}>") for e in ANY_ELEMENT
                )
            else:
                yield code


def _codes(value: object) -> Iterator[str]:
    """All texts under `code`, `vector` or `payload`, at any depth."""
    if isinstance(value, list):
        for each in value:
            yield from _codes(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name in ("code", "vector", "payload") and isinstance(each, str):
                yield each
            else:
                yield from _codes(each)


def _lines(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.txt")):
        yield from path.read_text("utf-8", "replace").splitlines()


def _feeds(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.xml")):
        yield path.read_text("utf-8", "replace")


def _trees(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "tree-construction").glob("*.dat")):
        text = path.read_text("utf-8", "replace")
        yield from re.findall(r"^#data\n(.*?)\n#errors$", text, re.DOTALL | re.MULTILINE)
