"""Reads the worked examples of docs/method.md, runs them, and says where page and program differ.

An example is a section: blocks of `debt` commands, tables, and sentences, in order. A line
"Shown by `debt …`, PART by COLUMN and COLUMN:" above a table names the command whose JSON holds its figures,
the part of it, and the columns that find a row. Braces in the command stand for a cell of the row. Every
other column is a field of the JSON, but for `arithmetic`, whose calculations are done here with fractions.
"""

from __future__ import annotations

import contextlib
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from ledger.cli import cli
from ledger.cli.kit.edge import Edge

#: When the examples are run: after every date in them.
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)

#: An amount in the page: two decimals, thousands grouped or not, with a minus or not.
AMOUNT = re.compile(r"(?<![\d.,])[−-]?\d[\d,]*\.\d\d(?![\d])")

_SHOWN_BY = re.compile(r"Shown by `(debt [^`]+)`(?:, (\w+)(?: by (.+?))?)?:")
_PLACEHOLDER = re.compile(r"\{([^}]+)\}")
_TIME_OF = re.compile(r"time of position (\d+)")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_EXPRESSION = re.compile(r"[\d.,+−×/() ]+")
_UNCHECKED = ("arithmetic", "what")


@dataclass(frozen=True)
class Table:
    """A table. command: as in the page, empty if no command shows it. keys: columns that find a row."""

    command: str
    part: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def command_of(self, row: dict[str, str]) -> str:
        """The command with the row's cells in it; the time of a position is filled in when it is run."""
        return _PLACEHOLDER.sub(lambda found: row.get(found[1], found[0]), self.command)


@dataclass(frozen=True)
class Example:
    """One section. steps: its blocks (lists of commands) and tables, in order. text: all but the blocks."""

    name: str
    steps: tuple[list[str] | Table, ...]
    text: str

    @property
    def tables(self) -> list[Table]:
        return [step for step in self.steps if isinstance(step, Table)]

    @property
    def commands(self) -> list[str]:
        return [command for step in self.steps if isinstance(step, list) for command in step]


