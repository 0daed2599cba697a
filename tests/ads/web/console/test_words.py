"""Numbers, dates and addresses as people read them."""

from datetime import UTC, date, datetime

import pytest

from ads import text
from ads.web.console import words


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW = at("2026-11-21T10:00:00")

SHARES = [
    (71, 100, "71%"),
    (3, 17, "3 of 17"),
    (62, 1000, "6.2%"),
    (4, 10_000, "0.04%"),
    (0, 100, "0%"),
    (999, 1000, "99%"),
    (1000, 1000, "100%"),
    (0, 0, "–"),
]


@pytest.mark.parametrize(("part", "whole", "said"), SHARES)
def test_a_share_of_few_is_told_by_its_counts(part: int, whole: int, said: str) -> None:
    assert words.share(part, whole, "en") == said


DURATIONS = [
    (48_000, "48~s", "48~秒"),
    (112_000, "1~min 52~s", "1~分 52~秒"),
    (33_600_000, "9~h 20~min", "9~小时 20~分"),
    (259_200_000, "3~days", "3~天"),
]


@pytest.mark.parametrize(("ms", "english", "chinese"), DURATIONS)
def test_no_line_ends_between_the_number_and_the_unit_of_a_duration(
    ms: int, english: str, chinese: str
) -> None:
    said = [words.duration(ms, locale).replace("\u00a0", "~") for locale in ("en", "zh")]
    assert said == [english, chinese]


SPANS = [
    ("2026-11-14", "2026-11-21", "14 – 21 Nov", "11月14日 – 21日"),
    ("2026-10-30", "2026-11-21", "30 Oct – 21 Nov", "10月30日 – 11月21日"),
    ("2025-12-30", "2026-01-02", "30 Dec 2025 – 2 Jan 2026", "2025年12月30日 – 2026年1月2日"),
    ("2025-11-14", "2025-11-21", "14 – 21 Nov 2025", "2025年11月14日 – 21日"),
    ("2026-11-21", "2026-11-21", "21 Nov", "11月21日"),
]


@pytest.mark.parametrize(("first", "last", "english", "chinese"), SPANS)
def test_a_range_of_days_writes_once_what_both_ends_share(
    first: str, last: str, english: str, chinese: str
) -> None:
    days, today = (date.fromisoformat(first), date.fromisoformat(last)), date(2026, 11, 21)
    assert words.span(*days, "en", today) == english
    assert words.span(*days, "zh", today) == chinese


def test_today_is_told_by_the_clock_of_the_viewer() -> None:
    assert words.moment(NOW, "en", "Asia/Taipei", NOW) == "today 18:00"
    assert words.moment(at("2026-11-19T10:00:00"), "en", "UTC", NOW) == "19 Nov"


INITIALS = [("Mei Lin", "ML"), ("陈屿", "陈"), ("林 晓", "林"), ("Jo", "J"), ("", "·")]


@pytest.mark.parametrize(("name", "letters"), INITIALS)
def test_initials(name: str, letters: str) -> None:
    assert text.initials(name) == letters


def test_a_long_address_is_cut_in_the_middle() -> None:
    short = words.address("https://slowkettle.example/" + "a" * 80 + "/end")
    assert short.startswith("slowkettle.example/")
    assert short.endswith("/end")
    assert len(short) <= 44


AGENTS = [
    (
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 "
        "EdgA/120.0",
        "Edge on Android",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        "Safari on iPhone",
    ),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux"),
    ("curl/8.5", "A browser"),
]


@pytest.mark.parametrize(("agent", "said"), AGENTS)
def test_a_browser_is_called_by_its_name(agent: str, said: str) -> None:
    assert words.browser(agent, "en") == said


def test_a_list_of_names_keeps_chinese_and_latin_words_apart() -> None:
    assert words.listed(["Newsletter", "X"], "zh") == "Newsletter 和 X"
    assert words.listed(["微信群", "朋友圈"], "zh") == "微信群和朋友圈"


@pytest.mark.parametrize(("value", "said"), [(0.0001, "<1%"), (0.98, "98%"), (0.9999, ">99%")])
def test_a_chance_is_never_certain(value: float, said: str) -> None:
    assert words.chance(value, "en") == said
