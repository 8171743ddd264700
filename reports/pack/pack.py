"""The quarterly pack: one call builds every file of it in memory, another puts them in place."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ledger.events import PackFile
from ledger.views.quarter import QuarterView
from ledger.vocabulary.spreadsheet_text import printable
from reports.charts.frame import Drawing
from reports.charts.render import PdfHeading, Rendered, boxes_of, combined_pdf, rendered
from reports.content import Content, naive_utc
from reports.deck.page import Number
from reports.figures import major
from reports.fonts import FontFile, by_script, fonts_of
from reports.pack.files import content_hash, put, sha256
from reports.pack.manifest import NAME as MANIFEST
from reports.pack.manifest import Manifest, manifest_of
from reports.pack.postings_csv import postings_csv
from reports.registry import CHARTS, SHEETS, SLIDES, ChartEntry, pages
from reports.sheet import CheckLine, Kind, Picture, Sheet
from reports.text import PROVISIONAL, log_what_changes
from reports.xlsx.writer import Stamp, workbook_bytes

log = logging.getLogger(__name__)

#: Pixels at 96 a inch; two stand side by side on the Summary.
PICTURE_WIDTH = 680

#: How far a pack is when its charts are drawn, and when its workbook is written.
_DRAWN, _WRITTEN = 0.2, 0.95

#: Told which step is at hand and how far the whole is, 0 to 1.
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the sheet Checks as Python computed it: amounts in major units, or counts."""

    name: str
    left: Decimal
    right: Decimal
    difference: Decimal
    ok: bool


@dataclass(frozen=True, slots=True)
class BuiltPack:
    """A pack in memory. files: by name within its folder, the manifest last."""

    manifest: Manifest
    files: Mapping[str, bytes]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack in its folder. files: all but the manifest, which lists them; manifest_sha256: of that file."""

    folder: Path
    workbook: Path
    charts: tuple[Path, ...]
    files: tuple[PackFile, ...]
    manifest: Path
    manifest_sha256: str
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every check holds; a pack that does not tie is written nevertheless and says ERROR."""
        return all(check.ok for check in self.checks)


def write_pack(
    view: QuarterView,
    folder: Path,
    accounts: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    fonts: Sequence[str] = (),
) -> Pack:
    """Build the pack of a quarter and put it into `folder`; the same view gives the same bytes.

    accounts: codes of the finance department's chart of accounts, by our accounts (`reports.pack.accounts`).
    fonts: that the configuration names; of them and the installed ones those are used that the view names.
    Nothing in the folder changes before every file has been built and saved.
    """
    built = build_pack(view, accounts or {}, progress, fonts)
    put(folder, built.files)
    quarter = view.provenance.quarter
    return Pack(
        folder=folder,
        workbook=folder / f"debt-{quarter}.xlsx",
        charts=tuple(folder / name for name in built.files if name.startswith("charts/")),
        files=built.manifest.files,
        manifest=folder / MANIFEST,
        manifest_sha256=sha256(built.files[MANIFEST]),
        checks=built.checks,
    )


def build_pack(
    view: QuarterView, accounts: Mapping[str, str], progress: Progress | None = None, fonts: Sequence[str] = ()
) -> BuiltPack:
    """Every file of a quarter's pack, in memory."""
    tell: Progress = progress or (lambda _step, _done: None)
    lines = check_lines(view)
    quarter = view.provenance.quarter
    log_what_changes(_texts(view))
    charts: list[tuple[ChartEntry, Rendered]] = []
    of_pack, _ = fonts_of(view, fonts)
    entries = (*CHARTS, *pages(view))
    for number, entry in enumerate(entries, start=1):
        tell(f"Drawing chart {number} of {len(entries)}", number / len(entries) * _DRAWN)
        charts.append((entry, rendered(entry.draw, view, of_pack)))
    boxes = {f"chart {entry.name}": chart.boxes for entry, chart in charts}

    def tell_of_workbook(step: str, done: float) -> None:
        tell(step, _DRAWN + (_WRITTEN - _DRAWN) * done)

    pictures = [
        Picture(chart.png, chart.drawing.alternative, PICTURE_WIDTH) for entry, chart in charts if entry.on_summary
    ]
    files = {f"debt-{quarter}.xlsx": workbook_of(view, pictures, lines, tell_of_workbook)}
    for entry, chart in charts:
        files |= {f"charts/{entry.name}.png": chart.png, f"charts/{entry.name}.svg": chart.svg}
    drawings = [chart.drawing for _, chart in charts]
    files[f"debt-{quarter}-charts.pdf"] = combined_pdf(drawings, _heading(view, "charts"), of_pack)
    tell("Drawing the deck", _WRITTEN)
    files[f"debt-{quarter}-deck.pdf"] = combined_pdf(_slides(view, of_pack, boxes), _heading(view, "deck"), of_pack)
    _log_boxes(boxes)
    files[f"postings-{quarter}.csv"] = postings_csv(view, accounts)
    tell("Saving the files", _WRITTEN)
    records = tuple(PackFile(name, sha256(data), content_hash(name, data)) for name, data in files.items())
    checks = checked(view, lines)
    manifest = manifest_of(view, records, accounts, ok=all(check.ok for check in checks))
    return BuiltPack(manifest, {**files, MANIFEST: manifest.encoded()}, checks)


