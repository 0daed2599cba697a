"""A second opinion on where the article is, by readability-lxml: asked only in doubt."""

import logging
import re

from lxml import html
from readability import Document

# The library logs every page that it finds hard.
logging.getLogger("readability.readability").setLevel(logging.CRITICAL)
MAX_MARKUP = 1_500_000
# The library drops scripts only after parsing them: on many pages they are most of the bytes.
_SCRIPTS = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)


def opinion(markup: str) -> str:
    """The text of the article in the library's opinion, "" if it has none."""
    markup = _SCRIPTS.sub("", markup)
    if len(markup) > MAX_MARKUP:
        return ""
    try:
        summary = Document(markup).summary(html_partial=True)
        return "".join(map(str, html.fromstring(summary).itertext()))
    except Exception:  # noqa: BLE001  # a broken page may raise anything; no opinion does no harm
        return ""
