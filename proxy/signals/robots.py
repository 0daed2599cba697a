"""robots.txt: which of its groups bind us, and whether they forbid a page (pure, RFC 9309)."""

import re

from protego import Protego

from proxy.rights import OUR_NAMES

_LINE = re.compile(r"\s*([a-z-]+)\s*:\s*([^#]*)", re.IGNORECASE)
_PRODUCT = re.compile(r"[a-z_-]+", re.IGNORECASE)
MAX_RULES = 1_000
"""Nobody writes more rules for us, and each page of the site is matched with all of them."""


def binding(robots_txt: str, *, everyone: bool = False) -> str:
    """The rules that bind us, for `forbid`; "" without any.

    A group that names us binds. `*` is about crawlers, not about a person's own paste: it binds
    only if the operator says so (`everyone`) and no group names us.
    """
    return our_group(robots_txt) or (robots_txt if everyone else "")


def forbid(rules: str, url: str) -> bool:
    """Whether rules that bind us disallow `url`."""
    return bool(rules) and not Protego.parse(rules).can_fetch(url, "*")


def our_group(robots_txt: str) -> str:
    """The rules of all groups that name us, as one group for everybody; "" if none does."""
    ours: list[str] = []
    named, in_agents, found = False, False, False
    for line in robots_txt.removeprefix("\ufeff").splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        field, value = match[1].lower(), match[2].strip()
        if field == "user-agent":
            # Adjacent agents share the rules that follow; an agent after rules begins a new group.
            named = (named and in_agents) or _is_us(value)
            found = found or named
            in_agents = True
        elif field in ("allow", "disallow"):
            in_agents = False
            ours += [f"{field}: {value}"] if named else []
    return "\n".join(["user-agent: *", *ours[:MAX_RULES]]) if found else ""


def _is_us(value: str) -> bool:
    product = _PRODUCT.match(value)
    return product is not None and product[0].lower() in OUR_NAMES
