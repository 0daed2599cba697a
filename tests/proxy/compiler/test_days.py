"""Dates as pages show them: by class names, for machines and for readers."""

from collections.abc import Callable

import pytest

from proxy.page import Page

from .conftest import article, headed

Brand = Callable[..., Page]


@pytest.mark.parametrize(
    ("language", "shown", "published"),
    [
        ("de", "17/02/2026", "2026-02-17"),
        ("de", "1/2/2026", "2026-02-01"),
        ("de", "26 | 01 | 2026", "2026-01-26"),
        ("en-GB", "1/2/2026", "2026-02-01"),
        ("en", "1/2/2026", ""),
        ("en-US", "2/1/2026", ""),
        ("en-US", "2/17/2026", "2026-02-17"),
        ("en", "17/2/2026", "2026-02-17"),
        ("de", "7. Jun 2026, 11:19", "2026-06-07"),
    ],
)
def test_a_day_stands_before_its_month_except_where_americans_write_it(
    brand: Brand, language: str, shown: str, published: str
) -> None:
    markup = headed(f"<p>{shown}</p>", f"<html lang={language}>")
    assert brand(markup).article.published == published


@pytest.mark.parametrize(
    ("stamp", "published"),
    [
        ("<time datetime='01-11-2026 10:29'>1. November 2026</time>", "2026-11-01"),
        ("<time datetime='11/1/2026'>gestern</time>", ""),
    ],
)
def test_a_stamp_that_no_machine_can_read_gives_way_to_its_text(
    brand: Brand, stamp: str, published: str
) -> None:
    assert brand(headed(stamp, "<html lang=de>")).article.published == published


@pytest.mark.parametrize(
    ("behind", "published"),
    [
        ("<div class=post-date>4 May 2026</div>", "2026-05-04"),
        ("<div class=h-time>4 May 2026</div><i class=pubdate>May 4, 2026</i>", "2026-05-04"),
        ("<i class=date>4 May 2026</i><i class=date>5 May 2026</i>", ""),
        ("<i class=date>Page edited: 4 May 2026</i>", ""),
        ("<i class=date>28 January 1975</i>", ""),
        ("<i class=comment-date>4 May 2026</i>", ""),
        ("<i class=day>4 May 2026</i>", ""),
    ],
)
def test_the_one_day_under_a_class_of_dates_is_the_articles(
    brand: Brand, behind: str, published: str
) -> None:
    assert brand(article(behind)).article.published == published
