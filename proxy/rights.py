"""A publisher's signals -> the highest mode, and the reason: one table of pure rules (a leaf).

The table is RULES. Each row has a signal, the ceiling it sets and the reason that the sharer is
shown; the lowest ceiling wins, and a mode is lowered, never raised. `noindex` and `none` are about
search results, not copies, and set no ceiling. `Signals` come from the answer's headers and the
page's meta and structured data (here), and from the publisher's site (`proxy.signals`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple, get_args

from proxy.page import Mode

# The names a publisher may call us by in robots directives, lower-case.
OUR_NAMES = frozenset({"passalongbot", "passalong"})
# Names of `<meta>` that may be a signal to us.
META_NAMES = ("tdm-reservation", "robots", *sorted(OUR_NAMES))
_FOR_US = OUR_NAMES | {"robots", "*", ""}

# From most to least of the article; None is a refusal.
Ceiling = Mode | None
_LADDER: tuple[Ceiling, ...] = ("full", "reader", "excerpt", "card", None)

OptOut = Literal["", "excerpt", "card", "none"]
OPT_OUTS: tuple[OptOut, ...] = get_args(OptOut)
"""Each stricter than the one before."""

# No other directive is kept: a page may have a hundred thousand of them.
_BINDING = frozenset({"noarchive", "nocache", "nosnippet"})
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
# "Wed, 03 Dec 2025 …": the comma after a weekday is no separator of directives.
_WEEKDAY = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,\s*", re.IGNORECASE)
_NAMED = re.compile(r"([a-z0-9_*-]+)\s*:(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Signals:
    """What a publisher said of one page; `a | b` says both.

    `robots` holds the directives that bind us, lower-case and without values; `unavailable_after`
    is in ms; `tdm_file`, `tdm_header` and `tdm_meta` are the three forms of tdm-reservation, None
    where it is not set; `robots_txt`: a group that names us disallows the page; `operator` is the
    ceiling of the operator's own lists (`note`, `law`: why), `opt_out` that of the publisher's word
    to us by TXT record or file.
    """

    robots: frozenset[str] = frozenset()
    unavailable_after: int | None = None
    tdm_file: bool | None = None
    tdm_header: bool | None = None
    tdm_meta: bool | None = None
    paywalled: bool = False
    robots_txt: bool = False
    operator: OptOut = ""
    opt_out: OptOut = ""
    note: str = ""
    law: bool = False

    def __or__(self, other: "Signals") -> "Signals":
        """Both together: each signal is kept, the stricter where they differ."""
        ends = [at for at in (self.unavailable_after, other.unavailable_after) if at is not None]
        return Signals(
            robots=self.robots | other.robots,
            unavailable_after=min(ends, default=None),
            tdm_file=_either(self.tdm_file, other.tdm_file),
            tdm_header=_either(self.tdm_header, other.tdm_header),
            tdm_meta=_either(self.tdm_meta, other.tdm_meta),
            paywalled=self.paywalled or other.paywalled,
            robots_txt=self.robots_txt or other.robots_txt,
            operator=max(self.operator, other.operator, key=OPT_OUTS.index),
            opt_out=max(self.opt_out, other.opt_out, key=OPT_OUTS.index),
            note=self.note or other.note,
            law=self.law or other.law,
        )

    @property
    def tdm_reserved(self) -> bool:
        """The page's word goes before the answer's, that before the site's (TDMRep, priority)."""
        words = (self.tdm_meta, self.tdm_header, self.tdm_file)
        return next((word for word in words if word is not None), False)


def _either(one: bool | None, other: bool | None) -> bool | None:
    return other if one is None else one or bool(other)


PAYWALLED = Signals(paywalled=True)


class Verdict(NamedTuple):
    """The mode that may be published, None for none at all, and why it is lower ("" if not)."""

    mode: Ceiling
    reason: str


class Rule(NamedTuple):
    """If `holds(signals, now in ms)`, no more than `ceiling` may be published, for `reason`."""

    reason: str
    ceiling: Ceiling
    holds: Callable[[Signals, int], bool]


