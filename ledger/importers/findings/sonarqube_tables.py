"""SonarQube's issues as tables: what scripts make of them, with columns like creation_date and effort in minutes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.importers.tables import table_rows
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text_encodings import Decoding

#: The field that a column holds, by its name without signs, in lower case.
_FIELD_OF = {
    "key": "key",
    "issuekey": "key",
    "rule": "rule",
    "rulekey": "rule",
    "severity": "severity",
    "component": "component",
    "project": "project",
    "projectkey": "project",
    "line": "line",
    "status": "status",
    "resolution": "resolution",
    "issuestatus": "issueStatus",
    "message": "message",
    "effort": "effort",
    "effortminutes": "effort",
    "effortmin": "effort",
    "debt": "debt",
    "debtminutes": "debt",
    "tags": "tags",
    "type": "type",
    "author": "author",
    "creationdate": "creationDate",
    "createdat": "creationDate",
    "updatedate": "updateDate",
    "updatedat": "updateDate",
    "closedate": "closeDate",
    "closedat": "closeDate",
}


def table_records(path: Path, decoding: Decoding) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row as a record, and its place: its columns by their own names, and by those of SonarQube's fields.

    Raises Unreadable, naming the file, for a table without column names.
    """
    rows = table_rows(path, decoding)
    _, header = next(rows, (1, []))
    if not header:
        raise Unreadable(f"{path} is empty: a table of issues begins with its column names.")
    names = [name.strip() for name in header]
    fields = [_FIELD_OF.get("".join(letter for letter in name.lower() if letter.isalnum())) for name in names]
    for line, cells in rows:
        by_name: dict[str, Any] = dict(zip(names, cells, strict=False))
        for field, cell in zip(fields, cells, strict=False):
            if field is not None and cell.strip():
                by_name[field] = cell.strip()
        yield f"{path}, line {line}", by_name
