"""A suite on a model: what comes out right is counted per case, and whatever is wrong with the suite is told by line and case."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from ledger.measures.robustness.suite import MOST_CASES
from ledger.measures.robustness.trials import SuiteTrials, tried
from ledger.vocabulary.errors import NOTHING_RECORDED, Refused, Unreadable

GOOD = """\
PERTURBATIONS = {"as they are": lambda inputs, rng: inputs, "doubled": lambda inputs, rng: [2 * each for each in inputs]}

def load(model, data):
    limit = int(model.read_text())
    inputs = [int(line) for line in data.read_text().split()]
    return limit, inputs, None

def passed(limit, inputs, expected):
    return [each <= limit for each in inputs]
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A model that says yes up to 5, and four inputs."""
    (tmp_path / "model").write_text("5")
    (tmp_path / "data").write_text("1 2 3 9")
    return tmp_path


def run(files: Path, source: str, *, trust: bool = True) -> SuiteTrials:
    (files / "suite.py").write_text(source)
    return tried(files / "suite.py", files / "model", files / "data", trust=trust)


def test_what_comes_out_right_is_counted_by_case_and_all_that_decided_it_is_hashed(files: Path) -> None:
    found = run(files, GOOD)
    assert [(each.case, each.passed, each.of) for each in found.trials] == [("as they are", 3, 4), ("doubled", 2, 4)]
    expected = {role: hashlib.sha256((files / name).read_bytes()).hexdigest() for role, name in ROLES.items()}
    assert found.files == expected


ROLES = {"suite": "suite.py", "model": "model", "data": "data"}


def test_without_trust_nothing_is_executed(files: Path) -> None:
    with pytest.raises(Refused, match=r"is code.*--trust runs it"):
        run(files, f"open({str(files / 'sprung')!r}, 'w')", trust=False)
    assert not (files / "sprung").exists()


def changed(*parts: str, at: str = GOOD) -> str:
    """The good suite, with parts of it replaced in pairs."""
    for old, new in zip(parts[::2], parts[1::2], strict=True):
        assert old in at
        at = at.replace(old, new)
    return at


RETURN = "return [each <= limit for each in inputs]"
LOAD = "return limit, inputs, None"
CASES = GOOD.splitlines()[0]
#: What is wrong with a suite -> its text, the line that is told, the case, and what is said.
WRONG: dict[str, tuple[str, int | None, str | None, str]] = {
    "no Python": (changed("def load", "def"), 3, None, "it is no Python"),
    "raises at once": (f"1 / 0\n{GOOD}", 1, None, "ZeroDivisionError: division by zero"),
    "what it needs is absent": (f"import no_such_module_at_all\n{GOOD}", 1, None, "No module named"),
    "ends the program": (f"import sys\nsys.exit(0)\n{GOOD}", 2, None, "the suite ends the program"),
    "no cases at all": (changed(CASES, ""), None, None, "has no PERTURBATIONS."),
    "no case": (changed(CASES, "\nPERTURBATIONS = {}"), 2, None, "PERTURBATIONS has no case"),
    "cases that are none": (changed(CASES, "PERTURBATIONS = 3"), 1, None, "'int' object is not iterable"),
    "cases without end": (
        changed(CASES, "from itertools import count\nPERTURBATIONS = ((str(n), print) for n in count())"),
        2,
        None,
        f"more than {MOST_CASES} cases, or does not end",
    ),
    "cases that raise": (changed(CASES, "PERTURBATIONS = (1 / n for n in [0])"), 1, None, "ZeroDivisionError"),
    "no pairs": (changed(CASES, "PERTURBATIONS = [print]"), 1, None, "no pairs of a name and a perturbation"),
    "no name": (changed("as they are", " "), 1, None, "a case called ' ', which is no name"),
    "one name twice": (
        changed(CASES, "PERTURBATIONS = [('a', print), ('a', print)]"),
        1,
        None,
        "two cases called 'a'",
    ),
    "no perturbation": (
        changed(CASES, "PERTURBATIONS = {'a': 3}"),
        1,
        "a",
        "the perturbation is nothing that can be called",
    ),
    "a perturbation that raises": (
        changed(CASES, "PERTURBATIONS = {'a':\n  lambda inputs, rng: inputs.no}"),
        2,
        "a",
        "AttributeError",
    ),
    "a perturbation that loses inputs": (
        changed("2 * each for each in inputs", ""),
        1,
        "doubled",
        "gave 0 inputs for 4",
    ),
    "a perturbation without end": (
        changed("[2 * each for each in inputs]", "iter(int, 1)"),
        1,
        "doubled",
        "have no end that could be seen",
    ),
    "no load": (changed("def load", "def loads"), None, None, "has no load()."),
    "load raises": (changed("int(line) for", "int(line) / 0 for"), 5, None, "ZeroDivisionError"),
    "load gives two": (changed(LOAD, "return limit, inputs"), 3, None, "gave no three things"),
    "no inputs": (changed("split()", "split()[:0]"), 3, None, "gave 0 inputs: from 1 to 10,000,000 are tried"),
    "inputs without end": (
        changed(LOAD, "return limit, iter(int, 1), None"),
        3,
        None,
        "have no end that could be seen",
    ),
    "far too many inputs": (
        changed(LOAD, "return limit, range(10**12), None"),
        3,
        None,
        "gave 1,000,000,000,000 inputs",
    ),
    "other inputs than answers": (
        changed(LOAD, "return limit, inputs, [1]"),
        3,
        None,
        "4 inputs, and what is expected of 1",
    ),
    "no passed": (changed("def passed", "def passes"), None, None, "has no passed()."),
    "passed raises": (changed(RETURN, "return inputs[7]"), 9, "as they are", "IndexError: list index out of range"),
    "passed takes nothing": (changed("passed(limit, inputs, expected)", "passed()"), 8, "as they are", "TypeError"),
    "one answer for all": (changed(RETURN, "return True"), 8, "as they are", "gave a bool"),
    "no answer": (changed(RETURN, "return None"), 8, "as they are", "gave a NoneType"),
    "a word": (changed(RETURN, "return 'good'"), 8, "as they are", "gave a str"),
    "too few answers": (changed(RETURN, "return [True]"), 8, "as they are", "gave 1 answers for 4 inputs"),
    "answers without end": (changed(RETURN, "return iter(lambda: True, 3)"), 8, "as they are", "more answers than 4"),
    "answers that raise": (changed(RETURN, "return (1 / each for each in [0])"), 9, "as they are", "ZeroDivisionError"),
    "classes for answers": (changed(RETURN, "return [1, 0, 1, 0]"), 8, "as they are", "answered 1: True or False"),
    "shares for answers": (changed(RETURN, "return [0.9] * 4"), 8, "as they are", "answered 0.9: True or False"),
    "nobody knows": (changed(RETURN, "return [True, None, True, True]"), 8, "as they are", "answered None"),
    "a table of answers": (
        changed(RETURN, "import numpy\n    return numpy.ones((4, 2), dtype=bool)"),
        8,
        "as they are",
        "gave answers of the shape (4, 2)",
    ),
    "it changes the data": (
        changed("limit = int(model", "data.write_text(data.read_text() + ' 1')\n    limit = int(model"),
        None,
        None,
        "changed while the suite was running",
    ),
}


@pytest.mark.parametrize("about", WRONG)
def test_what_is_wrong_with_a_suite_is_told_with_its_line_and_case(about: str, files: Path) -> None:
    source, line, case, says = WRONG[about]
    with pytest.raises(Unreadable) as caught:
        run(files, source)
    message = str(caught.value)
    assert says in message
    assert NOTHING_RECORDED in message
    assert (f"suite.py, line {line}" in message) == (line is not None)
    assert (f"case '{case}'" in message) == (case is not None)


@pytest.mark.parametrize("absent", ["suite.py", "model", "data"])
def test_a_file_that_is_not_there_is_named(absent: str, files: Path) -> None:
    (files / "suite.py").write_text(GOOD)
    (files / absent).unlink()
    with pytest.raises(Unreadable, match=f"{absent} cannot be read"):
        tried(files / "suite.py", files / "model", files / "data", trust=True)
    (files / absent).mkdir()
    with pytest.raises(Unreadable, match="is a folder and no file"):
        tried(files / "suite.py", files / "model", files / "data", trust=True)


def test_each_case_gets_the_inputs_as_they_were_loaded_and_its_own_chance(files: Path) -> None:
    """A perturbation that changes them in place changes them for nobody else; what a case draws does not hang on others."""
    spoil = "def spoil(inputs, rng):\n    inputs[:] = [100] * 4\n    return inputs\n"
    chance = "def chance(inputs, rng):\n    return [int(rng.integers(11)) for _ in inputs]\n"
    alone = run(files, changed(CASES, f"{chance}PERTURBATIONS = {{'drawn': chance}}")).trials
    after = run(files, changed(CASES, f"{spoil}{chance}PERTURBATIONS = {{'spoilt': spoil, 'drawn': chance, 'same': list}}"
                               .replace("'same': list", "'same': lambda inputs, rng: inputs"))).trials  # fmt: skip
    assert [each.passed for each in after] == [0, alone[0].passed, 3]
    assert [each.words for each in after][:2] == ["spoil", "chance"]


def test_what_a_suite_prints_is_no_answer_and_nothing_of_it_stays(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its folder is not on the path either: what is beside it was not hashed."""
    before = set(sys.modules)
    run(files, f"print('hello')\nclass Mine: ...\n{GOOD}")
    assert capsys.readouterr() == ("", "hello\n")
    assert set(sys.modules) == before
    (files / "beside.py").write_text("")
    with pytest.raises(Unreadable, match="line 1: ModuleNotFoundError"):
        run(files, f"import beside\n{GOOD}")


def test_a_suite_may_have_classes_and_a_signal_is_not_its_error(files: Path) -> None:
    """A dataclass looks for its module; who ends the program with a signal ends it."""
    classes = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int\n"
    )
    assert len(run(files, classes + GOOD).trials) == 2
    with pytest.raises(SystemExit):
        run(files, f"raise SystemExit(143)\n{GOOD}")