RULES = (
    # A group for us by name is a publisher's word to us (DESIGN, section 6).
    Rule("robots.txt", None, lambda s, _: s.robots_txt),
    Rule("opt-out", None, lambda s, _: s.opt_out == "none"),
    Rule("operator", None, lambda s, _: s.operator == "none"),
    # Past its date the publisher wants the page gone, so no part of it is handed on.
    Rule(
        "unavailable_after",
        None,
        lambda s, at: s.unavailable_after is not None and s.unavailable_after <= at,
    ),
    Rule("opt-out", "card", lambda s, _: s.opt_out == "card"),
    Rule("operator", "card", lambda s, _: s.operator == "card"),
    # No text of the page may be shown; max-snippet:0 is its other spelling (Google, robots meta).
    Rule("nosnippet", "card", lambda s, _: "nosnippet" in s.robots),
    Rule("opt-out", "excerpt", lambda s, _: s.opt_out == "excerpt"),
    Rule("operator", "excerpt", lambda s, _: s.operator == "excerpt"),
    # No copy may be kept; nocache is Bing's spelling.
    Rule("noarchive", "excerpt", lambda s, _: bool(s.robots & {"noarchive", "nocache"})),
    # Reserved rights leave what quotation allows (W3C TDMRep; directive 2019/790, article 4).
    Rule("tdm-reservation", "excerpt", lambda s, _: s.tdm_reserved),
    Rule("paywall", "excerpt", lambda s, _: s.paywalled),
)


def lower(mode: Mode, signals: Signals, at: int) -> Verdict:
    """The mode that may be published of the one asked for, at time `at` in ms."""
    asked = _LADDER.index(mode)
    binding = [rule for rule in RULES if rule.holds(signals, at)]
    lowest = max(binding, key=lambda rule: _LADDER.index(rule.ceiling), default=None)
    if lowest is None or _LADDER.index(lowest.ceiling) <= asked:
        return Verdict(mode, "")
    return Verdict(lowest.ceiling, lowest.reason)


def refusal(verdict: Verdict, signals: Signals) -> str:
    """Why nothing may be published, for the sharer: the reason, and the operator's note on it."""
    note = f": {signals.note}" if verdict.reason == "operator" and signals.note else ""
    return verdict.reason + note


def over(mode: Mode, ceiling: Ceiling) -> bool:
    """Whether `mode` shows more than `ceiling` allows."""
    return _LADDER.index(mode) < _LADDER.index(ceiling)


def from_headers(headers: Mapping[str, str]) -> Signals:
    """X-Robots-Tag and tdm-reservation of an answer; names in lower case."""
    robots = headers.get("x-robots-tag", "")
    found = Signals()
    # Repeated headers stand on lines of their own: an agent's name binds its own header alone.
    for line in robots.splitlines():
        found |= _directives(line, agent="*")
    return found | Signals(tdm_header=_reservation(headers.get("tdm-reservation", "")))


def from_meta(name: str, content: str) -> Signals:
    """One `<meta name content>` of the page; names that are not a signal to us say nothing."""
    name = name.strip().lower()
    if name == "tdm-reservation":
        return Signals(tdm_meta=_reservation(content))
    if name in META_NAMES:
        return _directives(content, agent=name)
    return Signals()


def _reservation(text: str) -> bool | None:
    # Anything but 0 and 1 counts as unset (TDMRep).
    return {"0": False, "1": True}.get(text.strip())


def from_structured(data: object) -> Signals:
    """Parsed JSON-LD: `isAccessibleForFree: false` of the page's own objects and their parts."""
    return PAYWALLED if _is_paid(data, 4) else Signals()


def _is_paid(data: object, depth: int) -> bool:
    if depth and isinstance(data, Mapping):
        if _is_false(data.get("isAccessibleForFree")):
            return True
        data = [data.get("@graph"), data.get("hasPart"), data.get("mainEntity")]
    several = data[:200] if depth and isinstance(data, list) else []
    return any(_is_paid(item, depth - 1) for item in several)


def _is_false(value: object) -> bool:
    # Seen on real pages: false, "False", "http://schema.org/False".
    return value is False or (
        isinstance(value, str) and value.strip().lower().rpartition("/")[2] == "false"
    )


def _directives(text: str, agent: str) -> Signals:
    found = Signals()
    for name, value in _pairs(text, agent):
        if name == "unavailable_after":
            found |= Signals(unavailable_after=_time(value))
        elif name in _BINDING:
            found |= Signals(robots=frozenset({name}))
        elif (name, value) == ("max-snippet", "0"):
            found |= Signals(robots=frozenset({"nosnippet"}))
    return found


def _pairs(text: str, agent: str) -> Iterator[tuple[str, str]]:
    """`a, agent: b, max-snippet: 0` -> the directives that are for us, each with its value."""
    for part in _WEEKDAY.sub("", text).split(","):
        part = part.strip()
        named = _NAMED.fullmatch(part)
        if named and named[1].lower() not in _VALUED:
            agent, part = named[1].lower(), named[2].strip()
            named = _NAMED.fullmatch(part)
        if part and agent in _FOR_US:
            yield (named[1].lower(), named[2].strip()) if named else (part.lower(), "")


def _time(text: str) -> int | None:
    """RFC 822, RFC 850 and ISO 8601 are allowed; what is none of them is no signal."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, OverflowError):
            continue
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    return None
