"""`<meta>` elements: names and properties with their contents."""

from dataclasses import dataclass

from proxy.compiler import tree
from proxy.compiler.tree import Document


@dataclass(frozen=True)
class Metas:
    """All named metas of a page, names in lower case, in document order."""

    pairs: tuple[tuple[str, str], ...]

    def first(self, *names: str) -> str:
        """The first content that is not empty, by the order of `names`."""
        for name in names:
            for key, content in self.pairs:
                if key == name and content.strip():
                    return content.strip()
        return ""

    def every(self, name: str) -> list[str]:
        """All contents under one name."""
        return [content.strip() for key, content in self.pairs if key == name and content.strip()]


def read(document: Document) -> Metas:
    """The page's metas."""
    found = (
        (tree.get(element, attribute).strip().lower(), tree.get(element, "content"))
        for element in tree.elements(document, "meta")
        for attribute in ("name", "property", "itemprop")
    )
    return Metas(tuple(pair for pair in found if pair[0]))
