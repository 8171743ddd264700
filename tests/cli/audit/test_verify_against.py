"""`verify` against something kept elsewhere: what it then proves, and what it no longer lets pass."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.helpers.keys import needs_ssh_keygen, new_key, public_half
from tests.helpers.teller import INIT, Clock, Teller

GATE = "--decided-by anna --because 'the fair' --benefit 'three weeks' --repay-by 2026Q3"
COMMISSION = f"commission FRAUD Glue --category glue-code --principal 12000 --on 2026-01-15 {GATE}"


pytestmark = pytest.mark.usefixtures("first_chart_alone")


@pytest.fixture
def books(teller: Teller) -> Teller:
    """A book of four events."""
    teller.do(COMMISSION, "note FRAUD-1 'as it was' --on 2026-01-16")
    return teller


@pytest.fixture
def kept(books: Teller, tmp_path: Path) -> Path:
    """An unsigned checkpoint of those four, kept elsewhere."""
    return written(tmp_path / "kept.txt", books.do("checkpoint").out)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of ada and eve, and a file of allowed signers for each and for both."""
    folder = tmp_path_factory.mktemp("keys")
    lines = [f"{name}@example.org {public_half(new_key(folder / name))}\n" for name in ("ada", "eve")]
    for name, text in (("only-ada", lines[0]), ("only-eve", lines[1]), ("both", "".join(lines))):
        written(folder / name, text)
    return folder


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def rewritten(teller: Teller, folder: Path) -> Teller:
    """The same history recorded anew in another file, with a note that says something else: all of it agrees."""
    forged = Teller(folder / "forged.db", Clock(teller.clock.now))
    with closing(sqlite3.connect(teller.path)) as source, closing(sqlite3.connect(forged.path)) as target:
        source.backup(target)
        for (name,) in target.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            target.execute(f"DROP TRIGGER {name}")
        for table in ("event", "request", "posting", "item", "term"):
            column = "first_position" if table == "request" else "position"
            target.execute(f"DELETE FROM {table} WHERE {column} > 2")
        hash_, recorded_at = target.execute("SELECT hash, recorded_at FROM event WHERE position = 2").fetchone()
        target.execute("UPDATE head SET position = 2, hash = ?, recorded_at = ?", (hash_, recorded_at))
        for (statement,) in source.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall():
            target.execute(statement)
        target.commit()
    forged.do(COMMISSION)
    return forged


def test_alone_it_proves_the_chain_only(books: Teller) -> None:
    out = books.do("verify").out
    assert "Proved: the chain only." in out
    head = books.ask("log")[-1]["hash"]
    assert f"debt verify --expect 4:{head}" in out
    assert set(books.ask("verify")) == {"ok", "events", "head", "problems"}


def test_with_a_hash_kept_it_proves_that_too(books: Teller) -> None:
    third = books.ask("log")[2]["hash"]
    out = books.do(f"verify --expect 3:{third}").out
    assert "Proved: chain and the hash kept of position 3, up to position 3." in out
    assert "The 1 events after it are proved by the chain only" in out


def test_with_a_checkpoint_it_proves_chain_and_checkpoint(books: Teller, kept: Path) -> None:
    books.do("note FRAUD-1 'something new'")
    out = books.do(f"verify --against {kept}").out
    assert "Proved: chain and checkpoint, up to position 4." in out
    assert "The checkpoint is not signed: anybody could have written it." in out
    assert books.ask(f"verify --against {kept}")["proved"] == "chain and checkpoint"


def test_a_book_rewritten_as_a_whole_passes_alone_and_is_found_against_a_checkpoint(
    books: Teller, kept: Path, tmp_path: Path
) -> None:
    forged = rewritten(books, tmp_path)
    forged.do("note FRAUD-1 'as it never was' --on 2026-01-16")
    assert forged.type("verify").exit_code == 0
    reply = forged.type(f"verify --against {kept} --format json")
    assert reply.exit_code == 3
    (problem,) = reply.json["problems"]
    assert (problem["position"], problem["table"], problem["field"]) == (4, "event", "root")
    assert "was rewritten: its first 4 events are not those" in problem["found"]
    assert reply.json["proved"] is None


def test_a_tail_that_was_cut_off_everywhere_is_found_against_a_checkpoint(
    books: Teller, kept: Path, tmp_path: Path
) -> None:
    forged = rewritten(books, tmp_path)
    assert forged.type("verify").exit_code == 0
    reply = forged.type(f"verify --against {kept}")
    assert reply.exit_code == 3
    assert "3 events are left of the 4" in " ".join(reply.out.split())


