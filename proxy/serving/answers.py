"""Whole responses as bytes, as aiohttp writes them: only the date is put in when they leave."""

import re
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
"""aiohttp's word for an answer that names none."""


class Answer(NamedTuple):
    """What stands before the date, after it, and the body."""

    before: bytes
    after: bytes
    body: bytes


class Form(NamedTuple):
    """An answer in which some texts will stand: `before` with places for them by their names."""

    before: str
    after: bytes

    def filled(self, texts: Mapping[str, str], body: bytes) -> Answer:
        """The answer with these texts in their places."""
        return Answer((self.before % texts).encode(), self.after, body)


class Dates:
    """The Date header's value, made once a second."""

    def __init__(self) -> None:
        self._second = 0
        self._text = b""

    def of(self, at: int) -> bytes:
        """The date of this moment, in epoch milliseconds (RFC 9110, section 5.6.7)."""
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
    """A response with the handler's `headers`, what aiohttp adds, and what the application adds.

    `content_type` is only for the application to judge by.
    """
    every = CIMultiDict(headers)
    every["Date"], every["Server"] = _DATE, SERVER_SOFTWARE
    complete(every, content_type, "page")
    lines = "".join([f"{name}: {value}\r\n" for name, value in every.items()])
    before, after = lines.split(_DATE)
    line = f"HTTP/1.1 {status.value} {status.phrase}\r\n"
    return Answer(f"{line}{before}".encode(), f"{after}\r\n".encode(), body)


def form(
    status: HTTPStatus, headers: Mapping[str, str], marks: Mapping[str, str], after: bytes
) -> Form:
    """The head of an answer with places where `marks` stand: letters and digits, each for a text.

    `after` is what `make` puts behind the date of an answer with such headers.
    """
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\n{lines}Date: "
    place = re.compile("|".join(marks))
    return Form(place.sub(lambda found: f"%({marks[found[0]]})s", head.replace("%", "%%")), after)
