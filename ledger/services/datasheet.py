"""`debt datasheet`: what a file or an edited form answers, held against what stands; the command that records it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.decide.claims import HASHED_HERE
from ledger.decide.datasheet import AnswerDatasheet
from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.decide.words import limited
from ledger.importers.answers.datasheets import AnsweredSheet, read_edited, read_sheet
from ledger.queries.register.documents import Said
from ledger.store.ledger import Ledger
from ledger.vocabulary.datasheet_form import same_answer
from ledger.vocabulary.datasheet_questions import QUESTIONS, completeness
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.text import MAX_NAME, clean_text
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

__all__ = [
    "AnsweredSheet",
    "Answers",
    "DatasheetComparison",
    "answering",
    "compare_edited",
    "compare_file",
    "dataset_name",
    "only_dataset",
    "record_answers",
    "texts",
]

#: The answers that stand for one data set, by the question's number, as `queries` has them.
Answers = Mapping[str, tuple[Said, str]]


@dataclass(frozen=True, slots=True)
class DatasheetComparison:
    """Answers held against those that stand in the data sheet of `dataset`; by the question's number.

    changed: what is to be recorded. same: numbers of those that stand already. kept: questions that are empty here
    and answered in the ledger.
    """

    dataset: str
    sheet: AnsweredSheet
    standing: Mapping[str, str]
    changed: Mapping[str, str]
    same: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def left_open(self) -> list[str]:
        """The questions without an answer once the changed ones are recorded."""
        return [number for part in completeness({*self.standing, *self.changed}) for number in part.open]


def dataset_name(text: str) -> str:
    """A data set's name, on one line that can be shown. Raises Unreadable, and Refused for one too long."""
    name = limited(clean_text(text), "The data set's name", MAX_NAME)
    if not name.isprintable():
        raise Unreadable("The data set's name holds a character that cannot be shown: write it in letters and digits.")
    return name


def only_dataset(system: str, datasheets: Mapping[str, Answers]) -> str:
    """The data set that is meant where none is named. Raises Refused if there are several."""
    if len(datasheets) > 1:
        names = ", ".join(f"'{name}'" for name in sorted(datasheets))
        raise Refused(f"{system} has several data sheets.", f"Say which with --dataset: {names}.")
    return next(iter(datasheets), system)


def texts(answers: Answers) -> dict[str, str]:
    """The answers alone, by the question's number."""
    return {number: answer for number, (_, answer) in answers.items()}


def compare_file(
    path: Path,
    datasheets: Mapping[str, Answers],
    dataset: str | None = None,
    decoding: Decoding = RECOGNISED,
) -> DatasheetComparison:
    """A file's answers held against those of a system. dataset: whose, by default of what the file names.

    Raises Unreadable for a file that is no data sheet, Refused for an answer or a name too long.
    """
    sheet = read_sheet(path, decoding)
    name = dataset or dataset_name(sheet.dataset)
    return _compared(name, sheet, texts(datasheets.get(name, {})))


def compare_edited(
    path: Path, dataset: str, shown: Mapping[str, str], decoding: Decoding = RECOGNISED
) -> DatasheetComparison:
    """What a person changed in a form: held against what was shown, so that others' answers meanwhile stand.

    Raises Unreadable for what is no form of the data set any more, Refused for an answer too long.
    """
    sheet = read_edited(path, decoding)
    if sheet.dataset != dataset:
        raise Unreadable(
            f"Its first line names '{sheet.dataset}': this is the data sheet of '{dataset}'. Nothing was recorded."
        )
    return _compared(dataset, sheet, shown)


def answering(
    system: str, compared: DatasheetComparison, *, on: date | None, late: bool, evidence: str | None
) -> AnswerDatasheet:
    """The command that records what changed, with the hash of the file that was read."""
    return AnswerDatasheet(
        on=on,
        late=late,
        evidence=evidence,
        system=system,
        dataset=compared.dataset,
        answers=dict(compared.changed),
        source=compared.sheet.source,
        source_sha256=compared.sheet.sha256,
    )


def record_answers(ledger: Ledger, answers: Request) -> tuple[Receipt, ...]:
    """Record what `answering` made of a file, which was hashed here. Raises Refused by a rule."""
    return ledger.handle(answers, objections=HASHED_HERE)


def _compared(dataset: str, sheet: AnsweredSheet, standing: Mapping[str, str]) -> DatasheetComparison:
    changed: dict[str, str] = {}
    same: list[str] = []
    kept: list[str] = []
    for number in (number for number in QUESTIONS if number in sheet.answers):
        answer = sheet.answers[number]
        if not answer:
            kept += [number] if number in standing else []
        elif number in standing and same_answer(answer, standing[number]):
            same.append(number)
        else:
            changed[number] = limited(answer, f"The answer to question {number}")
    return DatasheetComparison(dataset, sheet, standing, changed, tuple(same), tuple(kept))
