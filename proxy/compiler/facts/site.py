"""The site's name: Open Graph's, the publisher's, or what links to its first page."""

import re
from html import unescape

from proxy.compiler.facts import linked, masthead, wording
from proxy.compiler.facts.linked import Thing
from proxy.compiler.facts.meta import Metas
from proxy.compiler.facts.visible import folded, tidy, words
from proxy.compiler.tree import Document
from proxy.compiler.urls import host

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+){1,4}", re.IGNORECASE)
# The parts of an address around its host.
_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?(?=[\w-]+\.[\w.-]+/?$)|/$", re.IGNORECASE)
# After a name: a slogan, another name, a top-level domain, a legal form.
_BEHIND = re.compile(r"\s*[-–—|:·].*|\.\w{2,3}\b.*|\s(?:inc|ltd|llc|gmbh)\.?", re.IGNORECASE)
_FIRM = re.compile(r"\s(?:inc|ltd|llc|gmbh|ag|s\.a\.|z o\.o\.)\.?$", re.IGNORECASE)


def name(document: Document, metas: Metas, thing: Thing, address: str, title: str) -> str:
    """The site's name, else the host of the page's `address`; `title` is the article's.

    The publisher's name is preferred where Open Graph has the same name with a slogan or `.com`,
    the same letters without spaces, or only a host (unless the publisher is a person or company).
    It also counts where Open Graph has the article's title. Any other publisher is as often a
    company or an agency.
    """
    name = tidy(unescape(metas.first("og:site_name", "application-name"))).strip(" -–|")
    own = "" if _holds(name, title) else _ADDRESS.sub("", name)
    publisher = tidy(unescape(linked.name(thing.get("publisher"))))
    if not own or not publisher:
        found = own or publisher or masthead.home(document, address)
        return found or host(address).removeprefix("www.")
    if folded(own) == folded(publisher):
        return max(own, publisher, key=_care)
    other = linked.is_person(thing.get("publisher")) or _FIRM.search(publisher)
    alone = _HOST.fullmatch(own) is not None and not other
    return publisher if alone or _is_within(publisher, own) else own


def _holds(name: str, title: str) -> bool:
    return len(words(title)) >= wording.FEW and folded(title) in folded(name)


def _care(name: str) -> tuple[int, bool]:
    """Sorts spellings of a name by care: more spaces, then mixed case."""
    return name.count(" "), not (name.islower() or name.isupper())


def _is_within(publisher: str, own: str) -> bool:
    """Whether `own` is the publisher's name with a slogan, a domain or a legal form behind it."""
    behind = own.removeprefix(publisher)
    goes_on = behind != own and not publisher.islower()
    return goes_on and _BEHIND.fullmatch(behind) is not None
