"""`<meta>` elements: names and properties with their contents."""

from collections.abc import Mapping
from dataclasses import dataclass

from proxy.compiler import tree
from proxy.compiler.tree import Document


@dataclass(frozen=True)
class Metas:
    """The contents of a page's metas by name in lower case, in document order."""

    contents: Mapping[str, list[str]]

    def first(self, *names: str) -> str:
        """The first content under the first of these names that has any, "" if none has."""
        return next((found[0] for name in names if (found := self.every(name))), "")

    def every(self, name: str) -> list[str]:
        """All contents under one name, without empty ones."""
        return list(self.contents.get(name, ()))


def read(document: Document) -> Metas:
    """The page's metas."""
    contents: dict[str, list[str]] = {}
    for element in tree.select(document, "meta"):
        if content := tree.get(element, "content").strip():
            for attribute in ("name", "property", "itemprop"):
                if name := tree.get(element, attribute).strip().lower():
                    contents.setdefault(name, []).append(content)
    return Metas(contents)
