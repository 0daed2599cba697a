"""Layers that a script would close do not cover or displace the article."""

from collections.abc import Callable

import pytest

from proxy.page import Page

from .conftest import PARAGRAPHS, article, written

Brand = Callable[..., Page]
ASKED = "We and our 192 partners store cookies on your device. Accept all?"


def page_of(brand: Brand, inside: str) -> str:
    head = "<!DOCTYPE html><html lang=en><title>Harvest</title>"
    return written(brand(f"{head}{inside}<article><h1>Harvest</h1>{PARAGRAPHS}</article>"))


@pytest.mark.parametrize(
    "box",
    [
        "<div id=onetrust-consent-sdk><p>{}</p></div>",
        "<div class='fixed cookie-banner'>{}</div>",
        "<aside class=thb-cookie-bar>{}</aside>",
        "<div class=cmpboxWelcomeGDPR role=dialog>{}</div>",
        "<div role=dialog aria-modal=true><h2>Newsletter</h2>{}</div>",
        "<div popover id=tip>{}</div>",
        "<div class='fixed top-0 -translate-x-full'>{}</div>",
        "<nav class='fixed inset-0 opacity-0'>{}</nav>",
        "<div class='fixed translate-x-[100%]'>{}</div>",
        "<nav class='fixed -left-[600px] top-0'>{}</nav>",
        "<div class='fixed bottom-0 translate-y-[200%]'>{}</div>",
    ],
)
def test_a_box_that_waits_for_an_answer_is_gone(brand: Brand, box: str) -> None:
    assert ASKED not in page_of(brand, box.format(ASKED))


@pytest.mark.parametrize(
    "kept",
    [
        "<div class=cookie-recipe>{}</div>",
        "<div class='tag-cookies'>{}</div>",
        "<div role=dialog><h1>Of cookies</h1>{}</div>",
        "<div class=cmp-focos>{}</div>",
        "<div class='fixed translate-y-0 md:opacity-0'>{}</div>",
        "<div class='relative -translate-x-full'>{}</div>",
        "<article><p>A film</p><div class=embed-consent-box>{}</div></article>",
    ],
)
def test_what_is_no_such_box_stays(brand: Brand, kept: str) -> None:
    assert ASKED in page_of(brand, kept.format(ASKED))


@pytest.mark.parametrize("outer", ["class=cookie-box", "role=dialog"])
@pytest.mark.parametrize("inner", ["class=cookie-notice", "role=dialog"])
def test_of_boxes_in_a_box_the_inner_go_first(brand: Brand, outer: str, inner: str) -> None:
    # Each alone is small enough for a box of its kind, both together are not.
    boxes = f"<div {inner}>{PARAGRAPHS}</div>" * 2
    page = page_of(brand, f"<div {outer}><h2>Cookies</h2>{boxes}</div>")
    assert "Cookies" not in page
    assert page.count("13 people were asked") == 1


def test_an_article_that_opens_in_a_dialog_stays(brand: Brand) -> None:
    page = f"<!DOCTYPE html><title>Harvest</title><div role=dialog>{PARAGRAPHS}</div>"
    assert "The harvest came early" in written(brand(page))


def test_what_a_tap_would_show_above_an_article_is_there_and_not_shown(brand: Brand) -> None:
    tip = "<button popovertarget=tip>?</button><div popover=manual id=tip>Of the harvest</div>"
    page = written(brand(article(tip)))
    assert '<div popover="manual" id="tip">Of the harvest</div>' in page
    assert "popovertarget" not in page
    assert "Of the harvest" not in written(brand(article(tip), "reader"))
