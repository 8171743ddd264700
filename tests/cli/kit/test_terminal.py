"""What people typed reaches a terminal as text: nothing of it is obeyed, hidden or taken for a line of ours."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cli.kit.edge import Edge
from ledger.decide.datasheet import AnswerDatasheet
from ledger.events import STORED_AS
from ledger.events.codec import UPCASTERS
from ledger.vocabulary.plain_text import REPLACEMENT, plain, plain_lines
from tests.helpers.command_tree import leaves, typed_as
from tests.helpers.documents_typed import record
from tests.helpers.lines import GATE
from tests.helpers.teller import INIT, NOON, Clock, Teller, copied, new_id
from tests.helpers.terminals import on_a_terminal

#: Clears the screen, renames the window, hides what follows, C1, overrides the direction, hides a letter, forges a line.
HOSTILE = (
    "x\nFORGED",
    "\x1b[2Jx",
    "\x1b]0;owned\x07x",
    "\x1b[8;5mx",
    "x\x9b2J\x9d0;owned\x9c",
    "x\u202eyx\u2066",
    "pay\u200bload",
    "ad\u00admin\u2060",
    "x\rx",
    "x\x08\x7f",
    "\U000e0041x",
)
EVERY = " ".join(HOSTILE)

#: What rich draws with: colours, and on a bar that is wiped away the cursor.
_OURS = re.compile(r"\x1b\[(?:(?!8;5m)[0-9;]*m|2K|\?25[lh]|[0-9]+A)|\r")

#: Every text is hostile. `@` stands for it; a name is short, so that `@@` is a shorter one.
STORY = (
    "system add FRAUD @ --team @@ --cost-centre @@ --evidence @",
    "system add PRICE @ --team red",
    "system depends FRAUD PRICE --what @",
    f"commission FRAUD @ --category glue-code --principal 1000 --interest 100/year {GATE} --on 2026-02-01 --adr @",
    "commission FRAUD @ --category glue-code --principal 9 --decided-by @@ --because @ --benefit @ --repay-by 2026Q4",
    "observe FRAUD @ --category glue-code --cause expedience --principal 1000 --on 2026-02-01 --key @@",
    "adopt FRAUD-3 --decided-by @@ --because @ --benefit @ --repay-by 2026Q4",
    "renew FRAUD-1 --repay-by 2027Q1 --decided-by @@ --because @",
    "repay FRAUD-1 10 --evidence @",
    "revise FRAUD-1 --principal 1500 --because @",
    "plan FRAUD-1 2026Q4 --evidence @",
    "reverse 12 --because @",
    "note FRAUD-1 @ --evidence @",
    "interest FRAUD-1 25 --because @ --evidence @",
    "undo FRAUD-1 --yes --because @",
    "edit FRAUD-1 --title anew@ --evidence @",
    "assign FRAUD-1 @@ --evidence @",
    "link FRAUD-1 https://tracker.example/@@",
    "tag FRAUD-1 +later --evidence @",
    "write-off FRAUD-2 --because @",
    "system seen FRAUD --by @",
    "rate set 800 --from 2026-01-01 --team @@ --evidence @",
    "budget set 2026Q3 900 --team @@ --evidence @",
    "forecast set 2026Q3 900 --team @@ --evidence @",
    "policy set second-actor-close on --evidence @",
    "monitor FRAUD @@ --what prediction-bias --threshold 0.02 --alerts no --remediation manual --plan @ --slice @",
    "explain FRAUD --scope local --method @ --artifact @ --audience @ --quality @",
    "robustness FRAUD @@ --perturbation @ --passed 3 --of 100 --data @ --threshold 0.9 --record",
    "score FRAUD data-1 manual --evidence @",
    "system change FRAUD --team @@ --cost-centre @@",
    "system retire PRICE --because @",
    "close 2025Q4 --evidence @",
    "time-zone set Asia/Tokyo --evidence @",
    "system change FRAUD --name renamed-@ --new-team --evidence @",
    "rate withdraw 23 --because @ --evidence @",
)
QUESTIONS = (
    "help repay",
    "init --book @@ --currency EUR --time-zone @@",
    "init --book main --currency @@",
    "system graph",
    "system list",
    "system show FRAUD",
    "delta --by team",
    "rollforward 2026Q1 --by team --by cost-centre",
    "ageing",
    "list",
    "status",
    "due",
    "due 2026Q1 --team @@",
    "list --team @@",
    "list --sort title --columns item,title,tags",
    "search @@",
    "search said --status all",
    "show FRAUD-1",
    "show FRAUD-3",
    "log",
    "rate list",
    "rate list --withdrawn",
    "budget list",
    "budget import @@",
    "policy list",
    "policy set @@ on",
    "verify --against @@",
    "verify",
    "replay --from 2026-01-01",
    "checkpoint",
    "checkpoint --sign @@",
    "prove 3 --against @@",
    "bundle @@/x",
    "audit-report --sample 5 --seed @@ --show 0",
    "report 2026Q1 --into @@",
    "reproduce @@",
    "verify-workbook @@",
    "monitor FRAUD",
    "datasheet FRAUD",
    "datasheet FRAUD --dataset payments",
    "explain FRAUD",
    "robustness FRAUD",
    "robustness run FRAUD @@ --model @@ --data @@ --trust",
    "score FRAUD",
    "measure prediction-bias FRAUD @@ --predicted @ --observed @",
    "measure drift FRAUD --reference @@ --live @@",
    "measure explainability FRAUD --model @@ --data @@ --target @@",
    "measure comprehensibility FRAUD --repo @@",
    "expectations FRAUD",
    "review",
    "import csv @@",
    "import sonarqube @@ --system FRAUD",
    "import sarif @@ --system FRAUD",
    "import adr @@ --system FRAUD",
    "decisions",
    "adr FRAUD-1",
    "accepted",
    "sources",
    "git scan --repo @@",
    "git scan @@",
    "git hook install --repo @@",
    "git hook uninstall --repo @@",
    "git hook check @@",
    "export hledger -",
    "export jsonl -",
    "export csv -",
    "categories @",
    "db backup @@/x",
    "config",
    "db check",
    "db rebuild",
    "db restore @@",
    "db roles --owner @@ --writer @@ --auditor @@",
    "db upgrade",
    "demo --into @@/x --events 1",
    "repay FRAUD-1 10 --evidence @",
)


def unsafe_in(text: str) -> list[str]:
    """The characters that no terminal should be sent, but for those that draw our own tables."""
    bare = _OURS.sub("", text)
    return sorted({character for character in bare if character not in "\n\t" and plain(character) != character})


def words_of(line: str, text: str) -> list[str]:
    return [
        text if word == "@" else text[:60] if word == "@@" else word for word in shlex.split(line.replace("@@/x", "@@"))
    ]


def forms(path: tuple[str, ...]) -> Iterator[list[str]]:
    """Each form in which a command answers."""
    command = dict(leaves())[path]
    form = next((parameter for parameter in command.params if "--format" in parameter.opts), None)
    assert form is None or isinstance(form.type, click.Choice)
    yield from ([["--format", each] for each in form.type.choices] if form is not None else [[]])


def path_of(line: str) -> tuple[str, ...]:
    """The command that a line types."""
    words = tuple(line.split())
    return next(path for path, _ in leaves() if words[: len(path)] == path)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which every text that a person can say is hostile; and nothing of its telling is obeyed."""
    path = tmp_path_factory.mktemp("told") / "ledger.db"
    Teller(path, Clock(NOON.replace(year=2025, month=1, day=1))).do(INIT)
    clock = Clock()
    for line in STORY:
        said = on_a_terminal([*before(path), *words_of(line, EVERY)], Edge(clock, new_id))
        assert "Nothing was recorded" not in said, said
        check(line, [], said)
    answer = AnswerDatasheet(system="FRAUD", dataset="payments", answers={"1.1": EVERY}, on=NOON.date())
    record(f"sqlite:///{path}", [answer], clock, new_id)
    return path


