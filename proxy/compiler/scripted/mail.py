"""Writes out the e-mail addresses that Cloudflare hides from robots until its script has run."""

from proxy.compiler import tree
from proxy.compiler.tree import Document, Text

_TEXTS = "a[data-cfemail], span[data-cfemail]"
_LINKS = "a[href*='/cdn-cgi/l/email-protection#']"


def write_out(document: Document) -> None:
    """Replace hidden addresses by their text, and links to Cloudflare's note by `mailto:` ones."""
    for link in tree.select(document, _LINKS):
        if said := _plain(tree.get(link, "href").partition("#")[2]):
            tree.put(link, "href", f"mailto:{said}")
    for hidden in tree.select(document, _TEXTS):
        if said := _plain(tree.get(hidden, "data-cfemail")):
            hidden.replace_with(Text(said))


def _plain(code: str) -> str:
    """A hidden address: its first byte is the key of the others; "" if it is none."""
    try:
        key, *said = bytes.fromhex(code)
        return bytes(each ^ key for each in said).decode()
    except ValueError:
        return ""
