"""A suite: a file of code that says how a model is tried, run here case by case (docs/robustness.md has its contract).

Whatever goes wrong in it is told with its line and the case, and nothing was recorded then.
"""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from ledger.measures.kit.reading import unreadable
from ledger.vocabulary.errors import Unreadable

#: More cases than this are no suite that anybody reads; it is also how many series a measurement keeps.
MOST_CASES = 200
MOST_INPUTS = 10_000_000
#: An exit code above this is a signal's: somebody ended the program, not the suite.
_SIGNALLED = 128
_MODULE = "debt_robustness_suite"

#: What the suite gives: its name, and how it is called in an error.
_PERTURBATIONS, _LOAD, _PASSED = "PERTURBATIONS", "load", "passed"


@dataclass(frozen=True, slots=True)
class SuiteCase:
    """A case as the suite names it. perturbation: takes inputs and a generator of chance, gives as many inputs."""

    name: str
    perturbation: Callable[[Any, np.random.Generator], Any]

    @property
    def words(self) -> str:
        """What is done to the inputs: as the perturbation says, or its docstring's first line, or its name."""
        said = getattr(self.perturbation, "words", None) or (getattr(self.perturbation, "__doc__", None) or "").strip()
        named = getattr(self.perturbation, "__name__", type(self.perturbation).__name__)
        return str(said).splitlines()[0] if said else str(named)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a suite tries. of: how many inputs there are, > 0; expected: what is right for each, None if the suite knows."""

    model: Any
    inputs: Any
    expected: Any
    of: int


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite's file as it was executed. path: as an error calls it; module: its names; lines: where each is defined."""

    path: Path
    module: ModuleType
    lines: Mapping[str, int]

    def cases(self) -> list[SuiteCase]:
        """The cases in the suite's order. Raises Unreadable: none, too many, one name twice, what is no perturbation."""
        given = self._named(_PERTURBATIONS)
        pairs = given.items() if isinstance(given, Mapping) else given
        listed = self._call(lambda: list(islice(iter(pairs), MOST_CASES + 1)), at=_PERTURBATIONS)
        if not listed:
            raise self._wrong(f"{_PERTURBATIONS} has no case", at=_PERTURBATIONS)
        if len(listed) > MOST_CASES:
            raise self._wrong(f"{_PERTURBATIONS} has more than {MOST_CASES} cases, or does not end", at=_PERTURBATIONS)
        cases = [self._case(pair) for pair in listed]
        names = [case.name for case in cases]
        twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
        if twice is not None:
            raise self._wrong(f"{_PERTURBATIONS} has two cases called '{twice}'", at=_PERTURBATIONS)
        return cases

    def _case(self, pair: Any) -> SuiteCase:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise self._wrong(f"{_PERTURBATIONS} holds no pairs of a name and a perturbation", at=_PERTURBATIONS)
        name, perturbation = pair
        if not isinstance(name, str) or not name.strip():
            raise self._wrong(f"{_PERTURBATIONS} has a case called {name!r}, which is no name", at=_PERTURBATIONS)
        if not callable(perturbation):
            raise self._wrong("the perturbation is nothing that can be called", at=_PERTURBATIONS, case=name)
        return SuiteCase(name, perturbation)

    def loaded(self, model: Path, data: Path) -> Loaded:
        """What `load(model, data)` gives. Raises Unreadable for what is no model, inputs and what is expected of them."""
        given = self._call(self._named(_LOAD), model, data, at=_LOAD)
        if not isinstance(given, tuple) or len(given) != 3:
            raise self._wrong(f"{_LOAD}() gave no three things: the model, the inputs, what is expected", at=_LOAD)
        found, inputs, expected = given
        of = self._length(inputs, "the inputs", at=_LOAD)
        if not 1 <= of <= MOST_INPUTS:
            raise self._wrong(f"{_LOAD}() gave {of:,} inputs: from 1 to {MOST_INPUTS:,} are tried", at=_LOAD)
        if expected is not None and (known := self._length(expected, "what is expected", at=_LOAD)) != of:
            raise self._wrong(f"{_LOAD}() gave {of:,} inputs, and what is expected of {known:,}", at=_LOAD)
        return Loaded(found, inputs, expected, of)

    def passed(self, case: SuiteCase, loaded: Loaded, rng: np.random.Generator) -> int:
        """How many of the inputs come out right once they are perturbed. Each case gets the inputs as they were loaded.

        Raises Unreadable, naming line and case: what the suite raises, another number of inputs or answers, answers that
        are not true or false.
        """
        inputs = self._call(deepcopy, loaded.inputs, at=_LOAD, case=case.name)
        changed = self._call(case.perturbation, inputs, rng, at=_PERTURBATIONS, case=case.name)
        count = self._length(changed, "the perturbed inputs", at=_PERTURBATIONS, case=case.name)
        if count != loaded.of:
            wrong = f"the perturbation gave {count:,} inputs for {loaded.of:,}"
            raise self._wrong(wrong, at=_PERTURBATIONS, case=case.name)
        said = self._call(self._named(_PASSED), loaded.model, changed, loaded.expected, at=_PASSED, case=case.name)
        return sum(self._answers(said, loaded.of, case.name))

    def _answers(self, said: Any, of: int, case: str) -> list[bool]:
        """What `passed()` said of each input."""
        shape = getattr(said, "shape", (of,))
        if shape != (of,):
            wrong = f"{_PASSED}() gave answers of the shape {shape}, and not one for each of {of:,} inputs"
            raise self._wrong(wrong, at=_PASSED, case=case)
        if not isinstance(said, Iterable) or isinstance(said, str | bytes):
            wrong = f"{_PASSED}() gave a {type(said).__name__}, and not one answer for each of {of:,} inputs"
            raise self._wrong(wrong, at=_PASSED, case=case)
        # One more than there should be: some answers do not end.
        answers = self._call(lambda: list(islice(iter(said), of + 1)), at=_PASSED, case=case)
        if len(answers) != of:
            told = "more answers than" if len(answers) > of else f"{len(answers):,} answers for"
            raise self._wrong(f"{_PASSED}() gave {told} {of:,} inputs", at=_PASSED, case=case)
        strange = [answer for answer in answers if not isinstance(answer, bool | np.bool_)][:1]
        if strange:
            wrong = f"{_PASSED}() answered {strange[0]!r}: True or False is expected, whether the input came out right"
            raise self._wrong(wrong, at=_PASSED, case=case)
        return [bool(answer) for answer in answers]

    def _named(self, name: str) -> Any:
        if not hasattr(self.module, name):
            what = "" if name == _PERTURBATIONS else "()"
            raise unreadable(f"{self.path} has no {name}{what}.", "docs/robustness.md says what a suite has.")
        return getattr(self.module, name)

    def _length(self, given: Any, what: str, *, at: str, case: str | None = None) -> int:
        if not hasattr(given, "__len__"):
            raise self._wrong(f"{what} have no end that could be seen: a {type(given).__name__}", at=at, case=case)
        return int(self._call(len, given, at=at, case=case))

    def _call(self, function: Callable[..., Any], *given: Any, at: str, case: str | None = None) -> Any:
        """Call what is the suite's. at: which of its names, for an error that shows no line of it."""
        try:
            return function(*given)
        except Exception as error:
            raise self._wrong(_told(error), at=at, case=case, line=_line_in(self.path, error)) from error
        except SystemExit as error:
            if isinstance(error.code, int) and error.code > _SIGNALLED:
                raise
            raise self._wrong(
                "the suite ends the program", at=at, case=case, line=_line_in(self.path, error)
            ) from error

    def _wrong(self, what: str, *, at: str, case: str | None = None, line: int | None = None) -> Unreadable:
        line = line or self.lines.get(at)
        where = f", line {line}" if line else ""
        of = f", case '{case}'" if case is not None else ""
        return unreadable(f"{self.path}{where}{of}: {what}.")


