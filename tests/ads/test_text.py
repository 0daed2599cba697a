"""The characters that a text may have."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads import text


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u2066"])
def test_controls_and_overrides_of_direction_are_refused(char: str) -> None:
    assert text.clean(f"a{char}b") is None


def test_marks_of_direction_that_scripts_need_are_kept() -> None:
    assert text.clean("\u05d0\u200f1") == "\u05d0\u200f1"


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b", "\u2060", "\u3164", "\U000e0041"])
def test_text_without_ink_is_not_visible(blank: str) -> None:
    assert not text.visible(blank)
    assert not re.match(text.VISIBLE_PATTERN, blank)


@given(st.text())
def test_the_published_patterns_judge_as_we_do(shown: str) -> None:
    utf8 = shown.encode("utf-8", "ignore").decode()
    one_line = bool(re.fullmatch(text.LINE_PATTERN.strip("$"), utf8))
    assert one_line == (text.clean(utf8) is not None)
    seen = bool(re.fullmatch(text.VISIBLE_PATTERN.strip("$"), utf8))
    assert seen == (one_line and text.visible(utf8))


@given(st.text())
def test_cleaning_again_changes_nothing(shown: str) -> None:
    cleaned = text.clean(shown, lines=True)
    assert cleaned is None or text.clean(cleaned, lines=True) == cleaned


@given(st.text())
def test_what_is_mended_has_nothing_that_is_refused_and_every_other_character(shown: str) -> None:
    mended = text.mended(shown, lines=True)
    assert text.clean(mended, lines=True) == mended
    if cleaned := text.clean(shown, lines=True):
        assert mended == cleaned
