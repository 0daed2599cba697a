"""The sentence of each block agrees with its numbers, whatever they are."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ads.web.console.report import rates, sentences
from ads.web.console.report.rates import Rated, leading, wilson
from ads.web.console.words import number

COUNTS = st.one_of(st.integers(0, 30), st.integers(0, 200_000_000))
LOCALES = st.sampled_from(["en", "zh"])
WORDS = {"One": 1, "Two": 2, "Three": 3, "Four": 4, "two": 2, "three": 3, "four": 4, "five": 5}


@given(LOCALES, COUNTS, COUNTS, COUNTS)
def test_the_headline_holds_the_readers_times_seen_and_taps(
    locale: str, readers: int, views: int, taps: int
) -> None:
    text = sentences.headline(locale, readers, views, taps).striptags()
    if readers or views or taps:
        assert number(readers, locale) in text
        assert not views or number(views, locale) in text
        assert not (views and taps) or number(taps, locale) in text
    else:
        assert not re.search(r"\d", text)


HEADLINES = [
    (0, 0, 0, "Nobody has opened it yet."),
    (1, 0, 0, "1 reader. The ad was not seen."),
    (2, 1, 0, "2 readers. The ad was seen 1 time, and not tapped."),
    (1, 1, 1, "1 reader. The ad was seen 1 time and tapped 1 time."),
    (18402, 35702, 1043, "18,402 readers. The ad was seen 35,702 times and tapped 1,043 times."),
]


@pytest.mark.parametrize(("readers", "views", "taps", "said"), HEADLINES)
def test_headlines(readers: int, views: int, taps: int, said: str) -> None:
    assert sentences.headline("en", readers, views, taps).striptags() == said


def test_not_all_are_never_told_as_all_of_a_hundred() -> None:
    assert sentences.funnel("en", 919, 915, 919, 0).startswith("Of 100 opens, 99 were read, 100 ")


def test_the_headline_colours_people_and_the_ad_apart() -> None:
    text = str(sentences.headline("en", 2, 3, 4))
    assert '<b class="people">2 readers</b>' in text
    assert '<b class="theirs">3 times</b>' in text


def _told(text: str, form: str) -> float | None:
    """The ratio of the two counts in a sentence; None if it has none."""
    found = re.search(form, text)
    part, whole = (int(n.replace(",", "")) for n in found.groups()) if found else (0, 0)
    return part / whole if found else None


@given(COUNTS, st.data())
def test_how_often_it_was_seen_is_within_a_hundredth_of_the_truth(
    opens: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, opens))
    text = sentences.seen("en", opens, first)
    told = _told(text, r"In ([\d,]+) of ([\d,]+)")
    if told is not None:
        assert abs(told - first / opens) <= 0.01
        assert text.startswith("Yes" if first * 2 >= opens else "Partly")
        assert 0 < first < opens
    elif opens:
        assert first in (0, opens)
        assert text.startswith("Not once" if not first else "Yes. In every open")
    else:
        assert text == "Too early to say."


@given(COUNTS, st.data())
def test_how_many_opens_could_be_measured_is_within_a_hundredth_of_the_truth(
    opens: int, data: st.DataObject
) -> None:
    told = data.draw(st.integers(0, opens))
    text = sentences.measured("en", opens, told)
    said = _told(text, r"^([\d,]+) of ([\d,]+) opens could be measured")
    if said is not None:
        assert abs(said - told / opens) <= 0.01
        assert 0 < told < opens
    elif opens:
        assert text.startswith("Every open" if told else "No open")
    else:
        assert text == ""


@given(COUNTS, st.data())
def test_how_far_it_travels_is_within_two_hundredths_of_the_truth(
    readers: int, data: st.DataObject
) -> None:
    forwarded = data.draw(st.integers(0, readers))
    text = sentences.travel("en", readers, forwarded, 9)
    if not readers:
        assert text == "It is still at your link."
        return
    told = re.match(r"(?:(\d+) of (\d+)|(\w+) in (\w+)) readers came by a forward", text)
    if told:
        part, whole = (int(n) for n in told.groups()[:2]) if told[1] else _words(told)
        assert abs(part / whole - forwarded / readers) <= 0.02
    else:
        assert text.startswith("Every reader") == (forwarded == readers)
        assert forwarded in (0, readers)
    assert ("The longest chain is 9 hops." in text) == bool(forwarded)


def _words(told: re.Match[str]) -> tuple[int, int]:
    return WORDS[told[3]], WORDS[told[4]]


@given(LOCALES, COUNTS, COUNTS)
def test_the_ledger_says_it_adds_up_only_if_it_does(locale: str, received: int, off: int) -> None:
    fits = sentences.honest(locale, received, received)
    assert fits == sentences.honest(locale, received or 0, received)
    if off:
        wrong = sentences.honest("en", received, received + off)
        assert wrong.startswith(f"{number(off, 'en')} events are unaccounted for")


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_range_of_a_rate_holds_the_rate_and_stays_a_share(taps: int, views: int) -> None:
    low, high = wilson(min(taps, views), views)
    assert 0 <= low <= high <= 1
    if views:
        assert low - 1e-9 <= min(taps, views) / views <= high + 1e-9


def _rated(name: str, views: int, taps: int) -> Rated:
    return Rated(name, views, views, taps, *wilson(taps, views))


BEST = [
    ([], "Too early to say."),
    ([("A", 99, 50), ("B", 99, 1)], "Too early to say."),
    ([("A", 1000, 100), ("B", 1000, 10)], "A works best."),
    ([("A", 1000, 50), ("B", 1000, 50)], "Too close to call."),
    (
        [("A", 1000, 62), ("B", 1000, 53), ("C", 9000, 180)],
        "A and B lead. Between them it is too close to call.",
    ),
    ([("A", 329, 25), ("B", 504, 11), ("C", 162, 3)], "A works best."),
    ([("A", 326, 28), ("B", 155, 5), ("C", 556, 15)], "A most likely works best."),
    (
        [("A", 2000, 100), ("B", 9000, 270), ("C", 110, 3)],
        "A and C lead. Between them it is too close to call.",
    ),
]


@pytest.mark.parametrize(("rows", "said"), BEST)
def test_one_is_called_the_best_only_apart_from_the_next(
    rows: list[tuple[str, int, int]], said: str
) -> None:
    assert sentences.best("en", [_rated(*row) for row in rows]) == said


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 300)), min_size=2, max_size=4))
def test_none_is_too_close_to_call_whose_chance_says_otherwise(rows: list[tuple[int, int]]) -> None:
    rated = [_rated(str(at), views, min(taps, views)) for at, (views, taps) in enumerate(rows)]
    odds = max(rates.chances(rated).values(), default=0)
    said = sentences.best("en", rated), sentences.wording("en", rated)
    assert all(("oo close" in each) <= (odds < 0.95) for each in said)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=6))
def test_a_single_leader_lies_apart_from_the_next_and_from_all_that_may_be_best(
    rows: list[tuple[int, int]],
) -> None:
    rated = [_rated(str(at), views, min(taps, views)) for at, (views, taps) in enumerate(rows)]
    leaders = leading(rated)
    if len(leaders) == 1:
        others = [r for r in rated if r is not leaders[0] and r.views >= 100]
        odds = rates.chances(rated)
        assert max(others, key=lambda r: r.rate).high < leaders[0].low
        assert all(r.high < leaders[0].low or odds[r.name] < 0.05 for r in others)


@given(st.lists(st.tuples(st.integers(100, 5000), st.integers(0, 400)), min_size=2, max_size=5))
def test_chances_to_be_the_best_share_one_whole_and_follow_the_rates(
    rows: list[tuple[int, int]],
) -> None:
    rated = [_rated(str(at), views, min(taps, views)) for at, (views, taps) in enumerate(rows)]
    chances = rates.chances(rated)
    assert sum(chances.values()) == pytest.approx(1)
    same = [(r.views, r.taps) for r in rated]
    for one in rated:
        for other in rated:
            if one.views == other.views and one.taps > other.taps:
                assert chances[one.name] >= chances[other.name] - 1e-9
            if same[int(one.name)] == same[int(other.name)]:
                assert chances[one.name] == pytest.approx(chances[other.name], abs=1e-6)


def test_a_chance_agrees_with_a_draw_from_the_posteriors() -> None:
    one, other = _rated("a", 1000, 30), _rated("b", 800, 31)
    rng = random.Random(1)
    won = sum(rng.betavariate(31, 971) > rng.betavariate(32, 770) for _ in range(20_000))
    assert rates.chances([one, other])["a"] == pytest.approx(won / 20_000, abs=0.015)


@pytest.mark.parametrize(("views", "taps", "rate"), [(1000, 62, "6.2"), (10_000, 4, "0.04")])
def test_a_rate_below_one_in_a_hundred_is_not_rounded_to_none(
    views: int, taps: int, rate: str
) -> None:
    said = sentences.per_hundred("en", views, taps)
    assert said == f"That is {rate} taps per 100 times it was seen."


@pytest.mark.parametrize(("views", "taps"), [(200, 100), (10_000, 90), (1_000_000, 400)])
def test_the_axis_of_rates_is_filled_by_them_however_low_they_are(views: int, taps: int) -> None:
    rated = Rated("a", views, views, taps, *wilson(taps, views))
    assert rated.high <= rates.axis([rated]) <= 2.5 * rated.high
