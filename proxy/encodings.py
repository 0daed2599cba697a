"""Which encodings of a body a client accepts, and whether it has the body already. Pure."""

import re

from multidict import CIMultiDictProxy

# The encodings that we offer, best first; beside identity.
OFFERED = ("br", "gzip")
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def accepted(header: str) -> tuple[str, ...]:
    """The offered encodings that an Accept-Encoding (RFC 9110, section 12.5.3) accepts, best first.

    A client that accepts none of ours and refuses identity gets that all the same.
    """
    weights = dict(_weighted(part) for part in header.split(",")[:50])
    anything = weights.get("*", 0.0)
    ranked = [(weights.get(name, anything), name) for name in OFFERED]
    # Sorting is stable: among encodings of equal weight, our order stays.
    return tuple(name for weight, name in sorted(ranked, key=lambda r: -r[0]) if weight > 0)


def known(headers: CIMultiDictProxy[str], etag: str) -> bool:
    """Whether a request's If-None-Match lines, however many, name `etag`."""
    return matches(", ".join(headers.getall("If-None-Match", ())), etag)


def matches(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match names `etag` by weak comparison (RFC 9110, section 13.1.2)."""
    if if_none_match.strip() in (etag, "*"):  # what caches and browsers send
        return True
    return _opaque(etag) in map(_opaque, re.findall(r'(?:W/)?"[^"]*"', if_none_match))


def _opaque(etag: str) -> str:
    return etag.removeprefix("W/")


def _weighted(part: str) -> tuple[str, float]:
    name, _, parameter = part.partition(";")
    match = _QUALITY.fullmatch(parameter.strip())
    return name.strip().lower(), float(match[1]) if match else float(not parameter.strip())
