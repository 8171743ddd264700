"""What `import`, `budget import` and `datasheet --import` decide, they decide from Python too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from ledger.decide.budget_set import SetBudget
from ledger.decide.claims import HASHED_HERE
from ledger.decide.request import Request
from ledger.queries.reader import reader_of
from ledger.queries.register.documents import documents
from ledger.services import budget_import
from ledger.services.datasheet import Answers, answering, compare_edited, compare_file, only_dataset, texts
from ledger.services.import_ import import_findings
from ledger.store.ledger import Ledger
from ledger.vocabulary.datasheet_form import write_form
from ledger.vocabulary.errors import Refused, Unreadable
from tests.helpers.budget_forms import row
from tests.helpers.budget_forms import write_form as write_budget_form
from tests.importers.conftest import TODAY
from tests.importers.test_import_kinds import LINT


def position(ledger: Ledger) -> int:
    with ledger.reading() as connection:
        return int(connection.execute(text("SELECT position FROM head")).scalar_one())


# --- findings ---------------------------------------------------------------------------------------


def test_findings_are_of_the_kinds_category_where_none_is_named(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("W1|2026-10-05|open|30|Loud", "utf-8")
    with pytest.raises(Refused, match="no category ''"):
        import_findings(ledger, LINT, [tmp_path], system="BOURSI", actor="lead", asked_on=TODAY, category="")
    import_findings(ledger, LINT, [tmp_path], system="BOURSI", actor="lead", asked_on=TODAY)
    with ledger.reading() as connection:
        assert connection.execute(text("SELECT category FROM item")).scalar_one() == LINT.category


# --- data sheets ------------------------------------------------------------------------------------


def standing(ledger: Ledger) -> Mapping[str, Answers]:
    with reader_of(ledger) as reader:
        return documents(reader, TODAY)["BOURSI"].datasheets


def record_file(ledger: Ledger, path: Path, dataset: str | None = None) -> None:
    compared = compare_file(path, standing(ledger), dataset)
    ledger.handle(
        Request(answering("BOURSI", compared, on=None, late=False, evidence="mail"), "lead", TODAY),
        objections=HASHED_HERE,
    )


def test_a_files_answers_are_held_against_those_that_stand(ledger: Ledger, tmp_path: Path) -> None:
    form, card = tmp_path / "form.md", tmp_path / "card.md"
    form.write_text(write_form("quotes", {"2.1": "Prices.", "6.4": "MIT"}), "utf-8")
    card.write_text(
        "### Dataset Summary\n\nPrices.\n\n### Licensing Information\n\nApache\n\n### Curation Rationale\n\nUs\n",
        "utf-8",
    )
    record_file(ledger, form)
    compared = compare_file(card, standing(ledger), "quotes")
    assert (compared.dataset, compared.changed) == ("quotes", {"6.4": "Apache", "1.1": "Us"})
    assert (compared.same, compared.kept) == (("2.1",), ())
    record_file(ledger, card, "quotes")
    assert texts(standing(ledger)["quotes"]) == {"2.1": "Prices.", "6.4": "Apache", "1.1": "Us"}
    assert compare_file(card, standing(ledger), "quotes").left_open == compared.left_open


def test_what_a_form_leaves_empty_is_kept(ledger: Ledger, tmp_path: Path) -> None:
    form = tmp_path / "form.md"
    form.write_text(write_form("quotes", {"2.1": "Prices."}), "utf-8")
    record_file(ledger, form)
    form.write_text(write_form("quotes", {}), "utf-8")
    compared = compare_file(form, standing(ledger))
    assert (compared.changed, compared.same, compared.kept) == ({}, (), ("2.1",))


def test_a_file_is_the_source_of_its_answers_and_an_edited_form_is_none(ledger: Ledger, tmp_path: Path) -> None:
    form = tmp_path / "form.md"
    form.write_text(write_form("quotes", {"2.1": "Prices."}), "utf-8")
    of_file = answering("BOURSI", compare_file(form, {}), on=None, late=False, evidence=None)
    edited = answering("BOURSI", compare_edited(form, "quotes", {}), on=None, late=False, evidence=None)
    assert (of_file.source, len(of_file.source_sha256 or "")) == ("form.md", 64)
    assert (edited.source, edited.source_sha256) == (None, None)
    assert of_file.answers == edited.answers == {"2.1": "Prices."}


def test_an_edited_form_is_of_the_data_set_that_was_shown(tmp_path: Path) -> None:
    form = tmp_path / "form.md"
    form.write_text(write_form("others", {"2.1": "Prices."}), "utf-8")
    with pytest.raises(Unreadable, match="names 'others': this is the data sheet of 'quotes'"):
        compare_edited(form, "quotes", {})


def test_one_data_set_need_not_be_named_and_of_two_neither_is_meant() -> None:
    assert only_dataset("BOURSI", {}) == "BOURSI"
    assert only_dataset("BOURSI", {"quotes": {}}) == "quotes"
    with pytest.raises(Refused, match="'news', 'quotes'"):
        only_dataset("BOURSI", {"quotes": {}, "news": {}})


# --- the budget form --------------------------------------------------------------------------------


def test_a_form_is_compared_without_and_recorded_with_consequence(ledger: Ledger, tmp_path: Path) -> None:
    ledger.handle(Request(SetBudget(quarter="2027Q1", team="quant", amount_minor=50000), "lead", TODAY))
    form = write_budget_form(tmp_path / "form.xlsx", [row("2027Q1", "quant", 700, 500)])
    before = position(ledger)
    (change,) = budget_import.compare(ledger, form, TODAY).changes
    assert (change.ledger_minor, change.command.amount_minor, position(ledger)) == (50000, 70000, before)
    _, receipts = budget_import.record(ledger, form, actor="finance", asked_on=TODAY)
    assert [receipt.recorded.position for receipt in receipts] == [before + 1]
    again, receipts = budget_import.record(ledger, form, actor="finance", asked_on=TODAY)
    assert ([receipt.recorded.position for receipt in again.earlier], receipts) == ([before + 1], ())


def test_a_form_with_one_bad_cell_records_nothing(ledger: Ledger, tmp_path: Path) -> None:
    form = write_budget_form(tmp_path / "form.xlsx", [row("2027Q1", "quant", 700), row("2027Q2", "quant", "much")])
    before = position(ledger)
    with pytest.raises(budget_import.FormRefused, match="'much' is text"):
        budget_import.record(ledger, form, actor="finance", asked_on=TODAY)
    assert position(ledger) == before
