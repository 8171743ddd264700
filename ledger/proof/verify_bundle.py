"""Check a bundle of a Debt Ledger without its software:  python verify.py BUNDLE [FILE ...]

BUNDLE is the zip or the folder it was unpacked to; a FILE is a checkpoint or a *.tlog-proof that was kept elsewhere.
It needs Python 3.9 or newer and its standard library, for signatures ssh-keygen, and shares no code with the ledger.
Exit 0: what was checked holds, and the last lines say what that proves. Exit 1: it does not, or cannot be read.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from base64 import b64decode, encodebytes
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import product, zip_longest
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

problems, place = list[str](), ""  # place: what is being read


class Broken(Exception): ...  # nothing further can be said


def say(what: str, text: str) -> None:
    sys.stdout.write("".join(c if c.isprintable() else "?" for c in f"{what:<12}{text}") + "\n")


def expect(what: str, found: Any, expected: Any) -> None:
    if found != expected:
        problems.append(f"{place}, {what}: is {found!r:.200}, should be {expected!r:.200}")


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def lines(file: Any) -> Iterator[bytes]:
    with file.open("rb") as opened:
        yield from (line.rstrip(b"\n") for line in opened)


# The chain: hash = sha256("debt-ledger/1\n" + the hash before + sha256(body)); before the first, 32 zero bytes.
def check_chain(root: Any, manifest: dict[str, Any], hashes: list[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every position and event, held against the event before and the request that caused it. Adds to the hashes."""
    global place
    requests, request, position, recorded_at = lines(root / "requests.jsonl"), dict[str, Any](last_position=0), 0, ""
    for position, (body, stored) in enumerate(zip_longest(lines(root / "events.jsonl"), lines(root / "hashes.txt")), 1):
        place = f"position {position}"
        if None in (body, stored):
            raise Broken(f"{'events.jsonl' if body is None else 'hashes.txt'} ends before it")
        event = json.loads(body)
        expect("hash", stored.decode(), sha256(b"debt-ledger/1\n" + hashes[-1] + sha256(body)).hex())
        hashes.append(bytes.fromhex(stored.decode()))  # as stored: one altered event does not accuse all that follow
        expect("body", body.decode(), json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
        expect("book", event["book"], manifest["book"])
        expect("position", event["position"], position)
        expect("recorded_at", event["recorded_at"], max(event["recorded_at"], recorded_at))
        recorded_at = event["recorded_at"]
        if position > request["last_position"]:
            if (line := next(requests, None)) is None:
                raise Broken("requests.jsonl ends before it")
            request = json.loads(line)
            expect("first_position of its request", request["first_position"], position)
        expect("key", event["key"], request["key"])
        expect("request_sha256", event["request_sha256"], sha256(request["request_json"].encode()).hex())
        yield position, event
    expect("lines left in requests.jsonl", sum(1 for _ in requests), 0)
    expect("last_position of the last request", request["last_position"], position)
    for name, expected in (("position", position), ("head", hashes[-1].hex()), ("known_at", recorded_at)):
        expect(f"{name} in the manifest", manifest[name], expected)
    say("chain", f"{position} events, each held against the one before and the request that caused it")


# The Merkle tree of RFC 6962 over the events' hashes, 32 bytes each; checkpoints and proofs of it.
def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def merkle_roots(hashes: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The root over the first hashes, for each of the sizes."""
    roots, peaks = dict[int, bytes](), list[tuple[int, bytes]]()  # peaks: height and root of the full trees so far
    for size, event_hash in enumerate(hashes, 1):
        height, peak = 0, sha256(b"\x00" + event_hash)
        while peaks and peaks[-1][0] == height:
            height, peak = height + 1, node(peaks.pop()[1], peak)
        peaks.append((height, peak))
        if size in sizes:
            for _, left in peaks[-2::-1]:
                peak = node(left, peak)
            roots[size] = peak
    return roots


class Witness(NamedTuple):
    """A checkpoint (c2sp.org/tlog-checkpoint), or a proof (c2sp.org/tlog-proof) that an event is in one."""

    text: str  # what is signed: origin, size and root, a line each
    origin: str
    size: int
    root: bytes
    signatures: list[bytes]
    position: int = 0  # of a proof only: the event's, its hash, and the root to which the path leads
    event_hash: bytes = b""
    root_of_path: bytes = b""


def read_witness(note: str) -> Witness:
    if not note.startswith("c2sp.org/tlog-proof@v1\n"):
        text, _, signed = note.rpartition("\n\n") if "\n\n" in note else (note.rstrip("\n"), "", "")
        origin, size, root = text.split("\n")
        signatures = [b64decode(line.split(" ")[2], validate=True)[4:] for line in signed.splitlines()]
        return Witness(text + "\n", origin, int(size), b64decode(root, validate=True), signatures)
    told, _, note = note.partition("\n\n")
    _, extra, index, *path = (line.rpartition(" ")[2] for line in told.split("\n"))
    about, checkpoint = b64decode(extra, validate=True), read_witness(note)
    event_hash = sha256(b"debt-ledger/1\n" + about[:32] + sha256(about[32:]))  # about: the hash before, and the body
    number, last, climbed = int(index), checkpoint.size - 1, sha256(b"\x00" + event_hash)
    for sibling in (b64decode(line, validate=True) for line in path):  # RFC 9162, 2.1.3.2
        is_right = number % 2 == 1 or number == last
        climbed = node(sibling, climbed) if is_right else node(climbed, sibling)
        while is_right and number and number % 2 == 0:
            number, last = number // 2, last // 2
        number, last = number // 2, last // 2
    return checkpoint._replace(position=int(index) + 1, event_hash=event_hash, root_of_path=b"" if last else climbed)


def check_witness(witness: Witness, book: str, hashes: list[bytes], roots: dict[int, bytes]) -> int:
    """Hold it against the events. Returns how many of them it covers."""
    expect("origin", witness.origin, f"debt-ledger/{quote(book, safe='')}/{hashes[1].hex()[:16]}")
    newest = witness.position or witness.size
    if not 0 < newest <= min(witness.size, len(hashes) - 1):
        raise Broken(f"it is about event {newest} of {witness.size}, and the bundle holds {len(hashes) - 1}")
    if witness.position:
        expect("root of the path", witness.root_of_path.hex(), witness.root.hex())
        expect(f"hash of position {witness.position}", witness.event_hash.hex(), hashes[witness.position].hex())
    if witness.size in roots:
        expect(f"root of {witness.size} events", witness.root.hex(), roots[witness.size].hex())
    return witness.size if witness.size in roots else witness.position


def signers(witness: Witness, allowed: Path) -> Iterator[str]:
    """Whom the file of allowed signers names for the keys that signed. The signature of such a key has to hold."""
    for blob in witness.signatures:
        with tempfile.TemporaryDirectory() as folder:
            armored, signature = encodebytes(blob).decode(), Path(folder, "signature")
            signature.write_text(f"-----BEGIN SSH SIGNATURE-----\n{armored}-----END SSH SIGNATURE-----\n")
            run: Any = partial(subprocess.run, input=witness.text.encode(), capture_output=True)
            common = ["-s", str(signature), "-f", str(allowed)]
            named = run(["ssh-keygen", "-Y", "find-principals", *common]).stdout.decode()
            for who in named.replace(",", " ").split()[:1]:
                if run(["ssh-keygen", "-Y", "verify", "-n", "debt-ledger", "-I", who, *common]).returncode:
                    raise Broken(f"the signature of {who} does not hold")
                yield who


# Money: what every event posts.
NO_POSTINGS = """book-opened/1 day-rate-set/1 period-closed/1 budget-set/1 forecast-set/1 pack-issued/1 policy-set/1
    checkpoint-signed/1 system-registered/1 system-changed/1 dependency-declared/1 system-retired/1
    monitor-documented/1 expectation-measured/1 datasheet-answered/1 explanation-documented/1 robustness-documented/1
    score-answered/1 debt-renewed/1 repayment-planned/1 note-added/1 evidence-added/1 time-zone-set/1
    monitor-documented/2 expectation-measured/2 evidence-added/2 reference-replaced/1 import-run/1 decision-logged/1
    decision-retracted/1 day-rate-withdrawn/1 system-renamed/1 item-retitled/1 item-linked/1 item-tagged/1
    item-assigned/1 interest-observed/1"""
OPENED = {"debt-commissioned/1": ("equity:shortcuts", "debt"), "neglect-observed/1": ("equity:omissions", "neglect")}
PRINCIPAL = ("principal_change_minor", "removed_minor", "principal_minor")
CARRY = ("carry_change_minor_per_year", "carry_removed_minor_per_year", "carry_minor_per_year")


class Leg(NamedTuple):
    """Debit positive. Of a liability also: nature, the change of interest per year, the day from which it counts."""

    account: str
    amount: int
    nature: str | None = None
    carry: int = 0
    since: str | None = None


def postings(event: dict[str, Any]) -> list[Leg]:
    kind, data = event["stored_as"], event["data"]
    if kind == "event-reversed/1":
        names = ("account", "amount_minor", "nature", "carry_minor_per_year", "accrues_from")
        return [Leg(*(leg[name] for name in names)) for leg in data["legs"]]
    if kind in NO_POSTINGS.split() or data.get("principal_minor", 0) is None:  # None: nobody has estimated it yet
        return []
    principal, carry = (next((data[name] for name in names if name in data), 0) for names in (PRINCIPAL, CARRY))
    nature, spent = data.get("nature"), data.get("spent_minor", 0)

    def owed(nature: str, sign: int) -> Leg:
        since = data.get("occurred_on") or event["effective_on"]
        return Leg(f"liabilities:{nature}:{data['dimension']}", -sign * principal, nature, sign * carry, since)

    if kind in OPENED:
        return [Leg(OPENED[kind][0], principal), owed(OPENED[kind][1], 1)]
    if kind == "neglect-adopted/1":
        return [owed("neglect", -1), owed("debt", 1)]
    if kind == "repayment-recorded/2" and spent is None:  # nobody knows what the work cost
        return [owed(nature, -1), Leg("equity:unmeasured", -principal)]
    if kind in ("repayment-recorded/1", "repayment-recorded/2"):
        return [owed(nature, -1), Leg("expenses:estimate-variance", spent - principal), Leg("assets:capacity", -spent)]
    if kind == "estimate-revised/1":
        return [Leg("equity:revaluation", principal), owed(nature, 1)]
    if kind == "item-written-off/1":
        return [owed(nature, -1), Leg("equity:write-offs", -principal)]
    raise Broken(f"the event {kind!r} is none that this script knows: it is older than the ledger")


def check_postings(position: int, event: dict[str, Any], undone: dict[int, list[Leg]]) -> list[Leg]:
    """Debits equal credits; a reversal is the mirror of what it reverses. undone: legs, by reversed position."""
    legs = [leg for leg in postings(event) if leg.amount or leg.carry]
    if any(type(number) is not int for leg in legs for number in (leg.amount, leg.carry)):
        raise Broken("an amount is not a whole number of minor units")
    expect("sum of its legs", sum(leg.amount for leg in legs), 0)
    if position in undone:
        undone[position] = legs
    if (at := event["data"].get("reversed_position")) is not None:
        mirror = [leg._replace(amount=-leg.amount, carry=-leg.carry) for leg in undone[at]]
        expect("legs of the reversal", sorted(map(str, legs)), sorted(map(str, mirror)))
    return legs


# Figures: the register with its totals, and the trial balance, at the end of a day.
SIDES = ("debit", "credit", "balance")
AMOUNTS = ("debt", "neglect", "delta", "interest_per_year", "interest_incurred")
Table = dict[str, dict[str, str]]


class Figures:
    def __init__(self, as_of: str) -> None:
        self.as_of, self.day, self.exponent, self.currency = as_of, date.fromisoformat(as_of), 0, ""
        self.titles: dict[int, tuple[str, str, str]] = {}  # by position: day, item, what it is called from then on
        self.owed: dict[tuple[str, str], list[int]] = {}  # by item and nature: principal, carry, carry x days
        self.items, self.accounts = dict[str, dict[str, str]](), dict[str, dict[str, int]]()

    def take(self, event: dict[str, Any], legs: list[Leg]) -> None:
        data = event["data"]
        if event["stored_as"] == "book-opened/1":
            self.currency, self.exponent = data["currency"], data["currency_exponent"]
        if event["effective_on"] > self.as_of:
            return
        if event["stored_as"] in OPENED:
            opened = {name: data[name] for name in ("item", "system", "title", "dimension", "category")}
            self.items[data["item"]] = {**opened, "opened_on": data.get("occurred_on") or event["effective_on"]}
        if event["stored_as"] == "item-retitled/1":
            self.titles[event["position"]] = (event["effective_on"], data["item"], data["title"])
        self.titles.pop(data.get("reversed_position", 0), None)
        for leg in legs:
            sides = self.accounts.setdefault(leg.account, dict.fromkeys(SIDES, 0))
            sides["debit" if leg.amount > 0 else "credit"] += abs(leg.amount)
            sides["balance"] += leg.amount
            if leg.nature and leg.since:
                sums = self.owed.setdefault((event["stream"], leg.nature), [0, 0, 0])
                days = (self.day - date.fromisoformat(leg.since)).days
                for column, number in enumerate((-leg.amount, leg.carry, leg.carry * days)):
                    sums[column] += number

    def shown(self, row: dict[str, int]) -> dict[str, str]:  # minor units as decimal strings of the currency
        return {name: f"{Decimal(minor).scaleb(-self.exponent):.{self.exponent}f}" for name, minor in row.items()}

    def trial_balance(self) -> Table:
        rows = {account: row for account, row in sorted(self.accounts.items()) if row["debit"] or row["credit"]}
        rows["total"] = {name: sum(row[name] for row in rows.values()) for name in SIDES}
        return {account: self.shown(row) for account, row in rows.items()}

    def register(self) -> Table:
        """Every item opened by that day, and the total. Interest is Actual/365, rounded once per item and nature."""
        for _, (_, item, title) in sorted(self.titles.items(), key=lambda each: (each[1][0], each[0])):
            self.items[item]["title"] = title
        rows = {item: dict.fromkeys(AMOUNTS, 0) for item in (*self.items, "total")}
        for (item, nature), (principal, carry, carry_days) in self.owed.items():
            interest = round(Fraction(carry_days, 365))  # halves go to the even neighbour
            added = {nature: principal, "delta": principal, "interest_per_year": carry, "interest_incurred": interest}
            for row, (name, number) in product((rows[item], rows["total"]), added.items()):
                row[name] += number
        return {item: {**self.items.get(item, {}), **self.shown(row)} for item, row in rows.items()}


def check_figures(root: Any, manifest: dict[str, Any], figures: Figures) -> None:
    global place
    rows = csv.DictReader((root / "trial-balance.csv").read_text("utf-8").splitlines())
    accounts: Table = {row.pop("account"): row for row in rows}
    told = json.loads((root / "balances.json").read_bytes())
    items: Table = {row["item"]: row for row in told.pop("items")}
    items["total"] = {name: told.pop(name) for name in AMOUNTS}
    for name in told:
        expect(f"{name} in balances.json", told[name], figures.currency if name == "currency" else manifest[name])
    checked = (("trial-balance.csv", accounts, figures.trial_balance()), ("balances.json", items, figures.register()))
    for place, found, computed in checked:  # noqa: B007
        for key in sorted(found.keys() | computed.keys()):
            one, other = found.get(key, {}), computed.get(key, {})
            for name in sorted(one.keys() | other.keys()):
                expect(f"{key}, {name}", one.get(name, "missing"), other.get(name, "missing"))
    say("figures", f"trial balance and register (items: {len(items) - 1}) of {figures.as_of} compared with the events")


def check(arguments: argparse.Namespace) -> None:
    global place
    place = str(arguments.bundle)
    root = arguments.bundle if arguments.bundle.is_dir() else zipfile.Path(arguments.bundle)
    place = "MANIFEST.json"
    manifest = json.loads((root / place).read_bytes() if (root / place).is_file() else b"")
    say("bundle", f"book {manifest['book']!r}, {manifest['position']} events, as known at {manifest['known_at']}")
    for place, told in manifest["files"].items():
        digest, file = hashlib.sha256(), root / place
        if not file.is_file():  # a pipe would be waited for, a device never ends
            raise Broken("is no file")
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
        expect("sha256", digest.hexdigest(), told)
    say("files", f"{len(manifest['files'])}, their hashes compared with the manifest")
    inside = {name: root / name for name in manifest["files"] if name.startswith("checkpoints/")}
    witnesses: dict[str, Witness] = {}
    for place, file in {**inside, **{str(path): path for path in arguments.kept}}.items():
        witnesses[place] = read_witness(file.read_text("utf-8"))
    place = "events.jsonl"
    reversals = [json.loads(line) for line in lines(root / place) if b'"stored_as":"event-reversed/1"' in line]
    undone: dict[int, list[Leg]] = {event["data"]["reversed_position"]: [] for event in reversals}
    days, hashes = [Figures(day) for day in (manifest["as_of"], arguments.as_of) if day], [bytes(32)]
    for position, event in check_chain(root, manifest, hashes):
        legs = check_postings(position, event, undone)
        for figures in days:
            figures.take(event, legs)
        if event["stored_as"] == "checkpoint-signed/1":
            signed = inside.pop(f"checkpoints/{position:06}.txt").read_text("utf-8")
            expect("note", event["data"]["note"], signed)
    expect("checkpoints that no event recorded", sorted(inside), [])
    check_figures(root, manifest, days[0])
    conclude(arguments, witnesses, hashes, manifest["book"])
    for figures in days[1:] if not problems else ():
        say("figures", f"on {figures.as_of}, {figures.currency}")
        for key, row in (*figures.trial_balance().items(), *figures.register().items()):
            say(f"  {key:<32}", "  ".join(f"{name} {row[name]}" for name in (*SIDES, *AMOUNTS) if name in row))


def conclude(arguments: argparse.Namespace, witnesses: dict[str, Witness], hashes: list[bytes], book: str) -> None:
    """Hold the events against what was not made with the bundle, and say what all of it proves."""
    global place
    covered, known, events = {}, list[str](), len(hashes) - 1  # covered: by what, how many events
    place = str(arguments.allowed_signers)
    can_tell = arguments.allowed_signers and arguments.allowed_signers.read_bytes() and shutil.which("ssh-keygen")
    if arguments.expect:
        place, (number, _, kept_hash) = "--expect", arguments.expect.lower().partition(":")
        expect(f"hash of position {number}", hashes[int(number)].hex() if int(number) <= events else None, kept_hash)
        covered["hash that you kept"] = int(number)
    roots = merkle_roots(hashes[1:], {witness.size for witness in witnesses.values()})
    for place, witness in witnesses.items():
        size = check_witness(witness, book, hashes, roots)
        known += (names := list(signers(witness, arguments.allowed_signers)) if can_tell else [])
        covered.update({f"checkpoint {place}, signed by {name}": size for name in names})
        if not names and place in map(str, arguments.kept):
            covered[f"checkpoint {place} that you kept"] = size
        who = ", ".join(names) or ("nobody known" if can_tell or not witness.signatures else "somebody (not checked)")
        say("checkpoint", f"{place}: root of {witness.size} events, signed by {who}")
    place = str(arguments.allowed_signers)
    if can_tell and not known:
        raise Broken("whom it names has signed no checkpoint of this bundle")
    if problems:
        return
    for what, size in covered.items():
        say("PROVED", f"chain and {what}: nothing was touched in the first {size} of {events} events")
    if not covered:
        say("PROVED", "the chain only: the events agree with each other, and every figure with the events")
        say("", "Whoever holds the whole database could have made another chain that agrees with itself.")
        say("", f"Compare with a hash that was kept elsewhere: --expect {events}:{hashes[-1].hex()}")
    if witnesses and not can_tell:
        why = "ssh-keygen is not installed" if arguments.allowed_signers else "--allowed-signers FILE was not given"
        say("NOT CHECKED", f"who signed the checkpoints: {why}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE")
    parser.add_argument("kept", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--expect", metavar="POSITION:HASH", help="a hash that was kept elsewhere")
    parser.add_argument("--allowed-signers", type=Path, metavar="FILE", help="whose signatures count, for ssh-keygen")
    parser.add_argument("--as-of", metavar="DATE", help="print the figures of that day, too: 2026-03-31")
    try:
        check(parser.parse_intermixed_args())
    except Exception as error:  # whatever a damaged file does to its reader
        problems.append(f"{place}: {error if isinstance(error, Broken) else f'cannot be read: {error!r:.200}'}")
    for problem in problems[:20]:
        say("NOT PROVED", problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
