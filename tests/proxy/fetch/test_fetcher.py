"""Whole downloads from a server on loopback."""

from collections.abc import Callable

from proxy.fetch import Fetcher
from proxy.source import Source

Make = Callable[..., Fetcher]


async def test_a_page_comes_with_its_address_type_and_headers(origin, make: Make) -> None:
    origin.put("/a", "X-One: 1", "X-Two: a", "X-Two: b", "Set-Cookie: c=1")
    source = await make().get(origin.url("/a#part"))
    assert isinstance(source, Source)
    assert (source.url, source.media, source.fetched_at) == (origin.url("/a"), "html", 1_000)
    assert source.body.endswith(b"Its text.")
    assert source.headers["x-two"] == "a, b"
    assert "set-cookie" not in source.headers
