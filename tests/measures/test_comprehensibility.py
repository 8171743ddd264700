"""Comprehensibility: blocks counted by hand, comments that admit, files that are no Python, and nothing that is run."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from radon.metrics import mi_visit

from ledger import comprehensibility
from ledger.measures.comprehensibility.source_code import NoPython, SourceFile, admits, read_source
from ledger.vocabulary.decimals import is_decimal
from ledger.vocabulary.errors import Unreadable
from tests.helpers.optional import needs

#: McCabe by hand: 1, and 1 more for each if, elif, for, while, and, or, except, comprehension and its if.
BRANCHING = '''"""A docstring of a file."""

LIMIT = 3


def sign(x):
    """Two decisions.

    TODO in a docstring is a comment's word, and no comment.
    """
    if x > 0 and x < LIMIT:  # TODO: what of infinity?
        return 1
    return "# FIXME in a string"


class Shelf:
    def fill(self, books):
        # a hack, for now
        for book in books:
            try:
                self.put(book)
            except ValueError:
                pass

        class Inner:
            def deep(self):
                return [x for x in range(3) if x]

        return Inner


if LIMIT > 2:
    LIMIT = 2
'''


def source(text: str) -> SourceFile:
    """A file of that text."""
    return read_source(text.encode())


def of_branches(count: int, name: str = "f") -> str:
    """A function with a complexity of count + 1."""
    return f"def {name}(x):\n" + "".join(f"    if x == {number}:\n        return {number}\n" for number in range(count))


def test_blocks_have_the_complexity_that_is_counted_by_hand() -> None:
    """Functions, methods, what is defined inside them, and the top level if it decides; each decision in one block."""
    found = [(block.name, block.line, block.complexity) for block in source(BRANCHING).blocks]
    assert found == [
        ("<top level>", 1, 2),
        ("sign", 6, 3),
        ("Shelf.fill", 17, 3),
        ("Shelf.fill.Inner.deep", 26, 3),
    ]


def test_lines_of_code_are_those_that_are_neither_blank_nor_comment_nor_docstring() -> None:
    """Counted by hand."""
    assert source(BRANCHING).lines == 18


def test_a_comment_that_admits_is_found_and_a_string_or_docstring_is_not() -> None:
    """By its line."""
    assert source(BRANCHING).admitted == (11, 18)


@pytest.mark.parametrize(
    "comment",
    [
        *(
            "# TODO",
            "#todo: x",
            "# FIXME_Numba",
            "# see_TODO",
            "# XXX",
            "# an ugly Hack",
            "# temporary",
            "# works around 12",
        ),
        *("# for now", "# TO-DO", "# a work-around", "# hacky", "# quick and dirty", "# should be refactored"),
    ],
)
def test_what_admits_debt(comment: str) -> None:
    """Whatever its case, and as part of a name."""
    assert admits(comment)


@pytest.mark.parametrize(
    "comment", ["# mastodon", "# todos los dias", "# hackathon", "# shackle", "# contemporary", "# before nowhere", "#"]
)
def test_what_only_looks_like_it(comment: str) -> None:
    """A letter beside a word makes another word of it."""
    assert not admits(comment)


def test_the_index_is_radons_own() -> None:
    """To its last digit."""
    assert source(BRANCHING).index == mi_visit(BRANCHING, multi=True)


def test_a_statement_of_a_thousand_lines_has_no_index_and_everything_else() -> None:
    """radon would read it a thousand times."""
    found = source("TABLE = [\n" + "    1,\n" * 1_000 + "]\n")
    assert (found.index, found.lines) == (None, 1_002)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"def f(:\n", "line 1"),
        (b"print 'two'\n", "print"),
        (b"\xff\xfeabc", "encoding"),
        (b"# coding: nonsense\n", "unknown encoding"),
        (b"x = '\0'\n", "null"),
        (b"-" * 100_000 + b"1", "too deep"),
        (b"x = " + b"+".join([b"1"] * 20_000), "too deep"),
        (b"(" * 5_000, "parentheses"),
        (b"x = '''", "unterminated"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_what_is_no_python_says_why(content: bytes, why: str) -> None:
    """And ends nothing."""
    with pytest.raises(NoPython, match=why):
        read_source(content)


@pytest.mark.reliability
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_end_it_otherwise(content: bytes) -> None:
    """Either it is Python, or it is told why not; another exception fails this."""
    with suppress(NoPython):
        assert read_source(content).lines >= 0


# --- a folder ---------------------------------------------------------------------------------------------


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Four files that are read, two that are not, and some that are not looked at."""
    files = {
        "good.py": of_branches(10, "worst") + of_branches(9, "bearable"),
        "pkg/simple.py": of_branches(1) + "# TODO\n",
        "pkg/empty.py": "",
        "pkg/run.py": "raise SystemExit('it was run')\n",
        "old.py": "print 'two'\n",
        "odd.py": "x = '''",
        "notes.ipynb": "{}",
        ".hidden/a.py": of_branches(30),
        "env2/pyvenv.cfg": "",
        "env2/lib/a.py": of_branches(30),
        "node_modules/a.py": of_branches(30),
        "readme.md": "# TODO",
    }
    for name, text in files.items():
        path = tmp_path / "repo" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "repo"


