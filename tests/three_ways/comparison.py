"""Holds a workbook against what the model expects of it, cell by cell, and leaves no figure out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tests.three_ways.workbook import Line, Sheet, Workbook

#: A cell holds an exact decimal, so that a difference is a double's noise or at least a minor unit.
TOLERANCE = 1e-6

#: What the model expects: an amount in major units, a share, a count, a day, a time, words, or nothing.
Expectation = Fraction | int | date | datetime | str | None
#: The cells of a line, by heading; the lines of a part, by name.
Row = Mapping[str, Expectation]
Lines = Mapping[tuple[str, ...], Row]


@dataclass(frozen=True)
class Part:
    """Lines of a sheet that have the same headings. Every figure in them must be expected.

    title: that of the lines, None for any. named_by: the headings under which a line's name stands.
    absent: what a line holds that only one side has, by heading; without it both have the same lines.
    """

    named_by: tuple[str, ...]
    lines: Lines
    title: str | None = None
    absent: Row = field(default_factory=dict)

    def holds(self, line: Line) -> bool:
        """Whether the line is one of these."""
        return self.title in (None, line.title) and set(self.named_by) <= line.cells.keys()


Expected = Mapping[str, Sequence[Part]]


def differences(workbook: Workbook, expected: Expected) -> list[str]:
    """A sentence for every cell that is not as expected, every figure of which nothing is, and every missing line."""
    found = [f"{name}: the workbook has no such sheet" for name in expected if name not in workbook]
    for name, sheet in workbook.items():
        found += [f"{name} {words}" for words in _of_sheet(sheet, expected.get(name, ()))]
    return found


def _of_sheet(sheet: Sheet, parts: Sequence[Part]) -> Iterator[str]:
    seen: list[set[tuple[str, ...]]] = [set() for _ in parts]
    for line in sheet.lines:
        at = next((number for number, part in enumerate(parts) if part.holds(line)), None)
        if at is None:
            yield from _unknown(line, {}, "no second computation")
            continue
        part, name = parts[at], line.name(parts[at].named_by)
        if name in seen[at]:
            yield f"row {line.number}: {name} stands there twice"
        seen[at].add(name)
        if name not in part.lines and not part.absent:
            yield from _unknown(line, {}, f"the model has no line {name}")
            continue
        yield from _of_line(line, part, part.lines.get(name, part.absent))
    for part, names in zip(parts, seen, strict=True):
        for name in part.lines.keys() - names:
            if not part.absent:
                yield f"has no line {name} under {part.title!r}, which the model has"
            for heading, value in part.lines[name].items():
                if part.absent and not agrees(part.absent.get(heading), value):
                    yield f"has no line {name}; the model has {value} for its {heading!r}"


def _of_line(line: Line, part: Part, expected: Row) -> Iterator[str]:
    for heading, value in expected.items():
        cell = line.cells.get(heading)
        if cell is None:
            yield f"row {line.number} has no column {heading!r}"
        elif not agrees(cell.value, value):
            yield f"{cell.address} ({heading}): {cell.value!r}, the model has {_shown(value)}"
    yield from _unknown(line, {*expected, *part.named_by}, "no second computation")


def _unknown(line: Line, known: Any, why: str) -> Iterator[str]:
    for heading, cell in line.cells.items():
        if heading not in known and cell.is_figure:
            yield f"{cell.address} ({heading}): {cell.value!r}, {why}"


def agrees(cell: Any, expected: Any) -> bool:
    """Whether a cell's value is what is expected; figures up to a double's noise."""
    if isinstance(expected, datetime) or not isinstance(expected, date):
        wanted = expected
    else:
        wanted = datetime(expected.year, expected.month, expected.day)
    if isinstance(wanted, Fraction | int | float) and isinstance(cell, Fraction | int | float):
        return abs(float(cell) - float(wanted)) <= TOLERANCE
    return bool(cell == wanted)


def _shown(value: Expectation) -> str:
    return str(float(value)) if isinstance(value, Fraction) else repr(value)
