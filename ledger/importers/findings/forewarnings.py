"""Forewarnings: what of an import's options and scopes would pass in silence, told before anything is recorded."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ledger.decide.item import Item
from ledger.importers.findings.assumptions import as_typed
from ledger.importers.findings.finding import ToolFindings
from ledger.importers.findings.kind import FindingsKind
from ledger.importers.findings.resync import ImportTerms
from ledger.importers.findings.rule_names import is_named
from ledger.store.runs import RunSoFar
from ledger.vocabulary.counted import counted
from ledger.vocabulary.keys import system_of

#: What counts when a finding is first recorded, and how it is changed later.
_AT_FIRST_SIGHT = {
    "interest": (
        "`debt revise ITEM --interest I --because WHY` changes it, and so does an effort that changes in the tool, where an item "
        "bears interest already"
    ),
    "category": "an item's category stays",
    "cause": "an item's cause stays",
}


def other_terms(
    found: ToolFindings,
    known: Mapping[str, Item],
    terms: ImportTerms,
    assumed: Mapping[str, str],
    last: RunSoFar | None,
) -> Iterator[str]:
    """Options that count for what is new alone, where the last run of the source had others. assumed: by this one."""
    before = sum(
        (item := known.get(finding.key)) is not None and system_of(item.id) == terms.system
        for finding in found.findings
    )
    if last is None or not before:
        return
    one, several = (
        f"{terms.kind.finding} that is known keeps its own",
        f"{terms.kind.finding}s that are known keep theirs",
    )
    keep, then = counted(before, one, several), as_typed(last.event.assumptions, terms.currency)
    for name, remedy in _AT_FIRST_SIGHT.items():
        was = then.get(name, "as its rule suggests")
        if name in assumed and was != assumed[name]:
            yield f"--{name} {assumed[name]} is of what is new: {keep} ({last.name} said {was}); {remedy}."


def new_scopes(kind: FindingsKind, system: str, scopes: Iterable[str], runs: Sequence[RunSoFar]) -> Iterator[str]:
    """Scopes of which no run is known, where the system has runs of others: a tool with a new name makes all its findings new."""
    there = {
        scope
        for run in runs
        if (run.event.kind, run.event.system) == (kind.source, system)
        for scope in run.event.scopes
    }
    for scope in sorted(set(scopes) - there if there else ()):
        others = ", ".join(sorted(there))
        old = min(there)
        mapped = (
            " If it is one of these under a new name, a mapping keeps the old one, below [values.scope]: "
            f"{_quoted(scope)} = {_quoted(old)}"
            if "scope" in kind.fields
            else ""
        )
        yield f"No run of {scope} was imported into {system} before; there are runs of {others}.{mapped}"


def _quoted(text: str) -> str:
    """A text as TOML has it, which for one line is as JSON has it."""
    return json.dumps(text, ensure_ascii=False)


def later_days(found: ToolFindings, terms: ImportTerms) -> Iterator[str]:
    """Findings that name a day after the export's own: one of the two is wrong. What is still to come is refused by itself."""
    late = [
        (day, finding.place)
        for finding in found.findings
        if (day := max(each for each in (finding.found_on, finding.state_on, finding.updated_on) if each))
        and terms.exported_on < day <= terms.today
    ]
    if late:
        day, place = max(late)
        told = counted(len(late), f"{terms.kind.finding} names", f"{terms.kind.finding}s name")
        yield (
            f"{told} a day after the export's, {terms.exported_on}, the last one {day}, at {place}: either is wrong. `--on DATE` "
            "says of which day an export is that does not say it itself."
        )


def unmatched_rules(found: ToolFindings, items: Iterable[Item]) -> Iterator[str]:
    """Rules that a person says were run and that nothing has, neither the export nor what is known of its scopes."""
    told = sorted({name for names in found.searched.values() for name in names if name.endswith("*")} - {"*"})
    named = {name for names in found.searched.values() for name in names if not name.endswith("*")}
    named |= {str(finding.details.get("rule", "")) for finding in found.findings} | set(_rules_of(items, found.scopes))
    for start in told:
        if not any(is_named(name, {start}) for name in named):
            yield f"--ran {start.removesuffix('*')} is the name of no rule, neither in the export nor of what was imported before."


def _rules_of(items: Iterable[Item], scopes: Collection[str]) -> Iterator[str]:
    details: Iterable[Mapping[str, Any]] = (item.opening.details for item in items)
    return (each.get("rule", "") for each in details if each.get("scope") in scopes)
