"""Which block of a folder stands for which item: what says word for word what opened it, then what has its title or its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from ledger.importers.decision_log.debt_block import DebtBlock, block_key
from ledger.importers.decision_log.log_plan import KnownLog, OpenedItem


@dataclass(frozen=True, slots=True)
class BlockMatch:
    """A block, and the item that it stands for; None if it matches none, and then its key is one that no item has."""

    block: DebtBlock
    item: OpenedItem | None = None


@dataclass(frozen=True, slots=True)
class BlocksMatched:
    """by_record: what the blocks of each record stand for, by its id. lost: items of the log for which no block stands."""

    by_record: Mapping[str, Sequence[BlockMatch]]
    lost: Sequence[OpenedItem]


@dataclass(slots=True)
class _RecordBlocks:
    """The blocks of a record while they are matched.

    left, reversed: items at home in it for which no block stands yet, by number, those that stand and those that people took back.
    typed: those by which people answered it.
    """

    blocks: Sequence[DebtBlock]
    typed: list[OpenedItem]
    left: list[OpenedItem] = field(default_factory=list)
    reversed: list[OpenedItem] = field(default_factory=list)
    found: dict[int, BlockMatch] = field(default_factory=dict)

    def open(self) -> list[tuple[int, DebtBlock]]:
        return [(at, block) for at, block in enumerate(self.blocks) if at not in self.found]

    def match(self, at: int, item: OpenedItem, of: list[OpenedItem]) -> None:
        """of: among which it was, and is no longer."""
        self.found[at] = BlockMatch(self.blocks[at], item)
        of.remove(item)


def matched_blocks(
    asked: Mapping[str, Sequence[DebtBlock]], items: Iterable[OpenedItem], known: KnownLog, log: str
) -> BlocksMatched:
    """What the blocks of records stand for. asked: of every record of the folder, by its id; items: that blocks opened, by number.

    Words go before titles, and titles before places, in the whole folder: a block that went to another record must not be
    taken for an edit of what stands where it stood. Places count among what is left over: a block put in front moves all others.
    """
    records = {f"{log}/{id_}": _RecordBlocks(blocks, list(known.typed.get(id_, ()))) for id_, blocks in asked.items()}
    gone, foreign = list[OpenedItem](), list[OpenedItem]()
    for item in items:
        if (owner := records.get(item.home)) is not None:
            (owner.reversed if item.reversed else owner.left).append(item)
        elif not item.reversed:
            (gone if item.home.startswith(f"{log}/") else foreign).append(item)
    every = list(records.values())
    for record in every:
        _here(record, record.left, _same_words)
    _elsewhere(every, gone, _same_words)
    for record in every:
        _here(record, record.left, _same_title)
        _here(record, record.typed, _same_title)
    _elsewhere(every, gone, _same_title)
    for record in every:
        _in_order(record, record.left)
        _in_order(record, record.typed)
        # What was taken back stands for a block that nothing else does: whoever took it on again has answered it.
        _here(record, record.reversed, _same_words)
        _here(record, record.reversed, _same_title)
        _in_order(record, record.reversed)
    _elsewhere(every, foreign, _same_words)
    by_record = {id_: list(_with_keys(records[f"{log}/{id_}"], f"{log}/{id_}", known.items)) for id_ in asked}
    return BlocksMatched(by_record, [*gone, *(item for record in every for item in record.left)])


def _here(record: _RecordBlocks, items: list[OpenedItem], same: Callable[[DebtBlock, OpenedItem], bool]) -> None:
    """Match what is known in the record itself."""
    for at, block in record.open():
        twin = next((item for item in items if same(block, item)), None)
        if twin is not None:
            record.match(at, twin, items)


def _in_order(record: _RecordBlocks, items: list[OpenedItem]) -> None:
    for (at, _), item in zip(record.open(), list(items), strict=False):
        record.match(at, item, items)


def _same_words(block: DebtBlock, item: OpenedItem) -> bool:
    return item.content_hash == block.content_hash


def _same_title(block: DebtBlock, item: OpenedItem) -> bool:
    return item.title == block.title


def _elsewhere(
    records: Sequence[_RecordBlocks], gone: list[OpenedItem], same: Callable[[DebtBlock, OpenedItem], bool]
) -> None:
    """Match what other records opened and say no more. gone: items of records that are not in the folder."""
    for record in records:
        for at, block in record.open():
            for of in (gone, *(other.left for other in records if other is not record)):
                twin = next((item for item in of if same(block, item)), None)
                if twin is not None:
                    record.match(at, twin, of)
                    break


def _with_keys(record: _RecordBlocks, record_key: str, known: Mapping[str, OpenedItem]) -> Iterator[BlockMatch]:
    """What matches nothing opens an item under the key of its place; where an item has that, under the next that is free."""
    further = (key for number in count(len(record.blocks) + 1) if (key := block_key(record_key, number)) not in known)
    for at, block in enumerate(record.blocks):
        if at in record.found:
            yield record.found[at]
        else:
            yield BlockMatch(replace(block, key=next(further)) if block.key in known else block)
