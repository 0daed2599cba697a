"""The answer before the chart: one plain sentence computed from the numbers (pure).

Each function takes a locale and counts and returns text; `headline` and `people` return Markup with
the figures in the two colours (`people` is lake, `theirs` is ember).
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from ads.i18n import gettext
from ads.reports.report import Row, Totals
from ads.web.console.report.rates import FEW_VIEWS, Rated, leading, likely
from ads.web.console.words import SMALL, counted, duration, listed, marked, number, share

_CLOSE = 0.02  # a plain fraction is written for a share if it is this near


def over(locale: str, *, quiet: bool, ended: bool) -> str:
    """What is said of nothing that is no beginning: of some days only (`quiet`), or of an end."""
    if quiet:
        return gettext(locale, "Nobody opened it in these days.")
    return gettext(locale, "Nobody opened it before it ended.") if ended else ""


def headline(locale: str, readers: int, views: int, taps: int, over: str = "") -> Markup:
    """Readers, times seen, taps; never "seen by n readers": not every reader saw it."""
    if not readers and not views and not taps:
        return Markup("{}").format(over or gettext(locale, "Nobody has opened it yet."))
    who = _b("people", counted(locale, "%(n)s reader", "%(n)s readers", readers))
    if not views:
        return _fill(gettext(locale, "%(readers)s. The ad was not seen."), readers=who)
    seen = _b("theirs", counted(locale, "%(n)s time", "%(n)s times", views))
    if not taps:
        text = gettext(locale, "%(readers)s. The ad was seen %(seen)s, and not tapped.")
        return _fill(text, readers=who, seen=seen)
    tapped = _b("theirs", counted(locale, "%(n)s time", "%(n)s times", taps))
    text = gettext(locale, "%(readers)s. The ad was seen %(seen)s and tapped %(tapped)s.")
    return _fill(text, readers=who, seen=seen, tapped=tapped)


def per_hundred(locale: str, views: int, taps: int) -> str:
    """Taps per 100 times seen, "" while it is too early to say."""
    if views < FEW_VIEWS or not taps:
        return ""
    text = gettext(locale, "That is %(rate)s taps per 100 times it was seen.")
    rate = 100 * taps / views
    return text % {"rate": f"{rate:.1f}" if rate >= 1 else f"{rate:.2f}"}


def seen(locale: str, opens: int, first: int, over: str = "") -> str:
    """Is it being seen? `first` are views of the first slot, at most one an open."""
    if opens <= 0 and first <= 0:
        return over or gettext(locale, "Too early to say.")
    if first > opens:
        return gettext(locale, "Yes. Some of the times seen belong to opens before this range.")
    if not first:
        return counted(locale, "Not once, in %(n)s open.", "Not once, in %(n)s opens.", opens)
    return _seen_of(locale, opens, first)


def _seen_of(locale: str, opens: int, first: int) -> str:
    if first == opens:
        return gettext(locale, "Yes. In every open it was on screen for a full second.")
    text = marked("Yes. In %(part)s of %(whole)s opens it was on screen for a full second.")
    if first * 2 < opens:
        text = marked("Partly. In %(part)s of %(whole)s opens it was on screen for a full second.")
    return gettext(locale, text) % _part_of(first, opens)


def measured(locale: str, opens: int, known: int) -> str:
    """For how many opens it is known whether the ad was seen: the `known` that sent a reading."""
    if opens <= 0:
        return ""
    if known >= opens:
        return gettext(locale, "Every open could be measured.")
    if not known:
        return gettext(locale, "No open could be measured: only those that saw it are known.")
    text = gettext(
        locale, "%(part)s of %(whole)s opens could be measured; of the others nobody can say."
    )
    return text % _part_of(known, opens)


def travel(locale: str, readers: int, forwarded: int, longest: int, over: str = "") -> str:
    """How far does it travel? `forwarded` are readers at depth 2 and deeper."""
    if readers <= 0:
        return over or gettext(locale, "It is still at your link.")
    if not forwarded:
        return counted(
            locale,
            "%(n)s reader came by your own link. Nobody came by a forward.",
            "All %(n)s readers came by your own link. Nobody came by a forward.",
            readers,
        )
    chain = counted(
        locale, "The longest chain is %(n)s hop.", "The longest chain is %(n)s hops.", longest
    )
    return gettext(locale, "%(share)s %(chain)s") % {
        "share": _forwarded(locale, readers, forwarded),
        "chain": chain,
    }


def _forwarded(locale: str, readers: int, forwarded: int) -> str:
    if forwarded >= readers:
        return gettext(locale, "Every reader came by a forward.")
    if readers < SMALL:
        text = gettext(locale, "%(part)s of %(whole)s readers came by a forward.")
        return text % {"part": forwarded, "whole": readers}
    simple = plain_fraction(forwarded, readers)
    if simple:
        return gettext(locale, _FRACTIONS[simple])
    text = gettext(locale, "%(part)s of 100 readers came by a forward.")
    return text % {"part": _hundredths(forwarded, readers)}


_FRACTIONS: Mapping[tuple[int, int], str] = {
    (1, 2): marked("One in two readers came by a forward."),
    (1, 3): marked("One in three readers came by a forward."),
    (2, 3): marked("Two in three readers came by a forward."),
    (1, 4): marked("One in four readers came by a forward."),
    (3, 4): marked("Three in four readers came by a forward."),
    (1, 5): marked("One in five readers came by a forward."),
    (2, 5): marked("Two in five readers came by a forward."),
    (3, 5): marked("Three in five readers came by a forward."),
    (4, 5): marked("Four in five readers came by a forward."),
}


def plain_fraction(part: int, whole: int) -> tuple[int, int] | None:
    """The plain fraction within two hundredths of part/whole, if there is one."""
    return next(
        (each for each in _FRACTIONS if abs(part / whole - each[0] / each[1]) <= _CLOSE), None
    )


def best(locale: str, rated: Sequence[Rated]) -> str:
    """What works best? Names all leaders (`rates.leading`)."""
    leaders = leading(rated)
    if not leaders:
        return gettext(locale, "Too early to say.")
    names = [rate.name for rate in leaders]
    if len(names) == 1:
        return gettext(locale, "%(name)s works best.") % {"name": names[0]}
    if likely(rated):
        return gettext(locale, "%(name)s most likely works best.") % {"name": names[0]}
    if len(names) == len(rated):
        return gettext(locale, "Too close to call.")
    both = {"names": listed(names, locale)}
    return gettext(locale, "%(names)s lead. Between them it is too close to call.") % both


def alone(locale: str) -> str:
    """What works best, where there are figures enough and nothing beside them?"""
    return gettext(locale, "Nothing to compare: one link, one wording, one place.")


def most(locale: str, rows: Sequence[Row]) -> str:
    """Which of them brings most readers?"""
    ranked = sorted(rows, key=lambda row: -row.readers)
    if not ranked or not ranked[0].readers:
        return gettext(locale, "Too early to say.")
    if len(ranked) > 1 and ranked[0].readers == ranked[1].readers:
        return gettext(locale, "No one of them more than the next.")
    return counted(
        locale,
        "%(name)s, with %(n)s reader.",
        "%(name)s, with %(n)s readers.",
        ranked[0].readers,
        name=ranked[0].key,
    )


def wording(locale: str, rated: Sequence[Rated]) -> str:
    """Does the wording matter? Between an ad's variants."""
    leaders = leading(rated)
    if not leaders:
        return gettext(locale, "Too early to say.")
    if len(leaders) == 1:
        return gettext(locale, "Yes. %(name)s works best.") % {"name": leaders[0].name}
    if likely(rated):
        return gettext(locale, "Probably. %(name)s most likely works best.") % {
            "name": leaders[0].name
        }
    return gettext(locale, "Too close to call.")