def before(path: Path) -> list[str]:
    return ["--database", f"sqlite:///{path}", "--actor", EVERY[:60]]


def check(line: str, form: list[str], said: str) -> None:
    assert unsafe_in(said) == [], f"debt {line} {form}: {said!r}"
    if "csv" not in (*form, *line.split()):
        # In CSV a line feed within a field is the field's own.
        assert not re.search(r"^FORGED", said, re.MULTILINE), f"debt {line} {form}: {said!r}"


def test_every_command_is_typed() -> None:
    assert {path for path, _ in leaves()} == {path_of(line) for line in (*STORY, *QUESTIONS)}


@pytest.mark.reliability
@pytest.mark.parametrize("line", QUESTIONS)
def test_an_answer_on_a_terminal_is_plain(told: Path, tmp_path: Path, line: str) -> None:
    """Every command, of a book whose every text is hostile; a refusal is an answer."""
    ask(copied(told, tmp_path / "ledger.db"), line, [])


@pytest.mark.reliability
@pytest.mark.parametrize("line", [*QUESTIONS, *STORY])
def test_an_answer_in_every_form_is_plain(told: Path, tmp_path: Path, line: str) -> None:
    """The same as JSON and CSV; what was told is told again, which is a refusal that shows the first receipt."""
    path = copied(told, tmp_path / "ledger.db")
    for form in forms(path_of(line)):
        ask(path, line, form)


