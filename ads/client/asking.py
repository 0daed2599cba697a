"""A request, as far as its sender shows in it (a leaf)."""

from collections.abc import Mapping
from typing import Protocol

from multidict import CIMultiDictProxy


class Asking(Protocol):
    """aiohttp's request, or the fast path's."""

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """Its header fields."""

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark."""

    @property
    def remote(self) -> str | None:
        """The peer's address."""
