"""The blocks of a report, one for each question: template values from folded figures. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from ads.booking import Booking
from ads.events.ledger import OPENS, READERS, SHARES, TAPS, VIEWS
from ads.i18n import gettext
from ads.reports.report import Facts, Report, Row
from ads.web.console.report import charts, funnel, rates, sentences, times
from ads.web.console.words import country, marked, place, source

COMPARED: Mapping[str, str] = {
    "channel": marked("Channel"),
    "article": marked("Article"),
    "variant": marked("Variant"),
    "place": marked("Place"),
}
"""Dimensions of the block "what works best", by the value of `?best=`."""
READ_BY: Mapping[str, str] = {
    "source": marked("App"),
    "device": marked("Device"),
    "country": marked("Country"),
}
FEW = 10  # countries of fewer readers are merged; reading times are shown from so many opens on
LISTED = 6


def seen(
    locale: str, facts: Facts, bars: list[times.Bar], found: Report, over: str
) -> dict[str, Any]:
    """The headline, and: is it being seen? `over` is said of nothing (`sentences.over`)."""
    first = charts.first_place(facts)
    slots = charts.places(facts)
    views = next((slot.views for slot in slots if slot.slot == first), 0)
    totals = found.totals
    return {
        "headline": sentences.headline(locale, totals.readers, totals.views, totals.taps, over),
        "per_hundred": sentences.per_hundred(locale, totals.views, totals.taps),
        "seen": sentences.seen(locale, totals.opens, views, over),
        "measured": sentences.measured(locale, totals.opens, found.measured),
        "first_place": first,
        "places": slots,
        "bars": bars,
        "bars_facts": times.times_facts(bars, locale, over),
    }


def travelled(locale: str, facts: Facts, found: Report, over: str) -> dict[str, Any]:
    """How far does it travel?"""
    widths = facts.by("depth", READERS).items()
    drawn = charts.hops({int(depth): readers for depth, readers in widths})
    totals = found.totals
    forwarded = totals.forwarded_readers
    travel = sentences.travel(locale, totals.readers, forwarded, len(drawn), over)
    return {
        "travel": travel,
        "hops": drawn,
        "hops_facts": charts.hops_facts(drawn, locale),
        **funnel.block(locale, facts),
    }


def worked(
    locale: str, facts: Facts, booked: Mapping[str, Booking], titles: Mapping[str, str], asked: str
) -> dict[str, Any]:
    """What works best: channels, articles, variants or places against each other.

    `titles` names the variants by id.
    """
    rows = {
        "channel": _rows(facts, "share", lambda cell: _channel(locale, booked, cell.key)),
        "article": _rows(facts, "share", lambda cell: _article(booked, cell.key)),
        "variant": _rows(facts, "variant", lambda cell: titles.get(cell.key, cell.key)),
        "place": _rows(facts, "slot", lambda cell: place(locale, cell.key)),
    }
    able = [name for name in COMPARED if len(rows[name]) > 1]
    chosen = asked if asked in able else able[0] if able else ""
    compared = rates.rated(rows[chosen]) if chosen else []
    alone = not able and facts.by("total", VIEWS).total() >= rates.FEW_VIEWS
    return {
        "able": [(name, COMPARED[name]) for name in able],
        "chosen": chosen,
        "compared": compared,
        "chances": rates.chances(compared),
        "leading": rates.leading(compared),
        "best": sentences.alone(locale) if alone else sentences.best(locale, compared),
        "axis": rates.axis(compared),
        "asked": _asked(locale, rows),
    }


def _asked(locale: str, rows: Mapping[str, Sequence[Row]]) -> list[tuple[str, str]]:
    """Common questions, each with its answer; those without data are left out."""
    channels, variants = rows["channel"], rows["variant"]
    found = []
    if len(channels) > 1:
        most, best = sentences.most(locale, channels), sentences.best(locale, rates.rated(channels))
        found.append((gettext(locale, "Which channel brings most readers?"), most))
        found.append((gettext(locale, "Which channel converts best?"), best))
    if len(variants) > 1:
        wording = sentences.wording(locale, rates.rated(variants))
        found.append((gettext(locale, "Does the wording matter?"), wording))
    return found


def _channel(locale: str, booked: Mapping[str, Booking], share: str) -> str:
    name = booked[share].channel if share in booked else ""
    return name or gettext(locale, "no channel named")


def _article(booked: Mapping[str, Booking], share: str) -> str:
    return (booked[share].title if share in booked else "") or share


def _rows(facts: Facts, dimension: str, name: Any) -> list[Row]:
    """A row of figures for each name that `name` gives a cell of this dimension."""
    sums: dict[str, list[int]] = {}
    for cell in facts.cells:
        if cell.dimension == dimension:
            row = sums.setdefault(name(cell), [0] * 5)
            for at, figure in enumerate((OPENS, READERS, VIEWS, TAPS, SHARES)):
                row[at] += cell.figures[figure]
    return [Row(key, *row) for key, row in sums.items() if any(row)]


def readers(locale: str, facts: Facts) -> dict[str, Any]:
    """Who reads it: by app, device and country, the largest first, each with its readers."""
    names: Mapping[str, Any] = {
        "source": lambda key: source(locale, key),
        "device": lambda key: gettext(locale, _DEVICES.get(key, _UNKNOWN)),
        "country": lambda key: country(locale, key),
    }
    found = [
        (gettext(locale, title), _largest(locale, facts, by, names[by]))
        for by, title in READ_BY.items()
    ]
    listed = [(title, rows) for title, rows in found if rows]
    total = facts.by("total", READERS).total()
    return {
        "read_by": listed,
        "read_said": sentences.read_by(locale, total, listed[0][1] if listed else ()),
    }


_UNKNOWN, _ELSEWHERE, _OTHERS = marked("unknown"), marked("elsewhere"), marked("all others")
_DEVICES: Mapping[str, str] = {
    "phone": marked("Phones"),
    "tablet": marked("Tablets"),
    "desktop": marked("Computers"),
    "tv": marked("Televisions"),
}


def _largest(locale: str, facts: Facts, by: str, name: Any) -> list[tuple[str, int]]:
    total, least = facts.by("total", READERS).total(), FEW if by == "country" else 1
    by_name = {name(key): n for key, n in facts.by(by, READERS).items() if key and n >= least}
    if not by_name:
        return []
    if by == "source" and total > sum(by_name.values()):
        by_name[name("")] = total - sum(by_name.values())  # who came in no app came in a browser
    largest = sorted(by_name.items(), key=lambda item: (-item[1], item[0]))[:LISTED]
    rest = total - sum(n for _, n in largest)
    others = _ELSEWHERE if by == "country" else _OTHERS
    return [*largest, (gettext(locale, others), rest)] if rest > 0 else largest
