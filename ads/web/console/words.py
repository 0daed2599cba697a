"""Numbers, dates and addresses as people read them, by language and time zone (pure)."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from ads.i18n import gettext, ngettext

SMALL = 20  # a share of fewer is written as two counts, not in per cent
DAY = {"en": "d MMM", "zh": "M月d日"}
_DAY_YEAR = {"en": "d MMM y", "zh": "y年M月d日"}


def marked(message: str) -> str:
    """A message named here and translated where it is shown: the catalogue's check finds it."""
    return message


_PLACES = {
    "top": marked("Top"),
    "middle": marked("Middle"),
    "end": marked("End"),
    "sticky": marked("Sticky"),
}
_SOURCES = {
    "": marked("A browser"),
    "wechat": marked("WeChat"),
    "wecom": marked("WeCom"),
    "weibo": marked("Weibo"),
    "dingtalk": marked("DingTalk"),
    "lark": marked("Lark"),
    "alipay": marked("Alipay"),
    "toutiao": marked("Toutiao"),
    "xiaohongshu": marked("Xiaohongshu"),
    "zhihu": marked("Zhihu"),
    "douban": marked("Douban"),
    "douyin": marked("Douyin"),
    "web": marked("Another site"),
}
# The first of these in a user agent counts; most user agents have several.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_BORDER = re.compile(r"(?<=[一-鿿])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[一-鿿])")
_NAMES = {"qq": "QQ", "x": "X", "line": "LINE", "linkedin": "LinkedIn", "tiktok": "TikTok"}


def place(locale: str, slot: str) -> str:
    """A slot by the name of its place in the article."""
    return gettext(locale, _PLACES.get(slot, slot))


def source(locale: str, key: str) -> str:
    """The app in whose browser somebody read, "" for a browser of its own."""
    if key in _SOURCES:
        return gettext(locale, _SOURCES[key])
    return _NAMES.get(key, key.capitalize())


def country(locale: str, code: str) -> str:
    """A country by its ISO 3166 code."""
    return str(Locale.parse(locale).territories.get(code.upper(), code))


def zone(name: str) -> ZoneInfo:
    """The IANA time zone, UTC for an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def local(at: int, time_zone: str) -> datetime:
    """`at` in ms as a local time."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone(time_zone))


def number(value: int, locale: str) -> str:
    """A count in full: 18,402."""
    return format_decimal(value, locale=locale)


def counted(locale: str, one: str, many: str, count: int, **named: str) -> str:
    """The form of a message that fits a count, which it says as `%(n)s`."""
    return ngettext(locale, one, many, count) % {"n": number(count, locale), **named}


def share(part: int, whole: int, locale: str) -> str:
    """A share of a whole: "71%", "6.2%", "3 of 17" for fewer than 20, a dash of nothing."""
    if whole <= 0:
        return "–"
    if whole < SMALL or part > whole:
        return gettext(locale, "%(part)s of %(whole)s") % {
            "part": number(part, locale),
            "whole": number(whole, locale),
        }
    # Never 100 % of not all.
    return rate(min(part / whole, 0.99) if part < whole else 1.0, locale)


def rate(value: float, locale: str) -> str:
    """A rate from 0 to 1 in per cent, with one decimal below ten and two below one."""
    shape = "0%" if value >= 0.1 or not value else "0.0%" if value >= 0.01 else "0.00%"
    return format_percent(value, format=shape, locale=locale)


def chance(value: float, locale: str) -> str:
    """A chance from 0 to 1 in per cent, never none and never certain."""
    sign = "<" if value < 0.01 else ">" if value > 0.99 else ""
    return sign + format_percent(min(max(value, 0.01), 0.99), format="0%", locale=locale)


def factor(value: float, locale: str) -> str:
    """A rate to the next hop: ×0.92."""
    return "×" + format_decimal(value, format="#,##0.00", locale=locale)


def duration(ms: float, locale: str) -> str:
    """48 s, 1 min 52 s, 9 h 20 min, 3 days; no line ends between a number and its unit."""
    return re.sub(r"(?<=\d) ", "\u00a0", _duration(int(ms // 1000), locale))


def _duration(seconds: int, locale: str) -> str:
    if seconds < 60:
        return gettext(locale, "%(n)s s") % {"n": seconds}
    if seconds < 3600:
        parts = {"m": seconds // 60, "s": seconds % 60}
        return gettext(locale, "%(m)s min %(s)s s") % parts
    if seconds < 48 * 3600:
        parts = {"h": seconds // 3600, "m": seconds % 3600 // 60}
        return gettext(locale, "%(h)s h %(m)s min") % parts
    days = seconds // 86400
    return counted(locale, "%(n)s day", "%(n)s days", days)


def day(at: int, locale: str, time_zone: str, now: int) -> str:
    """14 Nov, or 14 Nov 2025 when it is not this year."""
    then, today = local(at, time_zone), local(now, time_zone)
    return format_datetime(
        then, (DAY if then.year == today.year else _DAY_YEAR)[locale], locale=locale
    )


def clock(at: int, locale: str, time_zone: str) -> str:
    """09:12."""
    return format_datetime(local(at, time_zone), "HH:mm", locale=locale)


def moment(at: int, locale: str, time_zone: str, now: int) -> str:
    """`today 09:12`, or the day."""
    if local(at, time_zone).date() == local(now, time_zone).date():
        return gettext(locale, "today %(time)s") % {"time": clock(at, locale, time_zone)}
    return day(at, locale, time_zone, now)


def moment_of(at: int, locale: str, time_zone: str, now: int) -> str:
    """`today 09:12`, or the day with its time."""
    text = moment(at, locale, time_zone, now)
    time = clock(at, locale, time_zone)
    return text if text.endswith(time) else f"{text} {time}"


def span(first: date, last: date, locale: str, today: date) -> str:
    """A range of days, the last one included: 14 – 21 Nov 2026."""
    shape = (DAY if last.year == today.year else _DAY_YEAR)[locale]
    opening, closing = _ends(first, last, shape, locale)
    return f"{opening} – {closing}" if opening else closing


def _ends(first: date, last: date, shape: str, locale: str) -> tuple[str, str]:
    """Both days; what they have in common is written once: at the end, in Chinese at the start."""
    if first == last:
        return "", format_date(last, shape, locale=locale)
    if (first.year, first.month) == (last.year, last.month):
        shapes = (shape, "d日") if locale == "zh" else ("d", shape)
    elif first.year == last.year:
        shapes = (shape, "M月d日") if locale == "zh" else ("d MMM", shape)
    else:
        shapes = (_DAY_YEAR[locale], _DAY_YEAR[locale])
    return (
        format_date(first, shapes[0], locale=locale),
        format_date(last, shapes[1], locale=locale),
    )


def listed(names: Sequence[str], locale: str) -> str:
    """A list in words; a space sets Chinese words apart from Latin ones."""
    return re.sub(_BORDER, " ", format_list(names, locale=locale))


def browser(agent: str, locale: str) -> str:
    """A browser and what it runs on, from its user agent: Firefox on Android."""
    name, system = (
        next((name for sign, name in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)
    )
    if name and system:
        return gettext(locale, "%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or gettext(locale, _SOURCES[""])


def address(url: str, limit: int = 44) -> str:
    """An address without its scheme, cut in the middle."""
    short = url.removeprefix("https://").removeprefix("http://").removesuffix("/")
    if len(short) <= limit:
        return short
    half = (limit - 1) // 2
    return f"{short[:half]}…{short[-half:]}"
