"""`checkpoint` and `prove`: what is printed, signed, recorded, and what is refused with nothing recorded."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.proof.checkpoint import read_note, read_proof
from ledger.proof.signing import signers
from tests.helpers.keys import needs_ssh_keygen, new_key, public_half
from tests.helpers.refusals import one_line
from tests.helpers.teller import Reply, Teller

pytestmark = needs_ssh_keygen


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of ada and eve."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ada", "eve"):
        new_key(folder / name)
    return folder


@pytest.fixture
def key(keys: Path) -> Path:
    """Ada's private key."""
    return keys / "ada"


def stored(teller: Teller) -> list[dict[str, Any]]:
    """The data of the checkpoints that the book has."""
    return [event["data"] for event in teller.ask("log") if event["stored_as"] == "checkpoint-signed/1"]


def signed(teller: Teller, key: Path, options: str = "") -> Reply:
    return teller.do(f"checkpoint --sign '{key}' {options}")


def forge(teller: Teller, *statements: str) -> None:
    """What only the owner of the file can do."""
    with closing(sqlite3.connect(teller.path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


# --- checkpoints --------------------------------------------------------------------------------------


def test_an_unsigned_checkpoint_is_three_lines_and_records_nothing(teller: Teller) -> None:
    before = teller.counts
    reply = teller.do("checkpoint")
    note = read_note(reply.out)
    assert (note.checkpoint.size, note.signatures, teller.counts) == (2, (), before)
    assert note.checkpoint.origin == f"debt-ledger/main/{teller.ask('log')[0]['hash'][:16]}"
    assert "anybody could have written it, and nothing was recorded" in reply.err
    assert teller.do("checkpoint").out == reply.out


def test_a_signed_checkpoint_is_printed_and_recorded(teller: Teller, key: Path, tmp_path: Path) -> None:
    unsigned = teller.do("checkpoint").out
    reply = signed(teller, key, "--evidence 'the auditor has it'")
    note = read_note(reply.out)
    assert note.checkpoint.text == unsigned
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ada@example.org {public_half(key)}\n")
    assert signers(note, allowed) == ["ada@example.org"]
    (data,) = stored(teller)
    assert data == {
        "evidence": "the auditor has it",
        "note": reply.out,
        "occurred_on": None,
        "origin": note.checkpoint.origin,
        "public_key": public_half(key),
        "root": note.checkpoint.root.hex(),
        "size": 2,
    }
    assert "recorded at position 3" in reply.err
    assert "`debt verify --against FILE`" in reply.err
    assert teller.type("verify").exit_code == 0


def test_a_checkpoint_moves_no_figure(teller: Teller, key: Path) -> None:
    before = teller.ask("delta")
    signed(teller, key)
    after = teller.ask("delta")
    assert {**after, "position": 2, "known_at": before["known_at"]} == before


def test_a_checkpoint_as_json_and_csv(teller: Teller, key: Path) -> None:
    found = signed(teller, key, "--format json").json
    assert list(found) == ["origin", "size", "root", "public_key", "note", "receipt"]
    assert (found["size"], found["receipt"]["position"]) == (2, 3)
    assert found["receipt"]["stored_as"] == "checkpoint-signed/1"
    assert read_note(found["note"]).checkpoint.root.hex() == found["root"]
    assert teller.ask("checkpoint")["receipt"] is None
    (row,) = signed(teller, key, "--format csv").csv
    assert (row["size"], row["position"], row["public_key"]) == ("3", "4", public_half(key))
    assert read_note(row["note"]).checkpoint.root.hex() == row["root"]


def test_a_checkpoint_is_written_to_a_new_file_only(teller: Teller, key: Path, tmp_path: Path) -> None:
    assert signed(teller, key, "--out kept").out == ""
    assert read_note((tmp_path / "kept").read_bytes().decode()).checkpoint.size == 2
    before, kept = teller.counts, (tmp_path / "kept").read_bytes()
    reply = teller.type(f"checkpoint --sign '{key}' --out kept")
    assert (reply.exit_code, teller.counts, (tmp_path / "kept").read_bytes()) == (1, before, kept)
    assert "kept is there already. Nothing was recorded." in reply.err
    reply = teller.type(f"checkpoint --sign '{key}' --out missing/kept")
    assert (reply.exit_code, teller.counts) == (3, before)


def test_a_file_is_taken_away_again_if_nothing_is_recorded(teller: Teller, key: Path, tmp_path: Path) -> None:
    signed(teller, key, "--key k")
    before = teller.counts
    reply = teller.type(f"checkpoint --sign '{key}' --key k --evidence other --out kept")
    assert (reply.exit_code, teller.counts, (tmp_path / "kept").exists()) == (1, before, False)
    assert "the evidence differs" in reply.err


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_a_request_sent_twice_with_one_key_counts_once(teller: Teller, tmp_path: Path, kind: str) -> None:
    """Though the book has grown, by the checkpoint itself; and though some keys sign differently each time."""
    key = new_key(tmp_path / kind, kind=kind)
    first = signed(teller, key, "--key k-1")
    teller.do("system add NEW New --team red")
    before = teller.counts
    again = signed(teller, key, "--key k-1")
    assert (again.out, teller.counts) == (first.out, before)
    assert "recorded before" in again.err


def test_a_request_by_another_key_is_another_request(teller: Teller, keys: Path) -> None:
    signed(teller, keys / "ada", "--key k-1")
    before = teller.counts
    reply = teller.type(f"checkpoint --sign '{keys / 'eve'}' --key k-1")
    assert (reply.exit_code, teller.counts) == (1, before)
    assert "was used for another request: the note differs" in reply.err
    teller.do("system add NEW New --team red --key k-2")
    reply = teller.type(f"checkpoint --sign '{keys / 'ada'}' --key k-2")
    assert "was used for another request: the command differs" in reply.err


def test_events_may_be_recorded_while_somebody_signs(
    teller: Teller, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkpoint of fewer events stays true."""
    from ledger.cli.audit import checkpoint as checkpoints

    def slowly(*words: Any) -> bytes:
        teller.do("system add NEW New --team red")
        return sign(*words)

    sign = checkpoints.sign
    monkeypatch.setattr(checkpoints, "sign", slowly)
    assert read_note(signed(teller, key).out).checkpoint.size == 2
    assert (teller.position, stored(teller)[0]["size"]) == (4, 2)
    assert teller.type("verify").exit_code == 0


def test_nothing_is_recorded_if_the_book_is_rewritten_while_somebody_signs(
    teller: Teller, key: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from ledger.cli.audit import checkpoint as checkpoints

    def meanwhile(*words: Any) -> bytes:
        forge(teller, f"UPDATE event SET hash = '{'0' * 64}' WHERE position = 2")
        return sign(*words)

    sign = checkpoints.sign
    monkeypatch.setattr(checkpoints, "sign", meanwhile)
    before = teller.counts
    reply = teller.type(f"checkpoint --sign '{key}' --out kept")
    assert (reply.exit_code, teller.counts, (tmp_path / "kept").exists()) == (3, before, False)
    assert "Position 2 was rewritten while the checkpoint was signed. Nothing was recorded." in one_line(reply.err)


@pytest.mark.parametrize("line", ["checkpoint", "checkpoint --sign '{key}'", "prove 1"])
def test_a_chain_that_does_not_hold_is_not_signed(teller: Teller, key: Path, line: str) -> None:
    forge(teller, "UPDATE event SET body = replace(body, 'red', 'reb') WHERE position = 2")
    before = teller.counts
    reply = teller.type(line.format(key=key))
    assert (reply.exit_code, reply.out, teller.counts) == (3, "", before)
    assert "The chain does not hold at position 2. `debt verify`" in reply.err


def test_nothing_is_signed_that_contradicts_what_was_signed(teller: Teller, key: Path) -> None:
    """A forger can make a chain that holds, but not sign anew the checkpoint in it."""
    signed(teller, key)
    rewrite(teller, 2, actor="eve")
    before = teller.counts
    reply = teller.type(f"checkpoint --sign '{key}'")
    assert (reply.exit_code, reply.out, teller.counts) == (3, "", before)
    assert (
        "was rewritten: its first 2 events are not those that the signed checkpoint recorded at position 3" in reply.err
    )


def rewrite(teller: Teller, position: int, **changes: Any) -> None:
    """Alter an event and compute the chain anew."""
    from ledger.events.codec import canonical
    from ledger.proof.chain import GENESIS, link

    forge(teller)
    with closing(sqlite3.connect(teller.path)) as connection:
        previous = GENESIS
        for at, body in connection.execute("SELECT position, body FROM event ORDER BY position").fetchall():
            if at == position:
                body = canonical({**json.loads(body), **changes}).decode()
            previous = link(previous, body.encode())
            connection.execute("UPDATE event SET body = ?, hash = ? WHERE position = ?", (body, previous, at))
        connection.execute("UPDATE head SET hash = ?", (previous,))
        connection.commit()


@pytest.mark.parametrize("options", ["--key k", "--again", "--evidence x"])
def test_options_of_recording_go_with_sign(teller: Teller, options: str) -> None:
    reply = teller.type(f"checkpoint {options}")
    assert (reply.exit_code, reply.out) == (2, "")
    assert "go with --sign" in reply.err


# --- proofs -------------------------------------------------------------------------------------------


def test_a_proof_is_under_the_latest_signed_checkpoint_that_covers_it(teller: Teller, key: Path) -> None:
    signed(teller, key)
    teller.do("system add NEW New --team red")
    signed(teller, key)
    events = teller.ask("log")
    for position, (size, at) in {1: (4, 5), 2: (4, 5), 4: (4, 5)}.items():
        reply = teller.do(f"prove {position}")
        proof = read_proof(reply.out)
        assert proof.holds
        assert (proof.index, proof.note.checkpoint.size, len(proof.note.signatures)) == (position - 1, size, 1)
        assert json.loads(proof.body)["event_id"] == events[position - 1]["event_id"]
        assert f"among the 4 events of the checkpoint recorded at position {at}" in reply.err


def test_a_proof_discloses_no_other_event(teller: Teller) -> None:
    teller.do("system add SECRET 'Nobody may know' --team red", "system add NEW New --team red")
    for position in (1, 2, 4):
        proof = read_proof(teller.do(f"prove {position}").out)
        assert b"SECRET" not in proof.body
        assert (len(proof.previous), {len(each) for each in proof.path}) == (64, {32})


def test_a_position_that_no_signed_checkpoint_covers_is_proved_by_an_unsigned_one(teller: Teller, key: Path) -> None:
    signed(teller, key)
    before = teller.counts
    reply = teller.do("prove 3")
    proof = read_proof(reply.out)
    assert (proof.holds, proof.note.checkpoint.size, proof.note.signatures) == (True, 3, ())
    assert "of a checkpoint of now, which is unsigned: anybody could have written it" in reply.err
    assert teller.counts == before


def test_a_proof_against_a_checkpoint_that_was_kept(teller: Teller, key: Path, tmp_path: Path) -> None:
    signed(teller, key, "--out kept")
    teller.do("system add NEW New --team red")
    signed(teller, key)
    reply = teller.do("prove 2 --against kept --out proof")
    assert (reply.out, "the checkpoint in kept" in reply.err) == ("", True)
    proof = read_proof((tmp_path / "proof").read_bytes().decode())
    assert proof.holds
    assert proof.note == read_note((tmp_path / "kept").read_text())
    assert teller.type("prove 2 --against kept --out proof").exit_code == 1


@pytest.mark.parametrize("position", ["0", "3", "99999999999999999999", "-- -1"])
def test_a_position_that_does_not_exist_is_not_proved(teller: Teller, position: str) -> None:
    reply = teller.type(f"prove {position}")
    assert (reply.exit_code, reply.out) == (1, "")
    assert f"no position {position.removeprefix('-- ')}; its positions are 1 to 2" in reply.err


def test_a_position_after_the_checkpoint_is_not_proved(teller: Teller, key: Path) -> None:
    signed(teller, key, "--out kept")
    reply = teller.type("prove 3 --against kept")
    assert (reply.exit_code, reply.out) == (1, "")
    assert "The checkpoint covers 2 events; position 3 came later." in reply.err


def test_a_checkpoint_of_another_ledger_is_told_apart(teller: Teller, tmp_path: Path) -> None:
    other = Teller(tmp_path / "other.db", teller.clock)
    other.do("init --book main --currency EUR", "checkpoint --out kept")
    reply = teller.type("prove 1 --against kept")
    assert (reply.exit_code, reply.out) == (3, "")
    assert "The checkpoint is of another ledger" in reply.err


def test_a_checkpoint_that_the_book_contradicts_proves_nothing(teller: Teller, key: Path) -> None:
    signed(teller, key, "--out kept")
    rewrite(teller, 2, actor="eve")
    for line in ("prove 1 --against kept", "prove 1"):
        reply = teller.type(line)
        assert (reply.exit_code, reply.out) == (3, "")
        assert "was rewritten: its first 2 events" in reply.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cut off"),
        (b"hello\n", "three lines"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"debt-ledger/main/0\n2\n", "three lines"),
        (b"x\n" * 600_000, "too long"),
    ],
)
def test_a_file_that_is_no_checkpoint_is_named(teller: Teller, tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "kept").write_bytes(content)
    reply = teller.type("prove 1 --against kept")
    assert (reply.exit_code, reply.out) == (3, "")
    assert "kept is no checkpoint" in reply.err
    assert words in reply.err
