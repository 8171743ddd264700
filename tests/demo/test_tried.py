"""What the demo tries in earnest: the same files and figures every time; and, where a library is missing, a story without it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ledger.queries.register.documents import documents
from ledger.services.demo import Demonstration, demonstrate
from ledger.services.open_ledger import open_ledger

pytest.importorskip("sklearn", reason="the extra `ml` is not installed")


def rates(told: Demonstration) -> dict[str, tuple[str, str, str]]:
    """Of each case that was tried on the digits its level, rate and verdict."""
    books = open_ledger(told.url, actor="ada")
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
    assert len(rates(one)) == 10
    assert rates(one)["turned 90°"][2] == "broken"
    assert rates(one) == rates(two)


@pytest.mark.reliability
def test_without_the_library_the_demo_says_so_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As Python itself says that a module is not there.
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    monkeypatch.delitem(sys.modules, "ledger.measures.robustness.digits", raising=False)
    told = demonstrate(tmp_path / "demo", {})
    assert told.tried is None
    assert told.left_out is not None
    assert "pip install 'debt-ledger[ml]'" in told.left_out
    assert rates(told) == {}
    assert len(told.issued) == 3
    assert not (tmp_path / "demo" / "digits").exists()
