"""The table of results: one row for each question, ratios first, stored under its date."""

import datetime
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from rig import cores
from rig.load import Rate

KEPT = Path(__file__).parents[2] / "load"


@dataclass(frozen=True)
class Row:
    """What was compared with what: the ratio, its goal, and the figures behind it."""

    what: str
    against: str
    ratio: float | None
    reach: str
    figures: str

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return f"| {self.what} | {self.against} | {ratio} | {self.reach} | {self.figures} |"


@dataclass
class Table:
    """Rows, printed as they come."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Store and print a row."""
        self.rows.append(row)
        print(row, flush=True)

    def rate(self, what: str, ours: Rate, against: str, other: Rate, reach: str) -> None:
        """Add a row with two rates: the ratio of requests a second, and of CPU time."""
        figures = (
            f"{_told(ours)} : {_told(other)}, CPU time a request x{other.cpu_us / ours.cpu_us:.2f}"
        )
        self.add(Row(what, against, ours.a_second / other.a_second, reach, figures))

    def note(self, text: str) -> None:
        """Store and print a remark."""
        self.notes.append(text)
        print(text, flush=True)

    def keep(self) -> Path:
        """Write the table into ops/load under today's date."""
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        path = KEPT / f"{today}.md"
        head = [
            f"# Speed, {today}",
            "",
            f"{cores.processor()}, Linux {platform.release()}, Python {platform.python_version()}, "
            f"aiohttp {version('aiohttp')}, uvloop {version('uvloop')}. By `ops/bench speed "
            "--write`: each contestant on the same core in turn (all its processes), the client on "
            "another, the best of three runs; ratios are of requests a second.",
            "",
            *(f"- {text}" for text in self.notes),
            "",
            "| what | against | ratio | reach | figures |",
            "| --- | --- | --- | --- | --- |",
        ]
        path.write_text("\n".join([*head, *map(str, self.rows)]) + "\n")
        return path


def _told(rate: Rate) -> str:
    return f"{rate.a_second:,.0f}/s {rate.cpu_us:.1f} us"
