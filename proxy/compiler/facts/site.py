"""What the site is called: as Open Graph has it, or as its publisher writes it."""

import re
from html import unescape

from proxy.compiler.facts import linked, wording
from proxy.compiler.facts.linked import Thing
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.visible import folded, tidy, words
from proxy.compiler.urls import host

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+){1,4}", re.IGNORECASE)
# What stands around a host in an address.
_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?(?=[\w-]+\.[\w.-]+/?$)|/$", re.IGNORECASE)
# A slogan, another name, a top-level domain, a company's form.
_BEHIND = re.compile(r"\s*[-–—|:·].*|\.\w{2,3}\b.*|\s(?:inc|ltd|llc|gmbh)\.?", re.IGNORECASE)
_AHEAD = re.compile(r".*\s[-–—|:·]\s")
# What a template calls every site.
_ANY = re.compile(r"(?:home(?: ?page)?|blog|(?:my )?website|my (?:blog|site))", re.IGNORECASE)
_FIRM = re.compile(r"\s(?:inc|ltd|llc|gmbh|ag|s\.a\.|z o\.o\.)\.?$", re.IGNORECASE)


def name(metas: Metas, thing: Thing, address: str, title: str) -> str:
    """The site's name, the host of the page's `address` if none is given; `title` is the article's.

    The publisher's name counts where Open Graph has that and a slogan or `.com` beside it, the same
    letters without spaces, or no more than a host, and no person or company publishes it; and where
    Open Graph has `Blog`. Any other is as often a company's or an agency's.
    Some sites give the article's title as their name.
    """
    said = tidy(unescape(metas.first("og:site_name", "application-name"))).strip(" -–|")
    own = "" if _ANY.fullmatch(said) or _holds(said, title) else _ADDRESS.sub("", said)
    publisher = tidy(unescape(linked.name(thing.get("publisher"))))
    if not own or not publisher:
        return own or publisher or host(address).removeprefix("www.")
    if folded(own) == folded(publisher):
        return max(own, publisher, key=_care)
    other = linked.is_person(thing.get("publisher")) or _FIRM.search(publisher)
    alone = _HOST.fullmatch(own) is not None and not other
    return publisher if alone or _is_within(publisher, own) else own


def _holds(said: str, title: str) -> bool:
    return len(words(title)) >= wording.FEW and folded(title) in folded(said)


def _care(said: str) -> tuple[int, bool]:
    """How much care a way to write a name shows."""
    return said.count(" "), not (said.islower() or said.isupper())


def _is_within(publisher: str, own: str) -> bool:
    """Whether a name is the publisher's and what a site writes beside it."""
    if publisher.islower():
        return False
    ahead, _, behind = own.partition(publisher)
    if ahead:
        return not behind and _AHEAD.fullmatch(ahead) is not None
    return _BEHIND.fullmatch(behind) is not None
