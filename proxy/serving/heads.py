"""Responses with a page: their heads differ in a few texts only, so they are made from patterns."""

from http import HTTPStatus

from proxy import cdn
from proxy.cdn import Complete
from proxy.serving import answers
from proxy.serving.answers import Answer
from proxy.serving.shown import Shown

UNCHANGED = "304"
"""Takes the place of an encoding's name."""


class PageAnswers:
    """Makes responses; `complete` adds the headers that every answer of the origin has."""

    def __init__(self, complete: Complete) -> None:
        self._complete = complete
        self._heads: dict[tuple[str, int], tuple[str, bytes]] = {}

    def of(self, shown: Shown, name: str) -> Answer:
        """The answer with a page in the encoding `name`, or UNCHANGED."""
        body = b"" if name == UNCHANGED else shown.body(name)
        keys = shown.surrogates
        before, after = self._heads.get((name, len(keys))) or self._head(name, len(keys))
        texts = {f"key{number}": key for number, key in enumerate(keys)}
        texts |= {"etag": shown.etag, "link": shown.variant.link, "bytes": str(len(body))}
        made = Answer((before % texts).encode(), after, body)
        if shown.kept and name != "identity":  # few clients want it, so it is not kept
            shown.answers[name] = made
        return made

    def _head(self, name: str, keys: int) -> tuple[str, bytes]:
        """The head before and after the date; the former is a pattern for `%`."""
        status, kind = HTTPStatus.NOT_MODIFIED, answers.NO_TYPE
        named = [f"%(key{number})s" for number in range(keys)]
        headers = {"ETag": "%(etag)s", **cdn.headers(named, "%(link)s")}
        if name != UNCHANGED:
            status, kind = HTTPStatus.OK, "text/html"
            headers |= {} if name == "identity" else {"Content-Encoding": name}
            headers["Content-Type"] = "text/html; charset=utf-8"
            headers["Content-Length"] = "%(bytes)s"
        made = answers.make(status, headers, self._complete, content_type=kind)
        self._heads[name, keys] = head = made.before.decode(), made.after
        return head
