"""Breaks the rules one place at a time, and says which breaks no test notices.

python -m tests.mutation FOUND [--minutes M] [--every N] [FILE …]: FOUND keeps what was found, a line per mutant, and is
resumed from. A mutant is tried in a copy of the project, in a forked process that ends at the first failing test.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("ledger/accounts", "ledger/decide", "ledger/store")
#: What a mutant may take, in seconds of the processor, before it counts as one that never ends.
MOST_SECONDS = 90

_IN_MEMORY = ["tests/decide"]
_BY_COMMAND = [
    "tests/cli/lead/test_refusals.py",
    "tests/cli/kit/test_refused_words.py",
    "tests/cli/lead/test_worked_examples.py",
]
#: The tests that a mutant has to face, stage by stage: quick ones first. By the beginning of a file's path.
FACED: tuple[tuple[str, list[list[str]]], ...] = (
    ("ledger/decide/datasheet", [["tests/cli/systems/test_datasheets.py"]]),
    ("ledger/decide/explain", [["tests/cli/systems/test_documents.py"]]),
    ("ledger/decide/robustness", [["tests/cli/systems/test_documents.py"]]),
    ("ledger/decide/score", [["tests/cli/systems/test_scores.py"]]),
    ("ledger/decide/monitor", [["tests/cli/systems/test_monitors.py"]]),
    ("ledger/decide/reference_replace", [["tests/cli/systems/test_references.py"]]),
    ("ledger/decide/under_monitor", [["tests/cli/systems/test_references.py", "tests/cli/systems/test_routes.py"]]),
    ("ledger/decide/measure", [["tests/cli/systems/test_measuring.py"]]),
    ("ledger/decide/checkpoint", [["tests/store/test_proofs.py"], ["tests/cli/audit/test_checkpoints.py"]]),
    ("ledger/decide/request", [["tests/cli/kit/test_idempotency.py"]]),
    ("ledger/decide/policy_set", [["tests/cli/kit/test_settings.py", "tests/cli/finance/test_closing.py"]]),
    ("ledger/decide/report", [["tests/cli/finance/test_packs.py"]]),
    ("ledger/decide/fold", [_IN_MEMORY, ["tests/events/test_exhaustive.py"]]),
    ("ledger/decide", [_IN_MEMORY, _BY_COMMAND]),
    ("ledger/accounts/owners", [["tests/queries/audit/test_replayed_groups.py"]]),
    ("ledger/accounts", [_IN_MEMORY, ["tests/cli/audit/test_replay.py"]]),
    ("ledger/store/transaction", [["tests/store/test_appending.py"], ["tests/cli/kit/test_idempotency.py"]]),
    ("ledger/store/memory", [["tests/store/test_appending.py"], _BY_COMMAND]),
    ("ledger/store/rebuild", [["tests/store/test_rebuild.py"]]),
    ("ledger/store/comparison", [["tests/store/test_rebuild.py"], ["tests/store/test_verify.py"]]),
    ("ledger/store/new_rows", [["tests/store/test_appending.py"]]),
    ("ledger/store/taken_head", [["tests/store/test_appending.py"]]),
    ("ledger/store/earlier_requests", [["tests/store/test_appending.py"], ["tests/cli/kit/test_idempotency.py"]]),
    ("ledger/store/ledger", [["tests/store/test_appending.py"], ["tests/cli/kit/test_idempotency.py"]]),
    ("ledger/store/request_matching", [["tests/store/test_verify.py"]]),
    ("ledger/store/verification", [["tests/store/test_verify.py"]]),
    ("ledger/store/engine", [["tests/store/test_damaged_values.py"], ["tests/cli/kit/test_database_url.py"]]),
    ("ledger/store/read_back", [["tests/store/test_appending.py"], ["tests/store/test_unexplained.py"]]),
    ("ledger/store/unexplained", [["tests/store/test_unexplained.py"]]),
    ("ledger/store/catalogue", [["tests/store/test_schema_faults.py"]]),
    ("ledger/store/decisions", [["tests/store/test_decided_again.py"]]),
    ("ledger/store/past", [["tests/store/test_decided_again.py"]]),
    ("ledger/store/database_url", [["tests/cli/kit/test_database_url.py"]]),
    ("ledger/store/verify", [["tests/store/test_verify.py"]]),
    ("ledger/store/upgrade", [["tests/store/test_migrations.py"], ["tests/store/test_filling.py"]]),
    ("ledger/store/check", [["tests/store/test_check.py"]]),
    ("ledger/store/guards", [["tests/store/test_schema_faults.py"]]),
    ("ledger/store/backup", [["tests/store/test_backup.py"]]),
    ("ledger/store/restore", [["tests/store/test_restore.py"]]),
)
_PYTEST = ["-x", "-q", "-p", "no:cacheprovider", "-k", "not postgresql and not wheel"]
_PYTEST += ["-m", "not reliability and not soak and not bench"]


def stages(file: str) -> list[list[str]]:
    """The tests that a file's mutants face. A file of tests that is not there would kill every one."""
    found = next((faced for start, faced in FACED if file.startswith(start)), [])
    missing = [test for tests in found for test in tests if not (ROOT / test).exists()]
    assert not missing, f"{file}: {missing} are not there"
    return found


