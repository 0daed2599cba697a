"""Whole responses as bytes, as aiohttp writes them; only the date is inserted on sending."""

from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import NamedTuple

from aiohttp.http import SERVER_SOFTWARE
from multidict import CIMultiDict

from ads.clock import SECOND
from proxy.cdn import Complete

_DATE = "\0date\0"
NO_TYPE = "application/octet-stream"
"""The content type that aiohttp has for a response without one."""


class Answer(NamedTuple):
    """The head before the date, the head after it, and the body."""

    before: bytes
    after: bytes
    body: bytes


class Dates:
    """The Date header's value, formatted once a second."""

    def __init__(self) -> None:
        self._second = 0
        self._text = b""

    def of(self, at: int) -> bytes:
        """The value for `at`, in epoch milliseconds (RFC 9110, section 5.6.7)."""
        second = at // SECOND
        if second != self._second:
            self._second, self._text = second, formatdate(second, usegmt=True).encode()
        return self._text


def make(
    status: HTTPStatus,
    headers: Mapping[str, str],
    complete: Complete,
    body: bytes = b"",
    content_type: str = NO_TYPE,
) -> Answer:
    """A response with a handler's `headers`, and those that aiohttp and the application add.

    `complete` decides by `content_type`, which adds no header itself.
    """
    every = CIMultiDict(headers)
    every["Date"], every["Server"] = _DATE, SERVER_SOFTWARE
    complete(every, content_type, "page")
    lines = "".join([f"{name}: {value}\r\n" for name, value in every.items()])
    before, after = lines.split(_DATE)
    line = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
    return Answer(f"{line}{before}".encode(), f"{after}\r\n".encode(), body)
