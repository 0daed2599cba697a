"""The message catalogue: English is the message id, the other languages are `.po` files (a leaf).

Every `ads/locale/<language>/*.po` is one part of that language's catalogue.
"""

from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LANGUAGES = ("en", "zh")
KEPT = 2_000
"""Messages, by what an article or a browser calls its language."""
_FOLDER = Path(__file__).parent / "locale"


def language(tag: str) -> str:
    """The language of ours that is nearest to a BCP 47 tag; English for any other."""
    primary = tag.replace("_", "-").split("-")[0].strip().lower()
    return primary if primary in LANGUAGES else LANGUAGES[0]


def accepted(accept_language: str) -> str:
    """The language that an Accept-Language header (RFC 9110, section 12.5.4) likes best."""
    ranked = sorted(_weighted(accept_language), key=lambda item: -item[1])
    tags = [tag.split("-")[0] for tag, weight in ranked if weight > 0]
    return negotiate_locale(tags, LANGUAGES) or LANGUAGES[0]


def _weighted(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header[:1000].replace(" ", "").split(","):
        tag, _, weight = part.lower().partition(";q=")
        try:
            found.append((tag, float(weight or 1)))
        except ValueError:
            continue
    return found


@cache
def translations(locale: str) -> Translations:
    """The catalogue of a language, read once; also what jinja2's i18n extension installs."""
    catalogue = Catalog(locale)
    for path in sorted((_FOLDER / language(locale)).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id:
                    catalogue[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(KEPT)
def gettext(locale: str, message: str) -> str:
    """`message` in the language of `locale` (a BCP 47 tag); the message itself if untranslated."""
    return translations(language(locale)).ugettext(message)


def ngettext(locale: str, one: str, many: str, count: int) -> str:
    """The form of a message that fits `count`."""
    return translations(language(locale)).ungettext(one, many, count)
