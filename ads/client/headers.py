"""What a request's headers say by themselves: fetched ahead, unattended, not to be told apart."""

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


def prefetched(request: Asking) -> bool:
    """Whether a browser fetches ahead of its reader, who may never come.

    Sec-Purpose is the standard (Fetch), Purpose and X-Purpose what Chrome and Safari sent before,
    X-Moz Firefox's.
    """
    names = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
    purpose = " ".join(request.headers.get(name, "") for name in names).lower()
    return "prefetch" in purpose or "prerender" in purpose or "preview" in purpose


def unattended(request: Asking) -> bool:
    """Whether headers besides the user agent are a robot's.

    From is what crawlers give their maker's address in (RFC 9110, 10.1.2), Signature-Agent what
    signed robots name their keys in (Web Bot Auth); a headless Chromium whose user agent was
    changed still says so in its client hints.
    """
    headers = request.headers
    hints = headers.get("Sec-CH-UA", "") + headers.get("Sec-CH-UA-Full-Version-List", "")
    return "From" in headers or "Signature-Agent" in headers or "headless" in hints.lower()


def may_tell_apart(request: Asking) -> bool:
    """Whether the reader may be told apart from others: neither GPC nor DNT is set."""
    return request.headers.get("Sec-GPC") != "1" and request.headers.get("DNT") != "1"
