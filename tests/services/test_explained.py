"""Explanations are counted where explainability is measured, and those that are older than the model's change apart."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from watched import add_system, measured, opened, typed

from ledger.decide.explain import DocumentExplanation
from ledger.decide.measure import RecordMeasurement
from ledger.events import ExpectationMeasured
from ledger.queries.register.documents import documents
from ledger.services.conclude import look
from ledger.services.judged import Judged
from ledger.services.open_ledger import OpenedLedger
from ledger.vocabulary.measurements import Measurement

OLD, NEW = "a" * 64, "b" * 64


@pytest.fixture
def books(sqlite_url: str) -> OpenedLedger:
    found = opened(sqlite_url)
    add_system(found, "FRAUD")
    return found


def explainability(model: str) -> Measurement:
    return replace(
        measured(50), what="explainability", value="0.1", threshold=None, files={"model": model}, sentences=()
    )


def explain(books: OpenedLedger, on: date) -> None:
    words = dict.fromkeys(("method", "artifact", "audience", "quality"), "x")
    books.record(DocumentExplanation(system="FRAUD", scope="global", on=on, **words), again=True)


def figures(books: OpenedLedger, model: str, on: date) -> tuple[str, str, str]:
    """As they are told; and recorded, they are the same."""
    concluded = books.record_measurement(explainability(model), "FRAUD", on=on)
    with books.reader() as reader:
        recorded = documents(reader, books.today)["FRAUD"].measurements
    kept: list[ExpectationMeasured] = [event for said, event in recorded if said.on == on]
    found: Any = concluded.judged.measurement
    assert kept[-1].figures == found.figures
    return found.figures["explanations"], found.figures["explanations-current"], found.sentences[-1]


def test_an_explanation_is_current_until_the_model_changes(books: OpenedLedger) -> None:
    """And one of that day or later is current again; a model that comes back has changed, too."""
    first, change, later = date(2026, 3, 1), date(2026, 5, 1), date(2026, 5, 2)
    assert figures(books, OLD, first)[:2] == ("0", "0")
    explain(books, date(2026, 2, 1))
    assert figures(books, OLD, date(2026, 3, 2))[:2] == ("1", "1")
    count, current, said = figures(books, NEW, change)
    assert (count, current) == ("1", "0")
    assert "which had changed by 2026-05-01" in said
    explain(books, change)
    assert figures(books, NEW, later)[:2] == ("2", "1")
    assert figures(books, OLD, date(2026, 6, 1))[:2] == ("2", "0")


def test_measured_again_the_same_is_the_same(books: OpenedLedger) -> None:
    """The measurement itself is no change of the model."""
    figures(books, OLD, date(2026, 3, 1))
    explain(books, date(2026, 2, 1))
    (once,) = books.record_measurement(explainability(NEW), "FRAUD", on=date(2026, 4, 1))
    (again,) = books.record_measurement(explainability(NEW), "FRAUD", on=date(2026, 4, 1))
    assert again.repeated
    assert again.recorded.position == once.recorded.position


def test_looked_at_it_says_the_same(books: OpenedLedger) -> None:
    explain(books, date(2026, 2, 1))
    judged = Judged(measurement=explainability(OLD), system="FRAUD", on=date(2026, 3, 1))
    seen = look(books.ledger, judged, books.requester).judged.measurement
    assert figures(books, OLD, date(2026, 3, 1)) == (
        seen.figures["explanations"], seen.figures["explanations-current"], seen.sentences[-1])  # fmt: skip


def test_no_other_kind_speaks_of_explanations(books: OpenedLedger) -> None:
    concluded = books.record_measurement(replace(measured(50), files={"model": OLD}), "FRAUD")
    assert "explanations" not in concluded.judged.measurement.figures


def test_a_figure_of_an_earlier_release_is_shown_as_it_was_recorded(books: OpenedLedger) -> None:
    """Its name and its verdict; and it stands for the system until it is measured again."""
    books.record(
        RecordMeasurement(
            system="FRAUD", what="explainability", expectation="comprehensible", headline="unexplained-share",
            value="0.3", threshold="0.2", verdict="broken", rows=60, on=date(2026, 1, 5))
    )  # fmt: skip
    url = books.ledger.engine.url.render_as_string()
    answer = json.loads(typed(url, ["expectations", "FRAUD", "--format", "json"]).stdout)
    assert "unexplained-share" in json.dumps(answer)
    assert "broken" in json.dumps(answer)
