"""Shares in memory: for each its stamp, for all alike a mould, for all of an article its parts.

A body of its own is kept for a share that is asked for again and again: joining it anew takes a
few microseconds, reading an article from the store a hundred, and both take the same memory.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from proxy import cdn
from proxy.hot import Hot
from proxy.page import Card, Mode
from proxy.render import gaps, splice
from proxy.render.mould import Mould, Stamp, unpacked
from proxy.render.prepared import Runs
from proxy.serving.answers import Answer
from proxy.serving.shelf import Shelf
from proxy.shares import Share

KEPT_AFTER = 16
"""Requests for a share, after which its body is kept."""
STAMP_BYTES = 500
"""As a worker grows by it, with all that is around it."""
# What a share's body takes beyond itself: headers and answers.
ENTRY_BYTES = 3_000
CAST_BYTES = 1_500
"""What is in memory beside a mould: its name, keys and link."""
SHARE, ETAG, BYTES, LINK = gaps.SHARE, "Q7fLw2ZsETagXk9", "Q7fLw2ZsBytesXk9", "Q7fLw2ZsLinkXk9"
KEYS: Mapping[str, str] = {f"Q7fLw2ZsKeyN{number}Xk9": f"key{number}" for number in range(3)}
"""Of an article, an ad, and the one that stands in for it."""
MARKS: Mapping[str, str] = {SHARE: "share", ETAG: "etag", BYTES: "bytes", LINK: "link", **KEYS}
"""They stand in `marked` headers, where each page has its own."""


class Name(NamedTuple):
    """What shares that are alike have in common, as far as it stands in their records."""

    article: str
    mode: Mode
    ad: str
    owner: str
    card: Card
    channel: str
    id_bytes: int


def name(share: Share) -> Name:
    """What a share has in common with those like it."""
    return Name(
        share.article_id,
        share.asked,
        share.ad,
        share.owner,
        share.own_card,
        share.channel,
        len(share.id),
    )


class Cast(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A mould with what else its shares have in common.

    `name` in memory is a `Name`, and behind it a share's id where it is for that one alone. `parts`
    tell which version of the article's parts fits it, `spoken` the ad and its version that tickets
    speak for, `surrogates` and `link` (to the source) stand in its shares' headers. `fits` is a
    digest of what it was drawn from, beside what its name says.
    """

    name: tuple[object, ...]
    mould: Mould
    article: tuple[str, Mode]
    parts: bytes
    spoken: tuple[str, int]
    surrogates: tuple[str, ...]
    link: str
    keys: frozenset[str]
    fits: bytes


def marked(keys: int) -> dict[str, str]:
    """The headers of pages that hang on so many keys and their share's."""
    return {"ETag": ETAG, **cdn.headers((*list(KEYS)[:keys], f"share:{SHARE}"), LINK)}


class Known(msgspec.Struct, gc=False):
    """A share's stamp for the cast of this name, drawn from the same; `epoch` is its ticket's."""

    name: tuple[object, ...]
    fits: bytes
    packed: bytes
    epoch: int
    asked: int = 0


class _Bodies(dict[str, bytes]):
    """Bodies by encoding; what is asked for as it is, is inflated and not kept."""

    def __missing__(self, encoding: str) -> bytes:
        if encoding != "identity":
            raise KeyError(encoding)
        return splice.identity(self["gzip"])