def carried(locale: str, forwarded: int, half: int | None) -> str:
    """Who carries it? `half` is how few of the first readers brought half of the forwarded ones."""
    if not forwarded:
        return gettext(locale, "Nobody came by a forward.")
    if half is None:
        return gettext(locale, "Many readers, each a few: no one of them carries it.")
    return counted(
        locale,
        "%(n)s of your first readers set off half of everyone who came by a forward.",
        "%(n)s of your first readers set off half of everyone who came by a forward.",
        half,
    )


def funnel(locale: str, opens: int, reads: int, taps: int, shares: int) -> str:
    """What becomes of an open? Of 100 opens, once there are enough of them."""
    if opens < SMALL:
        return gettext(locale, "Too early to say.")
    text = gettext(locale, "Of 100 opens, %(reads)s were read, %(taps)s tapped, %(shares)s shared.")
    rates = {"reads": reads, "taps": taps, "shares": shares}
    return text % {name: _of_hundred(part, opens) for name, part in rates.items()}


def _of_hundred(part: int, whole: int) -> str:
    value = 100 * part / whole
    if 99 < value < 100:
        return "99"
    return f"{value:.0f}" if value >= 10 or not part else f"{value:.1f}"


def read_by(locale: str, readers: int, largest: Sequence[tuple[str, int]]) -> str:
    """Where is it read? The apps, the largest first."""
    if not largest or readers <= 0:
        return gettext(locale, "Too early to say.")
    name, most = largest[0]
    text = gettext(locale, "%(name)s most of all: %(share)s of its readers.")
    return text % {"name": name, "share": share(most, readers, locale)}


