"""Problems that a caller may see: a stable code, a status, a sentence (a leaf)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar, TypedDict, TypeVar

Word = TypeVar("Word", bound=str)


class FieldError(TypedDict):
    """One field's fault: its path in the request body, a stable code and a sentence."""

    field: str
    code: str
    detail: str


class Problem(Exception):
    """A refusal with a stable `code`; becomes `application/problem+json` (RFC 9457) at the edge."""

    STATUS: ClassVar[Mapping[str, int]] = MappingProxyType(
        {
            "malformed": 400,
            "unauthorized": 401,
            "forbidden": 403,
            "not_found": 404,
            "method_not_allowed": 405,
            "conflict": 409,
            "ended": 410,
            "precondition_failed": 412,
            "too_big": 413,
            "unsupported_media_type": 415,
            "invalid": 422,
            "rate_limited": 429,
            "internal": 500,
            "store_unavailable": 503,
        }
    )

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        retry_after: int | None = None,
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail
        self.status = self.STATUS[code]
        self.errors = tuple(errors)
        # Every 429 and 503 carries Retry-After (contract, section 3).
        self.retry_after = retry_after or (1 if self.status in (429, 503) else None)

    def __reduce__(self) -> tuple[Callable[[], "Problem"], tuple[()]]:
        # By default only the message is pickled; compile processes pass on whole problems.
        made = partial(
            type(self), self.code, self.detail, retry_after=self.retry_after, errors=self.errors
        )
        return made, ()


def invalid(field: str, code: str, detail: str) -> Problem:
    """The Problem("invalid") of one field."""
    return Problem("invalid", detail, errors=[{"field": field, "code": code, "detail": detail}])


def choice(value: object, known: Sequence[Word], field: str) -> Word:
    """The one of `known` that `value` is. Raises Problem("invalid")."""
    for each in known:
        if value == each:
            return each
    words = ", ".join(each or '""' for each in known)
    raise invalid(field, "choice", f"One of {words}.")


Rule = Callable[[object, str], object]
"""(value, field's path) -> the cleaned value. Raises Problem("invalid") that names the field."""


class Faults(list[FieldError]):
    """The faults of a request's fields, gathered so that all are reported at once."""

    def judged(
        self, data: Mapping[str, object], rules: Mapping[str, Rule], at: str = ""
    ) -> dict[str, Any]:
        """The fields that `data` has, cleaned by their `rules`; gathers each Problem("invalid")."""
        found: dict[str, Any] = {}
        for name in filter(data.__contains__, rules):
            try:
                found[name] = rules[name](data[name], f"{at}{name}")
            except Problem as problem:
                self += problem.errors
        return found

    def note(self, field: str, code: str, detail: str) -> None:
        """One more fault of `field`, a path such as `variants.0.title`."""
        self.append({"field": field, "code": code, "detail": detail})

    def unknown(self, data: Iterable[str], known: Sequence[str], at: str = "") -> None:
        """Note fields that we do not know: a misspelt one would be lost silently."""
        for field in data:
            if field not in known:
                self.note(f"{at}{field[:64]}", "unknown", "There is no such field.")

    def refuse(self, detail: str = "Some fields cannot be used.") -> None:
        """Raises Problem("invalid") if there are any."""
        if self:
            raise Problem("invalid", detail, errors=self)


def fields_of(
    rules: Mapping[str, Rule], value: object, field: str, usual: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """The fields of a JSON object, cleaned. Raises Problem("invalid") with every fault of it.

    With `usual` null counts as left out, and those values stand for what is left out.
    """
    if not isinstance(value, Mapping):
        raise invalid(field, "type", "An object.")
    faults = Faults()
    faults.unknown(value, tuple(rules), f"{field}.")
    if usual is not None:
        value = {**usual, **{name: each for name, each in value.items() if each is not None}}
    found = faults.judged(value, rules, f"{field}.")
    faults.refuse()
    return found
