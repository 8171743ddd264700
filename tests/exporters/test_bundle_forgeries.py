"""Forged bundles: whatever is altered, the script in the bundle finds it and names it."""

from __future__ import annotations

import io
import json
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ledger.store.ledger import Ledger
from tests.helpers.bundles import NAMES, Unpacked, bundled, checkpoint, hashes_of, run_here, verify


def _altered(unpacked: Unpacked, position: int, **data: Any) -> None:
    unpacked.events[position - 1]["data"].update(data)


def one_digit(unpacked: Unpacked) -> None:
    body = unpacked.files["events.jsonl"]
    unpacked.files["events.jsonl"] = body.replace(b'"principal_minor":1200000', b'"principal_minor":1200001')


def one_digit_rechained(unpacked: Unpacked) -> None:
    one_digit(unpacked)
    unpacked.rechain()


def removed(unpacked: Unpacked) -> None:
    del unpacked.events[7]
    unpacked.rewrite()


def removed_with_its_request(unpacked: Unpacked) -> None:
    del unpacked.events[7]
    del unpacked.requests[next(n for n, each in enumerate(unpacked.requests) if each["first_position"] == 8)]
    unpacked.rewrite()


def removed_and_renumbered(unpacked: Unpacked) -> None:
    """A note that nobody misses: only who vouched for a later state of the book knows."""
    del unpacked.events[7]
    unpacked.requests = [each for each in unpacked.requests if each["first_position"] != 8]
    for each in unpacked.events[7:]:
        each["position"] -= 1
        if "reversed_position" in each["data"]:
            each["data"]["reversed_position"] -= 1
    for each in unpacked.requests:
        for name in ("first_position", "last_position"):
            each[name] -= each[name] > 7
    for position in (26, 27):
        unpacked.files[f"checkpoints/{position - 1:06}.txt"] = unpacked.files.pop(f"checkpoints/{position:06}.txt")
    unpacked.rewrite()
    told = unpacked.balances | {"position": 26, "head": unpacked.manifest["head"]}
    unpacked.files["balances.json"] = json.dumps(told).encode()


def swapped(unpacked: Unpacked) -> None:
    unpacked.events[9:11] = reversed(unpacked.events[9:11])
    unpacked.rewrite()


def cut(unpacked: Unpacked) -> None:
    unpacked.files["events.jsonl"] = b"".join(unpacked.files["events.jsonl"].splitlines(keepends=True)[:-2])


def hashes_cut(unpacked: Unpacked) -> None:
    unpacked.files["hashes.txt"] = b"".join(unpacked.files["hashes.txt"].splitlines(keepends=True)[:-2])


def half_a_line(unpacked: Unpacked) -> None:
    unpacked.files["events.jsonl"] = unpacked.files["events.jsonl"][:-100]


def inserted(unpacked: Unpacked) -> None:
    unpacked.events.insert(9, unpacked.events[8])
    unpacked.rewrite()


def another_spelling(unpacked: Unpacked) -> None:
    unpacked.files["events.jsonl"] = unpacked.files["events.jsonl"].replace(b'{"actor":', b'{ "actor":', 1)
    unpacked.rechain()


def another_book(unpacked: Unpacked) -> None:
    unpacked.events[4]["book"] = "other"
    unpacked.rewrite()


def earlier_recorded(unpacked: Unpacked) -> None:
    unpacked.events[4]["recorded_at"] = "2020-01-01T00:00:00.000000Z"
    unpacked.rewrite()


def actor_of_a_request(unpacked: Unpacked) -> None:
    unpacked.requests[5]["request_json"] = unpacked.requests[5]["request_json"].replace("lead@", "boss@")
    unpacked.rewrite()


def key_of_a_request(unpacked: Unpacked) -> None:
    unpacked.requests[5]["key"] = "another"
    unpacked.rewrite()


def reach_of_a_request(unpacked: Unpacked) -> None:
    unpacked.requests[5]["last_position"] += 1
    unpacked.rewrite()


def reach_of_the_last_request(unpacked: Unpacked) -> None:
    unpacked.requests[-1]["last_position"] += 1
    unpacked.rewrite()


def one_request_more(unpacked: Unpacked) -> None:
    unpacked.requests.append(unpacked.requests[-1])
    unpacked.rewrite()


