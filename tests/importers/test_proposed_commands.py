"""Every command that a message of imports, runs and decision records proposes, typed: none is refused for how it is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ledger
from tests.helpers.lines import GATE
from tests.helpers.teller import ADD_FRAUD, INIT, Teller, copied

ROOT = Path(ledger.__file__).parent
PLACES = (
    "importers/**/*.py", "services/import*.py", "services/decision*.py", "services/adopt_file.py", "cli/data/*.py",
    "cli/lead/adr.py", "cli/lead/decisions.py", "decide/import_batch.py", "decide/decision_log.py",
)  # fmt: skip
#: What stands there in place of an expression or of a word in capitals; FRAUD-1 is neglect, FRAUD-2 debt.
FILLED = {
    "last": "sarif-1", "last.run": "sarif-1", "run.name": "sarif-1", "unfinished.name": "sarif-1", "run": "sarif-1",
    "item.id": "FRAUD-2", "item.item": "FRAUD-2", "command.item": "FRAUD-2", "item": "FRAUD-2", "ITEM": "FRAUD-2",
    "asked": "10%", "effort_text(after)": "2d", "last.position": "{position}", "first": "2026-01-01", "record": "FRAUD/0001-x",
    "AMOUNT": "1200", "A": "1200", "I": "10%", "WHO": "ann", "WHY": "'because of x'", "WHAT": "time", "QUARTER": "2026Q4",
    "SYSTEM": "FRAUD", "TITLE": "'Another one'", "CATEGORY": "glue-code", "FOLDER": "{folder}", "FILE.md": "{folder}/sheet.md",
    "decisions.csv": "{folder}/decisions.csv", "str(folder)": "{folder}/records",
}  # fmt: skip
#: Names of commands, and not proposals: what they read or write is named beside them.
NAMES = {
    "debt git hook install",
    "debt export jsonl",
    "debt commission",
    "debt adr",
    "debt adopt --file",
    "debt adr --all",
}
#: What cannot be typed here, and why.
ELSEWHERE = {
    "debt datasheet FRAUD --edit": "opens an editor",
    "debt git scan --branch NAME": "needs a repository with that branch: tests/cli/data/test_git.py",
    "debt git scan OLD..NEW": "needs a repository with that range: tests/cli/data/test_git.py",
}


def _texts(path: Path) -> Iterator[str]:
    """The texts of a module, but for its descriptions; an expression in braces."""
    tree = ast.parse(path.read_text())
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    joined = {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(value.value) if isinstance(value, ast.Constant) else f"{{{ast.unparse(value.value)}}}"
                for value in node.values
                if isinstance(value, ast.Constant | ast.FormattedValue)
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described | joined:
            yield node.value


def _proposed() -> list[str]:
    found = {
        command
        for place in PLACES
        for path in ROOT.glob(place)
        for text in _texts(path)
        for command in re.findall(r"`(debt [^`]+)`", text)
    }
    return sorted(found - NAMES)


def _filled(command: str) -> str:
    command = re.sub(r"\{([^{}]+)\}", lambda found: FILLED[found[1]], command)
    words = "|".join(
        sorted((re.escape(word) for word in FILLED if word.isupper() or "." in word), key=len, reverse=True)
    )
    command = re.sub(rf"(?<=[ ])({words})(?=$|[ ])", lambda found: FILLED[found[1]], command)
    # Only neglect is adopted.
    return command.replace("adopt FRAUD-2", "adopt FRAUD-1").removeprefix("debt ")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book with a run, a log, neglect and a debt, and the files beside it that are named."""
    from tests.helpers.sarif_logs import result, run_of, write_log

    folder = tmp_path_factory.mktemp("proposed")
    teller = Teller(folder / "ledger.db")
    teller.do(INIT, ADD_FRAUD, "rate set 800 --from 2026-02-01")
    teller.do("observe FRAUD Bare --category glue-code --cause untracked --principal 1d --interest 6% --on 2026-02-10")
    teller.do(f"commission FRAUD Glue --category glue-code --principal 1000 {GATE} --on 2026-02-10")
    teller.do(
        f"import sarif {write_log(folder / 'log.sarif', run_of(result(1), ended='2026-02-10T00:00:00Z'))} --system FRAUD"
    )
    (folder / "0001-x.md").write_text("# X\n\nStatus: accepted\n")
    (folder / "decisions.csv").write_text("item,decided_by,because,benefit,repay_by\nFRAUD-1,ann,x,y,2026Q4\n")
    teller.do(f"import adr {folder} --system FRAUD")
    return teller.path


@pytest.mark.parametrize("command", _proposed())
def test_what_is_proposed_can_be_typed(book: Path, tmp_path: Path, command: str) -> None:
    """With its capitals filled in it does what it says."""
    if command.replace("SYSTEM", "FRAUD") in ELSEWHERE:
        pytest.skip(ELSEWHERE[command.replace("SYSTEM", "FRAUD")])
    teller = Teller(copied(book, tmp_path / "ledger.db"))
    opened = next(row["position"] for row in teller.ask("log FRAUD-2"))
    line = _filled(command).replace("{folder}", str(book.parent)).replace("{position}", str(opened))
    assert "…" not in line
    teller.do(line)


def test_commands_are_found() -> None:
    """So that the list above is not empty by a slip."""
    assert len(_proposed()) > 25
