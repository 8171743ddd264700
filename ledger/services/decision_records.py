"""`debt adr`: debts as decision records, one or all of them, and whether files that were written still say what the books say."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.exporters.decision_record import (
    WRITTEN_HERE,
    DecidedDebt,
    decided_debt,
    decision_index,
    decision_record,
    file_name,
)
from ledger.importers.answers.markdown_sections import sections
from ledger.importers.decision_log.labels import flat
from ledger.importers.files import natural
from ledger.importers.front_matter import parted
from ledger.queries.reader import Reader
from ledger.queries.register.folded_items import folded_items
from ledger.services.files import whole_or_not_at_all
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import NotFound, Refused, Unreadable
from ledger.vocabulary.keys import is_item
from ledger.vocabulary.outside_files import bytes_of

INDEX = "index.md"
#: What nobody here overwrites or deletes.
_ELSEWHERE = "move it out of the folder"
_MOST_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class FileDiffers:
    """A file that does not say what the ledger says. what: the fields in which it differs, or that it is missing.

    surplus: it is of no debt of the book, and writing the records anew does not put it right.
    """

    file: str
    what: str
    surplus: bool = False


def record_of(reader: Reader, item: str, as_of: date) -> str:
    """The record of one item. Raises NotFound for an item that is none, Refused for neglect that nobody adopted."""
    items = folded_items(reader, as_of, item)
    if not items:
        raise NotFound(f"There is no item {item} on {as_of}. `debt list --status all` shows the register.")
    debt = decided_debt(items[0], reader.currency)
    if debt is None:
        raise Refused(
            f"{item} is neglect: nobody decided on it, so that there is no decision to write down.",
            f"`debt adopt {item} --decided-by WHO --because WHY --benefit WHAT --repay-by QUARTER` decides; `debt show {item}` "
            "tells its story.",
        )
    return decision_record(debt)


def records(reader: Reader, as_of: date) -> dict[str, str]:
    """Every record and their index, by the name of the file."""
    debts = list(_decided(reader, as_of))
    files = {file_name(debt): decision_record(debt) for debt in debts}
    return files | {INDEX: decision_index(debts, reader.name)}


def write_records(ledger: Ledger, files: dict[str, str], folder: Path) -> int:
    """Write the files that are not there as they should be, each whole or not at all, the index last; how many those were.

    Raises Refused for a file that is in the way and that was not written here: then none is written.
    """
    if folder.exists() and not folder.is_dir():
        raise Unreadable(f"{folder} is no folder.")
    changed = [name for name, text in files.items() if _found(folder / name) != text]
    for name in changed:
        found = _found(folder / name)
        if found is not None and WRITTEN_HERE not in found:
            raise Refused(f"{folder / name} is there already, and `debt adr` did not write it.", "Name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        with whole_or_not_at_all(folder / name, ledger) as file:
            file.write(files[name].encode())
    return len(changed)


def written_by(folder: Path, as_of: date | None, known_at: str | None) -> str:
    """The command that writes the records of a day, as known at a time, into a folder."""
    days = (("--as-of", str(as_of) if as_of else None), ("--known-at", known_at))
    return f"`{shlex.join(['debt', 'adr', '--all', str(folder), *(word for pair in days if pair[1] for word in pair if word)])}`"


def differing(files: dict[str, str], folder: Path, written: str) -> list[FileDiffers]:
    """The files of a folder that do not say what the ledger says, and those that are missing or of no item.

    written: the command that writes them.
    """
    if folder.exists() and not folder.is_dir():
        raise Unreadable(f"{folder} is no folder: name the one into which `debt adr --all` wrote.")
    if not folder.is_dir():
        raise Unreadable(f"There is no folder {folder}: {written} writes one.")
    found = []
    for name, text in files.items():
        there = _found(folder / name)
        if there is None:
            found.append(FileDiffers(name, "is missing"))
        elif there != text:
            instead = "" if WRITTEN_HERE in there else f", and does not say that `debt adr` wrote it: {_ELSEWHERE}"
            found.append(FileDiffers(name, f"differs in {', '.join(_fields_apart(there, text))}{instead}"))
    ours = (path.name for path in folder.iterdir() if is_item(path.stem) and path.suffix == ".md")
    more = sorted((name for name in ours if name not in files), key=natural)
    return found + [
        FileDiffers(name, f"is of no debt that the ledger has then: {_ELSEWHERE}", surplus=True) for name in more
    ]


def _found(path: Path) -> str | None:
    """A file's text, None where there is none. Line ends are as the checkout of whoever keeps it has them."""
    if not path.exists():
        return None
    return bytes_of(path, most=_MOST_BYTES, what="decision record").decode("utf-8", "replace").replace("\r\n", "\n")


def _fields_apart(there: str, text: str) -> list[str]:
    """The names of the parts in which two texts differ: keys of front matter, headings."""
    one, other = _parts(there), _parts(text)
    apart = [name for name in dict.fromkeys((*other, *one)) if one.get(name) != other.get(name)]
    return apart or ["its layout"]


def _parts(text: str) -> dict[str, str]:
    try:
        front = parted(text.splitlines())
    except Unreadable:
        return {"front matter": text}
    parts = {key: ", ".join(flat(value)) for key, value in front.fields.items()}
    if front.fault:
        parts["front matter"] = front.fault
    for number, section in enumerate(sections(front.body)):
        name = "title" if number == 0 else f"'{section.heading}'"
        parts[name] = "\n".join([*(section.typed if number == 0 else ()), *section.lines])
    return parts


def _decided(reader: Reader, as_of: date) -> Iterator[DecidedDebt]:
    return (debt for item in folded_items(reader, as_of) if (debt := decided_debt(item, reader.currency)) is not None)
