"""The quarterly pack: one call builds every file of it in memory, then puts them in place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ledger.views import QuarterView
from reports.charts.render import Rendered, combined_pdf, rendered
from reports.content import Content, naive_utc
from reports.figures import major
from reports.files import content_hash, put, sha256
from reports.postings_csv import postings_csv
from reports.registry import CHARTS, SHEETS, ChartEntry
from reports.text import log_what_changes, printable
from reports.workbook.description import CheckLine, Kind, Picture
from reports.workbook.writer import Stamp, workbook_bytes

#: Pixels at 96 a inch; two stand side by side on the Summary.
PICTURE_WIDTH = 680

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the sheet Checks as Python computed it: amounts in major units, or counts."""

    name: str
    left: Decimal
    right: Decimal
    difference: Decimal
    ok: bool


@dataclass(frozen=True, slots=True)
class PackFile:
    """name: relative to the pack's folder, with forward slashes. Hashes: 64 hexadecimal digits."""

    name: str
    path: Path
    sha256: str
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack in its folder. files: all but the manifest, which lists them."""

    folder: Path
    workbook: Path
    charts: tuple[Path, ...]
    files: tuple[PackFile, ...]
    manifest: Path
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every check holds; a pack that does not tie is written nevertheless and says ERROR."""
        return all(check.ok for check in self.checks)


def write_pack(view: QuarterView, folder: Path, progress: Progress | None = None) -> Pack:
    """Build the pack of a quarter and put it into `folder`; the same view gives the same bytes.

    Nothing in the folder changes before every file has been built and saved.
    """
    tell: Progress = progress or (lambda _message: None)
    lines = tuple(line for entry in SHEETS for line in entry.checks(view))
    quarter = view.provenance.quarter
    log_what_changes(_texts(view))
    charts: list[tuple[ChartEntry, Rendered]] = []
    for number, entry in enumerate(CHARTS, start=1):
        tell(f"Chart {number} of {len(CHARTS)}: {entry.name}")
        charts.append((entry, rendered(entry.draw, view)))
    tell("Workbook")
    files = {f"debt-{quarter}.xlsx": _workbook(view, lines, charts)}
    for entry, chart in charts:
        files |= {f"charts/{entry.name}.png": chart.png, f"charts/{entry.name}.svg": chart.svg}
    files[f"debt-{quarter}-charts.pdf"] = combined_pdf([chart for _, chart in charts], _name(view))
    files[f"postings-{quarter}.csv"] = postings_csv(view)
    checks = tuple(_check(line, view.provenance.exponent) for line in lines)
    records = tuple(
        PackFile(name, folder / name, sha256(data), content_hash(name, data)) for name, data in files.items()
    )
    tell("Files")
    manifest = _manifest(view, records, all(check.ok for check in checks))
    put(folder, {**files, "MANIFEST.json": manifest})
    return Pack(
        folder=folder,
        workbook=folder / f"debt-{quarter}.xlsx",
        charts=tuple(record.path for record in records if record.name.startswith("charts/")),
        files=records,
        manifest=folder / "MANIFEST.json",
        checks=checks,
    )


def _workbook(view: QuarterView, lines: tuple[CheckLine, ...], charts: list[tuple[ChartEntry, Rendered]]) -> bytes:
    pictures = [
        Picture(chart.png, chart.drawing.alternative, PICTURE_WIDTH) for entry, chart in charts if entry.on_summary
    ]
    content = Content(view, lines, pictures)
    origin = view.provenance
    known_at = naive_utc(origin.known_at)
    if known_at is None:
        raise ValueError("A pack needs the time at which its last event was recorded.")
    stamp = Stamp(
        pack=_name(view),
        footer=f"head {origin.head_hash[:12]} · as of {origin.as_of}",
        exponent=origin.exponent,
        known_at=known_at,
        provisional=origin.provisional,
    )
    return workbook_bytes([entry.build(content) for entry in SHEETS], stamp)


def _texts(view: QuarterView) -> Iterator[str]:
    """What people typed, each text once."""
    yield view.provenance.book
    yield from sorted({text for row in view.items for text in (row.title, row.team, row.decided_by_or_cause)})


def _name(view: QuarterView) -> str:
    origin = view.provenance
    prefix = "PROVISIONAL · " if origin.provisional else ""
    return printable(f"{prefix}Technical debt {origin.quarter}, {origin.currency} · {origin.book}")


def _check(line: CheckLine, exponent: int) -> Check:
    places = exponent if line.kind is Kind.EXACT else 0
    left, right = (major(value, places) for value in (line.left_value, line.right_value))
    return Check(line.name, left, right, left - right, line.ok)


def _manifest(view: QuarterView, records: tuple[PackFile, ...], ok: bool) -> bytes:
    """What identifies the pack; `debt reproduce` rebuilds it from this alone."""
    origin = view.provenance
    content = {
        "format": "debt-ledger-pack/1",
        "book": origin.book,
        "quarter": origin.quarter,
        "provisional": origin.provisional,
        "as_of": origin.as_of.isoformat(),
        "known_at": origin.known_at,
        "position": origin.position,
        "head_hash": origin.head_hash,
        "currency": origin.currency,
        "schema_version": origin.schema_version,
        "versions": dict(origin.versions),
        "command": origin.command,
        "checks": "OK" if ok else "ERROR",
        "files": [
            {"name": record.name, "sha256": record.sha256, "content_sha256": record.content_sha256}
            for record in records
        ],
    }
    return (json.dumps(content, indent=2, ensure_ascii=True) + "\n").encode()
