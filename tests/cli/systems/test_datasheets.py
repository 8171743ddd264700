"""The data sheet on the command line: answered in an editor, exported and read back, imported after a preview."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.decide.datasheet import AnswerDatasheet
from ledger.decide.request import Request
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.vocabulary.datasheet_form import write_form
from ledger.vocabulary.datasheet_questions import QUESTIONS
from ledger.vocabulary.errors import Refused
from tests.helpers.refusals import one_line
from tests.helpers.teller import Reply, Teller

CARD = "### Dataset Summary\n\nWeights of fish.\n\n### Languages\n\n[More Information Needed]\n\n### Funding\n\nThe state.\n"

#: What a person does in an editor: from what the file holds to what is saved.
Change = Callable[[str], str | bytes]
Editing = Callable[..., Reply]


@pytest.fixture
def edit(teller: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editing:
    """Type `--edit` with an editor that is a function; one test has a real one."""

    def run(change: Change, options: str = "") -> Reply:
        def editor(*, filename: str) -> None:
            path = Path(filename)
            changed = change(path.read_bytes().decode())
            path.write_bytes(changed if isinstance(changed, bytes) else changed.encode())

        monkeypatch.setattr("click.edit", editor)
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        return teller.type(f"datasheet FRAUD --edit {options}")

    return run


def replacing(old: str, new: str) -> Change:
    """Write something else for what stands there."""
    return lambda text: text.replace(old, new)


def answering(**by_number: str) -> Change:
    """Write answers below their questions; `q2_1` is question 2.1."""

    def change(text: str) -> str:
        for name, answer in by_number.items():
            number = name.removeprefix("q").replace("_", ".")
            heading = f"### {number} {QUESTIONS[number].asks}\n"
            assert heading in text
            text = text.replace(heading, f"{heading}\n{answer}\n")
        return text

    return change


def answers(teller: Teller, dataset: str) -> dict[str, str]:
    """What stands of a data set, by the question's number."""
    (sheet,) = teller.ask(f"datasheet FRAUD --dataset {shlex.quote(dataset)}")["datasheets"]
    return {each["question"]: each["answer"] for each in sheet["questions"] if each["answer"] is not None}


# --- showing ----------------------------------------------------------------------------------------


def test_completeness_is_shown_by_section_with_who_and_when(teller: Teller, edit: Editing) -> None:
    edit(answering(q1_1="To find fraud."), "--on 2026-07-01")
    teller.actor = "grace"
    edit(answering(q1_2="The data team.", q1_4="A remark."))
    (sheet,) = teller.ask("datasheet FRAUD")["datasheets"]
    assert (sheet["dataset"], sheet["answered"], sheet["asked"]) == ("FRAUD", 2, 50)
    assert sheet["sections"][0] == {
        "section": 1,
        "name": "Motivation",
        "answered": 2,
        "asked": 3,
        "open": ["1.3"],
        "last_on": "2026-07-15",
        "answered_by": "ada, grace",
    }
    assert sheet["sections"][1]["answered_by"] is None
    first = sheet["questions"][0]
    assert (first["answer"], first["answered_on"], first["answered_by"], first["position"]) == (
        *("To find fraud.", "2026-07-01", "ada"),
        3,
    )
    assert "2 of 50 questions are answered." in teller.do("datasheet FRAUD").out
    assert len(teller.do("datasheet FRAUD --format csv").csv) == 57
    (before,) = teller.ask("datasheet FRAUD --as-of 2026-07-14")["datasheets"]
    assert before["answered"] == 1


def test_no_data_sheet_is_told(teller: Teller) -> None:
    reply = teller.do("datasheet FRAUD")
    assert (reply.out, "`debt datasheet FRAUD --edit` asks the questions" in reply.err) == ("", True)


# --- editing ----------------------------------------------------------------------------------------


def test_what_was_changed_in_the_editor_is_recorded_and_nothing_else(teller: Teller, edit: Editing) -> None:
    edit(answering(q2_1="One payment.", q2_2="Nine."))
    edit(replacing("Nine.", "Ten."))
    *_, last = teller.ask("log FRAUD")
    assert last["data"]["answers"] == {"2.2": "Ten."}
    assert (last["data"]["source"], last["data"]["source_sha256"]) == (None, None)
    assert answers(teller, "FRAUD") == {"2.1": "One payment.", "2.2": "Ten."}