def ask(path: Path, line: str, form: list[str]) -> None:
    check(line, form, on_a_terminal([*before(path), *words_of(line, EVERY), *form], Edge(Clock(), new_id)))


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("path", "command"), list(leaves()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_wrong_usage_on_a_terminal_is_plain(tmp_path: Path, path: tuple[str, ...], command: click.Command) -> None:
    """The word that is repeated because it cannot be read, for every parameter of every command."""
    told = before(tmp_path / "none.db")
    for parameter in command.params:
        said = on_a_terminal([*told, *path, *typed_as(parameter, EVERY)], Edge(Clock(), new_id))
        assert unsafe_in(said) == [], (parameter.name, said)


def test_every_kind_of_event_but_those_of_files_is_told(told: Path) -> None:
    stored = {event["stored_as"] for event in Teller(told).ask("log")}
    of_files = {"pack-issued/1", "checkpoint-signed/1", "evidence-added/2", "reference-replaced/1", "import-run/1",
                "decision-logged/1", "decision-retracted/1"}  # fmt: skip
    assert set(STORED_AS) - set(UPCASTERS) - stored == of_files


def test_a_pipe_gets_what_was_typed(told: Path) -> None:
    """What other programs read is exact, in JSON, CSV and journals alike."""
    teller = Teller(told)
    titles = {row["title"] for row in teller.ask("list --status all")}
    assert EVERY in titles
    assert EVERY in {row["title"] for row in teller.do("list --status all --format csv").csv}


@given(st.text())
def test_plain_text_is_as_long_and_plain_twice_is_plain_once(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(plain(text)) == plain(text)
    assert plain_lines(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "Grüße, 東京　本社, עברית, عربي",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d💻 ❤\ufe0f 1\ufe0f",
        "a\u0301 e\u0308",
        "100\u00a0km",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    """Joiners in the scripts that need them, the look of an emoji, the spaces of other scripts."""
    assert plain(text) == text


@pytest.mark.parametrize(
    "text", ["pay\u200dload", "ad\u200cmin", "x\ufe0f", "\u200dx", "中\u200d", "\u0430\u200d\u0431"]
)
def test_what_hides_between_letters_is_shown(text: str) -> None:
    """Two names that look the same are not."""
    assert REPLACEMENT in plain(text)
