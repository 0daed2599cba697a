"""The second opinion on where the article is: readability-lxml, asked only in doubt."""

import logging
import re

from lxml import html
from lxml.etree import LxmlError
from readability import Document

# It reports every page that it finds hard to its own logger.
logging.getLogger("readability.readability").setLevel(logging.CRITICAL)
MAX_MARKUP = 1_500_000
# It drops them too, but parses them first: on many pages they are most of the bytes.
_SCRIPTS = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)


def opinion(markup: str) -> str:
    """The text of what it takes for the article, "" if it cannot tell."""
    markup = _SCRIPTS.sub("", markup)
    if len(markup) > MAX_MARKUP:
        return ""
    try:
        summary = Document(markup).summary(html_partial=True)
        return "".join(map(str, html.fromstring(summary).itertext()))
    except (LxmlError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        # It lets lxml's and its own slips through on broken pages; no opinion is no harm.
        return ""
    except Exception as error:  # noqa: BLE001  # its Unparseable derives from ValueError only lately
        logging.getLogger(__name__).info("no second opinion: %s", error)
        return ""
