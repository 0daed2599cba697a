"""Where an ad leads: http(s), tel: or mailto:, by the parser that browsers use. Pure."""

import re
from urllib.parse import quote

import ada_url

PLACEHOLDERS = ("share", "channel", "depth")
TARGET_MAX = 2048
SCHEMES = ("http:", "https:", "tel:", "mailto:")

_placeholder = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_any_placeholder = re.compile(r"\{([A-Za-z_]+)\}")
# RFC 3966: digits with visual separators, parameters after semicolons.
_phone = re.compile(r"\+?(?:[-.()*# ]|%20)*[0-9](?:[0-9\-.()*# ]|%20)+(?:;[A-Za-z0-9\-=.+%]+)*")
_mailbox = re.compile(r"[^@\s,]+@[^@\s,]+(?:,[^@\s,]+@[^@\s,]+)*")


def fault(target: str) -> str:
    """Why `target` cannot be used, as a sentence; "" if it can."""
    unknown = set(_any_placeholder.findall(target)) - set(PLACEHOLDERS)
    if unknown:
        return f"Placeholders are {{share}}, {{channel}} and {{depth}}, not {{{min(unknown)}}}."
    one, other = _filled(target, "1"), _filled(target, "2")
    if one is None or other is None or one.protocol not in SCHEMES:
        return "It begins with http://, https://, tel: or mailto:."
    if (one.host, one.port, one.username) != (other.host, other.port, other.username):
        return "A placeholder stands after the site's name only."
    return _scheme_fault(one)


def _scheme_fault(url: ada_url.URL) -> str:
    if url.protocol == "tel:":
        return "" if _phone.fullmatch(url.pathname) else "This is not a telephone number."
    if url.protocol == "mailto:":
        return "" if _mailbox.fullmatch(url.pathname) else "This is not an e-mail address."
    return "It holds a user name or password." if url.username or url.password else ""


def _filled(target: str, value: str) -> ada_url.URL | None:
    try:
        return ada_url.URL(_placeholder.sub(value, target))
    except ValueError:
        return None


def expand_target(target: str, share: str, channel: str = "", depth: int = 0) -> str:
    """The address to go to, normalised (ASCII), its placeholders filled; "" without a target.

    A value is percent-encoded, so that a channel's name cannot change what the address means.
    """
    values = {"share": share, "channel": channel, "depth": str(depth)}
    filled = _placeholder.sub(lambda match: quote(values[match[1]], safe=""), target)
    try:
        return ada_url.URL(filled).href
    except ValueError:
        return ""
