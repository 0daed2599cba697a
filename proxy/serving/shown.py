"""A share's page as it is served: its headers, and its body in each encoding."""

from collections.abc import Sequence

import msgspec

from proxy import cdn
from proxy.render import splice
from proxy.render.prepared import Runs
from proxy.render.template import unpacked
from proxy.serving.answers import Answer
from proxy.serving.variant import Key, Variant

ENTRY_BYTES = 3_000
"""The memory that a kept body takes beside its bytes: headers and answers."""


class KeptStamp(msgspec.Struct, gc=False):
    """A share's stamp, packed; it fits variants of this key and digest only.

    `issued` is when its ticket was issued (ms); `asked` counts requests that it served.
    """

    key: Key
    digest: bytes
    packed: bytes
    issued: int
    asked: int = 0


class Shown:
    """A share's page, whose body is joined on first use; `asked` counts requests for it.

    `answers` are whole responses by encoding, if the body is `kept` in memory.
    """

    __slots__ = ("_runs", "answers", "asked", "bodies", "kept", "kept_stamp", "stamp", "variant")

    def __init__(self, share: str, stamp: KeptStamp, variant: Variant, runs: Runs) -> None:
        self.stamp = unpacked(share, stamp.packed)
        self.kept_stamp = stamp
        self.variant = variant
        self.bodies: dict[str, bytes] = {}
        self.answers: dict[str, Answer] = {}
        self.asked = 0
        self.kept = False
        self._runs: Runs = runs

    @property
    def etag(self) -> str:
        """The weak ETag, the same for all encodings."""
        return self.stamp.etag

    @property
    def surrogates(self) -> tuple[str, ...]:
        """The surrogate keys that the page depends on."""
        return (*self.variant.surrogates, f"share:{self.stamp.share}")

    @property
    def headers(self) -> dict[str, str]:
        """The page's headers."""
        return {"ETag": self.etag, **cdn.headers(self.surrogates, self.variant.link)}

    def body(self, encoding: str) -> bytes:
        """The page in an encoding: gzip, identity, or br once that was added (else KeyError)."""
        if "gzip" not in self.bodies:
            self.bodies["gzip"] = self.variant.template.gzip(self._runs, self.stamp)
            self._runs = ()  # so that the article's memory can be freed before this page's
        if encoding == "identity":  # few clients want it, so it is not kept
            return splice.identity(self.bodies["gzip"])
        return self.bodies[encoding]

    def settled(self, accepted: Sequence[str]) -> bool:
        """Whether the body is kept, in the best encoding for a client that accepts `accepted`."""
        return self.kept and ("br" in self.bodies or "br" not in accepted)

    @property
    def size(self) -> int:
        """The memory that it takes while it is kept, in bytes."""
        return ENTRY_BYTES + sum(map(len, self.bodies.values()))
