"""Which row of a file is which row of the pack, after somebody deleted, inserted, sorted or altered some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from reports.returned.cells import FoundRow
from reports.returned.expected import Line
from reports.returned.values import canonical_expected, canonical_found
from reports.sheet import Formula, Kind

#: Beyond so many comparisons rows are paired by their places alone.
_MOST_COMPARED = 250_000
_MOST_ALIGNED = 50_000_000


def aligned(lines: Sequence[Line], found: Mapping[int, FoundRow], exponent: int) -> dict[int, int]:
    """Rows of the file by rows of the pack, for lines that keep their order.

    Where they are is believed unless moving them as a whole explains more: two labels that changed places
    are two changed labels. A line that is missing here has no row in the file.
    """
    expected = [_words_of(line, exponent) for line in lines]
    numbers = sorted(found)
    words = {number: _words_found(found[number]) for number in numbers}
    in_place = {line.number: line.number for line in lines if line.number in found}
    wrong = sum(1 for line, said in zip(lines, expected, strict=True) if words.get(line.number, "") != said)
    if not wrong or len(lines) * len(numbers) > _MOST_ALIGNED:
        return in_place
    unknown = len(set(numbers) - set(in_place))
    moved = _moved(lines, expected, numbers, [words[number] for number in numbers])
    changed = sum(
        1 for line, said in zip(lines, expected, strict=True) if words.get(moved.get(line.number, 0), "") != said
    )
    return moved if changed + len(numbers) - len(moved) < wrong + unknown else in_place


def _moved(lines: Sequence[Line], expected: list[str], numbers: list[int], words: list[str]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    shift = 0
    for kind, first, last, other, end in SequenceMatcher(None, expected, words, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs |= {lines[first + step].number: numbers[other + step] for step in range(last - first)}
            shift = numbers[end - 1] - lines[last - 1].number
        elif kind == "replace":
            there = set(numbers[other:end])
            within = (line.number for line in lines[first:last])
            pairs |= {number: number + shift for number in within if number + shift in there}
    return pairs


def _words_of(line: Line, exponent: int) -> str:
    """The words by which a line is recognised: those of its first two cells."""
    said = []
    for column in (1, 2):
        cell = line.cells.get(column)
        if cell is None or cell.entry or isinstance(cell.content, Formula):
            continue
        text = canonical_expected(cell.content, cell.kind, exponent)
        said.append(text if text.startswith("s") else "")
    return "\x1f".join(filter(None, said))


def _words_found(row: FoundRow) -> str:
    cells = (row.get(column) for column in (1, 2))
    said = (canonical_found(cell, Kind.TEXT) for cell in cells if cell and not cell.formula)
    return "\x1f".join(text for text in said if text.startswith("s"))


#: What rows hold in the columns by which they are known, by their index or number; all of one length.
Parts = Mapping[int, tuple[str, ...]]


def paired(missing: Parts, unknown: Parts, first: int) -> dict[int, int]:
    """Rows of the file by index of the table's row, for rows that are there but altered.

    missing: rows, by index, without an equal in the file; unknown: rows of the file, by number, without an equal in
    the table; first: the number at which index 0 is expected. First those that stand in their place with one cell
    altered, then those elsewhere with one altered, then the most alike.
    """
    expected, found = dict(missing), dict(unknown)
    pairs: dict[int, int] = {}

    def pair(candidates: Iterator[tuple[int, int]]) -> None:
        for index, number in candidates:
            if index in expected and number in found:
                pairs[index] = number
                del expected[index], found[number]

    pair((index, index + first) for index in missing if _alike(expected, index, found, index + first, 1))
    pair(_one_altered(expected, found))
    if len(expected) * len(found) <= _MOST_COMPARED:
        pair(_most_alike(dict(expected), dict(found), first))
    else:
        half = len(next(iter(missing.values()))) // 2
        pair((index, index + first) for index in missing if _alike(expected, index, found, index + first, half))
    return pairs


def _alike(expected: Parts, index: int, found: Parts, number: int, most_altered: int) -> bool:
    if index not in expected or number not in found:
        return False
    return len(expected[index]) - _same(expected[index], found[number]) <= most_altered


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    return sum(1 for a, b in zip(one, other, strict=True) if a == b)


def _one_altered(expected: Parts, found: Parts) -> Iterator[tuple[int, int]]:
    """Pairs that agree in all columns but one. What has been paired leaves both mappings meanwhile."""
    width = len(next(iter(expected.values()), ()))
    for column in range(width):
        places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index, parts in expected.items():
            places[parts[:column] + parts[column + 1 :]].append(index)
        for number, parts in list(found.items()):
            indexes = places.get(parts[:column] + parts[column + 1 :])
            if indexes:
                yield indexes.pop(0), number


def _most_alike(expected: Parts, found: Parts, first: int) -> Iterator[tuple[int, int]]:
    """Pairs that agree in some column that says something, the most alike first, then the nearest."""
    scores = []
    for index, one in expected.items():
        for number, other in found.items():
            same = sum(1 for a, b in zip(one, other, strict=True) if a == b and a)
            if 2 * same >= sum(map(bool, one)):
                scores.append((-same, abs(index + first - number), index, number))
    return ((index, number) for *_, index, number in sorted(scores))
