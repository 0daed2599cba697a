"""Every message of the console is translated to Chinese, and no translation is unused."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

from ads.i18n import translations
from tests.console.catalogue import ROOT, messages

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
_PO = Path(ROOT / "ads/locale/zh")


def catalogue(part: str) -> set[str]:
    """The messages that a part of the catalogue translates, a plural by its singular."""
    with (_PO / part).open("rb") as file:
        found = [message for message in read_po(file) if message.id and message.string]
    return {str(m.id if isinstance(m.id, str) else m.id[0]) for m in found}


def test_every_message_has_a_chinese_translation() -> None:
    known = set().union(*(catalogue(path.name) for path in _PO.glob("*.po")))
    assert not {message: where for where, message in messages() if message not in known}


def test_no_translation_is_left_over() -> None:
    assert not catalogue("console.po") - {message for _, message in messages()}


def test_a_translation_fills_in_what_its_message_does() -> None:
    chinese = translations("zh")
    for where, message in messages():
        found = chinese.ungettext(message, message, 2)
        found = found if found != message else chinese.ugettext(message)
        assert set(PLACEHOLDER.findall(found)) == set(PLACEHOLDER.findall(message)), where


def test_chinese_is_written_with_its_own_punctuation_and_address() -> None:
    with (_PO / "console.po").open("rb") as file:
        for message in read_po(file):
            text = message.string if isinstance(message.string, str) else message.string[0]
            assert "您" not in text
            assert not re.search(r"[一-鿿][,!?;](\s|$)", text), text


def test_a_variant_and_a_version_have_words_of_their_own_in_chinese() -> None:
    with (_PO / "console.po").open("rb") as file:
        for message in read_po(file):
            text = str(message.string)
            for english, own, other in (("variant", "方案", "版本"), ("version", "版本", "方案")):
                if english in str(message.id).lower():
                    assert (own in text, other in text) == (True, False), message.id
