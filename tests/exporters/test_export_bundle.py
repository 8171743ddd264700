"""The bundle, and the script in it that checks it: what is there, what is found, and what is proved."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import tokenize
import zipfile
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select

from ledger.accounts.postings import post
from ledger.demo.story import build_story
from ledger.events import STORED_AS
from ledger.events.codec import decode
from ledger.exporters.bundle import FORMAT, write_bundle
from ledger.proof.checkpoint import Checkpoint, Note, Proof
from ledger.queries.figures.delta import delta
from ledger.queries.reader import reader_of
from ledger.store.engine import open_engine, reading, writing
from ledger.store.ledger import Ledger
from ledger.tables.facts import event
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.money import Currency
from tests.helpers.bundles import (
    AS_OF,
    NAMES,
    SCRIPT,
    Unpacked,
    build_everything,
    bundled,
    checkpoint,
    hashes_of,
    path_of,
    root_of,
    verify,
)
from tests.helpers.exported_books import Book
from tests.helpers.small_ledger import drop_triggers

pytestmark = pytest.mark.sqlite_first

EUR = Currency("EUR", 2)
GOLDEN = Path(__file__).parents[1] / "golden" / "bodies.jsonl"


# --- what is in it ----------------------------------------------------------------------------------


def test_it_is_the_same_bytes_on_both_databases_and_every_time(whole: Ledger, intact: bytes, postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    assert bundled(build_everything(engine)) == intact == bundled(whole)
    engine.dispose()


def test_every_kind_of_event_but_documents_zones_and_names_is_in_it(intact: bytes) -> None:
    """They move no money; that the script knows them is held against the golden bodies, below."""
    missing = set(STORED_AS) - {each["stored_as"] for each in Unpacked.of(intact).events} - {"repayment-recorded/1"}
    assert all(
        re.fullmatch(
            r"(evidence|monitor|expectation|reference|datasheet|explanation|robustness|score|time-zone|import|decision)-.*"
            r"|(day-rate-withdrawn|system-renamed|item-(retitled|linked|tagged|assigned)|interest-observed)/1",
            name,
        )
        for name in missing
    )


def test_it_holds_the_bodies_and_hashes_byte_for_byte_and_says_what_it_is(whole: Ledger, intact: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(intact)) as archive:
        assert archive.namelist() == NAMES
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        told = {name: archive.read(name) for name in NAMES}
    with reading(whole.engine) as connection:
        query = select(event.c.body, event.c.hash, event.c.recorded_at).order_by(event.c.position)
        rows = connection.execute(query).all()
    assert told["events.jsonl"].decode() == "".join(f"{row.body}\n" for row in rows)
    assert told["hashes.txt"].decode() == "".join(f"{row.hash}\n" for row in rows)
    assert told["verify.py"] == SCRIPT.read_bytes()
    manifest = json.loads(told["MANIFEST.json"])
    assert manifest.pop("files").keys() == set(NAMES) - {"MANIFEST.json"}
    assert manifest == {
        "format": FORMAT, "book": "main", "position": len(rows), "head": rows[-1].hash, "known_at": rows[-1].recorded_at,
        "as_of": AS_OF.isoformat(), "currency": "EUR",
    }  # fmt: skip
    readme = told["README.txt"].decode()
    assert rows[-1].hash in readme
    assert "$" not in readme


def test_an_earlier_bundle_is_the_beginning_of_a_later_one(whole: Ledger, intact: bytes) -> None:
    """As known at a time; asking for any later moment before the next event gives the same bytes."""
    events = Unpacked.of(intact).events
    earlier = bundled(whole, known_at=events[8]["recorded_at"])
    assert Unpacked.of(earlier).events == events[:9]
    assert earlier == bundled(whole, known_at=events[8]["recorded_at"].replace("0Z", "1Z"))


def test_a_bundle_of_nothing_is_refused(whole: Ledger) -> None:
    with reader_of(whole, "2020-01-01") as reader, pytest.raises(Refused, match="held no event by 2020-01-01T23"):
        write_bundle(reader, AS_OF, io.BytesIO())


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE event SET body = replace(body, 'forger', 'scribe') WHERE position = 8", 8),
        ("UPDATE event SET hash = substr(hash, 2) || substr(hash, 1, 1) WHERE position = 3", 3),
        ("DELETE FROM event WHERE position = 5", 5),
        ("DELETE FROM event WHERE position = 27", 27),
    ],
)
def test_a_broken_chain_is_not_bundled(database_url: str, statement: str, position: int) -> None:
    engine = open_engine(database_url)
    book = build_everything(engine)
    with writing(engine) as connection:
        drop_triggers(connection)
        connection.exec_driver_sql(statement)
    with pytest.raises(StoreError, match=f"broken at position {position}:"):
        bundled(book)
    engine.dispose()


# --- the script -------------------------------------------------------------------------------------


def test_the_script_is_one_short_file_of_the_standard_library_for_python_3_9() -> None:
    """Small enough to be read: 400 lines in all, of which 325 are code."""
    text = SCRIPT.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    layout = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type not in layout]
    code = {number for token in tokens for number in range(token.start[0], token.end[0] + 1)}
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    said = {node: ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, kinds)}
    for node in (node for node, docstring in said.items() if docstring):
        code -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    assert len(text.splitlines()) <= 400
    assert len(code) <= 325
    assert max(map(len, text.splitlines())) <= 120


def test_the_script_posts_what_the_ledger_posts(script: ModuleType, intact: bytes) -> None:
    """For every kind of event, whatever is in it; legs that move nothing aside."""
    golden = [json.loads(line)["body"] for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    unmeasured = [
        body.replace('"spent_minor":1234567890', '"spent_minor":null')
        for body in golden
        if "repayment-recorded/2" in body
    ]
    assert ['"spent_minor":null' in body for body in unmeasured] == [True]
    bodies = [*golden, *unmeasured, *Unpacked.of(intact).files["events.jsonl"].decode().splitlines()]
    posted = set()
    for body in bodies:
        recorded = decode(body)
        ours = {
            (leg.account, leg.amount_minor, leg.nature, leg.carry_minor_per_year, str(leg.accrues_from or None))
            for leg in post(recorded.event, recorded.effective_on)
            if leg.amount_minor or leg.carry_minor_per_year
        }
        legs = [leg for leg in script.postings(json.loads(body)) if leg.amount or leg.carry]
        assert {(*leg[:4], str(leg.since)) for leg in legs} == ours, body
        if legs:
            posted.add(recorded.stored_as)
    assert len(posted) == 8


def test_every_proof_in_every_tree_leads_to_the_root_and_from_no_other_place(
    script: ModuleType, whole: Ledger, intact: bytes
) -> None:
    """Of the first events, however many; the proofs and the roots are the definition's, by recursion."""
    hashes, bodies = hashes_of(whole.engine), Unpacked.of(intact).files["events.jsonl"].splitlines()
    roots = script.merkle_roots(hashes, set(range(1, len(hashes) + 1)))
    assert roots == {size: root_of(hashes[:size]) for size in range(1, len(hashes) + 1)}
    for size, root in roots.items():
        note = Note(Checkpoint("debt-ledger/main/00", size, root))
        for index in range(size):
            previous = hashes[index - 1] if index else bytes(32)
            path = tuple(path_of(index, hashes[:size]))
            proof = script.read_witness(Proof(index, previous.hex(), bodies[index], path, note).text)
            assert (proof.position, proof.event_hash, proof.root_of_path) == (index + 1, hashes[index], root)
            if size > 1:
                elsewhere = Proof((index + 1) % size, previous.hex(), bodies[index], path, note)
                assert script.read_witness(elsewhere.text).root_of_path != root
                shorter = Proof(index, previous.hex(), bodies[index], path[:-1], note)
                assert script.read_witness(shorter.text).root_of_path != root


