"""Readiness of ledgers in which nobody documented anything: what is missing, who reads whom, who is retired."""

from __future__ import annotations

from datetime import date

from tests.model.packs import PackFigures
from tests.model.register import OtherFact
from tests.three_ways.comparison import Part, Row
from tests.three_ways.expected.words import ALL_SYSTEMS
from tests.three_ways.play import Played

READERS = "Declared readers"
#: Whatever can be missing but readers, whom systems declare when they are registered.
OTHERS = (
    *("Monitors", "Alerts", "Datasheet answers", "Explanation", "Robustness cases"),
    *("Reliable", "Refinable", "Comprehensible", "ML Test Score"),
)


def _facts(figures: PackFigures, kind: str) -> list[OtherFact]:
    return [fact for fact in figures.known.facts if isinstance(fact, OtherFact) and fact.kind == kind]


def _retired(figures: PackFigures) -> dict[str, date]:
    """The systems that are retired on the pack's day, and since when."""
    retirements = {fact.system: fact.on for fact in _facts(figures, "system-retired")}
    return {system: on for system, on in retirements.items() if on is not None and on <= figures.as_of}


def _readers(figures: PackFigures) -> dict[str, set[str]]:
    readers: dict[str, set[str]] = {system: set() for system in figures.known.systems()}
    for fact in _facts(figures, "dependency-declared"):
        readers[fact.reads_from].add(fact.system)
    return readers


def systems_by_gaps(figures: PackFigures) -> dict[str, int]:
    """How much is missing of each system."""
    retired, readers = _retired(figures), _readers(figures)
    return {system: 0 if system in retired else len(OTHERS) + (not readers[system]) for system in readers}


def readiness(played: Played) -> list[Part]:
    """A line per system; under each column the systems that miss it."""
    figures = played.figures
    gaps, readers, retired = systems_by_gaps(figures), _readers(figures), _retired(figures)
    lines: dict[tuple[str, ...], Row] = {
        (system,): {
            "Retired on": retired.get(system),
            **dict.fromkeys(OTHERS, None if system in retired else "missing"),
            READERS: len(readers[system]) or (None if system in retired else "missing"),
            "Gaps": count,
        }
        for system, count in gaps.items()
    }
    active = [system for system in gaps if system not in retired]
    lines[ALL_SYSTEMS,] = {
        **dict.fromkeys(OTHERS, len(active)),
        READERS: sum(not readers[system] for system in active),
        "Gaps": sum(gaps.values()),
    }
    return [Part(("System",), lines)]