def one_request_less(unpacked: Unpacked) -> None:
    del unpacked.requests[-1]
    unpacked.rewrite()


def a_figure_of_an_item(unpacked: Unpacked) -> None:
    told = unpacked.balances
    told["items"][0]["interest_incurred"] = "0.01"
    unpacked.files["balances.json"] = json.dumps(told).encode()


def a_total(unpacked: Unpacked) -> None:
    unpacked.files["balances.json"] = json.dumps({**unpacked.balances, "delta": "1.00"}).encode()


def an_item_less(unpacked: Unpacked) -> None:
    told = unpacked.balances
    del told["items"][1]
    unpacked.files["balances.json"] = json.dumps(told).encode()


def another_title(unpacked: Unpacked) -> None:
    unpacked.files["balances.json"] = unpacked.files["balances.json"].replace(b'"Glue"', b'"Blue"')


def another_currency(unpacked: Unpacked) -> None:
    unpacked.files["balances.json"] = unpacked.files["balances.json"].replace(b'"EUR"', b'"USD"')


def an_account(unpacked: Unpacked) -> None:
    table = unpacked.files["trial-balance.csv"]
    unpacked.files["trial-balance.csv"] = table.replace(b"equity:shortcuts,12000.00", b"equity:shortcuts,12000.01")


def an_account_less(unpacked: Unpacked) -> None:
    kept = [row for row in unpacked.files["trial-balance.csv"].splitlines(True) if not row.startswith(b"equity:om")]
    unpacked.files["trial-balance.csv"] = b"".join(kept)


def a_root_in_the_file(unpacked: Unpacked) -> None:
    note = unpacked.files["checkpoints/000026.txt"].decode().split("\n")
    note[2] = "A" + note[2][1:] if note[2][0] != "A" else "B" + note[2][1:]
    unpacked.files["checkpoints/000026.txt"] = "\n".join(note).encode()


def a_root_in_file_and_event(unpacked: Unpacked) -> None:
    a_root_in_the_file(unpacked)
    _altered(unpacked, 26, note=unpacked.files["checkpoints/000026.txt"].decode())
    unpacked.rewrite()


def a_checkpoint_more(unpacked: Unpacked) -> None:
    unpacked.files["checkpoints/000009.txt"] = unpacked.files["checkpoints/000026.txt"]


def a_checkpoint_less(unpacked: Unpacked) -> None:
    del unpacked.files["checkpoints/000027.txt"]


def no_mirror(unpacked: Unpacked) -> None:
    for leg in unpacked.events[12]["data"]["legs"]:
        leg["amount_minor"] *= 2
    unpacked.rewrite()


def one_sided(unpacked: Unpacked) -> None:
    unpacked.events[12]["data"]["legs"][0]["amount_minor"] += 1
    unpacked.rewrite()


def a_fraction(unpacked: Unpacked) -> None:
    _altered(unpacked, 6, principal_minor=1200000.5)
    unpacked.rewrite()


def an_unknown_event(unpacked: Unpacked) -> None:
    unpacked.events[8]["stored_as"] = "debt-forgiven/1"
    unpacked.rewrite()


def a_later_head(unpacked: Unpacked) -> None:
    unpacked.manifest["head"] = "00" * 32


def a_later_position(unpacked: Unpacked) -> None:
    unpacked.manifest["position"] = 28


def another_day(unpacked: Unpacked) -> None:
    unpacked.manifest["as_of"] = "2026-05-01"


def another_moment(unpacked: Unpacked) -> None:
    unpacked.manifest["known_at"] = "2026-12-31T00:00:00.000000Z"


def no_events(unpacked: Unpacked) -> None:
    del unpacked.files["events.jsonl"]


def no_list_of_files(unpacked: Unpacked) -> None:
    unpacked.files = {}


def deeply_nested(unpacked: Unpacked) -> None:
    unpacked.files["events.jsonl"] = b"[" * 100_000 + b"\n"
    unpacked.rechain()