@pytest.mark.parametrize(
    "change", [str, replacing("\n", "\r\n"), lambda text: text + "\n"], ids=["as it was", "CRLF", "a line more"]
)
def test_nothing_changed_records_nothing(teller: Teller, edit: Editing, change: Change) -> None:
    edit(answering(q2_1="One payment.\n\nOr two."))
    reply = edit(change)
    assert (reply.exit_code, reply.out, teller.position) == (0, "", 3)
    assert "Nothing changed: nothing was recorded." in reply.err


def test_an_answer_taken_out_is_kept_and_told(teller: Teller, edit: Editing) -> None:
    edit(answering(q2_1="One payment."))
    reply = edit(replacing("One payment.", ""))
    assert (reply.exit_code, teller.position) == (0, 3)
    assert "an answer can be replaced and not withdrawn: 2.1." in reply.err


def test_what_says_nothing_is_no_answer_in_the_editor_either(teller: Teller, edit: Editing) -> None:
    reply = edit(answering(q2_1="N/A", q2_2="Nine."))
    assert "say nothing, which is no answer: question 2.1." in reply.err
    assert answers(teller, "FRAUD") == {"2.2": "Nine."}


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (replacing("### 2.1 ", "### 2.99 "), 2, "there is no question 2.99"),
        (replacing("### 2.1 ", "### 2.2 "), 2, "question 2.2 is there twice"),
        (lambda text: "all gone", 2, "It is no data sheet"),
        (lambda text: "", 2, "It is no data sheet"),
        (lambda text: text.encode("utf-16")[:-1], 2, "is not UTF-16 text, at line"),
        (replacing("# Datasheet: FRAUD", "# Datasheet: OTHER"), 2, "Its first line names 'OTHER'"),
        (answering(q2_1="x" * 100_001), 1, "The answer to question 2.1 has 100001 characters: at most 100000"),
    ],
    ids=["unknown", "twice", "replaced", "emptied", "half a letter", "renamed", "too long"],
)
def test_what_cannot_be_read_is_kept_in_a_file(
    teller: Teller, edit: Editing, tmp_path: Path, change: Change, code: int, said: str
) -> None:
    """Nobody's work is lost: the message names the file, and how to import it when it is mended."""
    reply = edit(change)
    assert (reply.exit_code, reply.out, teller.position) == (code, "", 2)
    assert said in one_line(reply.err)
    (kept,) = tmp_path.glob("debt-datasheet-*/datasheet.md")
    assert f"What you typed is kept in {kept}." in one_line(reply.err)


