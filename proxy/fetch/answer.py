"""What an answer means, by tables of status, type and address (pure)."""

import html
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

import ada_url

from proxy.errors import SourceProblem
from proxy.fetch.config import Accept
from proxy.source import Media

REDIRECTS = frozenset({301, 302, 303, 307, 308})

# The contract's codes. A status that is not listed is judged by its class, below.
_BY_STATUS = {
    200: "",
    201: "",
    202: "",  # some caches; a firewall's 202 is told by its header
    203: "",
    204: "not_an_article",
    205: "not_an_article",
    206: "unreachable",  # a part that nobody asked for
    404: "source_not_found",
    408: "source_timeout",
    410: "source_not_found",
    451: "refused_by_publisher",  # the law, or the publisher by way of it
    504: "source_timeout",
    999: "source_refused",  # "Request denied", which no list of statuses has
}
# Other 4xx: it is there and does not give it to us (402 and 405 among them). 5xx: it fails.
_BY_HUNDRED = {4: "source_refused", 5: "unreachable"}

TOO_MANY_SECONDS = 60
"""Retry-After for a source that answers 429, which says nothing about the page itself."""

# A firewall's challenge, whatever its status: headers that say so …
_CHALLENGE_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "c"}
# … and what stands in the short page that it sends instead of the article.
_CHALLENGE_MARKS = (
    b"_cf_chl_opt",  # Cloudflare
    b"captcha-delivery.com",  # DataDome
    b"_Incapsula_Resource",  # Imperva
    b"awsWafCookieDomainList",  # AWS
    b"/_sec/cp_challenge/",  # Akamai
    b"px-captcha",  # PerimeterX
)
CHALLENGE_BYTES = 32 * 1024  # longer pages are articles that merely load such a script

# Shorteners that know browsers only answer with a page that leads on at once. Articles refresh
# themselves after minutes, and a farewell ("you will be taken to our home page") after seconds.
_REFRESH_BYTES = 4 * 1024
_REFRESH = re.compile(
    rb"""<meta\s[^<>]*?content\s*+=\s*+["']?\s*+[01]\s*+[;,]\s*+url\s*+=\s*+['"]?([^"'>\s]++)""",
    re.IGNORECASE,
)
_IS_REFRESH = re.compile(rb"""http-equiv\s*=\s*["']?refresh\b""", re.IGNORECASE)

_LOGIN_HOST = re.compile(r"(login|signin|passport|sso|accounts|idp)\.")
_LOGIN_PATH = re.compile(
    r"/(log[-_]?in|sign[-_]?in|logon|sso|authwall|wp-login)(\.[a-z]+)?(/|$)", re.IGNORECASE
)
_CAPTCHA_PATH = re.compile(r"captcha|/unhuman|antispider|/cdn-cgi/challenge", re.IGNORECASE)

# Servers that do not know a file's type; then its name tells.
_UNKNOWN = frozenset({"", "*/*", "unknown/unknown", "application/unknown"})
_UNTYPED = frozenset({"application/octet-stream", "binary/octet-stream", "application/download"})
_BY_SUFFIX = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    **dict.fromkeys((".mp3", ".m4a", ".ogg", ".oga", ".wav", ".flac"), "audio/*"),
    **dict.fromkeys((".mp4", ".webm", ".mov", ".m4v", ".ogv"), "video/*"),
}


def judge_status(status: int, headers: Mapping[str, str], start: bytes = b"") -> None:
    """Raises SourceProblem unless the answer is the page; `start`: how an error's body begins."""
    if challenged(headers, start):
        raise SourceProblem("source_refused", "The source asks readers to prove themselves.")
    code = _BY_STATUS.get(status, _BY_HUNDRED.get(status // 100, "unreachable"))
    if code:
        later = TOO_MANY_SECONDS if status == 429 else None
        raise SourceProblem(code, f"The source answered {status}.", retry_after=later)


def challenged(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a firewall answered in the source's place."""
    for name, value in _CHALLENGE_HEADERS.items():
        if headers.get(name, "").lower().startswith(value):
            return True
    return len(body) < CHALLENGE_BYTES and any(mark in body for mark in _CHALLENGE_MARKS)


def judge_place(final: ada_url.URL, asked: ada_url.URL) -> None:
    """Raises SourceProblem if redirects ended at a login or a test for robots, not at a page."""
    if is_login(final) and not is_login(asked):
        raise SourceProblem("login_required", "The source shows this page after a login only.")
    if _CAPTCHA_PATH.search(final.pathname) and not _CAPTCHA_PATH.search(asked.pathname):
        raise SourceProblem("source_refused", "The source asks readers to prove themselves.")


def is_login(url: ada_url.URL) -> bool:
    """Whether a URL is a login page's, by its host's first label or a segment of its path."""
    return bool(_LOGIN_HOST.match(url.hostname) or _LOGIN_PATH.search(url.pathname))


def content_type(types: str) -> str:
    """The last of several types, with the last charset given for it (Fetch standard)."""
    chosen = last = ""
    for each in types.split(","):
        kind = each.partition(";")[0].strip().lower()
        if "/" not in kind or kind == "*/*":
            continue
        if kind != last or "charset" in each.lower():
            chosen = each.strip()
        last = kind
    return chosen or types


def media_of(content_type: str, pathname: str, accept: Accept) -> Media | None:
    """What an answer is, by its type alone; None if the type says nothing.

    Raises SourceProblem("not_an_article") for a type that was not asked for.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _UNTYPED:
        kind = _BY_SUFFIX.get(PurePosixPath(pathname).suffix.lower(), kind)
    types = accept.types
    if kind in _UNKNOWN:
        return types.get("*/*")
    found = types.get(kind) or types.get(kind.partition("/")[0] + "/*") or types.get("*/*")
    if not found:
        raise SourceProblem("not_an_article", f"The source answered with {kind[:100]}.")
    return found


def judge_body(body: bytes, headers: Mapping[str, str], media: Media, *, typed: bool) -> None:
    """Raises SourceProblem for a test for robots, and for no markup where no type was given."""
    if media != "html":
        return
    if not typed and not _looks_like_markup(body):
        raise SourceProblem("not_an_article", "The source does not say what it sent.")
    if challenged(headers, body):
        raise SourceProblem("source_refused", "The source asks readers to prove themselves.")


def leads_on(body: bytes) -> str:
    """Where a page that only refreshes leads to, "" for any other page."""
    if len(body) > _REFRESH_BYTES or not _IS_REFRESH.search(body):
        return ""
    found = _REFRESH.search(body)
    return html.unescape(found[1].decode("utf-8", "surrogateescape")) if found else ""


def _looks_like_markup(body: bytes) -> bool:
    # WHATWG's sniffing, in short: past a byte order mark and white space comes a tag.
    return body[:512].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\f").startswith(b"<")
