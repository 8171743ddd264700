"""Which block of a folder stands for which item: what says word for word what opened it, then what has its title or its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from ledger.importers.decision_log.debt_block import DebtBlock, block_key
from ledger.importers.decision_log.log_plan import OpenedItem


@dataclass(frozen=True, slots=True)
class BlockMatch:
    """A block, and the item that it stands for; None if it matches none, and then its key is one that no item has.

    moved: the item was opened by a record that is not in the folder, is of another log, or says it no more.
    """

    block: DebtBlock
    item: OpenedItem | None = None
    moved: bool = False


@dataclass(slots=True)
class _RecordBlocks:
    """The blocks of a record while they are matched. left: items that it opened and that no block stands for yet, by number."""

    blocks: Sequence[DebtBlock]
    left: list[OpenedItem] = field(default_factory=list)
    found: dict[int, BlockMatch] = field(default_factory=dict)

    def open(self) -> Iterator[tuple[int, DebtBlock]]:
        return ((at, block) for at, block in enumerate(self.blocks) if at not in self.found)

    def match(self, at: int, item: OpenedItem) -> None:
        self.found[at] = BlockMatch(self.blocks[at], item)
        self.left.remove(item)


def matched_blocks(
    asked: Mapping[str, Sequence[DebtBlock]], known: Mapping[str, OpenedItem], log: str
) -> dict[str, list[BlockMatch]]:
    """What the blocks of each record stand for, by the record's id. asked: of every record of the folder; known: items by key.

    Words go before places in the whole folder: a block that went to another record must not be taken for an edit of what
    stands where it stood. Places count among what is left over: a block put in front moves all others.
    """
    records = {f"{log}/{id_}": _RecordBlocks(blocks) for id_, blocks in asked.items()}
    gone, foreign = list[OpenedItem](), list[OpenedItem]()
    for key, item in sorted(known.items(), key=lambda each: _number(each[0])):
        owner = records.get(key) or records.get(key.rpartition("#")[0])
        others = gone if key.startswith(f"{log}/") else foreign
        (owner.left if owner else others).append(item)
    for record in records.values():
        _by_words(record)
    lost = [*gone, *(item for record in records.values() for item in record.left)]
    moved = _by_words_elsewhere(records.values(), lost)
    for record in records.values():
        record.left = [item for item in record.left if item.item not in moved]
        _by_title(record)
        for (at, _), item in zip(list(record.open()), list(record.left), strict=False):
            record.match(at, item)
    _by_words_elsewhere(records.values(), foreign)
    return {id_: list(_with_keys(records[f"{log}/{id_}"], f"{log}/{id_}", known)) for id_ in asked}


def _number(key: str) -> int:
    number = key.rpartition("#")[2]
    return int(number) if number.isdecimal() else 1


def _by_words(record: _RecordBlocks) -> None:
    """Items that stand go before those that somebody reversed."""
    for at, block in record.open():
        twins = [item for item in record.left if item.content_hash == block.content_hash]
        if twins:
            record.match(at, min(twins, key=lambda item: item.reversed))


def _by_words_elsewhere(records: Iterable[_RecordBlocks], items: Iterable[OpenedItem]) -> set[str]:
    """Match what other records opened and say no more; returns the items that were matched."""
    said = {item.content_hash: item for item in items if not item.reversed}
    moved = set[str]()
    for record in records:
        for at, block in record.open():
            if (twin := said.get(block.content_hash)) is not None:
                record.found[at] = BlockMatch(block, twin, moved=True)
                moved.add(twin.item)
    return moved


def _by_title(record: _RecordBlocks) -> None:
    """A block that changed and whose place changed as well is known by the title that it keeps."""
    for at, block in record.open():
        namesake = next((item for item in record.left if item.title == block.said.get("title")), None)
        if namesake is not None:
            record.match(at, namesake)


def _with_keys(record: _RecordBlocks, record_key: str, known: Mapping[str, OpenedItem]) -> Iterator[BlockMatch]:
    """What matches nothing opens an item under the key of its place; where an item has that, under the next that is free."""
    further = (key for number in count(len(record.blocks) + 1) if (key := block_key(record_key, number)) not in known)
    for at, block in enumerate(record.blocks):
        if at in record.found:
            yield record.found[at]
        else:
            yield BlockMatch(replace(block, key=next(further)) if block.key in known else block)
