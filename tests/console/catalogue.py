"""All messages of the console, found in its templates and code."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parents[2]
# Calls have the locale first, then the message; `marked` has only a message, translated elsewhere.
KEYWORDS = {"gettext": (2,), "ngettext": (2, 3), "counted": (2, 3), "marked": None}
TEMPLATE_WORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
TEMPLATE_OPTIONS = {"trimmed": "no", "silent": "false", "trim_blocks": "1", "lstrip_blocks": "1"}


def messages() -> Iterator[tuple[str, str]]:
    """(place, message) of each."""
    code = [("**.py", "python")]
    for room in ("ads/web", "proxy/web"):
        for path, line, found, *_ in extract_from_dir(ROOT / room, code, keywords=KEYWORDS):
            yield from _each(f"{room}/{path}:{line}", found)
    folder = ROOT / "ads/web/templates"
    options = {"**.html": TEMPLATE_OPTIONS}
    for path, line, found, *_ in extract_from_dir(
        folder, [("**.html", "jinja2")], options, keywords=TEMPLATE_WORDS
    ):
        yield from _each(f"{path}:{line}", found)


def _each(where: str, found: object) -> Iterator[tuple[str, str]]:
    ids = found if isinstance(found, tuple) else (found,)
    # A plural is listed by its singular.
    yield where, str(ids[0])
