"""The stored record of an article's page: how it is made, its version, its validators."""

import hashlib
from pathlib import Path

import msgspec

from proxy import compiler, edition
from proxy.compiler import bare_page
from proxy.fetch import Validators
from proxy.page import Closed, Page, Stored
from proxy.source import Source


def record(page: Page, source: Source, at: int) -> Stored:
    """The record of a page that was compiled from a source at `at` (ms)."""
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
    """The record of a page with title and link alone; not fresh, so the source is asked next."""
    return record(bare_page(stored.page, reason), Source(stored.url, b""), 0)


def closed_to(stored: Stored, page: Page, closed: Closed) -> Stored:
    """The record with another page; if `closed` is not "", it may not be shown. A new version."""
    named = f"{version(page)}{'-' if closed else ''}{closed}"
    checked_at = 0 if closed or page.gone_since else stored.checked_at
    return msgspec.structs.replace(
        stored, page=page, version=named, closed=closed, checked_at=checked_at
    )


def validators(stored: Stored | None) -> Validators | None:
    """Validators for the source; None if the page must be made anew even if that is unchanged.

    So it is if the page shows less than was asked for, since the reason may be gone, or if another
    version of the compiler made it, so that mends reach published pages.
    """
    if stored is None or stored.page.mode_reason or stored.compiler != _compiler():
        return None
    known = Validators(stored.etag, stored.last_modified)
    return known if known.etag or known.last_modified else None


def version(page: Page) -> str:
    """A digest of the page's content, without the time when it was fetched."""
    timeless = msgspec.structs.replace(page.article, fetched_at=0)
    data = msgspec.msgpack.encode(msgspec.structs.replace(page, article=timeless))
    return hashlib.blake2b(data, digest_size=9).hexdigest()


def _compiler() -> str:
    return edition.of(Path(compiler.__path__[0])).hex()[:8]
