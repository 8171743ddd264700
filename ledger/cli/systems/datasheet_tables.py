"""Data sheets on the screen: how far they are answered, by whom and when; what an import would record."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ledger.cli.kit.output import Record, print_csv, print_json, print_lines, print_records, print_table, say
from ledger.cli.kit.projection import say_beside, titled, told
from ledger.services.datasheet import Answers, DatasheetComparison
from ledger.vocabulary.datasheet_questions import QUESTIONS, SECTIONS, completeness
from ledger.vocabulary.errors import NotFound

_SECTION = ("section", "name", "answered", "asked", "open", "last_on", "answered_by")
_QUESTION = ("dataset", "question", "section", "asks", "answer", "answered_on", "answered_by", "position")
_CHANGE = ("question", "asks", "standing", "answer", "place")
_SHOWN = 80


def show(system: str, found: Mapping[str, Answers], dataset: str | None, days: tuple[date, date], form: str) -> None:
    """Show how far the data sheets of a system are answered. days: the one shown, and today.

    Raises NotFound for a data set that has none.
    """
    if dataset is not None and dataset not in found:
        has = ", ".join(f"'{name}'" for name in sorted(found)) or "none"
        raise NotFound(f"{system} has no data sheet of '{dataset}'. Those it has: {has}.")
    names = [dataset] if dataset is not None else sorted(found)
    if form == "json":
        answer: Record = {
            "system": system,
            "as_of": days[0],
            "datasheets": [_record(name, found[name]) for name in names],
        }
        print_json(told(answer, *days))
    elif form == "csv":
        print_csv([each for name in names for each in _questions(name, found[name])], _QUESTION)
    elif names:
        for name in names:
            _print_sections(titled(f"Data sheet of {name}", *days), found[name])
    else:
        say(f"No data of {system} is documented. `debt datasheet {system} --edit` asks the questions.")
    say_beside(form, *days)


def _print_sections(title: str, answers: Answers) -> None:
    sections = _sections(answers)
    shown = [section | {"open": " ".join(section["open"]) or None} for section in sections]
    print_table(shown, _SECTION, title=_plain(title), right=("section", "answered", "asked"))
    answered, asked = (sum(section[key] for section in sections) for key in ("answered", "asked"))
    print_lines(f"{answered} of {asked} questions are answered.")


def _sections(answers: Answers) -> list[Record]:
    records: list[Record] = []
    for part in completeness(answers):
        said = [each for number, (each, _) in answers.items() if number.startswith(f"{part.section}.")]
        records.append(
            {
                "section": part.section,
                "name": part.name,
                "answered": part.answered,
                "asked": part.asked,
                "open": list(part.open),
                "last_on": max((each.on for each in said), default=None),
                "answered_by": ", ".join(sorted({each.actor for each in said})) or None,
            }
        )
    return records


def _record(name: str, answers: Answers) -> Record:
    sections = _sections(answers)
    return {
        "dataset": name,
        "answered": sum(section["answered"] for section in sections),
        "asked": sum(section["asked"] for section in sections),
        "sections": sections,
        "questions": _questions(name, answers),
    }


def _questions(name: str, answers: Answers) -> list[Record]:
    records: list[Record] = []
    for number, question in QUESTIONS.items():
        said, answer = answers.get(number, (None, None))
        records.append(
            {
                "dataset": name,
                "question": number,
                "section": SECTIONS[question.section - 1],
                "asks": question.asks,
                "answer": answer,
                "answered_on": said.on if said else None,
                "answered_by": said.actor if said else None,
                "position": said.position if said else None,
            }
        )
    return records


# --- what an import would record ---------------------------------------------------------------------


def preview(system: str, source: Path, compared: DatasheetComparison, form: str) -> None:
    """Show what importing a file would record, and what it leaves open."""
    sheet, dataset = compared.sheet, compared.dataset
    if form == "json":
        print_json(_as_record(system, compared))
        return
    records = _changes(compared)
    title = _plain(f"What {sheet.source}, {_article(sheet.kind)}, answers of {dataset}")
    empty = f"{source} answers nothing that does not stand there already."
    print_records(
        form, [_shortened(each) for each in records] if form == "table" else records, _CHANGE, title=title, empty=empty
    )
    tell_beside(compared)
    left, asked = compared.left_open, sum(part.asked for part in completeness(()))
    say(f"It leaves open {len(left)} of {asked} questions: {' '.join(left)}." if left else "No question is left open.")
    if compared.changed:
        again = shlex.join(["debt", "datasheet", system, "--dataset", dataset, "--import", str(source), "--yes"])
        say(f"Nothing is recorded yet: `{again}` records {answers_text(len(compared.changed))}.")


def answers_text(number: int) -> str:
    """'1 answer', '7 answers'."""
    return "1 answer" if number == 1 else f"{number} answers"


def _as_record(system: str, compared: DatasheetComparison) -> Record:
    sheet = compared.sheet
    return {
        "system": system,
        "dataset": compared.dataset,
        "kind": sheet.kind,
        "source": sheet.source,
        "source_sha256": sheet.sha256,
        "changes": _changes(compared),
        "standing": list(compared.same),
        "kept": list(compared.kept),
        "says_nothing": list(sheet.silent),
        "not_used": list(sheet.unused),
        "left_open": compared.left_open,
        "warnings": list(sheet.warnings),
    }


def _changes(compared: DatasheetComparison) -> list[Record]:
    return [
        {
            "question": number,
            "asks": QUESTIONS[number].asks,
            "standing": compared.standing.get(number),
            "answer": answer,
            "place": compared.sheet.places.get(number),
        }
        for number, answer in compared.changed.items()
    ]


def _shortened(change: Record) -> Record:
    """Enough of the texts to recognise them, on one line."""

    def short(text: str | None) -> str | None:
        line = " ".join(text.split()) if text else text
        return line if line is None or len(line) <= _SHOWN else line[:_SHOWN] + "…"

    return change | {name: short(change[name]) for name in ("standing", "answer")}


def _article(kind: str) -> str:
    return kind if kind.endswith("metadata") else f"a {kind}"


def tell_beside(compared: DatasheetComparison) -> None:
    """What there is to say beside the answers: what was worded otherwise, says nothing, was not used, is kept."""
    sheet = compared.sheet
    for warning in sheet.warnings:
        say(_plain(warning))
    if sheet.silent:
        say(_plain(f"These places say nothing, which is no answer: {', '.join(sheet.silent)}."))
    if sheet.unused:
        say(_plain(f"These answer none of the questions: {', '.join(sheet.unused)}."))
    if compared.same and sheet.kind != "data sheet":
        say(f"Answered already in the same words: {' '.join(compared.same)}.")
    if compared.kept:
        say(f"Empty here, and kept, because an answer can be replaced and not withdrawn: {' '.join(compared.kept)}.")


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in text)