def test_an_intact_bundle_is_proved_as_far_as_it_goes(intact: bytes, tmp_path: Path) -> None:
    """Zipped or unpacked; the chain only, because nothing that was kept elsewhere is there."""
    path = tmp_path / "out.zip"
    path.write_bytes(intact)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    for bundle in (path, tmp_path / "out"):
        ran = verify(bundle)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "PROVED      the chain only" in ran.stdout
        assert "NOT CHECKED who signed the checkpoints: --allowed-signers FILE was not given" in ran.stdout
        head = Unpacked.of(intact).manifest["head"]
        assert f"--expect 27:{head}" in ran.stdout


def test_what_was_kept_elsewhere_proves_more(whole: Ledger, intact: bytes, tmp_path: Path) -> None:
    """A hash, and a checkpoint; which events they cover is said."""
    path = tmp_path / "out.zip"
    path.write_bytes(intact)
    kept = tmp_path / "kept.txt"
    kept.write_text(checkpoint(whole.engine, 13).note.partition("\n\n")[0] + "\n", encoding="utf-8")
    ran = verify(path, str(kept), "--expect", f"9:{hashes_of(whole.engine)[8].hex()}")
    assert ran.returncode == 0
    assert "chain and hash that you kept: nothing was touched in the first 9 of 27 events" in ran.stdout
    assert "kept.txt that you kept: nothing was touched in the first 13 of 27 events" in ran.stdout
    assert "the chain only" not in ran.stdout


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (("--expect", f"9:{'00' * 32}"), "--expect, hash of position 9: is '"),
        (("--expect", f"28:{'00' * 32}"), "--expect, hash of position 28: is None"),
        (("--expect", "letters"), "--expect: cannot be read"),
        ((SCRIPT,), f"{SCRIPT.name}: cannot be read"),
        (("/nowhere/kept.txt",), "/nowhere/kept.txt: cannot be read: FileNotFoundError"),
        (("--as-of", "yesterday"), "cannot be read: ValueError"),
    ],
)
def test_what_was_kept_and_does_not_fit_is_said(
    intact: bytes, tmp_path: Path, kept: tuple[Any, ...], words: str
) -> None:
    path = tmp_path / "out.zip"
    path.write_bytes(intact)
    ran = verify(path, *map(str, kept))
    assert ran.returncode == 1
    assert words in ran.stdout


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("debt-ledger/main/", "debt-ledger/other/", "kept.txt, origin: is 'debt-ledger/other/"),
        ("\n13\n", "\n12\n", "kept.txt, root of 12 events: is '"),
        ("\n13\n", "\n28\n", "kept.txt: it is about event 28 of 28, and the bundle holds 27"),
        ("\n13\n", "\n0\n", "kept.txt: it is about event 0 of 0"),
        ("\n13\n", "\n\n", "kept.txt: cannot be read"),
    ],
)
def test_a_checkpoint_of_something_else_is_told_from_one_of_this_book(
    whole: Ledger, intact: bytes, tmp_path: Path, old: str, new: str, words: str
) -> None:
    path, kept = tmp_path / "out.zip", tmp_path / "kept.txt"
    path.write_bytes(intact)
    text = checkpoint(whole.engine, 13).note.partition("\n\n")[0] + "\n"
    kept.write_text(text.replace(old, new), encoding="utf-8")
    ran = verify(path, str(kept))
    assert ran.returncode == 1
    assert words in ran.stdout


