"""Data sheets from files: our own form, a dataset card, Croissant metadata; what each answers, and what it leaves open.

Nothing is made up: an answer is what the file says, word for word. What says nothing is listed, not imported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ledger.decide.words import limited
from ledger.events.codec import sha256_hex
from ledger.importers.answers.croissant import is_json, read_croissant
from ledger.importers.answers.dataset_card import read_card
from ledger.importers.answers.passages import Passage, Reading
from ledger.vocabulary.datasheet_form import Form, in_lines, is_form, read_form, same_answer
from ledger.vocabulary.datasheet_questions import QUESTIONS
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import MAX_NAME, clean_text

Kind = Literal["data sheet", "dataset card", "Croissant metadata"]

#: No data sheet is nearly as long; a data set itself, named by mistake, is not read into memory.
_LONGEST_FILE = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's answers, by the question's number. places: where each comes from; the rest as in `Reading`."""

    kind: Kind
    source: str
    sha256: str
    dataset: str
    answers: dict[str, str]
    places: dict[str, str]
    silent: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What answers would do to a data sheet. standing: the numbers of those that stand there already.

    kept: questions that are empty there and answered in the ledger.
    """

    answers: dict[str, str]
    standing: tuple[str, ...]
    kept: tuple[str, ...]


def read_sheet(path: Path) -> Sheet:
    """Read a file, whichever of the three it is. Raises Unreadable, naming it, for anything else."""
    raw, text = _read(path)
    try:
        if is_form(text):
            return _of_form(read_form(text), clean_text(path.name), sha256_hex(raw))
        return _of_document(text, path, sha256_hex(raw))
    except Unreadable as error:
        raise Unreadable(f"{path}: {error} Nothing was recorded.") from error


def read_edited(path: Path) -> Sheet:
    """Read the form that a person edited; nothing else will do. Raises Unreadable."""
    raw, text = _read(path)
    try:
        return _of_form(read_form(text), clean_text(path.name), sha256_hex(raw))
    except Unreadable as error:
        raise Unreadable(f"{error} Nothing was recorded.") from error


def dataset_name(text: str) -> str:
    """A data set's name, on one line that can be shown. Raises Unreadable, and Refused for one too long."""
    name = limited(clean_text(text), "The data set's name", MAX_NAME)
    if not name.isprintable():
        raise Unreadable("The data set's name holds a character that cannot be shown: write it in letters and digits.")
    return name


def compare(answers: Mapping[str, str], standing: Mapping[str, str]) -> Changes:
    """What answers would change in those that stand, by the question's number. Raises Refused for one too long."""
    changed: dict[str, str] = {}
    same: list[str] = []
    kept: list[str] = []
    for number in (number for number in QUESTIONS if number in answers):
        answer = answers[number]
        if not answer:
            kept += [number] if number in standing else []
        elif number in standing and same_answer(answer, standing[number]):
            same.append(number)
        else:
            changed[number] = limited(answer, f"The answer to question {number}")
    return Changes(changed, tuple(same), tuple(kept))


def _of_form(form: Form, source: str, sha256: str) -> Sheet:
    """What a form answers; an answer that says nothing is none, and told."""
    reading = Reading(form.dataset)
    for number, answer in form.answers.items():
        if answer:
            reading.take(number, f"question {number}", answer)
    places = {passage.question: passage.place for passage in reading.passages}
    # What is empty is kept as such: it tells whether something that stands was taken out.
    answers = {number: answer if number in places else "" for number, answer in form.answers.items()}
    silent = tuple(reading.silent)
    return Sheet("data sheet", source, sha256, form.dataset, answers, places, silent, warnings=form.warnings)


def _of_document(text: str, path: Path, sha256: str) -> Sheet:
    kind: Kind = "Croissant metadata" if is_json(text) else "dataset card"
    reading = read_croissant(text) if is_json(text) else read_card(text)
    answers, places = _gathered(reading.passages)
    # A name that is none, or too long for one, is no reason to refuse the rest.
    name = "".join(character for character in " ".join(reading.dataset.split()) if character.isprintable())
    dataset = clean_text(name)[:MAX_NAME].strip() or path.stem
    silent, unused = tuple(reading.silent), tuple(reading.unused)
    return Sheet(kind, clean_text(path.name), sha256, dataset, answers, places, silent, unused)


def _gathered(passages: Iterable[Passage]) -> tuple[dict[str, str], dict[str, str]]:
    """Answers and their places; where several passages answer one question, each stands below its place's name."""
    found: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        found[passage.question].append(passage)
    answers: dict[str, str] = {}
    for number, several in found.items():
        texts = ["\n".join(in_lines(each.text)) for each in several]
        if len(several) > 1:
            texts = [f"**{each.place}**\n\n{text.strip()}" for each, text in zip(several, texts, strict=True)]
        answers[number] = clean_text("\n\n".join(texts))
    return answers, {number: ", ".join(each.place for each in several) for number, several in found.items()}


def _read(path: Path) -> tuple[bytes, str]:
    """A file's bytes, and its text. Raises Unreadable."""
    try:
        if path.stat().st_size > _LONGEST_FILE:
            raise Unreadable(f"{path} has more than {_LONGEST_FILE // 2**20} MiB: that is no data sheet.")
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        return raw, raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not UTF-8 text: byte {error.start} does not fit. Save it as UTF-8.") from error
