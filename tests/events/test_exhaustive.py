"""No fold forgets an event: what is not said of a new one stops the import, and names the file to open."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from ledger.events import (
    EVENTS,
    NAME_OF,
    BalanceChange,
    BookEvent,
    DayRateSet,
    Event,
    ItemEvent,
    NoteAdded,
    SystemEvent,
    without_postings,
)
from ledger.events.exhaustive import NotExhaustive, exhaustive
from tests.helpers.scratch import Scratch

REGISTRY = "ledger/events/__init__.py"

#: Of each fold: the family whose events it folds, its file, and where it names those with which it does nothing.
FOLDS = [
    (BookEvent, "ledger/decide/state.py", "unchanged=frozenset(", "CheckpointSigned"),
    (SystemEvent, "ledger/decide/state.py", "unchanged=frozenset(", "DatasheetAnswered"),
    (SystemEvent, "ledger/queries/register/documents.py", "_NO_DOCUMENTS = ", "SystemRegistered"),
    (ItemEvent, "ledger/decide/item.py", "REMARKS = ", "NoteAdded"),
    (
        ItemEvent,
        "ledger/accounts/general_ledger.py",
        "_UNNOTED: frozenset[type[Event]] = frozenset(",
        "NeglectObserved",
    ),
    (ItemEvent, "ledger/queries/register/story.py", "_NO_DECISIONS = ", "BalanceChange"),
]


def events_of(family: type[Event]) -> list[type[Event]]:
    return [event for event in NAME_OF if issubclass(event, family)]


def test_every_event_belongs_to_one_family() -> None:
    families = [event for family in (BookEvent, SystemEvent, ItemEvent) for event in events_of(family)]
    assert sorted(families, key=str) == sorted(NAME_OF, key=str)


def test_only_events_of_items_move_money() -> None:
    """The others post nothing, whatever they say."""
    posting = {kind.event for kind in EVENTS if kind.posts is not without_postings}
    assert posting
    assert posting <= set(events_of(ItemEvent))


@pytest.mark.parametrize("family", [BookEvent, SystemEvent, ItemEvent])
def test_a_fold_that_names_every_event_once_is_let_be(family: type[Event]) -> None:
    first, *others = events_of(family)
    exhaustive(family, [first], others, module="ledger.folds")


@pytest.mark.parametrize("family", [BookEvent, SystemEvent, ItemEvent])
def test_a_forgotten_event_is_named_with_the_file_that_forgets_it(family: type[Event]) -> None:
    first, *others = events_of(family)
    with pytest.raises(NotExhaustive, match=rf"ledger/folds\.py forgets {first.__name__} \({NAME_OF[first]}\)"):
        exhaustive(family, others, module="ledger.folds")


@pytest.mark.parametrize("surplus", [NoteAdded, DayRateSet, ItemEvent], ids=["named twice", "another's", "not stored"])
def test_an_event_too_many_is_named(surplus: type[Event]) -> None:
    with pytest.raises(NotExhaustive, match=f"names {surplus.__name__} twice, or it is no stored ItemEvent"):
        exhaustive(ItemEvent, events_of(ItemEvent), [surplus], module="ledger.folds")


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """A copy of the ledger's source, to add an event to."""
    return Scratch.made_in(tmp_path)


def add_event(scratch: Scratch, family: type[Event]) -> None:
    """What a new event takes in its own room: a file, the file's line, and a row."""
    module = family.__module__.rpartition(".")[2]
    scratch.write(
        "ledger/events/samples.py",
        f"from ledger.events.{module} import {family.__name__}\n\n\n"
        f"class SampleTaken({family.__name__}, frozen=True, kw_only=True):\n    size: int\n",
    )
    scratch.edit(
        REGISTRY, "from ledger.events.systems", "from ledger.events.samples import *\nfrom ledger.events.systems"
    )
    scratch.edit(REGISTRY, "\n)\n", '\n    EventKind("sample-taken/1", SampleTaken, without_postings),\n)\n')


def name_it(scratch: Scratch, file: str, group: str, first: str) -> None:
    """Name the new event among those with which a fold does nothing."""
    text = (scratch.folder / file).read_text(encoding="utf-8")
    named, count = re.subn(rf"({re.escape(group)}[\s({{]*){first}\b", rf"\1SampleTaken, {first}", text)
    assert count == 1, f"{file} names {first} first in {count} places"
    scratch.write(file, named)
    scratch.edit(file, "from ledger.events import (", "from ledger.events import (SampleTaken,")


def importing(scratch: Scratch, file: str) -> subprocess.CompletedProcess[str]:
    """What happens when a file of the copy is imported."""
    return scratch.run(f"import {file.removesuffix('.py').replace('/', '.')}")


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("family", "file", "group", "first"), FOLDS, ids=[f"{family.__name__} {file}" for family, file, *_ in FOLDS]
)
def test_a_new_event_stops_the_import_of_every_fold_that_does_not_name_it(
    family: type[Event], file: str, group: str, first: str, scratch: Scratch
) -> None:
    add_event(scratch, family)
    for of, other, *place in FOLDS:
        if of is family and other != file:
            name_it(scratch, other, *place)
    assert f"{file} forgets SampleTaken (sample-taken/1)" in importing(scratch, file).stderr
    name_it(scratch, file, group, first)
    ran = importing(scratch, file)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_an_event_that_only_changes_what_is_owed_is_known_to_every_fold(scratch: Scratch) -> None:
    add_event(scratch, BalanceChange)
    ran = scratch.run("\n".join(f"import {file.removesuffix('.py').replace('/', '.')}" for _, file, *_ in FOLDS))
    assert (ran.returncode, ran.stderr) == (0, "")


def test_an_event_that_does_not_say_what_it_posts_stops_the_import(scratch: Scratch) -> None:
    add_event(scratch, ItemEvent)
    scratch.edit(REGISTRY, "SampleTaken, without_postings", "SampleTaken")
    assert "Missing required argument 'posts'" in scratch.run("import ledger.events").stderr
