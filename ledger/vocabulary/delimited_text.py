"""Delimited text: by which sign its fields are parted, recognised from its first lines."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

#: What spreadsheets write between fields, in the order in which they are tried.
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
#: Spreadsheets may say on a first line of its own what follows: sep=;
_SAID = re.compile(r'"?sep=(.)"?,*\s*', re.IGNORECASE)
#: Rows from which it is recognised.
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Delimited:
    """How a text is parted. lines_before: of its column names: empty ones, and one that says the separator."""

    separator: str
    lines_before: int

    def told(self, name: str) -> str | None:
        """What is said of it; None of commas, which go without saying."""
        if self.separator == ",":
            return None
        return f"{name} is read as parted by {SEPARATORS.get(self.separator, repr(self.separator))}."


def delimited(head: str) -> Delimited:
    """How a text is parted. head: its first lines, the last of which may be cut.

    The sign that gives the first rows the same number of fields; of several such the one that gives the most, of none
    the one that the column names have most often. Commas where there is no sign at all.
    """
    lines = head.splitlines()
    before = next((place for place, line in enumerate(lines) if line.strip()), 0)
    if lines and (said := _SAID.fullmatch(lines[before])):
        return Delimited(said[1], before + 1)
    # A last line that is cut has too few fields.
    rows = lines[before:-1] if len(lines) - before > 1 and not head.endswith(("\n", "\r")) else lines[before:]
    counts = {sign: _fields(rows, sign) for sign in SEPARATORS}
    even = {sign: found[0] for sign, found in counts.items() if found and found[0] > 1 and len(set(found)) == 1}
    likely = even or {sign: found[0] if found else 1 for sign, found in counts.items()}
    # max takes the first of equals: a comma before a semicolon.
    best = max(likely, key=lambda sign: likely[sign])
    return Delimited(best, before)


def _fields(lines: list[str], separator: str) -> list[int]:
    """How many fields each of the first rows has."""
    reader = csv.reader(io.StringIO("\n".join(lines[: _LOOKED_AT * 5])), delimiter=separator)
    found: list[int] = []
    try:
        for row in reader:
            if row:
                found.append(len(row))
            if len(found) == _LOOKED_AT:
                break
    except csv.Error:
        pass
    return found