@contextlib.contextmanager
def executed(path: Path, source: bytes) -> Iterator[Suite]:
    """The suite that these bytes define, while it is needed. What it prints goes to standard error.

    Its folder is not on the path: a helper beside it would decide, and nobody hashed it. Raises Unreadable for what is no
    Python, and what raises while it is executed.
    """
    module = ModuleType(_MODULE)
    module.__file__ = str(path)
    try:
        tree = ast.parse(source, str(path))
        code = compile(tree, str(path), "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise unreadable(f"{path}{line}: it is no Python: {_told(error)}.") from error
    suite = Suite(path, module, dict(_defined(tree)))
    before = sys.modules.get(_MODULE)
    # Classes of the suite look for their module by its name.
    sys.modules[_MODULE] = module
    try:
        with contextlib.redirect_stdout(sys.stderr):
            suite._call(exec, code, module.__dict__, at="")
            yield suite
    finally:
        sys.modules.pop(_MODULE)
        if before is not None:
            sys.modules[_MODULE] = before


def _defined(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names of the suite, and the line on which each is defined."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node.lineno
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from ((target.id, node.lineno) for target in targets if isinstance(target, ast.Name))


def _line_in(path: Path, error: BaseException) -> int | None:
    """The line of the suite that was being carried out, the innermost of them; None where none was."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _told(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0].rstrip('.')}" if lines else type(error).__name__