def test_a_folder_is_counted_and_what_cannot_be_read_is_named(repo: Path) -> None:
    """One of three blocks has a complexity of 11; 10 is not above 10."""
    found = comprehensibility(repo, threshold="0.3")
    assert (found.value, found.verdict, found.threshold) == ("0.3333", "broken", "0.3")
    figures = found.figures
    assert [figures[name] for name in ("files", "files-not-read", "notebooks-not-read")] == ["4", "2", "1"]
    assert [figures[name] for name in ("blocks", "complex-blocks", "complexity-highest")] == ["3", "1", "11"]
    assert figures["admitted"] == "1"
    assert figures["admitted-per-1000-lines"] == f"{1000 / found.rows:.2f}"
    assert all(is_decimal(text) for text in figures.values())
    worst, *_ = found.findings
    assert worst == {"finding": "complex", "file": "good.py", "line": "1", "block": "worst", "complexity": "11"}
    assert [each["file"] for each in found.findings if each["finding"] == "not-read"] == ["odd.py", "old.py"]
    assert "the worst is worst in good.py, line 1: 11" in found.sentences[0]


def test_the_threshold_itself_is_kept_and_without_one_nothing_is_judged(repo: Path) -> None:
    """Above it is broken."""
    assert comprehensibility(repo, threshold="0.3333").verdict == "kept"
    assert comprehensibility(repo).verdict == "undecided"


def test_the_same_code_has_the_same_fingerprint_wherever_it_lies(repo: Path, tmp_path: Path) -> None:
    """A changed letter has another."""
    before = comprehensibility(repo).files["code"]
    moved = repo.rename(tmp_path / "elsewhere")
    assert comprehensibility(moved).files["code"] == before
    (moved / "pkg" / "simple.py").write_text(of_branches(1) + "# TODo\n", encoding="utf-8")
    assert comprehensibility(moved).files["code"] != before


@needs("git")
def test_the_revision_of_a_git_repository_is_evidence_and_a_hooks_variable_does_not_mislead_it(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a repository there is none."""
    assert "git-revision" not in comprehensibility(repo).files
    who = ["-c", "user.name=ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "all"]):
        subprocess.run(["git", "-C", repo, *words], check=True, capture_output=True)
    head = subprocess.run(["git", "-C", repo, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    monkeypatch.setenv("GIT_DIR", str(repo / "nowhere"))
    assert comprehensibility(repo).files["git-revision"] == head.stdout.strip()


def test_a_link_to_a_folder_above_is_not_followed(repo: Path) -> None:
    """Neither round and round, nor out of the repository."""
    (repo / "pkg" / "up").symlink_to(repo, target_is_directory=True)
    (repo / "pkg" / "same.py").symlink_to(repo / "good.py")
    assert comprehensibility(repo).figures["files"] == "4"


def test_one_file_can_be_measured(repo: Path) -> None:
    """A folder of one."""
    assert comprehensibility(repo / "good.py").value == "0.5000"


@pytest.mark.parametrize(
    ("name", "says"),
    [("nowhere", "There is no folder"), ("empty", "holds no Python file"), ("broken", "1 cannot be read: a.py (")],
)
def test_a_folder_without_python_is_wrong_usage(tmp_path: Path, name: str, says: str) -> None:
    """It measures nothing, and says so."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "a.py").write_text("def f(:", encoding="utf-8")
    with pytest.raises(Unreadable) as refusal:
        comprehensibility(tmp_path / name)
    assert says in str(refusal.value)
