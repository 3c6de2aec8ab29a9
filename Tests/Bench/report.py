"""Medians, ratios, bars, and the markdown table made of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median
from typing import Dict, List, Optional, Sequence

from servers import OURS, PEER

BEGIN_MARK = "<!-- bench:begin -->"
END_MARK = "<!-- bench:end -->"
NOTHING = "–"
MAX_REASON = 300

# Samples of one measure by role; equal positions are one pair of runs.
Samples = Dict[str, List[float]]


def new_samples() -> Samples:
    return {OURS: [], PEER: []}


def percentile(values: Sequence[float], percent: float) -> float:
    """Nearest-rank percentile."""
    ordered = sorted(values)
    rank = math.ceil(percent / 100 * len(ordered))
    return ordered[max(0, rank - 1)]


@dataclass(frozen=True)
class Unit:
    """How a figure is printed."""

    suffix: str
    decimals: int

    def show(self, value: float) -> str:
        return "{:,.{}f} {}".format(value, self.decimals, self.suffix).strip()


MICROSECONDS = Unit("µs", 2)
MILLISECONDS = Unit("ms", 2)
BYTES = Unit("B", 1)
PER_SECOND = Unit("/s", 0)


@dataclass(frozen=True)
class Bar:
    """What our figure must reach: itself, or its ratio to the peer's."""

    sign: str
    limit: float
    relative: bool
    unit: Optional[Unit] = None

    def met_by(self, figure: float) -> bool:
        return figure <= self.limit if self.sign == "≤" else figure >= self.limit

    def __str__(self) -> str:
        if self.relative:
            return "%s %.2f ×" % (self.sign, self.limit)
        return "%s %g %s" % (self.sign, self.limit, self.unit.suffix)


def at_most_ratio(limit: float) -> Bar:
    return Bar("≤", limit, relative=True)


def at_least_ratio(limit: float) -> Bar:
    return Bar("≥", limit, relative=True)


def at_most(limit: float, unit: Unit) -> Bar:
    return Bar("≤", limit, relative=False, unit=unit)


@dataclass(frozen=True)
class Row:
    """One line of the table; `met` is None where there is no bar."""

    name: str
    ours: str
    peer: str
    ratio: str
    bar: str
    met: Optional[bool]
    # How many single runs (or pairs of runs) reach the bar, and of how many.
    reached: int = 0
    runs: int = 0

    def verdict(self) -> str:
        """Yes or no by the medians, with a count where single runs disagree."""
        if self.met is None:
            return NOTHING
        answer = "yes" if self.met else "no"
        if 0 < self.reached < self.runs:
            answer += " (%d of %d)" % (self.reached, self.runs)
        return answer

    def cells(self) -> List[str]:
        return [self.name, self.ours, self.peer, self.ratio, self.bar, self.verdict()]


@dataclass
class Report:
    """All rows of a run, and remarks printed below the table."""

    rows: List[Row] = field(default_factory=list)
    notes: List[str] = field(default_factory=list)

    def add(self, name: str, samples: Samples, unit: Unit, bar: Optional[Bar] = None) -> None:
        """A row of medians, with the bar's verdict."""
        ours, peer = median(samples[OURS]), median(samples[PEER])
        pairs = [a / b for a, b in zip(samples[OURS], samples[PEER]) if b > 0]
        comparable = peer > 0 and ours >= 0 and len(pairs) == len(samples[PEER])
        ratio = ours / peer if comparable else None
        met, singles = None, []
        if bar is not None:
            figure, singles = (ratio, pairs) if bar.relative else (ours, samples[OURS])
            met = figure is not None and bar.met_by(figure)
        self.rows.append(Row(
            name, unit.show(ours), unit.show(peer), show_ratio(ratio, pairs),
            str(bar) if bar else NOTHING, met,
            reached=sum(bar.met_by(single) for single in singles), runs=len(singles)))

    def add_failure(self, name: str, bar: Optional[Bar], role: str, reason: str) -> None:
        """A row for a measure that could not be taken; its bar is not met."""
        text = {OURS: NOTHING, PEER: NOTHING, role: "failed"}
        self.rows.append(Row(name, text[OURS], text[PEER], NOTHING,
                             str(bar) if bar else NOTHING, False if bar else None))
        self.note("%s: %s failed: %s" % (name, role, " ".join(reason.split())[:MAX_REASON]))

    def note(self, text: str) -> None:
        self.notes.append(text)

    def passed(self) -> int:
        return sum(row.met is True for row in self.rows)

    def failed(self) -> int:
        return sum(row.met is False for row in self.rows)

    def markdown(self, peer_title: str, heading: Sequence[str]) -> str:
        """Heading lines, table and notes as markdown."""
        header = ["measure", "ours", peer_title, "ratio (min–max)", "bar", "met?"]
        lines = list(heading) + ["", table_line(header), table_line(["---"] * len(header))]
        lines += [table_line(row.cells()) for row in self.rows]
        if self.notes:
            lines += [""] + ["- " + note for note in self.notes]
        return "\n".join(lines)

    def summary(self) -> str:
        return "%d passed, %d failed" % (self.passed(), self.failed())


def show_ratio(ratio: Optional[float], pairs: Sequence[float]) -> str:
    """The ratio of the medians, and the range over the pairs of runs."""
    if ratio is None:
        return NOTHING
    if len(pairs) < 2:
        return "%.3f" % ratio
    return "%.3f (%.3f–%.3f)" % (ratio, min(pairs), max(pairs))


def table_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def has_marks(path: str) -> bool:
    """True if the file has the two marks, in order, each once."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    once = text.count(BEGIN_MARK) == 1 and text.count(END_MARK) == 1
    return once and text.index(BEGIN_MARK) < text.index(END_MARK)


def write_between_marks(path: str, block: str) -> None:
    """Replaces what the file holds between its two marks."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    before, _, rest = text.partition(BEGIN_MARK)
    _, _, after = rest.partition(END_MARK)
    with open(path, "w", encoding="utf-8") as file:
        file.write("%s%s\n%s\n%s%s" % (before, BEGIN_MARK, block, END_MARK, after))
