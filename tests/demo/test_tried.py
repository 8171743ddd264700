"""What the demo tries in earnest: the same files and figures every time; and, where a library is missing, a story without it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import ledger.measures
from ledger.cli import cli
from ledger.queries.register.documents import documents
from ledger.services.demo import demonstrate
from ledger.services.extra import EXTRA, extra_needed
from ledger.services.open_ledger import open_ledger
from ledger.vocabulary.errors import Unreadable
from tests.helpers.refusals import one_line

pytest.importorskip("sklearn", reason="the extra `ml` is not installed")


def rates(url: str) -> dict[str, tuple[str, str, str]]:
    """Of each case that was tried on the digits its level, rate and verdict."""
    books = open_ledger(url, actor="ada")
    with books.reader() as reader:
        measured = documents(reader, books.today)["SIGHT"].measurements
    books.ledger.engine.dispose()
    found = [event for _, event in measured if event.monitor == "digits"]
    return {event.case or "": (event.figures["level"], event.value, event.verdict) for event in found}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_digits_are_the_same_every_time(tmp_path: Path) -> None:
    from ledger.measures.robustness.digits import write_digits

    for name in ("one", "two"):
        write_digits(tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_turned_to_their_side_fewer_and_fewer_are_read(tmp_path: Path) -> None:
    from ledger.measures.robustness.digits import write_digits
    from ledger.measures.robustness.trials import tried

    found = tried(*write_digits(tmp_path / "digits"), trust=True)
    rates = [trial.passed / trial.of for trial in found.trials]
    assert [trial.level for trial in found.trials] == [str(degrees) for degrees in range(0, 91, 10)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 0.95
    assert rates[-1] < 0.2


@pytest.mark.reliability
def test_the_demo_is_the_same_twice_and_its_curve_is_on_a_page(tmp_path: Path) -> None:
    """Every file of it, the ledger too."""
    one, two = (demonstrate(tmp_path / name, {}) for name in ("one", "two"))
    assert (one.tried, one.left_out) == (tmp_path / "one" / "digits", None)
    first, second = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert "packs/2026Q3/charts/11-robustness-SIGHT.svg" in first
    assert len(rates(one.url)) == 10
    assert rates(one.url)["turned 90°"][2] == "broken"
    assert rates(one.url) == rates(two.url)


def hide_the_extra(patch: pytest.MonkeyPatch) -> None:
    """As Python itself says that a module is not there: all that the extra installs, not the first that comes to mind."""
    for name in set(EXTRA) - {"pandas"}:
        for module in [name, *(known for known in sys.modules if known.startswith(f"{name}."))]:
            patch.setitem(sys.modules, module, None)
    patch.delitem(sys.modules, "ledger.measures.robustness.digits", raising=False)


@pytest.mark.reliability
def test_without_the_extra_the_demo_goes_on_and_names_the_command_that_shows_the_curve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide_the_extra(monkeypatch)
    reply = CliRunner().invoke(cli, ["demo", "--into", str(tmp_path / "demo")])
    assert (reply.exit_code, reply.stderr) == (0, "")
    said = one_line(reply.stdout)
    assert "pip install 'debt-ledger[ml]'" in said
    assert f"demo --into {tmp_path / 'demo'}-with-curve" in said
    assert rates(f"sqlite:///{tmp_path / 'demo' / 'ledger.db'}") == {}
    assert not (tmp_path / "demo" / "digits").exists()
    assert len(list((tmp_path / "demo" / "packs").iterdir())) == 2


@pytest.mark.parametrize("absent", sorted(set(EXTRA) - {"pandas"}))
def test_whatever_of_the_extra_is_absent_what_installs_it_is_said(absent: str) -> None:
    with pytest.raises(Unreadable, match=f"needs {absent}, .*ml"), extra_needed():
        raise ModuleNotFoundError(f"No module named '{absent}'", name=absent)


def test_all_that_measuring_imports_is_installed_with_the_ledger_or_with_the_extra() -> None:
    """Whatever comes with one of them is named too: joblib comes with scikit-learn, numpy with pandas."""
    measures = Path(str(ledger.measures.__file__)).parent
    imported = {
        name.partition(".")[0]
        for path in measures.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    others = imported - set(sys.stdlib_module_names) - {"ledger", *EXTRA}
    assert others <= {"msgspec", "numpy", "yaml"}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