@pytest.mark.reliability
def test_a_rewritten_book_is_found_against_a_pack_that_was_given_out(books: Teller, tmp_path: Path) -> None:
    books.do(f"--config {written(tmp_path / 'c.toml', '')} report 2026Q1")
    pack = Path("packs/2026Q1")
    out = books.do(f"verify --against {pack}").out
    assert f"Proved: chain and the pack of 2026Q1 in {pack}, up to position 4." in out
    forged = rewritten(books, tmp_path)
    forged.do("note FRAUD-1 'as it never was' --on 2026-01-16")
    for named in (pack, pack / "MANIFEST.json"):
        reply = forged.type(f"verify --against {named} --format json")
        assert reply.exit_code == 3
        assert [(problem["position"], problem["field"]) for problem in reply.json["problems"]] == [(4, "hash")]


@needs_ssh_keygen
def test_it_says_who_signed_if_it_is_told_whom_to_believe(books: Teller, keys: Path, tmp_path: Path) -> None:
    signed = tmp_path / "signed.txt"
    books.do(f"checkpoint --sign {keys / 'ada'} --out {signed}")
    unchecked = books.do(f"verify --against {signed}").out
    assert "Proved: chain and checkpoint, up to position 4." in unchecked
    assert "Who signed the checkpoint was not checked" in unchecked
    for allowed in ("only-ada", "both"):
        checked = books.do(f"verify --against {signed} --allowed-signers {keys / allowed}").out
        assert "Proved: chain and checkpoint signed by ada@example.org, up to position 4." in checked
        assert "not checked" not in checked


@needs_ssh_keygen
def test_a_signature_by_somebody_else_is_none(books: Teller, keys: Path, tmp_path: Path) -> None:
    signed = tmp_path / "signed.txt"
    books.do(f"checkpoint --sign {keys / 'ada'} --out {signed}")
    reply = books.type(f"verify --against {signed} --allowed-signers {keys / 'only-eve'}")
    assert reply.exit_code == 3
    assert "No signature on" in reply.err
    assert reply.out == ""


@needs_ssh_keygen
def test_a_root_that_was_altered_under_a_signature_is_found(books: Teller, keys: Path, tmp_path: Path) -> None:
    signed = tmp_path / "signed.txt"
    books.do(f"checkpoint --sign {keys / 'ada'} --out {signed}")
    lines = signed.read_text().splitlines(keepends=True)
    lines[1] = "3\n"
    written(signed, "".join(lines))
    reply = books.type(f"verify --against {signed} --allowed-signers {keys / 'only-ada'}")
    assert reply.exit_code == 3
    assert "The signature by the key of ada@example.org does not verify" in reply.err


def test_a_checkpoint_of_another_ledger_is_named_as_one(books: Teller, kept: Path, tmp_path: Path) -> None:
    other = Teller(tmp_path / "other.db", books.clock)
    other.do(INIT)
    reply = other.type(f"verify --against {kept}")
    assert reply.exit_code == 3
    assert "The checkpoint is of another ledger" in reply.err


@pytest.mark.reliability
def test_a_pack_of_another_book_is_named_as_one(books: Teller, tmp_path: Path) -> None:
    books.do(f"--config {written(tmp_path / 'c.toml', '')} report 2026Q1")
    other = Teller(tmp_path / "other.db", books.clock, before=("--book", "other"))
    other.do("init --book other --currency EUR")
    reply = other.type("verify --against packs/2026Q1")
    assert reply.exit_code == 1
    assert "is of the book 'main', not of 'other'" in reply.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is no checkpoint"),
        ("hello\nworld\n", "is no checkpoint"),
        ("debt-ledger/main/0123456789abcdef\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "proves nothing"),
        (json.dumps({"format": "x"}), "is no checkpoint"),
    ],
)
def test_what_is_no_checkpoint_is_said_to_be_none(books: Teller, tmp_path: Path, content: str, words: str) -> None:
    file = written(tmp_path / "file", content)
    reply = books.type(f"verify --against {file}")
    assert reply.exit_code == 3
    assert words in reply.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--against {kept} --expect 1:" + "0" * 64, "not both"),
        ("--allowed-signers {kept}", "--allowed-signers goes with --against"),
        ("--against nowhere.txt", "nowhere.txt"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(books: Teller, kept: Path, options: str, words: str) -> None:
    reply = books.type(f"verify {options.format(kept=kept)}")
    assert reply.exit_code == 2
    assert words in reply.err
