"""SARIF logs, written: a log of one run, results of one file, and what a test changes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

#: Efforts of severities, in minutes.
MINUTES = {"error": 480, "warning": 120, "note": 30, "none": 5}
#: The end of a run; in Paris, where the book is, it is the same day.
ENDED = "2026-11-10T12:00:00Z"


def result(line: int = 1, **changed: Any) -> dict[str, Any]:
    """A result of rule R1 in src/a.py, with a snippet of its own line; a field given as None is left out."""
    region = {"startLine": line, "snippet": {"text": f"line {line}"}}
    record = {
        "ruleId": "R1",
        "message": {"text": f"Line {line} is wrong."},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/a.py"}, "region": region}}],
    } | changed
    return {name: value for name, value in record.items() if value is not None}


def run_of(
    *results: Any, name: str = "Scan", rules: Any = ("R1", "R2"), ended: str | None = ENDED, **changed: Any
) -> Any:
    """A run. rules: ids, or descriptors."""
    described = [{"id": rule} if isinstance(rule, str) else rule for rule in rules]
    record = {
        "tool": {"driver": {"name": name, "rules": described}},
        "invocations": [{"executionSuccessful": True} | ({"endTimeUtc": ended} if ended else {})],
        "results": list(results),
    } | changed
    return {key: value for key, value in record.items() if value is not None}


def log(*runs: Any, **changed: Any) -> dict[str, Any]:
    return {"version": "2.1.0", "runs": list(runs)} | changed


def write_log(path: Path, *runs: Any, **changed: Any) -> Path:
    path.write_text(json.dumps(log(*runs, **changed)), "utf-8")
    return path


def by_severity(folder: Path) -> Path:
    """A mapping that makes efforts of severities."""
    rows = "".join(f'"{word}" = "{minutes}min"\n' for word, minutes in MINUTES.items())
    path = folder / "severities.toml"
    path.write_text(f'[columns]\neffort = "severity"\n\n[values.effort]\n{rows}', "utf-8")
    return path
