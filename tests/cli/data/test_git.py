"""`debt git scan`: what commits say is recorded once, wherever they went; what is unclear is told and not guessed."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.optional import needs
from tests.helpers.teller import Reply, Teller

pytestmark = needs("git")

GATE = "--category glue-code --decided-by Ada --because 'launch' --benefit 'two months' --repay-by 2026Q4"
LINES = (
    "rate set 800 --from 2025-01-01",
    f"commission FRAUD Glue --principal 15d --interest 6% {GATE} --on 2026-02-01",
    f"commission FRAUD Jungle --principal 5000 --interest 100/month {GATE} --on 2026-02-01",
)


@dataclass
class Repo:
    """A repository of one author, at a clock that goes on an hour with every commit."""

    folder: Path
    hour: int = 0

    def git(self, *words: str, **variables: str) -> str:
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        surroundings |= {"HOME": str(self.folder.parent), "GIT_CONFIG_NOSYSTEM": "1"} | variables
        done = subprocess.run(
            ["git", "-C", str(self.folder), *words], env=surroundings, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().strip()

    def commit(self, *paragraphs: str, author: str = "Ada <ada@example.org>", at: str = "") -> str:
        self.hour += 1
        at = at or f"2026-06-{self.hour:02}T10:00:00+0200"
        self.git(
            "commit",
            "--quiet",
            "--allow-empty",
            f"--author={author}",
            "-m",
            "\n\n".join(paragraphs),
            GIT_AUTHOR_DATE=at,
        )
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    folder = tmp_path / "scoring"
    folder.mkdir()
    repo = Repo(folder)
    repo.git("init", "--quiet", "--initial-branch=main")
    repo.git("config", "user.email", "committer@example.org")
    repo.git("config", "user.name", "Committer")
    return repo


@pytest.fixture
def told(teller: Teller) -> Teller:
    teller.do(*LINES)
    return teller


def scan(told: Teller, repo: Repo, more: str = "") -> Reply:
    return told.type(f"git scan {more} --repo '{repo.folder}' --format json")


def outstanding(told: Teller) -> dict[str, str]:
    return {row["item"]: row["outstanding"] for row in told.ask("list --status all")}


def test_each_trailer_is_what_it_says_by_its_author_on_his_day(told: Teller, repo: Repo) -> None:
    repo.commit("Nothing about debt")
    first = repo.commit("Untangle the join", "More.", "Debt-Repays: FRAUD-1 3d\nSigned-off-by: Bob <b@example.org>")
    repo.commit(
        "Wait for the feed",
        "debt-interest:   fraud-1 2h",
        author="Bob <bob@example.org>",
        at="2026-07-01T00:30:00+0200",
    )
    repo.commit("Last join", "Debt-Closes: FRAUD-2")
    reply = scan(told, repo)
    assert (reply.exit_code, reply.json["read"], reply.json["unchanged"], reply.json["refused"]) == (0, 3, 0, [])
    assert reply.json["recorded"] == {"repayment-recorded/2": 2, "interest-observed/1": 1, "import-run/1": 1}
    assert outstanding(told) == {"FRAUD-1": "9600.00", "FRAUD-2": "0.00"}
    repaid, seen, closed = told.ask("log")[-4:-1]
    assert (repaid["actor"], repaid["effective_on"]) == ("ada@example.org", "2026-06-02")
    assert repaid["data"]["evidence"] == f"commit {first} by ada@example.org at 2026-06-02T10:00:00+02:00"
    # Half past midnight in Berlin is the day before in the book's zone, UTC.
    assert (seen["actor"], seen["effective_on"], seen["data"]["amount_minor"]) == (
        "bob@example.org",
        "2026-06-30",
        20000,
    )
    assert seen["data"]["because"] == "Wait for the feed"
    assert (closed["data"]["removed_minor"], closed["data"]["spent_minor"]) == (500000, None)
    told.do("verify --decide", "replay --check")


def test_a_second_scan_and_whatever_moves_a_commit_record_nothing(told: Teller, repo: Repo) -> None:
    repo.commit("Start")
    repo.git("branch", "topic")
    repo.commit("Work", "Debt-Repays: FRAUD-1 3d")
    assert scan(told, repo).json["recorded"]["repayment-recorded/2"] == 1
    repo.git("checkout", "--quiet", "topic")
    repo.commit("Elsewhere")
    repo.git("cherry-pick", "--allow-empty", "main")
    repo.git("checkout", "--quiet", "main")
    repo.git("commit", "--amend", "--quiet", "--allow-empty", "-m", "Work, said better\n\nDebt-Repays: FRAUD-1 3d")
    repo.git("merge", "--quiet", "--no-edit", "topic")
    reply = scan(told, repo)
    assert (reply.exit_code, reply.json["run"], reply.json["read"], reply.json["unchanged"]) == (0, None, 2, 2)
    assert outstanding(told)["FRAUD-1"] == "9600.00"


def test_two_pieces_of_work_that_say_the_same_are_two(told: Teller, repo: Repo) -> None:
    for _ in range(2):
        repo.commit("Work", "Debt-Repays: FRAUD-1 1d")
    repo.commit("Work", "Debt-Repays: FRAUD-1 1d", author="Bob <bob@example.org>", at="2026-06-01T10:00:00+0200")
    assert scan(told, repo).json["recorded"]["repayment-recorded/2"] == 3


def test_another_amount_of_the_same_trailer_is_told(told: Teller, repo: Repo) -> None:
    repo.commit("Work", "Debt-Repays: FRAUD-1 3d")
    scan(told, repo)
    repo.git("commit", "--amend", "--quiet", "--allow-empty", "-m", "Work\n\nDebt-Repays: FRAUD-1 4d")
    (refused,) = scan(told, repo).json["refused"]
    assert "recorded with another amount" in refused["reason"]
    assert outstanding(told)["FRAUD-1"] == "9600.00"


SQUASHES = {
    "outside the last paragraph": (
        "Squash (#12)",
        "* one",
        "Debt-Repays: FRAUD-1 1d",
        "* two",
        "Debt-Repays: FRAUD-1 2d",
    ),
    "twice of one item": ("Squash", "Debt-Repays: FRAUD-1 1d\nDebt-Repays: FRAUD-1 2d"),
    "among prose": ("Squash", "Debt-Repays: FRAUD-1 1d", "That was all."),
}


@pytest.mark.parametrize("case", SQUASHES)
def test_of_a_squash_nothing_is_guessed_until_somebody_answers(told: Teller, repo: Repo, case: str) -> None:
    sha = repo.commit(*SQUASHES[case])
    reply = scan(told, repo)
    assert reply.exit_code == 1
    assert reply.json["recorded"] == {}
    assert {row["key"] for row in reply.json["refused"]} == {sha}
    assert outstanding(told)["FRAUD-1"] == "12000.00"
    told.do(f"repay FRAUD-1 3d --evidence 'squash {sha[:12]}'")
    reply = scan(told, repo)
    assert (reply.exit_code, reply.json["refused"]) == (0, [])
    told.do("undo FRAUD-1 --yes")
    assert scan(told, repo).exit_code == 1


def test_a_trailer_beside_one_that_is_wrong_does_not_answer_it(told: Teller, repo: Repo) -> None:
    repo.commit("Two", "Debt-Repays: FRAUD-1 1d\nDebt-Repays: FRAUD-9 1d")
    assert [len(scan(told, repo).json["refused"]) for _ in range(2)] == [1, 1]
    assert outstanding(told)["FRAUD-1"] == "11200.00"


@pytest.mark.parametrize(
    ("trailer", "why"),
    {
        "Debt-Repays: FRAUD-9 3d": "There is no item FRAUD-9.",
        "Debt-Repays: FRAUD-1": "it is written like 'Debt-Repays: FRAUD-12 3d'",
        "Debt-Repays: FRAUD-1 3d 4d": "it is written like",
        "Debt-Repays: FRAUD-1 lots": "'lots' is neither an amount nor an effort",
        "Debt-Repays: FRAUD-1 -3d": "The amount is negative.",
        "Debt-Repays: FRAUD-1 99999999999999999d": "more than 15 digits",
        "Debt-Repays: FRAUD-1 30d": "Cannot repay EUR 24,000.00 on FRAUD-1",
        "Debt-Closes: FRAUD-1 3d": "it is written like 'Debt-Closes: FRAUD-12'",
        "Debt-Interest: \u202eFRAUD-1 2h": "FRAUD-1",
        "Debt-Interest: FRAUD-1 2h\u00a0": None,
        "Debt-Repays: FRAUD-1 USD3": "USD3",
    }.items(),
)
def test_what_cannot_be_taken_is_told_by_commit(told: Teller, repo: Repo, trailer: str, why: str | None) -> None:
    sha = repo.commit("Work", trailer)
    reply = scan(told, repo)
    if why is None:
        assert reply.json["refused"] == []
        return
    (refused,) = reply.json["refused"]
    assert why in refused["reason"]
    assert refused["place"].startswith(f"commit {sha[:12]}")
    assert told.type(f"git scan --repo '{repo.folder}'").exit_code == 1


def test_messages_that_nobody_would_write_end_in_a_sentence(told: Teller, repo: Repo) -> None:
    head = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor \xff\xfe <\xe9@x> 1780000000 +9999\n"
    committer = b"committer C <c@x> 1780000000 +0000\nencoding latin-1\n\n"
    raw = head + committer + b"\x1b[2J\xe9\n\nDebt-Repays: FRAUD-1 1d\x1b[2J\n"
    path = repo.folder / "raw"
    path.write_bytes(raw + b"Debt-Interest: FRAUD-1 1h\n" + b"x: y\n" * 100_000)
    repo.git("read-tree", "--empty")
    repo.git("write-tree")
    sha = repo.git("hash-object", "-t", "commit", "-w", "--literally", str(path))
    repo.git("update-ref", "refs/heads/main", sha)
    reply = told.type(f"git scan --repo '{repo.folder}'")
    assert reply.exit_code in (0, 1)
    assert "Traceback" not in reply.err


def test_what_is_of_a_closed_quarter_is_posted_late(told: Teller, repo: Repo) -> None:
    repo.commit("Work", "Debt-Repays: FRAUD-1 3d", at="2026-03-02T10:00:00+0000")
    told.do("close 2026Q1")
    assert scan(told, repo).json["recorded"]["repayment-recorded/2"] == 1
    assert scan(told, repo).json["unchanged"] == 1
    (repaid,) = [event for event in told.ask("log FRAUD-1") if event["stored_as"] == "repayment-recorded/2"]
    assert (repaid["effective_on"], repaid["data"]["occurred_on"]) == ("2026-04-01", "2026-03-02")


def test_the_mailmap_says_whose_work_it_was_and_changes_no_identity(told: Teller, repo: Repo) -> None:
    repo.commit("Work", "Debt-Repays: FRAUD-1 1d", author="ada <ada@laptop.local>")
    assert scan(told, repo).json["recorded"]["repayment-recorded/2"] == 1
    (repo.folder / ".mailmap").write_text("Ada <ada@example.org> <ada@laptop.local>\n", encoding="utf-8")
    assert scan(told, repo).json["unchanged"] == 1
    repo.commit("Work", "Debt-Repays: FRAUD-1 2d", author="ada <ada@laptop.local>")
    scan(told, repo)
    actors = [each["actor"] for each in told.ask("log FRAUD-1") if each["stored_as"] == "repayment-recorded/2"]
    assert actors == ["ada@laptop.local", "ada@example.org"]


def test_a_run_is_undone_and_scanned_again(told: Teller, repo: Repo) -> None:
    repo.commit("Work", "Debt-Repays: FRAUD-1 3d\nDebt-Interest: FRAUD-1 2h")
    assert scan(told, repo).json["run"] == "git-1"
    told.do("import --undo git-1 --yes")
    assert outstanding(told)["FRAUD-1"] == "12000.00"
    assert told.ask("sources")[0]["undone"] is True
    assert scan(told, repo).json["run"] == "git-2"
    assert outstanding(told)["FRAUD-1"] == "9600.00"
    seen, repaid = [event["position"] for event in reversed(told.ask("log FRAUD-1"))][:2]
    told.do(f"reverse {seen} --because wrong", f"reverse {repaid} --because wrong")
    reply = told.type(f"git scan --repo '{repo.folder}'")
    assert reply.exit_code == 0
    assert "reversed since, and not in the books: commit" in reply.err


def test_only_the_branch_that_counts_is_read(told: Teller, repo: Repo) -> None:
    repo.commit("Start")
    repo.git("checkout", "--quiet", "-b", "topic")
    sha = repo.commit("Work", "Debt-Repays: FRAUD-1 3d")
    assert scan(told, repo).json["read"] == 0
    (refused,) = scan(told, repo, "main..topic").json["refused"]
    assert (refused["reason"], refused["key"]) == ("It is not on main.", sha)
    assert scan(told, repo, "main..topic --branch topic").json["recorded"]["repayment-recorded/2"] == 1
    repo.git("update-ref", "refs/remotes/origin/topic", "topic")
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/topic")
    assert told.do(f"git scan --repo '{repo.folder}'").out.startswith("origin/topic: 1 trailer read")


@pytest.mark.parametrize(
    ("more", "said"),
    [("no..where", "Git knows no 'no..where' here."), ("--branch nowhere", "Git knows no 'nowhere' here."),
     ("--branch=--all", "Git knows no '--all' here."), ("-- --output=x", "Git knows no '--output=x' here.")],
)  # fmt: skip
def test_what_git_does_not_know_is_refused(told: Teller, repo: Repo, more: str, said: str) -> None:
    repo.commit("Start")
    words, _, revisions = more.partition("-- ")
    behind = f"-- {revisions}" if revisions else ""
    reply = told.type(f"git scan {words} --repo '{repo.folder}' {behind}")
    assert (reply.exit_code, said in reply.err) == (2, True), reply.err
    assert not (repo.folder / "x").exists()


def test_outside_of_a_repository_or_without_commits(told: Teller, repo: Repo, tmp_path: Path) -> None:
    assert "Nobody says which branch counts" in scan(told, repo).err
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "not a git repository" in told.type(f"git scan --repo '{empty}'").err


def test_tried_out_or_strict_nothing_is_recorded(told: Teller, repo: Repo) -> None:
    repo.commit("Work", "Debt-Repays: FRAUD-1 3d")
    before = told.position
    assert scan(told, repo, "--dry-run").json["recorded"]["repayment-recorded/2"] == 1
    repo.commit("Work", "Debt-Repays: FRAUD-9 3d")
    assert scan(told, repo, "--strict").exit_code == 1
    assert told.position == before
    assert scan(told, repo).exit_code == 1
    assert told.position == before + 2
