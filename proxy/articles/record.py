"""What is kept of an article's page: the record, its version, and what its source is asked by."""

import hashlib
from pathlib import Path

import msgspec

from proxy import compiler, edition
from proxy.compiler import bare_page
from proxy.fetch import Validators
from proxy.page import Page, Stored
from proxy.source import Source


def record(page: Page, source: Source, at: int) -> Stored:
    """A page that was compiled of a source at this moment (ms)."""
    return Stored(
        page,
        version(page),
        source.url,
        checked_at=at,
        etag=source.headers.get("etag", ""),
        last_modified=source.headers.get("last-modified", ""),
        compiler=_compiler(),
    )


def bare(stored: Stored, reason: str) -> Stored:
    """Title and link of a page, until its source is asked."""
    return record(bare_page(stored.page, reason), Source(stored.url, b""), 0)


def closed_to(stored: Stored, page: Page, closed: str) -> Stored:
    """The stored page with another page in it, or none to be shown; its version tells."""
    named = f"{version(page)}{'-' if closed else ''}{closed}"
    checked_at = 0 if closed or page.gone_since else stored.checked_at
    return msgspec.structs.replace(
        stored, page=page, version=named, closed=closed, checked_at=checked_at
    )


def validators(stored: Stored | None) -> Validators | None:
    """None where what was made may have to be another now, though the source is as it was.

    A page that shows less than was asked for: the reason may be gone. One that another version of
    the compiler made: what was mended there reaches published pages, too.
    """
    if stored is None or stored.page.mode_reason or stored.compiler != _compiler():
        return None
    known = Validators(stored.etag, stored.last_modified)
    return known if known.etag or known.last_modified else None


def version(page: Page) -> str:
    """A name for the page's content, whenever it was fetched."""
    timeless = msgspec.structs.replace(page.article, fetched_at=0)
    data = msgspec.msgpack.encode(msgspec.structs.replace(page, article=timeless))
    return hashlib.blake2b(data, digest_size=9).hexdigest()


def _compiler() -> str:
    return edition.of(Path(compiler.__path__[0])).hex()[:8]
