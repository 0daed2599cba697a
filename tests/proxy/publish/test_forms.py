"""Bodies about shares: every fault is named, nothing unknown passes."""

import pytest

from ads.errors import Problem
from proxy.page import Card
from proxy.publish import forms

GOOD = {"url": "https://a.example/", "ad": "x1"}


def test_what_was_said_is_kept_and_the_rest_has_its_defaults() -> None:
    asked = forms.parse(
        GOOD | {"channel": " mail ", "rights": "quotation", "card": {"title": "T"}, "mode": None}
    )
    assert (asked.url, asked.ad, asked.channel) == ("https://a.example/", "x1", "mail")
    assert (asked.mode, asked.rights, asked.card) == (None, "quotation", Card("T"))


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"url": 5}, "url", "type"),
        ({"url": "x" * 9000}, "url", "length"),
        ({"ad": ""}, "ad", "text"),
        ({"ad": None}, "ad", "type"),
        ({"mode": "whole"}, "mode", "choice"),
        ({"mode": []}, "mode", "choice"),
        ({"rights": "stolen"}, "rights", "choice"),
        ({"channel": "x" * 65}, "channel", "length"),
        ({"channel": "a\u202eb"}, "channel", "text"),
        ({"card": "no"}, "card", "type"),
        ({"card": {"title": 1}}, "card.title", "type"),
        ({"card": {"image": "javascript:alert(1)"}}, "card.image", "format"),
        ({"card": {"image": "https://u:p@a.example/"}}, "card.image", "format"),
        ({"card": {"image": "http://[/"}}, "card.image", "format"),
        ({"card": {"colour": "red"}}, "card.colour", "unknown"),
        ({"colour": "red"}, "colour", "unknown"),
    ],
)
def test_each_fault_is_named(wrong: dict[str, object], field: str, code: str) -> None:
    with pytest.raises(Problem) as refusal:
        forms.parse(GOOD | wrong)
    assert refusal.value.code == "invalid"
    assert [(e["field"], e["code"]) for e in refusal.value.errors] == [(field, code)]


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(Problem) as refusal:
        forms.parse({"mode": "x", "rights": "y"})
    assert {e["field"] for e in refusal.value.errors} == {"url", "ad", "mode", "rights"}


def test_a_change_holds_only_what_was_said() -> None:
    assert forms.parse_patch({}) == {}
    patch = {"state": "ended", "card": {"title": "T"}, "channel": ""}
    assert forms.parse_patch(patch) == patch


@pytest.mark.parametrize("body", [{"url": "https://a.example/"}, {"state": "paused"}, {"id": "x"}])
def test_a_change_cannot_touch_the_rest(body: dict[str, object]) -> None:
    with pytest.raises(Problem):
        forms.parse_patch(body)


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_only_an_object_is_a_request(body: object) -> None:
    with pytest.raises(Problem) as refusal:
        forms.parse_preview(body)
    assert refusal.value.code == "invalid"
