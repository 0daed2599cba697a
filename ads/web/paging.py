"""Lists in pages: `?limit` and `?cursor` in, `{"items", "next"}` out."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from aiohttp import web

from ads.errors import invalid

LIMIT = 50
LIMIT_MAX = 100
CURSOR = "^([0-9]{13}\\.[A-Za-z0-9_-]{1,64})?$"
"""An index's member, with a dot for its colon; empty for the first page."""

Item = TypeVar("Item")


class Page(NamedTuple):
    """The page asked for; `cursor` is the index's member before it, "" for the first page."""

    limit: int
    cursor: str


def asked(request: web.Request) -> Page:
    """The page that the query names. Raises Problem("invalid")."""
    return Page(limit(request), cursor(request, CURSOR).replace(".", ":"))


def limit(request: web.Request, usual: int = LIMIT) -> int:
    """`?limit`, 1 to 100. Raises Problem("invalid")."""
    found = number(request, "limit", 1, LIMIT_MAX)
    return usual if found is None else found


def number(request: web.Request, name: str, least: int, most: int) -> int | None:
    """A whole number in the query, None if it is missing. Raises Problem("invalid")."""
    text = request.query.get(name)
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,3}", text) and least <= int(text) <= most:
        return int(text)
    raise invalid(name, "query", f"A whole number, {least} to {most}.")


def cursor(request: web.Request, form: str) -> str:
    """`?cursor`, "" for the first page. Raises Problem("invalid") for another form."""
    text = request.query.get("cursor", "")
    # In a pattern of OpenAPI `$` is the very end; Python's would let a line break follow.
    if not re.search(form.replace("$", r"\Z"), text):
        raise invalid("cursor", "query", "Use the `next` of the page before.")
    return text


def answer(items: Sequence[Any], following: str | None) -> dict[str, Any]:
    """The list as the API answers it; `following` is the next page's cursor."""
    return {"items": list(items), "next": following and following.replace(":", ".")}


def page(
    request: web.Request,
    items: Sequence[Item],
    member: Callable[[Item], str],
    view: Callable[[Item], object],
) -> dict[str, Any]:
    """The page asked for of a list, newest first, ordered by `member`; each item as a `view`."""
    asked_ = asked(request)
    ahead = [item for item in items if not asked_.cursor or member(item) < asked_.cursor]
    found = ahead[: asked_.limit]
    following = member(found[-1]) if len(ahead) > asked_.limit else None
    return answer(list(map(view, found)), following)
