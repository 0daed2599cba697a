"""What the site is called: as Open Graph has it, or as its publisher writes it."""

import re
from html import unescape

from proxy.compiler.facts import linked
from proxy.compiler.facts.linked import Thing
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.visible import tidy
from proxy.compiler.urls import host

_LETTERS = re.compile(r"[\W_]+")
# A host, with what may stand around it in an address.
_HOST = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+){1,4}/?", re.IGNORECASE)


def name(metas: Metas, thing: Thing, address: str) -> str:
    """The site's name, the host of the page's `address` if none is given.

    The publisher's name counts where Open Graph has that and a slogan or `.com` behind it, the same
    letters without spaces, or no more than a host. Any other is as often a company's or an
    agency's.
    """
    own = tidy(unescape(metas.first("og:site_name", "application-name")))
    publisher = tidy(unescape(linked.name(thing.get("publisher"))))
    folded = _folded(publisher)
    if folded and (folded in _folded(own) or not own or _HOST.fullmatch(own)):
        return publisher
    return own or host(address).removeprefix("www.")


def _folded(said: str) -> str:
    return _LETTERS.sub("", said).casefold()
