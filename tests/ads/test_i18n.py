"""The catalogue: the choice of a language, and a translation for every message."""

import ast
import re
from pathlib import Path

import pytest

from ads import i18n

ROOT = Path(__file__).parents[2]
READERS = [*(ROOT / "ads/slot").glob("*.py"), *(ROOT / "proxy/frame").glob("*.py")]


def asked_for(path: Path) -> set[str]:
    """The literal messages that a module asks the catalogue for."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("gettext", "text"):
            found |= {
                arg.value
                for arg in node.args
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            }
    return found


def test_every_word_that_readers_see_is_translated() -> None:
    messages = set().union(*(asked_for(path) for path in READERS))
    assert len(messages) > 15
    assert not {m for m in messages if i18n.gettext("zh", m) == m}


def test_translations_keep_the_names_in_braces() -> None:
    po = (ROOT / "ads/locale/zh/reader.po").read_text(encoding="utf-8")
    for one, other in re.findall(r'msgid "(.+)"\nmsgstr "(.+)"', po):
        assert sorted(re.findall(r"\{\w+\}", one)) == sorted(re.findall(r"\{\w+\}", other))


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-CN", "zh"),
        ("zh_Hant_TW", "zh"),
        ("ZH", "zh"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
        ("zhx", "en"),
    ],
)
def test_a_tag_leads_to_the_nearest_language_of_ours(tag: str, language: str) -> None:
    assert i18n.language(tag) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr, zh-CN; q=0.8, en; q=0.5", "zh"),
        ("en;q=0.1, zh;q=0", "en"),
        ("de", "en"),
        ("", "en"),
        (";q=x,,;;", "en"),
        ("zh;q=nan", "zh"),
    ],
)
def test_a_browsers_preference_is_followed(header: str, language: str) -> None:
    assert i18n.accepted(header) in i18n.LANGUAGES
    if "nan" not in header:
        assert i18n.accepted(header) == language


def test_a_message_without_translation_stays_english() -> None:
    assert i18n.gettext("zh", "Nobody wrote this") == "Nobody wrote this"