class Shown:
    """A share's page, joined when it is first wanted; `asked` counts requests for it.

    `answers` are whole responses made of it, for as long as it is `kept` in memory.
    """

    __slots__ = ("_runs", "answers", "asked", "bodies", "cast", "kept", "known", "stamp")

    def __init__(self, share: str, known: Known, cast: Cast, runs: Runs) -> None:
        self.stamp = unpacked(share, known.packed)
        self.known = known
        self.cast = cast
        self.bodies = _Bodies()
        self.answers: dict[str, Answer] = {}
        self.asked = 0
        self.kept = False
        self._runs: Runs = runs

    @property
    def etag(self) -> str:
        """The same for all encodings."""
        return self.stamp.etag

    @property
    def texts(self) -> dict[str, str]:
        """What stands where MARKS are, but for the body's length."""
        cast, texts = self.cast, {"share": self.stamp.share, "etag": self.etag}
        texts["link"] = cast.link
        texts.update(zip(KEYS.values(), cast.surrogates, strict=False))
        return texts

    @property
    def headers(self) -> dict[str, str]:
        """The page's headers."""
        keys = (*self.cast.surrogates, f"share:{self.stamp.share}")
        return {"ETag": self.etag, **cdn.headers(keys, self.cast.link)}

    def body(self, encoding: str) -> bytes:
        """The page in an encoding that there is: gzip, identity, and brotli once it was added."""
        if "gzip" not in self.bodies:
            self.bodies["gzip"] = self.cast.mould.gzip(self._runs, self.stamp)
            self._runs = ()  # another entry's: it may go from memory before this does
        return self.bodies[encoding]

    @property
    def size(self) -> int:
        """What it takes in memory while it is kept."""
        return ENTRY_BYTES + sum(map(len, self.bodies.values()))


class Moulds:
    """Finds and keeps all this in `hot`."""

    def __init__(self, hot: Hot, shelf: Shelf) -> None:
        self._hot = hot
        self._shelf = shelf

    def ready(self, share_id: str, epoch: int) -> Shown | None:
        """A share's page, if all that it takes is in memory."""
        kept = self._hot.get(share_id, "body")
        if isinstance(kept, Shown):
            return kept if kept.known.epoch == epoch else None
        found = self.known(share_id, epoch)
        if found is None:
            return None
        runs = self.runs(found[1])
        return Shown(share_id, *found, runs) if runs is not None else None

    def known(self, share_id: str, epoch: int) -> tuple[Known, Cast] | None:
        """A share's stamp and its cast, whether the article is in memory or not."""
        known = self.stamp(share_id, epoch)
        if known is None:
            return None
        cast = self._hot.get(known.name, "small")
        if not isinstance(cast, Cast) or cast.fits != known.fits:
            return None
        return known, cast

    def stamp(self, share_id: str, epoch: int) -> Known | None:
        """A share's stamp; whether anything fits it is for `cast` to say."""
        known = self._hot.get(f"share:{share_id}", "small")
        return known if isinstance(known, Known) and known.epoch == epoch else None

    def runs(self, cast: Cast) -> Runs | None:
        """The article's runs, if those that fit the cast are at hand."""
        return self._shelf.runs(*cast.article, cast.parts)

    def cast(self, common: Name, share: str) -> Cast | None:
        """The cast of a share of this name, if one is in memory."""
        found = self._hot.get(common, "small") or self._hot.get((*common, share), "small")
        return found if isinstance(found, Cast) else None

    def keep(self, cast: Cast, mark: int) -> None:
        """Keeps a cast that was made of what was read after `mark`."""
        self._hot.put(cast.name, cast, cast.mould.size + CAST_BYTES, cast.keys, mark, "small")

    def stamped(self, cast: Cast, stamp: Stamp, epoch: int, mark: int) -> Known:
        """Keeps a share's stamp."""
        known = Known(cast.name, cast.fits, stamp.packed(), epoch)
        self._hot.put(f"share:{stamp.share}", known, STAMP_BYTES, (), mark, "small")
        return known

    def ask(self, shown: Shown) -> None:
        """One more request for a page; its body is kept if there were several."""
        shown.asked += 1
        if not shown.kept:
            shown.known.asked += 1
            if shown.known.asked % KEPT_AFTER == 0:
                self._keep_body(shown)

    def grown(self, shown: Shown) -> None:
        """An encoding was added, at some cost: it is kept."""
        name = shown.stamp.share
        if self._hot.get(name, "body") is shown:
            self._hot.resize(name, "body", shown.size)
        elif not shown.kept:
            self._keep_body(shown)

    def _keep_body(self, shown: Shown) -> None:
        share, cast = f"share:{shown.stamp.share}", shown.cast
        # Both are there: so nothing of it has changed.
        known, common = self._hot.get(share, "small"), self._hot.get(cast.name, "small")
        if known is shown.known and common is cast:
            shown.body("gzip")
            shown.kept = True
            keys = (*cast.keys, share)
            self._hot.put(shown.stamp.share, shown, shown.size, keys, self._hot.mark(), "body")