@dataclass
class Session:
    """The program with a clock that ticks once a second from NOW, in a folder of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ticks, names = count(), count(1)
        self._edge = Edge(lambda: NOW + timedelta(seconds=next(ticks)), lambda: f"id-{next(names):06}")

    def run(self, line: str) -> str:
        """Run a line of a block; what it prints. An `export` sets the environment of what follows."""
        words = shlex.split(line)
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self.environment[name] = value
            return ""
        assert words[0] == "debt", f"the blocks hold debt commands: {line}"
        with contextlib.chdir(self.folder):
            result = CliRunner().invoke(cli, words[1:], obj=self._edge, env=self.environment)
        assert result.exit_code == 0, f"{line}\n{result.output}"
        return result.stdout

    def ask(self, command: str) -> Any:
        """The JSON of a command."""
        log = json.loads(self.run("debt log --format json")) if "{" in command else []
        filled = _PLACEHOLDER.sub(lambda found: _time(found[1], log), command)
        return json.loads(self.run(f"{filled} --format json"))


def _time(placeholder: str, log: list[dict[str, Any]]) -> str:
    found = _TIME_OF.fullmatch(placeholder)
    assert found, f"{{{placeholder}}} is neither a column of the table nor the time of a position"
    return str(next(event["recorded_at"] for event in log if event["position"] == int(found[1])))


# --- reading the page -------------------------------------------------------------------------------


def definitions(page: str) -> str:
    """The page up to its examples."""
    return page.partition("\n## Worked examples")[0]


def examples(page: str) -> list[Example]:
    """The worked examples, in order."""
    sections = re.split(r"^### Example ", page, flags=re.MULTILINE)[1:]
    return [_example(section) for section in sections]


def _example(section: str) -> Example:
    lines = section.splitlines()
    name, steps, text = lines[0], [], [lines[0]]
    shown_by: re.Match[str] | None = None
    rest = iter(lines[1:])
    for line in rest:
        if line == "```sh":
            steps.append(_block(rest))
        elif line.startswith("|"):
            table = [line, *_while_table(rest)]
            steps.append(_table(table, shown_by))
            text += table
            shown_by = None
        else:
            assert not (line and shown_by), f"{name}: no table under '{shown_by and shown_by[0]}'"
            shown_by = _SHOWN_BY.fullmatch(line) or shown_by
            assert shown_by or not line.startswith("Shown by"), f"{name}: cannot be read: {line}"
            text.append(line)
    return Example(name, tuple(steps), "\n".join(text))


def _block(rest: Iterator[str]) -> list[str]:
    text = "\n".join(iter(rest.__next__, "```"))
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def _while_table(rest: Iterator[str]) -> Iterator[str]:
    for line in rest:
        if not line.startswith("|"):
            assert not line, f"a blank line ends a table: {line}"
            return
        yield line


def _table(lines: list[str], shown_by: re.Match[str] | None) -> Table:
    columns, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    for row in rows:
        assert len(row) == len(columns), f"a row has {len(row)} cells of {len(columns)}: {row}"
    command, part, keys = shown_by.groups() if shown_by else ("", None, None)
    return Table(
        command=command,
        part=part or "",
        keys=tuple(re.split(r", | and ", keys)) if keys else (),
        columns=tuple(columns),
        rows=tuple(dict(zip(columns, row, strict=True)) for row in rows),
    )


# --- running and comparing --------------------------------------------------------------------------

#: What the program answered: by number of the table and command.
Answers = dict[tuple[int, str], Any]


def answers(example: Example, folder: Path) -> Answers:
    """Run an example from its first block on, and ask for every row of every table where it stands."""
    session, found, number = Session(folder), {}, count()
    for step in example.steps:
        if isinstance(step, list):
            for line in step:
                session.run(line)
            continue
        table = next(number)
        for command in dict.fromkeys(step.command_of(row) for row in step.rows if step.command):
            found[table, command] = session.ask(command)
    return found


def differences(example: Example, found: Answers) -> list[str]:
    """Where the page is wrong: a figure that the program denies, a calculation, an amount from nowhere."""
    wrong = []
    for number, table in enumerate(example.tables):
        for row in table.rows:
            if table.command:
                wrong += _row_differences(table, row, found.get((number, table.command_of(row))))
            wrong += _wrong_calculations(row.get("arithmetic", ""))
    return [f"{example.name}: {what}" for what in (*wrong, *_unfounded(example))]


def _row_differences(table: Table, row: dict[str, str], answer: Any) -> Iterator[str]:
    record = _record(table, row, answer)
    if record is None:
        yield f"`{table.command_of(row)}` shows not exactly one row like {row}"
        return
    in_command = set(_PLACEHOLDER.findall(table.command))
    for column in table.columns:
        if column in _UNCHECKED or (column in in_command and column not in record and _key(column) not in record):
            continue
        key = column if column in record else _key(column)
        if key not in record:
            yield f"`{table.command_of(row)}` has no field {key}"
        elif _plain(row[column]) != (None if record[key] is None else str(record[key])):
            yield f"`{table.command_of(row)}`: {column} is {record[key]}, the page says {row[column]}"


def _record(table: Table, row: dict[str, str], answer: Any) -> dict[str, Any] | None:
    part = answer[table.part] if isinstance(answer, dict) and table.part else answer
    rows = part if isinstance(part, list) else [part]
    wanted = {_key(key): _plain(row[key]) for key in table.keys}
    matching = [record for record in rows if record and all(record[key] == value for key, value in wanted.items())]
    return matching[0] if len(matching) == 1 else None


def _key(column: str) -> str:
    return column.replace(" ", "_")


def _plain(cell: str) -> str | None:
    """A cell as the JSON writes it; None for an empty field."""
    if cell == "–":
        return None
    return cell.replace("−", "-").replace(",", "") if _NUMBER.fullmatch(cell.lstrip("−")) else cell


def calculations(cell: str) -> list[str]:
    """The calculations in a cell."""
    return [statement.strip() for statement in cell.split(";") if statement.strip()]


def _wrong_calculations(cell: str) -> Iterator[str]:
    for statement in calculations(cell):
        parts = re.split(r"([=→])", statement)
        value, signs = _value(parts[0]), parts[1::2]
        if not signs:
            yield f"'{statement}' has no result"
        for number, result in enumerate(parts[2::2]):
            exact = signs[number + 1 : number + 2] == ["→"]
            if _value(result) != (value if exact else _rounded(value, _decimals(result))):
                yield f"'{statement}' is {float(value):,.6f}"


def _value(expression: str) -> Fraction:
    assert _EXPRESSION.fullmatch(expression), f"not a calculation: {expression}"
    text = expression.replace("−", "-").replace("×", "*")
    value = eval(_NUMBER.sub(lambda found: f"Fraction('{found[0].replace(',', '')}')", text), {"Fraction": Fraction})
    return Fraction(value)


def _decimals(number: str) -> int:
    return len(number.strip().partition(".")[2])


def _rounded(value: Fraction, decimals: int) -> Fraction:
    return Fraction(round(value * 10**decimals), 10**decimals)  # round() of a Fraction is exact and half-even


def _unfounded(example: Example) -> Iterator[str]:
    """Amounts in sentences and calculations that no checked cell, command or result of a calculation holds."""
    founded = {_magnitude(number) for command in example.commands for number in _NUMBER.findall(command)}
    stated = " ".join(line for line in example.text.splitlines() if not line.startswith("|"))
    for table in example.tables:
        for row in table.rows:
            checked = [cell for column, cell in row.items() if column not in _UNCHECKED] if table.command else []
            results = [re.split(r"[=→]", statement)[1:] for statement in calculations(row.get("arithmetic", ""))]
            founded |= {_magnitude(number) for cell in checked for number in AMOUNT.findall(cell)}
            founded |= {_magnitude(part) for parts in results for part in parts}
            stated += " " + " ".join(
                re.split(r"[=→]", statement)[0] for statement in calculations(row.get("arithmetic", ""))
            )
    for amount in AMOUNT.findall(stated):
        if _magnitude(amount) not in founded:
            yield f"{amount} stands in no table"


def _magnitude(number: str) -> Fraction:
    return abs(Fraction(number.replace("−", "-").replace(",", "").strip()))
