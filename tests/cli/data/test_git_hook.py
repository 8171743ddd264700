"""`debt git hook`: a message is checked before it is a commit, without a ledger, and blocked only where that was asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.data.test_git import Repo, repo
from tests.helpers.optional import needs
from tests.helpers.teller import Teller

__all__ = ["repo"]

pytestmark = needs("git")

ROOT = Path(__file__).resolve().parents[3]
GOOD = "Work\n\nDebt-Repays: FRAUD-1 3d\n"
SLIP = "Work\n\nDebt-Repay: FRAUD-1 3d\nDebt-Closes: FRAUD\n# Debt-Closes: comment\n"


@pytest.fixture
def at(teller: Teller, repo: Repo, tmp_path: Path) -> Teller:
    """Somebody at a database that is not there: the hook needs none."""
    teller.path = tmp_path / "nowhere.db"
    return teller


def commit(repo: Repo, message: str, *, debt: str | None) -> subprocess.CompletedProcess[bytes]:
    """Commit as a person would, with a `debt` on the path that does what a script says, or with none."""
    programs = repo.folder.parent / "programs"
    programs.mkdir(exist_ok=True)
    if debt is not None:
        (programs / "debt").write_text(f"#!/bin/sh\n{debt}\n", encoding="utf-8")
        (programs / "debt").chmod(0o755)
    path = os.pathsep.join((str(programs), os.environ["PATH"]))
    words = ["git", "-C", str(repo.folder), "commit", "--quiet", "--allow-empty", "-m", message]
    return subprocess.run(
        words, env=os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )


def ours() -> str:
    return f'exec "{sys.executable}" -c "from ledger.cli import main; main()" "$@"'


def test_what_a_message_says_wrong_is_told_and_blocks_only_on_demand(at: Teller, repo: Repo) -> None:
    file = repo.folder / "message"
    file.write_text(SLIP, encoding="utf-8")
    line = f"git hook check '{file}' --repo '{repo.folder}'"
    reply = at.type(line)
    assert reply.exit_code == 0
    assert "Debt-Repay is no word of ours. Did you mean Debt-Repays?" in reply.err
    assert "'FRAUD'" in reply.err
    assert "comment" not in reply.err
    assert at.type(f"{line} --enforce").exit_code == 1
    repo.git("config", "debt.enforce", "true")
    assert at.type(line).exit_code == 1
    file.write_text(GOOD, encoding="utf-8")
    assert (at.type(line).exit_code, at.type(line).err) == (0, "")


def test_the_hook_is_written_where_git_looks_and_taken_away(at: Teller, repo: Repo) -> None:
    repo.git("config", "core.hooksPath", "elsewhere")
    at.do(f"git hook install --repo '{repo.folder}'")
    written = repo.folder / "elsewhere" / "commit-msg"
    assert os.access(written, os.X_OK)
    at.do(f"git hook install --repo '{repo.folder}'", f"git hook uninstall --repo '{repo.folder}'")
    assert not written.exists()
    assert "is not there, or not ours" in at.type(f"git hook uninstall --repo '{repo.folder}'").err


def test_a_hook_of_others_stays(at: Teller, repo: Repo) -> None:
    other = repo.folder / ".git" / "hooks" / "commit-msg"
    other.parent.mkdir(exist_ok=True)
    other.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    reply = at.type(f"git hook install --repo '{repo.folder}'")
    assert (reply.exit_code, 'Add to it: `debt git hook check "$1"`' in reply.err) == (1, True)
    assert other.read_text(encoding="utf-8") == "#!/bin/sh\nexit 0\n"
    at.do(f"git hook install --force --repo '{repo.folder}'")
    assert "debt git hook check" in other.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("debt", "enforced", "done"),
    [
        (None, True, True),
        ("exit 2", True, True),
        ("exit 3", True, True),
        ("exit 1", True, False),
        ("exit 0", False, True),
    ],
)
def test_only_what_the_check_refuses_is_no_commit(
    at: Teller, repo: Repo, debt: str | None, enforced: bool, done: bool
) -> None:
    at.do(f"git hook install --repo '{repo.folder}'")
    assert (commit(repo, SLIP, debt=debt).returncode == 0) is done


@pytest.mark.reliability
def test_a_real_commit_is_blocked_where_that_was_asked_for(at: Teller, repo: Repo) -> None:
    at.do(f"git hook install --repo '{repo.folder}'")
    assert commit(repo, SLIP, debt=ours()).returncode == 0
    repo.git("config", "debt.enforce", "true")
    done = commit(repo, SLIP, debt=ours())
    assert done.returncode == 1
    assert b"Did you mean Debt-Repays?" in done.stderr
    assert commit(repo, GOOD, debt=ours()).returncode == 0


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("Work\n\nDebt-Repays: FRAUD-1 1d\n\nThat was all.\n", "belongs into its last paragraph"),
        ("Debt-Repays: FRAUD-1 1d\n", "belongs into its last paragraph"),
        ("Work\n\nDebt-Repays: FRAUD-1 1d\ndebt-repays: fraud-1 2d\n", "Debt-Repays of FRAUD-1 more than once"),
    ],
)
def test_what_a_scan_would_not_take_is_said_before(at: Teller, repo: Repo, message: str, why: str) -> None:
    file = repo.folder / "message"
    file.write_text(message, encoding="utf-8")
    reply = at.type(f"git hook check '{file}' --repo '{repo.folder}' --enforce")
    assert (reply.exit_code, why in reply.err) == (1, True), reply.err


def test_a_link_to_a_hook_of_others_is_replaced_and_not_followed(at: Teller, repo: Repo, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    hook = repo.folder / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to(shared)
    assert at.type(f"git hook install --repo '{repo.folder}'").exit_code == 1
    at.do(f"git hook install --force --repo '{repo.folder}'")
    assert shared.read_text(encoding="utf-8") == "#!/bin/sh\nexit 0\n"
    assert not hook.is_symlink()
