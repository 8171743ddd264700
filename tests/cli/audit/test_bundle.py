"""`debt bundle`: a file whole or not at all, which an auditor checks with what they kept and whom they know."""

from __future__ import annotations

import json
import shlex
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.helpers.bundles import verify
from tests.helpers.keys import needs_ssh_keygen, new_key, public_half
from tests.helpers.lines import ADOPT, CLOSE_Q1, COMMISSION, OBSERVE, UNESTIMATED
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller
from tests.test_lazy_imports import HEAVY, imported_by


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Bundles go there."""
    folder = tmp_path / "bundles"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def told(teller: Teller) -> Teller:
    """A book with an item of each nature, and one adopted."""
    teller.do(OBSERVE, COMMISSION, ADOPT, "repay FRAUD-2 400 --spent 450 --on 2026-03-03", CLOSE_Q1)
    return teller


def listed(folder: Path = Path()) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_says_what_it_holds_and_the_commands_it_prints_work(told: Teller) -> None:
    """Typed as they are printed, in a shell, on another machine's Python."""
    reply = told.do("bundle out.zip --as-of 2026-06-30")
    assert "out.zip: the book 'main' as known at position 7: 7 events, 7 requests, 0 checkpoints; " in reply.out
    assert "the trial balance and 2 items on 2026-06-30." in reply.out
    assert listed() == ["out.zip"]
    unzip, check = (line.strip() for line in reply.out.splitlines() if line.startswith("  "))
    unpack, _, first = unzip.partition(" && ")
    assert shlex.split(unpack) == ["unzip", "out.zip", "verify.py"]
    zipfile.ZipFile("out.zip").extract("verify.py")
    for line in (first, check):
        python, *words = shlex.split(line)
        assert python == "python"
        ran = subprocess.run([sys.executable, "-I", "-S", *words], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout
    assert "chain and hash that you kept: nothing was touched in the first 7 of 7 events" in ran.stdout


def test_its_figures_are_the_deltas_on_any_day(told: Teller) -> None:
    """Of a bundle, and printed by its script."""
    for day in ("2026-02-10", "2026-03-01", "2026-12-31"):
        told.do(f"bundle out.zip --force --as-of {day}")
        delta, items = told.ask(f"delta --as-of {day}"), told.ask(f"list --status all --as-of {day}")
        with zipfile.ZipFile("out.zip") as archive:
            balances = json.loads(archive.read("balances.json"))
        names = ("as_of", "position", "currency", "debt", "neglect", "delta", "interest_per_year", "interest_incurred")
        assert {name: balances[name] for name in names} == {name: delta[name] for name in names}
        for found, expected in zip(balances["items"], items, strict=True):
            assert found["delta"] == expected["outstanding"]
            shared = ("item", "system", "title", "category", "opened_on", "interest_per_year", "interest_incurred")
            assert {name: found[name] for name in shared} == {name: expected[name] for name in shared}


def test_an_account_on_which_nothing_moved_is_in_no_trial_balance(teller: Teller) -> None:
    """Closing what nobody has estimated removes nothing, and costs something."""
    teller.do(UNESTIMATED, "repay FRAUD-1 --all --spent 100 --on 2026-03-01", "bundle out.zip")
    with zipfile.ZipFile("out.zip") as archive:
        assert archive.read("trial-balance.csv").decode().splitlines() == [
            "account,debit,credit,balance",
            "assets:capacity,0.00,100.00,-100.00",
            "expenses:estimate-variance,100.00,0.00,100.00",
            "total,100.00,100.00,0.00",
        ]
    assert verify(Path("out.zip").resolve()).returncode == 0


def test_without_a_day_it_is_today_as_delta_has_it(told: Teller) -> None:
    told.do("bundle out.zip")
    with zipfile.ZipFile("out.zip") as archive:
        assert json.loads(archive.read("balances.json"))["as_of"] == told.ask("delta")["as_of"]


def test_as_known_earlier_it_ends_there(told: Teller) -> None:
    moment = told.ask("log")[3]["recorded_at"]
    assert "as known at position 4: 4 events" in told.do(f"bundle out.zip --known-at {moment}").out
    assert verify(Path("out.zip").resolve()).returncode == 0


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(told: Teller) -> None:
    Path("out.zip").write_text("mine")
    reply = told.type("bundle out.zip")
    assert (reply.exit_code, reply.out) == (1, "")
    assert "is there already" in reply.err
    assert Path("out.zip").read_text() == "mine"
    told.do("bundle out.zip --force")
    assert zipfile.is_zipfile("out.zip")
    assert listed() == ["out.zip"]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("bundle nowhere/out.zip", 2, "There is no folder"),
        ("bundle .", 2, "is a directory"),
        ("bundle ../ledger.db --force", 1, "is the ledger itself"),
        ("bundle", 2, "Missing argument 'OUT.zip'"),
        ("bundle out.zip --as-of 2026-03-32", 2, "is not a date"),
        ("bundle out.zip --known-at yesterday", 2, "is not a time"),
        ("bundle out.zip --known-at 2020-01-01", 1, "held no event by 2020-01-01T23:59:59.999999Z"),
        ("--book other bundle out.zip", 3, "There is no book 'other'"),
    ],
)
def test_what_cannot_be_bundled_leaves_no_file(teller: Teller, line: str, code: int, words: str) -> None:
    reply = teller.type(line)
    assert (reply.exit_code, reply.out) == (code, ""), reply.err
    assert words in one_line(reply.err)
    assert listed() == []


