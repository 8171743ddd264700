"""Which block of a folder stands for which item: what says word for word what opened it, then what has its title or its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import count

from ledger.importers.decision_log.debt_block import DebtBlock, block_key
from ledger.importers.decision_log.log_plan import KnownLog, OpenedItem


@dataclass(frozen=True, slots=True)
class BlockMatch:
    """A block, and the item that it stands for; None if it matches none, and then its key is one that no item has.

    repeats: the id of a record that its own supersedes and whose block stands for the item as well. taken_over: its own is the
    superseded one of the two.
    """

    block: DebtBlock
    item: OpenedItem | None = None
    repeats: str = ""
    taken_over: bool = False


@dataclass(frozen=True, slots=True)
class BlocksMatched:
    """by_record: what the blocks of each record stand for, by its id. lost: items of the log for which no block stands."""

    by_record: Mapping[str, Sequence[BlockMatch]]
    lost: Sequence[OpenedItem]


@dataclass(slots=True)
class _RecordBlocks:
    """The blocks of a record while they are matched.

    left, reversed: items at home in it for which no block stands yet, by number, those that stand and those that people took back.
    typed: those by which people answered it. older: records of the folder that it supersedes.
    """

    id: str
    blocks: Sequence[DebtBlock]
    typed: list[OpenedItem]
    left: list[OpenedItem] = field(default_factory=list)
    reversed: list[OpenedItem] = field(default_factory=list)
    found: dict[int, BlockMatch] = field(default_factory=dict)
    older: list[_RecordBlocks] = field(default_factory=list)

    def open(self) -> list[tuple[int, DebtBlock]]:
        return [(at, block) for at, block in enumerate(self.blocks) if at not in self.found]

    def match(self, at: int, item: OpenedItem, of: list[OpenedItem]) -> None:
        """of: among which it was, and is no longer."""
        self.found[at] = BlockMatch(self.blocks[at], item)
        of.remove(item)


def matched_blocks(
    asked: Mapping[str, Sequence[DebtBlock]],
    items: Iterable[OpenedItem],
    known: KnownLog,
    log: str,
    superseded: Mapping[str, Set[str]],
) -> BlocksMatched:
    """What the blocks of records stand for. asked: of every record of the folder, by its id; items: that blocks opened, by number.

    superseded: by the id of a record those that it supersedes. What they say as well stands for the same item.
    Words go before titles, and titles before places, in the whole folder: a block that went to another record must not be
    taken for an edit of what stands where it stood. Places count among what is left over: a block put in front moves all others.
    """
    records = {f"{log}/{id_}": _RecordBlocks(id_, each, list(known.typed.get(id_, ()))) for id_, each in asked.items()}
    for record in records.values():
        record.older = [records[f"{log}/{id_}"] for id_ in sorted(superseded.get(record.id, ())) if id_ in asked]
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
    _repeated(every, _same_words)
    for record in every:
        _here(record, record.left, _same_title)
        _here(record, record.typed, _same_title)
    _elsewhere(every, gone, _same_title)
    _repeated(every, _same_title)
    for record in every:
        _in_order(record, record.left)
        _in_order(record, record.typed)
        # What was taken back stands for a block that nothing else does: whoever took it on again has answered it.
        _here(record, record.reversed, _same_words)
        _here(record, record.reversed, _same_title)
        _in_order(record, record.reversed)
    _elsewhere(every, foreign, _same_words)
    # Also what places matched, and what was taken back; and what a record says still that the one superseding it has dropped.
    _repeated(every, _same_words)
    _elsewhere(every, [], _same_words, also_newer=True)
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
    records: Sequence[_RecordBlocks],
    gone: list[OpenedItem],
    same: Callable[[DebtBlock, OpenedItem], bool],
    *,
    also_newer: bool = False,
) -> None:
    """Match what other records opened and say no more. gone: items of records that are not in the folder.

    also_newer: of a record that supersedes its own as well. What that one took over may have changed there.
    """
    for record in records:
        for at, block in record.open():
            others = (each for each in records if each is not record and (also_newer or record not in each.older))
            for of in (gone, *(other.left for other in others)):
                twin = next((item for item in of if same(block, item)), None)
                if twin is not None:
                    record.match(at, twin, of)
                    break


def _repeated(records: Sequence[_RecordBlocks], same: Callable[[DebtBlock, OpenedItem], bool]) -> None:
    """Match what a record and one that it supersedes both say, and only one of them was matched."""
    for newer in records:
        for older in newer.older:
            for at, item in _twins(newer, older, same):
                newer.found[at] = BlockMatch(newer.blocks[at], item, repeats=older.id)
            for at, item in _twins(older, newer, same):
                older.found[at] = BlockMatch(older.blocks[at], item, taken_over=True)
                there = next(at for at, match in newer.found.items() if match.item is item)
                newer.found[there] = replace(newer.found[there], repeats=older.id)


def _twins(
    record: _RecordBlocks, of: _RecordBlocks, same: Callable[[DebtBlock, OpenedItem], bool]
) -> Iterator[tuple[int, OpenedItem]]:
    """The open blocks of a record and the items of another one that say the same, each item once."""
    here = {match.item.item for match in record.found.values() if match.item}
    there = [match.item for match in of.found.values() if match.item and match.item.item not in here]
    for at, block in record.open():
        twin = next((item for item in there if same(block, item)), None)
        if twin is not None:
            there.remove(twin)
            yield at, twin


def _with_keys(record: _RecordBlocks, record_key: str, known: Mapping[str, OpenedItem]) -> Iterator[BlockMatch]:
    """What matches nothing opens an item under the key of its place; where an item has that, under the next that is free."""
    further = (key for number in count(len(record.blocks) + 1) if (key := block_key(record_key, number)) not in known)
    for at, block in enumerate(record.blocks):
        if at in record.found:
            yield record.found[at]
        else:
            yield BlockMatch(replace(block, key=next(further)) if block.key in known else block)
