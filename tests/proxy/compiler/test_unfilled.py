"""What a framework would have hidden or filled in is not shown around an article."""

from collections.abc import Callable

import pytest

from proxy.page import Page

from .conftest import PARAGRAPHS, article, written

Brand = Callable[..., Page]
MENU = "<ul><li>Vegetables<li>Fruit</ul>"


def page_of(around: str) -> str:
    main = f"<h1>Harvest</h1><div class=entry-content>{PARAGRAPHS}</div>"
    return f"<!DOCTYPE html><html lang=en><title>Harvest</title>{around}<div>{main}</div>"


@pytest.mark.parametrize(
    "waiting",
    [
        "<div x-cloak x-show=open>{}</div>",
        "<div class=absolute x-show=\"menu == 'food'\" x-cloak=''>{}</div>",
        "<div x-data x-cloak><p>Food</p><div x-show=open>{}</div></div>",
        "<nav v-cloak v-if=user>{}</nav>",
        "<amp-sidebar layout=nodisplay>{}</amp-sidebar>",
        "<article><amp-lightbox layout=nodisplay><h1>All</h1>{}</amp-lightbox></article>",
        "<div ng-cloak><div ng-show=found.length>{}</div></div>",
    ],
)
def test_what_waits_for_a_condition_is_gone(brand: Brand, waiting: str) -> None:
    page = written(brand(page_of(waiting.format(MENU))))
    assert "Vegetables" not in page
    assert "13 people were asked" in page


@pytest.mark.parametrize(
    "shown",
    [
        "<div x-cloak>{}</div>",
        "<div x-cloak x-show='!open'>{}</div>",
        "<div x-cloak x-show=true>{}</div>",
        "<div x-show=open>{}</div>",
        "<nav v-cloak v-else>{}</nav>",
    ],
)
def test_what_is_seen_at_first_stays(brand: Brand, shown: str) -> None:
    assert "Vegetables" in written(brand(page_of(shown.format(MENU))))


def test_answers_in_an_article_and_the_article_itself_stay(brand: Brand) -> None:
    answer = "<h2>When?</h2><div x-cloak x-show=open><p>In autumn, before the rain.</p></div>"
    page = article(answer).replace("<body>", "<body x-cloak x-show=ready>")
    assert "In autumn, before the rain." in written(brand(page))


def test_places_for_values_are_empty_around_an_article_and_stand_in_it(brand: Brand) -> None:
    around = "<p>Signed in as {{ user.name }}, welcome</p><style>a::after{content:'{{x}}'}</style>"
    page = written(brand(page_of(around).replace("12 people", "{{ twelve }} people")))
    assert "Signed in as , welcome" in page
    assert "{{ twelve }} people" in page
    assert "content:'{{x}}'" in page