def test_a_broken_chain_is_not_given_away_and_the_last_good_bundle_stays(told: Teller) -> None:
    Path("out.zip").write_text("the last good one")
    with closing(sqlite3.connect(told.path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE event SET body = replace(body, 'Glue', 'Blue') WHERE position = 4")
        connection.commit()
    reply = told.type("bundle out.zip --force")
    assert (reply.exit_code, reply.out) == (3, "")
    assert "The chain is broken at position 4" in reply.err
    assert "debt verify" in reply.err
    assert listed() == ["out.zip"]
    assert Path("out.zip").read_text() == "the last good one"


def test_figures_that_were_touched_in_the_database_are_found_by_the_script(told: Teller) -> None:
    """They come from the read models; the script computes them from the events."""
    with closing(sqlite3.connect(told.path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE posting SET amount_minor = amount_minor + 1 WHERE position = 4")
        connection.commit()
    told.do("bundle out.zip")
    ran = verify(Path("out.zip").resolve())
    assert ran.returncode == 1
    assert "NOT PROVED  balances.json, FRAUD-2, debt: is '599.99', should be '600.00'" in ran.stdout
    assert "NOT PROVED  trial-balance.csv, equity:shortcuts, debit: is '1000.01', should be '1000.00'" in ran.stdout


def test_it_imports_nothing_heavy(teller: Teller, tmp_path: Path) -> None:
    """An auditor's machine may be a small one."""
    assert not imported_by(f"sqlite:///{teller.path}", "bundle", str(tmp_path / "out.zip")) & set(HEAVY)


# --- signatures -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of ada and eve, and files that name the one or the other."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ada", "eve"):
        key = new_key(folder / name)
        (folder / f"{name}.signers").write_text(f"{name}@example.org {public_half(key)}\n")
    return folder


@pytest.fixture
def signed(told: Teller, keys: Path) -> Path:
    """A bundle with a checkpoint of seven events that ada signed; it was kept, and so were two proofs."""
    kept = told.do(f"checkpoint --sign '{keys / 'ada'}'").out
    Path("kept.txt").write_text(kept, encoding="utf-8")
    told.do("prove 5 --out five.tlog-proof")
    told.do("note FRAUD-1 'another word'", "bundle out.zip")
    return Path("out.zip").resolve()


def here(*names: str) -> list[str]:
    return [str(Path(name).resolve()) for name in names]


@needs_ssh_keygen
def test_whoever_signed_is_named_with_the_events_they_vouched_for(signed: Path, keys: Path) -> None:
    ran = verify(signed, "--allowed-signers", str(keys / "ada.signers"))
    assert ran.returncode == 0, ran.stdout
    assert "checkpoints/000008.txt: root of 7 events, signed by ada@example.org" in ran.stdout
    assert (
        "PROVED      chain and checkpoint checkpoints/000008.txt, signed by ada@example.org: "
        "nothing was touched in the first 7 of 9 events\n"
    ) in ran.stdout
    assert "NOT CHECKED" not in ran.stdout


@needs_ssh_keygen
def test_a_kept_checkpoint_and_a_proof_are_checked_too(signed: Path, keys: Path) -> None:
    ran = verify(signed, *here("kept.txt", "five.tlog-proof"), "--allowed-signers", str(keys / "ada.signers"))
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.count("signed by ada@example.org: nothing was touched in the first 7 of 9 events") == 3
    unsigned = verify(signed, *here("five.tlog-proof"))
    assert unsigned.returncode == 0, unsigned.stdout
    assert "five.tlog-proof that you kept: nothing was touched in the first 7 of 9 events" in unsigned.stdout
    assert "NOT CHECKED who signed the checkpoints: --allowed-signers FILE was not given" in unsigned.stdout


@needs_ssh_keygen
def test_a_signature_of_somebody_else_proves_nothing(signed: Path, keys: Path) -> None:
    ran = verify(signed, "--allowed-signers", str(keys / "eve.signers"))
    assert ran.returncode == 1
    assert "eve.signers: whom it names has signed no checkpoint of this bundle" in ran.stdout


@needs_ssh_keygen
def test_a_signature_that_does_not_hold_is_found(signed: Path, keys: Path) -> None:
    """Ada's, moved under a checkpoint that she did not sign."""
    origin, _, root, *rest = Path("kept.txt").read_text(encoding="utf-8").split("\n")
    Path("kept.txt").write_text("\n".join([origin, "6", root, *rest]), encoding="utf-8")
    ran = verify(signed, *here("kept.txt"), "--allowed-signers", str(keys / "ada.signers"))
    assert ran.returncode == 1
    assert "kept.txt, root of 6 events: is '" in ran.stdout
    assert "kept.txt: the signature of ada@example.org does not hold" in ran.stdout


@needs_ssh_keygen
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("index 4", "index 3", "five.tlog-proof, hash of position 4: is '"),
        ("index 4", "index 400", "five.tlog-proof: it is about event 401 of 7, and the bundle holds 9"),
        ("index 4", "index four", "five.tlog-proof: cannot be read"),
        ("extra ", "extra AAAA", "five.tlog-proof, root of the path: is '"),
        ("\n7\n", "\n8\n", "five.tlog-proof, root of 8 events: is '"),
        ("@v1\n", "@v2\n", "five.tlog-proof: cannot be read"),
    ],
)
def test_a_proof_that_was_altered_is_found(signed: Path, old: str, new: str, words: str) -> None:
    proof = Path("five.tlog-proof")
    text = proof.read_text(encoding="utf-8")
    assert old in text
    proof.write_text(text.replace(old, new, 1), encoding="utf-8")
    ran = verify(signed, *here("five.tlog-proof"))
    assert ran.returncode == 1
    assert words in ran.stdout


@needs_ssh_keygen
def test_where_there_is_no_ssh_keygen_it_says_what_was_not_checked(
    signed: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert shutil.which("ssh-keygen") is None
    ran = verify(signed, "--allowed-signers", str(keys / "ada.signers"))
    assert ran.returncode == 0
    assert "PROVED      the chain only" in ran.stdout
    assert "NOT CHECKED who signed the checkpoints: ssh-keygen is not installed" in ran.stdout