def test_an_editor_that_fails_is_told_and_leaves_nothing_behind(
    teller: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    reply = teller.type("datasheet FRAUD --edit")
    assert (reply.exit_code, teller.position) == (1, 2)
    assert "Nothing was recorded. Set EDITOR to your editor's command" in one_line(reply.err)
    assert list(tmp_path.glob("debt-datasheet-*")) == []


def test_answers_of_others_meanwhile_stand(teller: Teller, edit: Editing, tmp_path: Path) -> None:
    """What is held against what was typed is the form as it was shown."""
    edit(answering(q2_1="One payment."))
    (tmp_path / "theirs.md").write_text(write_form("FRAUD", {"2.1": "Two payments."}))

    def while_somebody_imports(text: str) -> str | bytes:
        teller.do(f"datasheet FRAUD --import '{tmp_path / 'theirs.md'}' --yes")
        return answering(q2_2="Nine.")(text)

    assert edit(while_somebody_imports).exit_code == 0
    assert answers(teller, "FRAUD") == {"2.1": "Two payments.", "2.2": "Nine."}


def test_the_editor_is_the_one_of_the_surroundings(
    teller: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\nPATH=/usr/bin:/bin\nsed -i "s/^### 1.1 .*/&\\n\\nFor tests./" "$1"\n')
    script.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.delenv("VISUAL", raising=False)
    teller.do("datasheet FRAUD --edit")
    assert answers(teller, "FRAUD") == {"1.1": "For tests."}


# --- the round trip ---------------------------------------------------------------------------------

HOSTILE = "=1+1\n### 2.5 forged\n\\## 1\n<!-- hidden\n\x1b[2J &#27; |a|b|\n```\nunclosed"


def test_an_export_reads_back_exactly(teller: Teller, tmp_path: Path) -> None:
    """Another book that imports it answers the same; the one it came from has nothing to record."""
    (tmp_path / "in.md").write_text(write_form("a 'data' set", {"2.4": HOSTILE, "1.1": "Why not?"}))
    teller.do(
        f"datasheet FRAUD --import '{tmp_path / 'in.md'}' --yes", f"datasheet FRAUD --export '{tmp_path / 'out.md'}'"
    )
    exported = (tmp_path / "out.md").read_text()
    assert (exported, "\x1b" in exported) == ((tmp_path / "in.md").read_text(), False)
    assert answers(teller, "a 'data' set") == {"1.1": "Why not?", "2.4": HOSTILE}
    again = teller.do(f"datasheet FRAUD --import '{tmp_path / 'out.md'}' --yes")
    assert (teller.position, "Nothing to record" in again.err) == (3, True)
    teller.do("system add OTHER Other --team red", f"datasheet OTHER --import '{tmp_path / 'out.md'}' --yes")
    theirs = teller.ask("datasheet OTHER")["datasheets"][0]["questions"]
    assert {each["question"]: each["answer"] for each in theirs if each["answer"]} == {
        "1.1": "Why not?",
        "2.4": HOSTILE,
    }


def test_hostile_answers_stay_texts_where_they_are_shown(teller: Teller, tmp_path: Path) -> None:
    (tmp_path / "in.md").write_text(write_form("=data", {"2.4": HOSTILE}))
    line = f"datasheet FRAUD --import '{tmp_path / 'in.md'}'"
    preview = teller.do(line)
    assert "\x1b" not in preview.out + preview.err
    (tmp_path / "card.md").write_text(f"{CARD}\n### \x1b[2J Prices\n\nHigh.\n")
    beside = teller.do(f"datasheet FRAUD --import '{tmp_path / 'card.md'}'").err
    assert ("\x1b" in beside, "�[2J Prices" in beside) == (False, True)
    (row,) = teller.do(f"{line} --format csv").csv
    assert row["answer"] == f"'{HOSTILE}"
    teller.do(f"{line} --yes")
    assert "\x1b" not in teller.do("datasheet FRAUD").out
    shown = teller.do("datasheet FRAUD --format csv").csv
    assert [each["answer"] for each in shown if each["question"] == "2.4"] == [f"'{HOSTILE}"]
    assert {each["dataset"] for each in shown} == {"'=data"}


def test_a_file_that_is_there_is_not_replaced_unasked(teller: Teller, tmp_path: Path) -> None:
    target = tmp_path / "out.md"
    target.write_text("mine")
    reply = teller.type(f"datasheet FRAUD --export '{target}'")
    assert (reply.exit_code, target.read_text()) == (1, "mine")
    teller.do(f"datasheet FRAUD --export '{target}' --force")
    assert target.read_text() == write_form("FRAUD", {})


# --- importing --------------------------------------------------------------------------------------


def test_a_preview_records_nothing_and_says_what_stays_open(teller: Teller, tmp_path: Path) -> None:
    path = tmp_path / "fish.md"
    path.write_text(CARD)
    found = teller.ask(f"datasheet FRAUD --import '{path}'")
    assert teller.position == 2
    assert found["changes"] == [
        {
            "question": "2.1",
            "asks": QUESTIONS["2.1"].asks,
            "standing": None,
            "answer": "Weights of fish.",
            "place": "Dataset Summary",
        }
    ]
    assert (found["kind"], found["says_nothing"], found["not_used"]) == ("dataset card", ["Languages"], ["Funding"])
    assert len(found["left_open"]) == 49
    told = teller.do(f"datasheet FRAUD --import '{path}'")
    assert "It leaves open 49 of 50 questions: 1.1 1.2" in told.err
    (command,) = [line.split("`")[1] for line in told.err.splitlines() if "Nothing is recorded yet" in line]
    teller.do(command.removeprefix("debt "))
    assert answers(teller, "fish") == {"2.1": "Weights of fish."}


def test_an_imported_answer_carries_its_file_and_hash(teller: Teller, tmp_path: Path) -> None:
    path = tmp_path / "fish.md"
    path.write_text(CARD)
    receipt = teller.ask(f"datasheet FRAUD --dataset catch --import '{path}' --yes")
    (event,) = [each for each in teller.ask("log FRAUD") if each["position"] == receipt["position"]]
    assert (event["stored_as"], event["data"]["dataset"]) == ("datasheet-answered/1", "catch")
    assert event["data"]["source"] == "fish.md"
    assert event["data"]["source_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_import_shows_what_it_replaces_and_what_stands(teller: Teller, tmp_path: Path) -> None:
    path = tmp_path / "fish.md"
    path.write_text(CARD)
    teller.do(f"datasheet FRAUD --import '{path}' --yes")
    path.write_text(CARD.replace("Weights of fish.", "Lengths of fish.") + "\n### Data Splits\n\nNone.\n")
    found = teller.ask(f"datasheet FRAUD --import '{path}'")
    assert [(each["question"], each["standing"], each["answer"]) for each in found["changes"]] == [
        ("2.1", "Weights of fish.", "Lengths of fish."),
        ("2.8", None, "None."),
    ]
    path.write_text(CARD + "\n### Data Splits\n\nNone.\n")
    found = teller.ask(f"datasheet FRAUD --import '{path}'")
    assert ([each["question"] for each in found["changes"]], found["standing"]) == (["2.8"], ["2.1"])


def test_croissant_metadata_is_imported(teller: Teller, tmp_path: Path) -> None:
    metadata = {
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "fish",
        "creator": {"name": "The fishery"},
        "rai:dataBiases": "Big fish only.",
    }
    (tmp_path / "metadata.json").write_text(json.dumps(metadata))
    preview = teller.do(f"datasheet FRAUD --import '{tmp_path / 'metadata.json'}'")
    assert "rai:dataCollection," in preview.err
    teller.do(f"datasheet FRAUD --import '{tmp_path / 'metadata.json'}' --yes")
    assert answers(teller, "fish") == {"1.2": "The fishery", "5.4": "Big fish only."}


def test_an_answer_that_is_too_long_is_told_and_the_rest_recorded(teller: Teller, tmp_path: Path) -> None:
    (tmp_path / "fish.md").write_text(f"{CARD}\n### Data Fields\n\n{'x' * 100_001}\n")
    reply = teller.do(f"datasheet FRAUD --import '{tmp_path / 'fish.md'}' --yes")
    assert "The answer to question 2.4 (Data Fields) has more than 100,000 characters" in one_line(reply.err)
    assert answers(teller, "fish") == {"2.1": "Weights of fish."}


def test_a_question_worded_otherwise_is_told(teller: Teller, tmp_path: Path) -> None:
    form = write_form("fish", {"1.2": "The fishery."}).replace(QUESTIONS["1.2"].asks, "Who made it?")
    (tmp_path / "form.md").write_text(form)
    reply = teller.do(f"datasheet FRAUD --import '{tmp_path / 'form.md'}' --yes")
    assert "question 1.2 is worded otherwise" in reply.err
    assert answers(teller, "fish") == {"1.2": "The fishery."}


@pytest.mark.parametrize(
    ("name", "raw", "code", "said"),
    [
        ("card.md", b"### Languages\n\nD\x81nisch\n", 2, "card.md is not Windows-1252 text, at line 3, column 2"),
        ("c.json", b'{"@type": "sc:Dataset"}', 2, "c.json: It is JSON, but no Croissant metadata"),
        ("card.md", b"# Readme\n", 2, "It is neither a data sheet of this ledger"),
        ("form.md", write_form("d", {}).replace("### 1.1", "### 1.9").encode(), 2, "Line 9: there is no question 1.9"),
        ("form.md", write_form("d", {"1.1": "x" * 100_001}).encode(), 1, "question 1.1 has 100001 characters"),
        ("README.md", b"# Model Card for Fish\n\n## Uses\n\nTo weigh.\n", 2, "README.md: It is a model card"),
        ("form.md", write_form("d" * 101, {"1.1": "x"}).encode(), 1, "The data set's name has 101 characters"),
        ("form.md", write_form("a\x1b[2J", {"1.1": "x"}).encode(), 2, "name holds a character that cannot be shown"),
    ],
    ids=["no encoding", "json", "readme", "question", "long form", "model card", "long name", "hostile name"],
)
def test_a_file_that_cannot_be_imported_records_nothing(
    teller: Teller, tmp_path: Path, name: str, raw: bytes, code: int, said: str
) -> None:
    """Neither shown nor with --yes."""
    (tmp_path / name).write_bytes(raw)
    for yes in ("", " --yes"):
        reply = teller.type(f"datasheet FRAUD --import '{tmp_path / name}'{yes}")
        assert (reply.exit_code, reply.out, teller.position) == (code, "", 2)
        assert said in one_line(reply.err)
        assert "Nothing was recorded." in one_line(reply.err) or code == 2


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("datasheet FRAUD --edit --export x.md", 2, "--edit and --export are two things"),
        ("datasheet FRAUD --yes", 2, "--yes records what --import FILE shows"),
        ("datasheet FRAUD --force", 2, "--force goes with --export FILE"),
        ("datasheet FRAUD --on 2026-07-01", 2, "go with --edit or --import"),
        ("datasheet FRAUD --edit --as-of 2026-07-01", 2, "what is recorded takes --on"),
        ("datasheet FRAUD --import none.md", 2, "'none.md' does not exist"),
        ("datasheet FRAUD --dataset 'a\x1b' --edit", 2, "name holds a character that cannot be shown"),
        ("datasheet FROD --edit", 1, "There is no system FROD"),
        ("datasheet FRAUD --dataset fish", 1, "FRAUD has no data sheet of 'fish'"),
        ("datasheet FRAUD --export nowhere/x.md", 2, "There is no folder"),
    ],
)
def test_options_that_do_not_go_together_are_refused(teller: Teller, typed: str, code: int, said: str) -> None:
    reply = teller.type(typed)
    assert (reply.exit_code, reply.out, teller.position) == (code, "", 2)
    assert said in one_line(reply.err)


@pytest.mark.parametrize(
    ("answers_", "said"),
    [
        ({"1.1": "Fish.", "2.99": "Nine."}, "A data sheet has no question '2.99'"),
        ({"1.1": " "}, "The answer to question 1.1 is empty"),
        ({}, "There is no answer in it"),
    ],
)
def test_a_program_cannot_answer_what_is_not_asked(teller: Teller, answers_: dict[str, str], said: str) -> None:
    """The rule holds for whoever hands the command in, not only for forms."""
    engine = open_engine(f"sqlite:///{teller.path}")
    ledger = Ledger(engine, "main", teller.clock, lambda: "f" * 32)
    command = AnswerDatasheet(system="FRAUD", dataset="fish", answers=answers_)
    with pytest.raises(Refused) as refusal:
        ledger.handle(Request(command, "ada", teller.clock().date()))
    engine.dispose()
    assert said in str(refusal.value)
    assert teller.position == 2


def test_of_several_data_sheets_one_has_to_be_named(teller: Teller, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(write_form(name, {"1.1": name}))
        teller.do(f"datasheet FRAUD --import '{tmp_path / f'{name}.md'}' --yes")
    assert [sheet["dataset"] for sheet in teller.ask("datasheet FRAUD")["datasheets"]] == ["one", "two"]
    reply = teller.type(f"datasheet FRAUD --export '{tmp_path / 'out.md'}'")
    assert (reply.exit_code, "Say which with --dataset: 'one', 'two'." in one_line(reply.err)) == (1, True)
    teller.do(f"datasheet FRAUD --dataset two --export '{tmp_path / 'out.md'}'")
    assert (tmp_path / "out.md").read_text() == write_form("two", {"1.1": "two"})


def test_every_real_card_is_imported_and_has_nothing_to_record_twice(teller: Teller, shared_data: Path) -> None:
    """One after the other, as a person would; each under its own name."""
    cards = sorted((shared_data / "cards").glob("*.md"))[::5]
    for card in cards:
        teller.do(f"datasheet FRAUD --import '{card}' --yes")
    position = teller.position
    assert position == 2 + len(cards)
    for card in cards:
        teller.do(f"datasheet FRAUD --import '{card}' --yes")
    assert teller.position == position


def test_a_card_in_another_encoding_is_read_and_that_is_said(teller: Teller, tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_bytes("### Languages\n\nDänisch, 5 €\n".encode("cp1252"))
    told = "card.md is read as Windows-1252: it is no UTF-8, and has no mark."
    assert told in one_line(teller.do(f"datasheet FRAUD --import '{card}' --dataset d").err)
    card.write_bytes("### Languages\n\nDänisch, 5 €\n".encode("iso-8859-15"))
    reply = teller.do(f"datasheet FRAUD --import '{card}' --dataset d --yes --encoding iso-8859-15")
    assert (answers(teller, "d"), "is read as" in reply.err) == ({"2.1": "Dänisch, 5 €"}, False)
    refused = teller.type("datasheet FRAUD --encoding cp1252")
    assert (refused.exit_code, "goes with --import" in one_line(refused.err)) == (2, True)