# --- figures ----------------------------------------------------------------------------------------


def totals_of(book: Ledger, as_of: date) -> dict[str, str]:
    """What `debt delta` tells."""
    with reader_of(book) as reader:
        total = delta(reader, as_of).total
    return {
        name: EUR.plain(getattr(total, name))
        for name in ("debt", "neglect", "delta", "interest_per_year", "interest_incurred")
    }


def printed_totals(printed: str) -> dict[str, str]:
    """The totals of the register that verify.py prints: the last line."""
    words = printed.splitlines()[-1].split()
    assert words[0] == "total"
    return dict(zip(words[1::2], words[2::2], strict=True))


@pytest.mark.reliability
def test_a_random_book_is_proved_with_its_figures_on_any_day(book: Book, tmp_path: Path) -> None:
    """The bundle's own day and another one; from the events alone, the same as the delta and the trial balance."""
    days = book.ten_days()
    for as_of, other in ((days[2], days[6]), (date(2027, 3, 1), days[4])):
        path = tmp_path / f"{as_of}.zip"
        path.write_bytes(bundled(book.ledger, as_of))
        told = json.loads(Unpacked.of(path.read_bytes()).files["balances.json"])
        assert {name: told[name] for name in totals_of(book.ledger, as_of)} == totals_of(book.ledger, as_of)
        ran = verify(path, "--as-of", str(other))
        assert ran.returncode == 0, ran.stdout
        assert printed_totals(ran.stdout) == totals_of(book.ledger, other)
        assert_trial_balance(ran.stdout, book, other)


def assert_trial_balance(printed: str, book: Book, day: date) -> None:
    """What is printed is what the stored postings say, accounts of items taken together."""
    lines = re.findall(r"^  (\S+) +debit \S+  credit \S+  balance (\S+)$", printed, re.MULTILINE)
    expected: dict[str, int] = {"total": 0}
    for leg in book.legs:
        if leg.effective_on <= day.isoformat():
            expected[leg.account] = expected.get(leg.account, 0) + leg.amount_minor
    told = {account: balance for account, balance in lines if balance != "0.00"}
    assert told == {account: EUR.plain(minor) for account, minor in expected.items() if minor}


@pytest.mark.reliability
def test_the_demo_is_proved(sqlite_url: str, tmp_path: Path) -> None:
    build_story(sqlite_url)
    engine = open_engine(sqlite_url)
    path = tmp_path / "out.zip"
    path.write_bytes(bundled(Ledger(engine, "demo", lambda: None, str)))  # type: ignore[arg-type, return-value]
    assert verify(path).returncode == 0
    engine.dispose()
