"""The file that a monitor compares with: known by its content, from whatever folder, and replaced only with a reason."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from ledger.decide.monitor import DocumentMonitor
from ledger.services.open_ledger import open_ledger
from ledger.services.reference import pinned, replacement
from ledger.vocabulary.errors import Refused
from tests.helpers.teller import Teller

pytest.importorskip("scipy", reason="the extra `ml` is not installed")

MONITOR = "monitor FRAUD input --what drift --threshold 0.2 --alerts no --remediation manual --plan retrain"
NIGHTLY = "measure --monitor input now.csv"


def numbers(path: str, first: int) -> bytes:
    """A CSV of numbers that each stand once, and number no rows."""
    text = "x\n" + "".join(f"{first + number}.5\n" for number in range(200))
    Path(path).write_text(text)
    return text.encode()


@pytest.fixture
def watched(teller: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Teller:
    """The monitor `input` is documented at position 3; nothing has moved yet."""
    monkeypatch.chdir(tmp_path)
    for path, first in (("before.csv", 0), ("now.csv", 1), ("other.csv", 500)):
        numbers(path, first)
    teller.do(f"{MONITOR} --reference before.csv")
    return teller


def test_a_monitor_is_measured_from_whatever_folder(watched: Teller, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("elsewhere").mkdir()
    numbers("elsewhere/before.csv", 500)
    monkeypatch.chdir("elsewhere")
    assert watched.ask("measure --monitor input ../now.csv")["verdict"] == "kept"


@pytest.mark.parametrize("rest", ["", "--record --fail-on breach", "--dry-run", "--again"])
def test_a_file_that_was_exchanged_is_refused(watched: Teller, rest: str) -> None:
    Path("other.csv").replace("before.csv")
    before = watched.counts
    reply = watched.type(f"{NIGHTLY} {rest}")
    assert (reply.exit_code, reply.out, watched.counts) == (1, "", before)
    assert "before.csv is not the reference that the monitor 'input' of FRAUD documents" in reply.err
    assert "--new-reference FILE --because" in reply.err


def test_the_same_bytes_may_lie_elsewhere_and_others_may_not(watched: Teller) -> None:
    """A job may see the file under another path."""
    Path("before.csv").rename("mounted.csv")
    by_hand = "measure drift FRAUD --live now.csv --monitor input --reference"
    assert watched.ask(f"{by_hand} mounted.csv")["verdict"] == "kept"
    reply = watched.type(f"{by_hand} other.csv")
    assert (reply.exit_code, "other.csv" in reply.err or "is not the reference" in reply.err) == (1, True)


def test_a_reference_is_replaced_with_a_reason_and_both_hashes(watched: Teller) -> None:
    old, new = numbers("before.csv", 0), numbers("other.csv", 500)
    watched.do("monitor FRAUD input --new-reference other.csv --because 'trained again' --evidence run-9")
    last = watched.ask("log")[-1]
    assert last["stored_as"] == "reference-replaced/1"
    assert last["data"] == {
        "system": "FRAUD",
        "monitor": "input",
        "reference": str(Path("other.csv").absolute()),
        "sha256": hashlib.sha256(new).hexdigest(),
        "previous_sha256": hashlib.sha256(old).hexdigest(),
        "because": "trained again",
        "evidence": "run-9",
        "occurred_on": None,
    }
    assert watched.ask(NIGHTLY)["verdict"] == "broken"
    (found,) = watched.ask("monitor FRAUD")
    assert (found["settings"]["reference"], found["reference_sha256"]) == (
        [str(Path("other.csv").absolute())],
        hashlib.sha256(new).hexdigest(),
    )


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("monitor FRAUD input --new-reference other.csv", 2, "Missing: --because"),
        ("monitor FRAUD input --new-reference other.csv --because x --threshold 1", 2, "leave out --threshold"),
        ("monitor FRAUD input --new-reference other.csv --because x --slice y", 2, "leave out --slice"),
        (f"{MONITOR} --because x", 2, "it goes with --new-reference FILE"),
        ("monitor FRAUD input --new-reference no.csv --because x", 2, "no.csv cannot be read: No such file"),
        ("monitor FRAUD input --new-reference . --because x", 2, "is no file"),
        ("monitor FRAUD input --new-reference before.csv --because x", 1, "is the reference of 'input' already"),
        ("monitor FRAUD nobody --new-reference other.csv --because x", 1, "FRAUD has no monitor 'nobody'"),
        (f"{MONITOR} --reference other.csv", 1, "'input' compares with another file"),
        (f"{MONITOR.replace('input', 'more')} --reference no.csv", 2, "no.csv cannot be read"),
    ],
)
def test_what_would_exchange_it_otherwise_is_refused(watched: Teller, line: str, code: int, says: str) -> None:
    before = watched.counts
    reply = watched.type(line)
    assert (reply.exit_code, watched.counts) == (code, before), reply.err
    assert says in reply.err


def test_from_python_a_reference_is_known_by_its_content_too(watched: Teller) -> None:
    books = open_ledger(f"sqlite:///{watched.path}", actor="ada")
    command = DocumentMonitor(
        system="FRAUD",
        monitor="python",
        what="drift",
        threshold="0.2",
        alerts=False,
        remediation="manual",
        plan="retrain",
        settings={"reference": ("before.csv",)},
        on=date(2026, 7, 1),
    )
    with pytest.raises(Refused, match=r"reference\.pinned"):
        books.record(command)
    (receipt,) = books.record(pinned(command))
    assert receipt.recorded.event.reference_sha256 == hashlib.sha256(Path("before.csv").read_bytes()).hexdigest()
    (replaced,) = books.record(replacement("FRAUD", "python", "other.csv", "a new model"))
    assert replaced.recorded.event.previous_sha256 == receipt.recorded.event.reference_sha256


def test_a_day_before_the_exchange_still_has_the_former_file(watched: Teller) -> None:
    watched.do("monitor FRAUD input --new-reference other.csv --because x --on 2026-07-20")
    (then,) = watched.ask("monitor FRAUD --as-of 2026-07-19")
    assert then["settings"]["reference"] == [str(Path("before.csv").absolute())]
