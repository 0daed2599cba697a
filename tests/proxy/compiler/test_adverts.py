"""Places for adverts, which stay empty without scripts, take no height."""

from collections.abc import Callable

import pytest

from proxy.page import Page

from .conftest import PARAGRAPHS, article, written

Brand = Callable[..., Page]


@pytest.mark.parametrize(
    "place",
    [
        "<div class='c-ad min-h-600'>{}</div>",
        "<div class=advertisement-holder><p>Advertisement</p><div id=x{}></div></div>",
        "<aside id=div-gpt-ad-17><span>- Anzeige -</span>{}</aside>",
        "<div class='AdWrapper ad'><div class=ad><b>广告</b></div>{}</div>",
        "<div id=mpu1_parent><div>विज्ञापन</div>{}</div>",
        "<ins class=adsbygoogle style='display:block;height:280px;'>{}</ins>",
    ],
)
def test_a_place_for_an_advert_takes_no_height(brand: Brand, place: str) -> None:
    page = written(brand(article(paragraphs=PARAGRAPHS + place.format("") + PARAGRAPHS)))
    assert page.count("min-height:0!important") == 1
    assert "Advertisement" not in page
    assert "Anzeige" not in page


@pytest.mark.parametrize(
    "kept",
    [
        "<div class=ad><a href=/tea>Tea of the valley</a></div>",
        "<div class=ad><img src=/tea.jpg></div>",
        "<img class='block-image-ads hero-image' src=/tea.jpg>",
        "<div class=ad style='background:url(/tea.jpg)'></div>",
        "<div class=ad><i style='background:url(/tea.jpg)'></i></div>",
        "<div class='download lazyload masthead'></div>",
    ],
)
def test_what_shows_something_stays_as_high_as_it_is(brand: Brand, kept: str) -> None:
    page = written(brand(article(paragraphs=PARAGRAPHS + kept + PARAGRAPHS)))
    assert "min-height:0!important" not in page