def check_lines(view: QuarterView) -> tuple[CheckLine, ...]:
    """The lines of the sheet Checks, from all sheets."""
    return tuple(line for entry in SHEETS for line in entry.checks(view))


def described(
    view: QuarterView, pictures: Sequence[Picture] = (), lines: Sequence[CheckLine] | None = None
) -> list[Sheet]:
    """The descriptions of all sheets, in order. lines: of the sheet Checks, if they are known already."""
    content = Content(view, check_lines(view) if lines is None else lines, pictures)
    return [entry.build(content) for entry in SHEETS]


def workbook_of(
    view: QuarterView,
    pictures: Sequence[Picture] = (),
    lines: Sequence[CheckLine] | None = None,
    progress: Progress | None = None,
) -> bytes:
    """The workbook's bytes. pictures: for the Summary. lines: as for `described`."""
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
        subject=f"Technical debt and neglect of {origin.quarter}, as of {origin.as_of}",
        keywords=f"technical debt, {origin.quarter}, {origin.currency}, position {origin.position}, head {origin.head_hash[:12]}",
        company=origin.book,
    )
    return workbook_bytes(described(view, pictures, lines), stamp, progress)


def _texts(view: QuarterView) -> Iterator[str]:
    """What people typed, each text once."""
    yield view.provenance.book
    typed = {text for row in view.items for text in (row.title, row.team, row.decided_by_or_cause)}
    typed |= {row.team for row in view.budgets} | {row.name for row in view.readiness}
    yield from sorted(typed | {leg.actor for found in view.restatements for leg in found.legs})


def _slides(view: QuarterView, fonts: Sequence[FontFile], boxes: dict[str, frozenset[str]]) -> Iterator[Drawing]:
    """The pages of the deck, one at a time. boxes: told which letters of each page no font has."""
    for number, entry in enumerate(SLIDES, start=1):
        drawing = entry.draw(view, Number(number, len(SLIDES)))
        boxes[f"page {number} of the deck ({entry.name})"] = boxes_of(drawing, fonts)
        yield drawing


def _log_boxes(found: Mapping[str, frozenset[str]]) -> None:
    """Say which letters no font has, and where: in which charts and on which pages."""
    boxes = frozenset().union(*found.values())
    if boxes:
        log.warning(
            "No font has %s: boxes stand for it in %s. The workbook has the letters. Install a font, or name "
            "its file under [charts] fonts in config.toml.",
            by_script(boxes),
            ", ".join(f"{where} ({by_script(letters)})" for where, letters in found.items() if letters),
        )


def _heading(view: QuarterView, what: str) -> PdfHeading:
    """What the PDF of charts, or of the deck, says of itself."""
    origin = view.provenance
    keywords = f"technical debt, {what}, {origin.quarter}, {origin.currency}, position {origin.position}"
    return PdfHeading(_name(view), f"{keywords}, head {origin.head_hash[:12]}", printable(origin.book))


def _name(view: QuarterView) -> str:
    origin = view.provenance
    prefix = PROVISIONAL if origin.provisional else ""
    return printable(f"{prefix}Technical debt {origin.quarter}, {origin.currency} · {origin.book}")


def checked(view: QuarterView, lines: Sequence[CheckLine]) -> tuple[Check, ...]:
    """The lines of the sheet Checks as figures."""
    return tuple(_check(line, view.provenance.exponent) for line in lines)


def _check(line: CheckLine, exponent: int) -> Check:
    places = exponent if line.kind is Kind.EXACT else 0
    left, right = (major(value, places) for value in (line.left_value, line.right_value))
    return Check(line.name, left, right, left - right, line.ok)
