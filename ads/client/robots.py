"""Whether a user agent is a robot's, by what robots and browsers write in general (pure).

A robot says so (`words.ROBOTS`), gives an address to ask at or uses a tool's words where no device
is named (`TOOLS`), stands in the maintained list, or names nothing to read with (`READS_WITH`).
Families of words before names of products; `ops/bench.d/agents.py` says which lists were read.
"""

import re
from collections.abc import Iterable

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from ads.client import words

# Patterns of the list that people's browsers match as well.
PEOPLES = frozenset(
    {
        "Sogou",  # Sogou's browser on phones
        "Fluid",  # a site in a window of its own on the Mac
        "Netvibes",  # an app to read feeds with; its robot says so
        "NewsBlur",  # the same
        "Feedly",  # the same
        "Viber",  # Viber's browser; its previews are its bare name
        "WhatsApp",  # WhatsApp's window on desktops; its previews begin with it
        "Butterfly",  # a telephone of HTC's; its robot gives an address to ask at
        "speedy",  # another
        "coccoc",  # a browser in Vietnam; its robots say so
        r"008\/",  # the end of many a model's number
    }
)

# What nearly all browsers write tells nothing: without it a verdict takes a fifth of the time.
_USUAL = re.compile(
    r"^Mozilla/5\.0 \(|\bAppleWebKit/[\d.]+ \(KHTML, like Gecko\)|\bVersion/[\d.]+|"
    r"\bChrome/[\d.]+|\bMobile(?:/\w+)? |\bSafari/[\d.]+$|\bGecko/[\d.]+ Firefox/[\d.]+|"
    r"\bLinux; (?:U; )?|\bWindows NT [\d.]+; |\bWin64; x64|\bMacintosh; Intel Mac OS X [\d_.]+|"
    # What a browser has in its window or is built around, a page read by way of a translator.
    r"\b(?:[\w.-]{1,20} |\w{1,20})[Tt]oolbar\b|(?<=; )[\w ]{1,20} Search(?=[;)])|"
    r"\(CK-[\w.-]{1,30}\)| from: https?://[\w./-]{1,60}| Browser \[[\w.]{1,30}\]|"
    r",gzip\(gfe\) \(via translate\.[\w.]+\)"
)
# What a maker called a phone is no word of a robot's: there are some named Bot.
_MODEL = re.compile(r"(?<=; )Android [\d.]+; (?:[a-z]{2}-[A-Za-z]{2}; )?[^;)]*")
_LITERAL = re.compile(r"[A-Za-z](?![?*+{])[^|]*$")


def _search(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for all; those that begin with the same letter stand behind it once."""
    by_letter: dict[str, list[str]] = {}
    others = []
    for pattern in patterns:
        if _LITERAL.match(pattern):
            by_letter.setdefault(pattern[0], []).append(pattern[1:])
        else:
            others.append(pattern)
    behind = [f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items()]
    return re.compile("|".join(behind + others))


# An app's own browser bears the app's name, which its maker's robot may bear as well. Robots that
# pose as a browser on a phone give an address, too.
_APPS_BROWSER = re.compile(
    r"^mozilla/5\.0 \((?:iphone|ipad|ipod|(?:linux; )?(?:u; )?android)(?!.*(?:https?:|\w\.com/))|"
    r"electron/"
)

_listed = _search(e["pattern"] for e in CRAWLER_USER_AGENTS_DATA if e["pattern"] not in PEOPLES)


def is_robot(text: str) -> bool:
    """Whether nobody reads with the user agent `text`; an empty one names nothing to read with."""
    whole, unusual = text.lower(), _USUAL.sub(" ", _MODEL.sub(" ", text))
    low = unusual.lower()
    if words.OWN.search(low) and not words.FETCHES.search(low):
        return False
    if words.ROBOTS.search(low) or (_listed.search(unusual) and not _APPS_BROWSER.search(whole)):
        return True
    if words.TOOLS.search(low) and not words.APP.search(whole):
        return True
    return not (words.READS_WITH.search(whole) or words.DESKTOP.search(whole))