#: Who forged what, computing the chain and the manifest anew, and what is said of it.
FORGERIES: list[tuple[Callable[[Unpacked], None], str]] = [
    (one_digit, "position 6, hash: is '"),
    (one_digit_rechained, "balances.json, FRAUD-1, debt: is '7000.00', should be '7000.01'"),
    (one_digit_rechained, "trial-balance.csv, equity:shortcuts, debit: is '12000.00', should be '12000.01'"),
    (one_digit_rechained, "checkpoints/000026.txt, root of 7 events: is '"),
    (removed, "position 8, position: is 9, should be 8"),
    (removed_with_its_request, "position 8, first_position of its request: is 9, should be 8"),
    (removed_and_renumbered, "checkpoints/000026.txt, root of 24 events: is '"),
    (swapped, "position 10, position: is 11, should be 10"),
    (cut, "position 26: events.jsonl ends before it"),
    (hashes_cut, "position 26: hashes.txt ends before it"),
    (half_a_line, "position 27: cannot be read"),
    (inserted, "position 10, position: is 9, should be 10"),
    (another_spelling, 'position 1, body: is \'{ "actor"'),
    (another_book, "position 5, book: is 'other', should be 'main'"),
    (earlier_recorded, "position 5, recorded_at: is '2020-01-01T00:00:00.000000Z', should be '2026-"),
    (actor_of_a_request, "position 7, request_sha256: is '"),
    (key_of_a_request, "position 7, key: is 'main-id-0007', should be 'another'"),
    (reach_of_a_request, "position 8, key: is 'main-id-0008', should be 'main-id-0007'"),
    (reach_of_the_last_request, "last_position of the last request: is 28, should be 27"),
    (one_request_more, "lines left in requests.jsonl: is 1, should be 0"),
    (one_request_less, "position 27: requests.jsonl ends before it"),
    (a_figure_of_an_item, "balances.json, FRAUD-1, interest_incurred: is '0.01', should be '"),
    (a_total, "balances.json, total, delta: is '1.00', should be '"),
    (an_item_less, "balances.json, FRAUD-2, debt: is 'missing', should be '9000.00'"),
    (another_title, "balances.json, FRAUD-1, title: is 'Blue', should be 'Glue'"),
    (another_currency, "currency in balances.json: is 'USD', should be 'EUR'"),
    (an_account, "trial-balance.csv, equity:shortcuts, debit: is '12000.01', should be '12000.00'"),
    (an_account_less, "trial-balance.csv, equity:omissions, debit: is 'missing', should be '8000.00'"),
    (a_root_in_the_file, "position 26, note: is '"),
    (a_root_in_the_file, "checkpoints/000026.txt, root of 7 events: is '"),
    (a_root_in_file_and_event, "checkpoints/000026.txt, root of 7 events: is '"),
    (a_checkpoint_more, "checkpoints that no event recorded: is ['checkpoints/000009.txt'], should be []"),
    (a_checkpoint_less, "position 27: cannot be read: KeyError('checkpoints/000027.txt')"),
    (no_mirror, "position 13, legs of the reversal: is "),
    (one_sided, "position 13, sum of its legs: is 1, should be 0"),
    (a_fraction, "position 6: an amount is not a whole number of minor units"),
    (an_unknown_event, "position 9: the event 'debt-forgiven/1' is none that this script knows"),
    (a_later_head, "head in the manifest: is '0000"),
    (a_later_position, "position in the manifest: is 28, should be 27"),
    (another_moment, "known_at in the manifest: is '2026-12-31"),
    (another_day, "balances.json, FRAUD-1, interest_incurred: is '"),
    (another_day, "as_of in balances.json: is '2026-04-30', should be '2026-05-01'"),
    (no_events, "events.jsonl: cannot be read"),
    (no_list_of_files, "cannot be read"),
    (deeply_nested, "position 1: cannot be read: RecursionError"),
]


@pytest.mark.parametrize(("forge", "words"), FORGERIES, ids=lambda each: getattr(each, "__name__", ""))
def test_a_forgery_is_found_and_named(
    script: ModuleType, intact: bytes, tmp_path: Path, forge: Callable[[Unpacked], None], words: str
) -> None:
    """Even if whoever forged computed every hash anew that can be computed, in the manifest too."""
    unpacked = Unpacked.of(intact)
    forge(unpacked)
    exit_code, printed = run_here(script, unpacked.zipped(tmp_path / "out.zip"))
    assert exit_code == 1
    assert [line for line in printed.splitlines() if line.startswith("NOT PROVED ") and words in line], printed


