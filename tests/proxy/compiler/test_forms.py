"""Forms that nobody could fill in are removed."""

import sys
from collections.abc import Callable

import pytest

from proxy.compiler import tree
from proxy.compiler.scripted import forms
from proxy.page import Page

from .conftest import PARAGRAPHS, TEXT, article, written

FIELD = "<label>Your name *</label><input name=n>"


@pytest.mark.parametrize(
    ("form", "stays"),
    [
        (f"<form>{FIELD}</form>", False),
        ("<form><p>Your name *</p><select><option>Ann</select></form>", False),
        ("<form><p>Your name *</p><input type=hidden><button>Send</button></form>", True),
        (f"<form>{FIELD}<img data-src=/me.jpg></form>", True),
        (f"<form>{FIELD}<img src=/me.jpg><script>{TEXT * 20}</script></form>", False),
        (f"<form>{FIELD}{PARAGRAPHS}</form>", True),
    ],
)
def test_a_form_that_cannot_be_filled_in_goes_unless_it_holds_more(
    brand: Callable[..., Page], form: str, stays: bool
) -> None:
    assert ("Your name" in written(brand(article(form)))) == stays


@pytest.mark.parametrize(
    ("box", "stays"),
    [
        (f"<div id=box class=newsletter><div><form>{FIELD}</form></div></div>", False),
        (f"<div id=box><div class=signup-box><form>{FIELD}</form></div></div>", True),
        (f"<div id=box class=newsletter><img src=/a.jpg><form>{FIELD}</form></div>", True),
        (f"<div id=box class=newsletter>News by letter <form>{FIELD}</form></div>", True),
        (f"<div id=box class=cell><form>{FIELD}</form></div>", True),
    ],
)
def test_a_box_for_a_sign_up_goes_with_its_form_if_nothing_else_is_in_it(
    brand: Callable[..., Page], box: str, stays: bool
) -> None:
    assert ('id="box"' in written(brand(article(box)))) == stays


def test_fields_in_forms_one_within_another_are_looked_at_once() -> None:
    def asked(markup: str) -> int:
        made: list[str] = []
        document = tree.parse(f"{markup}{'<input type=hidden>' * 200}")
        sys.setprofile(lambda _frame, event, _argument: made.append(event))
        forms.drop(document)
        sys.setprofile(None)
        return len(made)

    assert asked("<div><form><div></form>" * 50) < 2 * asked("<form>")