def copied(folder: Path) -> Path:
    """The project in a folder of its own: what is broken there is broken nowhere else."""
    for name in ("ledger", "migrations", "reports", "tests", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def outcome(mutant: Mutant, tree: Path) -> str:
    """'killed' by a test, 'endless', or 'survived' them all."""
    file = tree / mutant.file
    right = file.read_bytes()
    file.write_bytes(mutant.source(ROOT))
    try:
        for tests in stages(mutant.file):
            status = _faced(tests, tree)
            if os.WIFSIGNALED(status):
                return "endless"
            if os.WEXITSTATUS(status):
                return "killed"
        return "survived"
    finally:
        file.write_bytes(right)


def _faced(tests: list[str], tree: Path) -> int:
    """Run tests in a fork of this process, which has imported all but the project itself; how that ended."""
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        os.chdir(tree)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        import pytest

        os._exit(int(pytest.main([*_PYTEST, *tests])))
    return os.waitpid(pid, 0)[1]


def chosen(files: list[str], every: int) -> Iterator[Mutant]:
    """Every so manieth mutant of the files, or of all rooms."""
    rooms = [path.relative_to(ROOT).as_posix() for room in ROOMS for path in sorted((ROOT / room).glob("*.py"))]
    for file in files or rooms:
        yield from mutants(ROOT, file)[::every] if stages(file) else ()


def main() -> None:
    """Try what was not tried yet, as long as there is time."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("found", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_intermixed_args()
    lines = arguments.found.read_text(encoding="utf-8").splitlines() if arguments.found.exists() else []
    known = {line["mutant"]: line["outcome"] for line in map(json.loads, lines)}
    ends = time.monotonic() + 60 * arguments.minutes
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, arguments.found.open("a", encoding="utf-8") as kept:
        tree = copied(Path(folder))
        _import_what_stays_the_same(tree)
        for mutant in chosen(arguments.files, arguments.every):
            if mutant.name not in known:
                if time.monotonic() > ends:
                    counted["not tried"] += 1
                    continue
                known[mutant.name] = outcome(mutant, tree)
                kept.write(json.dumps({"mutant": mutant.name, "outcome": known[mutant.name]}) + "\n")
                kept.flush()
            counted[known[mutant.name]] += 1
            if known[mutant.name] == "survived":
                sys.stdout.write(f"{mutant.name}\n")
    sys.stdout.write(", ".join(f"{number} {what}" for what, number in sorted(counted.items())) + "\n")


def _import_what_stays_the_same(tree: Path) -> None:
    """What takes long, and which no mutant changes: other people's packages, the rooms below, the reference model."""
    sys.path[:] = [str(tree), *(path for path in sys.path if Path(path).resolve() != ROOT)]
    for name in (
        *("alembic.command", "click.testing", "hypothesis", "msgspec.json", "rich.table", "sqlalchemy.dialects.sqlite"),
        *("_pytest.assertion.rewrite", "ledger.events.codec", "tests.model.histories"),
    ):
        import_module(name)
    broken = [name for name in sys.modules if name.replace(".", "/").startswith(ROOMS)]
    assert not broken, f"{broken} would not be imported anew in a mutant's process"


if __name__ == "__main__":
    main()
