"""A kind of findings: what `debt import KIND` says, takes and reads. `ledger.importers.kinds` lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ledger.importers.findings.finding import FindingState, RecordRead


@dataclass(frozen=True, slots=True)
class ImportOption:
    """An option that only one kind has.

    name: as typed, without its dashes; the reader takes it as a keyword, None where it was left out. read: what the
    reader gets for the word that was typed; raises Unreadable. names: which of the ledger's names the shell
    completes, if any.
    """

    name: str
    help: str
    read: Callable[[str], Any]
    names: str | None = None


@dataclass(frozen=True, slots=True)
class FindingsKind:
    """What one tool's findings are called, and how they are read.

    source: as typed, and the name under which the findings are known for good. tool, finding: what sentences call
    the tool, and what the tool calls a finding. files: what is imported, in words. category: of the findings where
    none is named. read: from paths, the book's time zone and the options to findings, record by record; raises
    Unreadable for a file that is none of the tool's, Refused for an option that a rule forbids. fields: which a mapping
    may name; a kind without any is not mapped, one with some is read with `mapping` and `decoding`. state_kept: what the
    details of a finding say of its state when it was first imported, None for one that nobody knows. local_keys: the
    tool's keys tell findings of one system apart, and those of another may have the same. asks_day: the reader takes the
    day that was typed as `on`, because the tool may name none for anything. rules_told: what is added to a sentence that a rule
    was not run: how a person says otherwise.
    """

    source: str
    tool: str
    finding: str
    files: str
    category: str
    read: Callable[..., Iterator[RecordRead]]
    options: tuple[ImportOption, ...] = ()
    fields: tuple[str, ...] = ()
    state_kept: Callable[[dict[str, str]], FindingState | None] | None = None
    local_keys: bool = False
    asks_day: bool = False
    rules_told: str = ""