def test_a_note_that_was_removed_is_all_that_the_checkpoints_miss(
    script: ModuleType, intact: bytes, tmp_path: Path
) -> None:
    """So that the forgery above shows what checkpoints are for: nothing else is wrong with it."""
    unpacked = Unpacked.of(intact)
    removed_and_renumbered(unpacked)
    _, printed = run_here(script, unpacked.zipped(tmp_path / "out.zip"))
    assert printed.count("NOT PROVED") == 1


@pytest.mark.parametrize("name", [name for name in NAMES if name != "MANIFEST.json"])
def test_a_file_that_is_not_what_the_manifest_says_is_named(intact: bytes, tmp_path: Path, name: str) -> None:
    unpacked = Unpacked.of(intact)
    unpacked.files[name] += b"\n"
    ran = verify(unpacked.zipped(tmp_path / "out.zip", reseal=False))
    assert ran.returncode == 1
    assert f"NOT PROVED  {name}, sha256: is '" in ran.stdout


def test_a_history_that_was_forged_as_a_whole_is_found_against_what_was_kept_and_only_then(
    whole: Ledger, intact: bytes, tmp_path: Path
) -> None:
    """The last events cut off, with all that speaks of them; the script says itself that the chain alone proves that little."""
    shorter = bundled(whole, known_at=Unpacked.of(intact).events[20]["recorded_at"])
    path, kept = tmp_path / "out.zip", tmp_path / "kept.txt"
    path.write_bytes(shorter)
    assert "PROVED      the chain only" in verify(path).stdout
    kept.write_text(checkpoint(whole.engine, 24).note, encoding="utf-8")
    for words in ([str(kept)], ["--expect", f"24:{hashes_of(whole.engine)[23].hex()}"]):
        assert verify(path, *words).returncode == 1


def test_a_damaged_zip_is_said_to_be_damaged_and_never_proves_other_events(
    script: ModuleType, intact: bytes, tmp_path: Path
) -> None:
    """Cut anywhere, or a byte changed anywhere: what does not matter to the contents may pass, nothing else does."""
    dice, path = random.Random(4), tmp_path / "out.zip"
    outcomes = {0: 0, 1: 0}
    for number in range(150):
        place = dice.randrange(len(intact))
        damaged = intact[:place] + (b"" if number % 3 == 0 else bytes([intact[place] ^ 1 << dice.randrange(8)]))
        path.write_bytes(damaged if number % 3 == 0 else damaged + intact[place + 1 :])
        exit_code, printed = run_here(script, path)
        outcomes[exit_code] += 1
        if exit_code == 0:
            assert Unpacked.of(path.read_bytes()).files == Unpacked.of(intact).files, printed
    assert outcomes[1] > 100


@pytest.mark.parametrize("name", [*NAMES, "/dev/zero"])
def test_a_folder_that_holds_what_is_no_file_is_not_waited_for(
    script: ModuleType, intact: bytes, tmp_path: Path, name: str
) -> None:
    """A pipe that nobody writes to, or a device without end; the script's own file is not read."""
    folder = tmp_path / "bundle"
    with zipfile.ZipFile(io.BytesIO(intact)) as archive:
        archive.extractall(folder)
    if name.startswith("/"):
        manifest = json.loads((folder / "MANIFEST.json").read_bytes())
        manifest["files"] = {name: "0" * 64}
        (folder / "MANIFEST.json").write_text(json.dumps(manifest))
    else:
        (folder / name).unlink()
        os.mkfifo(folder / name)
    exit_code, printed = run_here(script, folder)
    assert (exit_code, f"NOT PROVED  {name}: " in printed) == (1, True), printed


def test_whatever_a_bundle_holds_the_terminal_is_not_told_what_to_do(intact: bytes, tmp_path: Path) -> None:
    unpacked = Unpacked.of(intact)
    unpacked.manifest["book"] = "\x1b[2J\x07"
    unpacked.manifest["known_at"] = "\x1b]0;all is well\x07"
    ran = verify(unpacked.zipped(tmp_path / "out.zip"))
    assert ran.returncode == 1
    assert all(line.isprintable() for line in ran.stdout.splitlines())
