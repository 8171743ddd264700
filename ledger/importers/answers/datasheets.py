"""Data sheets from files: our own form, a dataset card, Croissant metadata; what each answers, and what it leaves open.

Nothing is made up: an answer is what the file says, word for word. What says nothing is listed, not imported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ledger.events.codec import sha256_hex
from ledger.importers.answers.croissant import is_json, read_croissant
from ledger.importers.answers.dataset_card import read_card
from ledger.importers.answers.passages import AnswerPassage, DocumentReading
from ledger.vocabulary.datasheet_form import Form, in_lines, is_form, read_form
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.outside_files import bytes_of
from ledger.vocabulary.text import MAX_NAME, MAX_TEXT, clean_text
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding, decoded

SheetKind = Literal["data sheet", "dataset card", "Croissant metadata"]

#: No data sheet is nearly as long; a data set itself, named by mistake, is not read into memory.
_LONGEST_FILE = 16 * 2**20


@dataclass(frozen=True, slots=True)
class AnsweredSheet:
    """A file's answers, by the question's number. places: where each comes from; the rest as in `DocumentReading`.

    source, sha256: the file's name and what it holds, None for a form that was edited on the spot.
    """

    kind: SheetKind
    source: str | None
    sha256: str | None
    dataset: str
    answers: dict[str, str]
    places: dict[str, str]
    silent: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def read_sheet(path: Path, decoding: Decoding = RECOGNISED) -> AnsweredSheet:
    """Read a file, whichever of the three it is. Raises Unreadable, naming it, for anything else."""
    raw, text = _read(path, decoding)
    try:
        if is_form(text):
            return _of_form(read_form(text), clean_text(path.name), sha256_hex(raw))
        return _of_document(text, path, sha256_hex(raw))
    except Unreadable as error:
        raise Unreadable(f"{path}: {error} Nothing was recorded.") from error


def read_edited(path: Path, decoding: Decoding = RECOGNISED) -> AnsweredSheet:
    """Read the form that a person edited; nothing else will do. Raises Unreadable."""
    _, text = _read(path, decoding)
    try:
        return _of_form(read_form(text), None, None)
    except Unreadable as error:
        raise Unreadable(f"{error} Nothing was recorded.") from error


def _of_form(form: Form, source: str | None, sha256: str | None) -> AnsweredSheet:
    """What a form answers; an answer that says nothing is none, and told."""
    reading = DocumentReading(form.dataset)
    for number, answer in form.answers.items():
        if answer:
            reading.take(number, f"question {number}", answer)
    places = {passage.question: passage.place for passage in reading.passages}
    # Empty answers are kept: they tell whether an answer that stands was taken out.
    answers = {number: answer if number in places else "" for number, answer in form.answers.items()}
    silent = tuple(reading.silent)
    return AnsweredSheet("data sheet", source, sha256, form.dataset, answers, places, silent, warnings=form.warnings)


def _of_document(text: str, path: Path, sha256: str) -> AnsweredSheet:
    kind: SheetKind = "Croissant metadata" if is_json(text) else "dataset card"
    reading = read_croissant(text) if is_json(text) else read_card(text)
    answers, places = _gathered(reading.passages)
    # Nobody typed it here: what is too long is no reason to refuse the rest, nor is a missing or overlong name.
    too_long = [number for number, answer in answers.items() if len(answer) > MAX_TEXT]
    for number in too_long:
        del answers[number]
    name = "".join(character for character in " ".join(reading.dataset.split()) if character.isprintable())
    dataset = clean_text(name)[:MAX_NAME].strip() or path.stem
    silent, unused = tuple(reading.silent), tuple(reading.unused)
    said = (*reading.warnings, *(_left_out(number, places[number]) for number in too_long))
    return AnsweredSheet(kind, clean_text(path.name), sha256, dataset, answers, places, silent, unused, said)


def _left_out(number: str, place: str) -> str:
    return (
        f"The answer to question {number} ({place}) has more than {MAX_TEXT:,} characters and is left out: shorten it."
    )


def _gathered(passages: Iterable[AnswerPassage]) -> tuple[dict[str, str], dict[str, str]]:
    """Answers and their places; where several passages answer one question, each stands below its place's name."""
    found: dict[str, list[AnswerPassage]] = defaultdict(list)
    for passage in passages:
        found[passage.question].append(passage)
    answers: dict[str, str] = {}
    for number, several in found.items():
        texts = ["\n".join(in_lines(each.text)) for each in several]
        if len(several) > 1:
            texts = [f"**{each.place}**\n\n{text.strip()}" for each, text in zip(several, texts, strict=True)]
        answers[number] = clean_text("\n\n".join(texts))
    return answers, {number: ", ".join(each.place for each in several) for number, several in found.items()}


def _read(path: Path, decoding: Decoding) -> tuple[bytes, str]:
    """A file's bytes, and its text. Raises Unreadable."""
    raw = bytes_of(path, most=_LONGEST_FILE, what="data sheet")
    return raw, decoded(str(path), raw, decoding)
