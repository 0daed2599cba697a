"""The words that say why a link is shown in part, or not at all."""

from typing import get_args

from proxy.rights import RULES
from proxy.source import Media
from proxy.web.refusals import REASONS, in_few_words


def test_every_reason_for_showing_less_has_words() -> None:
    media = {f"media_{each}" for each in get_args(Media) if each != "html"}
    assert {rule.reason for rule in RULES} | media <= REASONS.keys()


def test_the_operators_reason_keeps_its_note() -> None:
    words = REASONS["operator"]
    assert in_few_words("operator: asked by letter") == (words, "asked by letter")
    assert in_few_words("operator") == (words, "")


def test_a_sources_status_needs_no_language() -> None:
    assert in_few_words("The source answered 404.") == ("HTTP 404", "")
