"""`<meta>` elements: names and properties with their contents."""

from proxy.compiler import tree
from proxy.compiler.tree import Document


class Metas:
    """The contents of a page's metas by name in lower case, in document order."""

    def __init__(self, document: Document) -> None:
        self._contents: dict[str, list[str]] = {}
        for element in tree.select(document, "meta"):
            if content := tree.get(element, "content").strip():
                for attribute in ("name", "property", "itemprop"):
                    if name := tree.get(element, attribute).strip().lower():
                        self._contents.setdefault(name, []).append(content)

    def first(self, *names: str) -> str:
        """The first content under the first of these names that has any, "" if none has."""
        return next((found[0] for name in names if (found := self.every(name))), "")

    def every(self, name: str) -> list[str]:
        """All contents under one name, without empty ones."""
        return self._contents.get(name, [])
