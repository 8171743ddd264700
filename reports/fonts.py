"""Fonts: which installed ones have the letters that the charts' own font lacks, each named by the hash of its file.

The charts' own font, DejaVu Sans, comes with matplotlib and is the same everywhere. Any other differs from machine to
machine. So the fonts that a pack needs are chosen once, when it is written, and named among the versions of what made
it: `font Noto Sans Thai` and the sha256 of its file. Whoever builds the pack again draws with these files or none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category, name

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from ledger.views.quarter import QuarterView
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.spreadsheet_text import printable

#: Stands before a font's name among the versions of what made a pack.
FONT = "font "
#: Names, there, the letters that no font has.
NO_FONT = "letters that charts show as boxes"
_OWN = "DejaVu Sans"
#: Characters that have no shape of their own: white space, controls, joiners, and what chooses between shapes.
_SHAPELESS = ("C", "Z")
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_REGULAR = 400
_MOST_NAMED = 40


class UnknownFontError(Unreadable):
    """A font that the configuration names and the machine has not; the message names it."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font of outlines. characters: that it has."""

    family: str
    path: str
    characters: frozenset[str]
    entry: Any

    @property
    def sha256(self) -> str:
        """64 hexadecimal digits over the file."""
        return _sha256(self.path)


def with_fonts(view: QuarterView, configured: Sequence[str]) -> QuarterView:
    """The view, with the fonts among its versions that its texts need beside the charts' own.

    configured: paths of font files, or names of installed families; they go before what else is installed. Raises
    UnknownFontError for one that is neither.
    """
    wanted = [_named_font(each) for each in configured]
    lacking = _lacking(_texts(view))
    if not lacking:
        return view
    chosen = _chosen(lacking, wanted)
    fonts = [(f"{FONT}{printable(font.family)}", font.sha256) for font in chosen]
    without = lacking - characters(chosen)
    rest = [(NO_FONT, by_script(without))] if without else []
    versions = (*view.provenance.versions, *fonts, *rest)
    return replace(view, provenance=replace(view.provenance, versions=versions))


def fonts_of(view: QuarterView, configured: Sequence[str] = ()) -> tuple[list[FontFile], list[str]]:
    """The fonts that a view names, and in words those that the machine has not, or has in another version."""
    found, missing = [], []
    for tool, sha256 in view.provenance.versions:
        if not tool.startswith(FONT):
            continue
        family = tool.removeprefix(FONT)
        known = [_from_file(each) for each in configured if Path(each).is_file()]
        alike = [font for font in (*known, *_installed()) if printable(font.family) == family]
        same = next((font for font in alike if font.sha256 == sha256), None)
        if same is not None:
            found.append(same)
        else:
            missing.append(f"{family} ({'another version is installed' if alike else 'not installed'})")
    return found, missing


def families(fonts: Iterable[FontFile]) -> list[str]:
    """The names by which matplotlib finds exactly these files, whatever else is called so."""
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    names = []
    for font in fonts:
        own_name = f"{font.family} {font.sha256[:16]}"
        if own_name not in known:
            # Of a bold text too: only the regular file is named.
            for weight in (_REGULAR, 700):
                font_manager.fontManager.ttflist.append(replace(font.entry, name=own_name, weight=weight))
        names.append(own_name)
    return names


def characters(fonts: Iterable[FontFile]) -> frozenset[str]:
    """All that fonts have together, the charts' own among them."""
    return frozenset().union(_own(), *(font.characters for font in fonts))


def without_font(texts: Iterable[str], fonts: Iterable[FontFile]) -> frozenset[str]:
    """The characters of texts that none of the fonts has."""
    return _with_shape(texts) - characters(fonts)


def by_script(letters: Iterable[str]) -> str:
    """`Javanese ꦗꦮ, Thai ก`: characters by the script that they belong to."""
    found: dict[str, list[str]] = {}
    for letter in sorted(letters):
        found.setdefault(_script(letter), []).append(letter)
    return ", ".join(f"{script} {_few(letters)}" for script, letters in sorted(found.items()))


def _few(letters: Sequence[str]) -> str:
    more = f" and {len(letters) - _MOST_NAMED} more" if len(letters) > _MOST_NAMED else ""
    return "".join(letters[:_MOST_NAMED]) + more


def _script(letter: str) -> str:
    """The first word of a letter's name, which is its script: `Devanagari`, `CJK`, `Hangul`."""
    if category(letter)[0] not in "LMN":
        return "symbols"
    word = name(letter, "unknown").partition(" ")[0]
    return word if word == "CJK" else word.capitalize()


def _lacking(texts: Iterable[str]) -> frozenset[str]:
    """Characters of texts that the charts' own font lacks."""
    return _with_shape(texts) - _own()


def _with_shape(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(
        letter
        for text in texts
        if not text.isascii()
        for letter in printable(text)
        if letter not in _SELECTORS and category(letter)[0] not in _SHAPELESS
    )


def _texts(view: QuarterView) -> Iterator[str]:
    """Whatever people typed and a chart may show."""
    yield view.provenance.book
    for rows in (view.systems, view.items, view.budgets, view.history, view.measurements):
        for row in rows:
            values = (getattr(row, field.name) for field in fields(row))
            yield from (value for value in values if isinstance(value, str))
    yield from (row.name for row in view.readiness)


def _chosen(lacking: frozenset[str], wanted: Sequence[FontFile]) -> list[FontFile]:
    """For each script the font that has most of it: of those that the configuration names, then of the installed ones."""
    chosen: list[FontFile] = []
    by_scripts: dict[str, set[str]] = {}
    for letter in lacking:
        by_scripts.setdefault(_script(letter), set()).add(letter)
    for script in sorted(by_scripts):
        left = by_scripts[script] - characters(chosen)
        for candidates in (wanted, _installed()):
            while left:
                best = max(candidates, key=lambda font: len(font.characters & left), default=None)
                if best is None or not best.characters & left:
                    break
                chosen.append(best)
                left -= best.characters
    return chosen


def _named_font(named: str) -> FontFile:
    if Path(named).is_file():
        return _from_file(named)
    found = next((font for font in _installed() if font.family == named), None)
    if found is None:
        raise UnknownFontError(f"[charts] fonts names '{named}', which is no file and no installed font of outlines.")
    return found


@cache
def _from_file(path: str) -> FontFile:
    """Raises UnknownFontError for a file that is no font of outlines."""
    try:
        font = FT2Font(path)
        entry = font_manager.ttfFontProperty(font)
        return FontFile(entry.name, path, frozenset(map(chr, font.get_charmap())), entry)
    except (OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise UnknownFontError(f"{path} is no font that charts can be drawn with: {error}.") from error


@cache
def _installed() -> tuple[FontFile, ...]:
    """Upright fonts of regular weight, those without serifs first, in an order that no folder decides."""
    found: dict[str, FontFile] = {}
    for path in sorted(font_manager.findSystemFonts(), key=lambda each: (Path(each).name, each)):
        try:
            font = _from_file(path)
        except UnknownFontError:
            continue
        if font.entry.weight == _REGULAR and font.entry.style == "normal" and font.entry.stretch == "normal":
            found.setdefault(font.family, font)
    return tuple(sorted(found.values(), key=lambda font: (not font.family.startswith("Noto Sans"), font.family)))


@cache
def _own() -> frozenset[str]:
    return _from_file(font_manager.findfont(_OWN)).characters


@cache
def _sha256(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