def before(locale: str, dates: str, then: Totals | None) -> str:
    """The same number of days before this range; None if nothing was counted then."""
    if then is None:
        return gettext(locale, "There is nothing earlier to compare it with.")
    text = gettext(locale, "Before that, %(dates)s: %(readers)s, seen %(seen)s, tapped %(taps)s.")
    return text % {
        "dates": dates,
        "readers": counted(locale, "%(n)s reader", "%(n)s readers", then.readers),
        "seen": counted(locale, "%(n)s time", "%(n)s times", then.views),
        "taps": counted(locale, "%(n)s time", "%(n)s times", then.taps),
    }


def honest(locale: str, received: int, parts: int) -> str:
    """Is it honest? `parts` is the sum of counted, repeated, waiting and refused."""
    if received != parts:
        text = gettext(locale, "%(n)s events are unaccounted for. Please tell whoever runs this.")
        return text % {"n": number(abs(received - parts), locale)}
    if not received:
        return gettext(locale, "Nothing was received.")
    return gettext(locale, "Every event is in one of four places, and they add up.")


def people(
    locale: str, readers: int, forwarded: int, depth: int, half_after_s: float | None, over: str
) -> Markup:
    """The spread's headline."""
    if not readers:
        return headline(locale, 0, 0, 0, over)
    who = _b("people", counted(locale, "%(n)s reader", "%(n)s readers", readers))
    hops = counted(locale, "%(n)s hop deep", "%(n)s hops deep", depth)
    if readers <= 50 or half_after_s is None:
        text = gettext(locale, "%(readers)s so far, %(forwarded)s through a forward, %(hops)s.")
        return _fill(text, readers=who, forwarded=number(forwarded, locale), hops=hops)
    text = gettext(locale, "%(readers)s, %(hops)s. Half came within %(time)s.")
    return _fill(text, readers=who, hops=hops, time=duration(half_after_s * 1000, locale))


def _part_of(part: int, whole: int) -> dict[str, int]:
    """Of 100, once there are enough of them."""
    small = whole < SMALL
    return {"part": part if small else _hundredths(part, whole), "whole": whole if small else 100}


def _hundredths(part: int, whole: int) -> int:
    """Rounded, but never 0 of something or 100 of not all."""
    return min(99, max(1, round(100 * part / whole)))


def _b(tone: str, text: str) -> Markup:
    return Markup('<b class="{}">{}</b>').format(tone, text)


def _fill(text: str, **parts: object) -> Markup:
    """A message of ours with its parts escaped."""
    return Markup(text) % parts  # noqa: S704 - the message is ours, the parts are escaped by Markup
