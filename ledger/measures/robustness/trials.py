"""Trying a model on a suite's cases: how many inputs of each came out right, and the sha256 of all that decided it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ledger.measures.kit.reading import unreadable
from ledger.measures.robustness.suite import SuiteCase, executed
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.outside_files import bytes_of, refuse_no_file

#: Where the chance of every case comes from, together with the case's name: a case added later changes no other.
SEED = 20_260_101
_LONGEST_SUITE = 2**20


@dataclass(frozen=True, slots=True)
class Trial:
    """One case: passed of so many inputs came out right. words: its perturbation; scale, level: how far that goes."""

    case: str
    words: str
    passed: int
    of: int
    scale: str | None
    level: str | None


@dataclass(frozen=True, slots=True)
class SuiteTrials:
    """Every case of a suite in its order. files: sha256 of suite, model and data, by their role."""

    trials: tuple[Trial, ...]
    files: dict[str, str]


def tried(
    suite: Path, model: Path, data: Path, *, trust: bool, progress: Callable[[int, int], None] | None = None
) -> SuiteTrials:
    """Try a model on the cases of a suite.

    trust: run the suite, which can do anything. progress: told how many of how many cases were tried. Raises Refused
    without trust, before anything is read; Unreadable for a file that cannot be read or that changed meanwhile, and for
    whatever goes wrong in the suite.
    """
    if not trust:
        raise Refused(f"{suite} is code, and can do anything while it runs.", "Read it; --trust runs it.")
    source = bytes_of(suite, most=_LONGEST_SUITE, what="suite")
    files = {"suite": hashlib.sha256(source).hexdigest(), "model": _sha256(model), "data": _sha256(data)}
    with executed(suite, source) as code:
        cases = code.cases()
        loaded = code.loaded(model, data)
        found = []
        for number, case in enumerate(cases):
            if progress is not None:
                progress(number, len(cases))
            found.append(_trial(case, code.passed(case, loaded, _chance(case.name)), loaded.of))
    for role, path in (("model", model), ("data", data)):
        if _sha256(path) != files[role]:
            raise unreadable(f"{path} changed while the suite was running: nobody knows which {role} was tried.")
    return SuiteTrials(tuple(found), files)


def _trial(case: SuiteCase, passed: int, of: int) -> Trial:
    scale, level = (getattr(case.perturbation, name, None) for name in ("scale", "level"))
    return Trial(case.name, case.words, passed, of, scale, level)


def _chance(case: str) -> np.random.Generator:
    """The same for a case of that name in every run, and another for every other name."""
    return np.random.default_rng([SEED, int.from_bytes(hashlib.sha256(case.encode()).digest()[:8])])


def _sha256(path: Path) -> str:
    refuse_no_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(f"{path} cannot be read: {error.strerror or error}.") from error
