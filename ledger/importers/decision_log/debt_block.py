"""A `debt:` block in a record's front matter: the commission that it asks for, by the names of the options of `commission`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.decide.commission import Commission
from ledger.events.codec import canonical, sha256_hex
from ledger.importers.decision_log.folder import RecordRead
from ledger.importers.front_matter import YamlValue
from ledger.vocabulary.dates import typed_date
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.keys import system_key
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quantities import Interest, Quantity
from ledger.vocabulary.quarters import Quarter
from ledger.vocabulary.text import clean_text

#: The source of items that a record's block opens.
SOURCE = "adr"

_TEXTS = ("title", "category", "dimension", "decided-by", "because", "benefit", "evidence")
_DAYS = ("on", "decided-on", "until")
KEYS = ("system", "principal", "interest", "repay-by", *_TEXTS, *_DAYS)


@dataclass(frozen=True, slots=True)
class DebtBlock:
    """What a block asks for. key: of the item that it opens, if it opens one; content_hash: of what it says; title: of the item."""

    key: str
    content_hash: str
    title: str
    said: dict[str, str]


def blocks(record: RecordRead, log: str) -> Iterator[DebtBlock]:
    """The blocks of a record: one, or a list of them. Raises Unreadable for a key that is no option, or there twice."""
    if record.block_fault:
        raise Unreadable(f"Its block `debt` has {record.block_fault}: keep the one that holds.")
    value = record.block
    if value is None or value == "":
        return
    for number, block in enumerate(value if isinstance(value, list) else [value], start=1):
        said = _said(block)
        key = block_key(f"{log}/{record.id}", number)
        yield DebtBlock(key, sha256_hex(canonical(said)), said.get("title", record.title), said)


def block_key(record_key: str, number: int) -> str:
    """The key of what a record's block opens. record_key: its log and id. number: of the block, from 1."""
    return record_key if number == 1 else f"{record_key}#{number}"


def block_number(key: str) -> int:
    """The number of the block that opened the item with a key, from 1."""
    number = key.rpartition("#")[2]
    return int(number) if number.isdecimal() else 1


def commission_of(
    block: DebtBlock, record: RecordRead, on: date, *, log: str, system: str, currency: Currency
) -> Commission:
    """The command that a block stands for. What it leaves out the record says: the title, who decided, and when.

    on: since when the decision stands, the day of the debt where the block names no other.
    What the record does not say either is missing, as it would be if it were typed. Raises Unreadable.
    """
    said = block.said
    days = {key: typed_date(said[key]) for key in _DAYS if key in said}
    return Commission(
        on=days.get("on", on),
        late=True,
        evidence=said.get("evidence"),
        system=system_key(said["system"]) if "system" in said else system,
        title=block.title,
        category=said.get("category", "").lower(),
        dimension=said.get("dimension"),
        principal=Quantity.parse(said["principal"], currency) if "principal" in said else None,
        interest=Interest.parse(said["interest"], currency) if "interest" in said else None,
        decided_by=said.get("decided-by") or ", ".join(record.deciders) or None,
        because=said.get("because"),
        benefit=said.get("benefit"),
        repay_by=str(Quarter.parse(said["repay-by"])) if "repay-by" in said else None,
        decided_on=_decided_on(days, record, on),
        until=days.get("until"),
        adr=f"{log}/{record.id}",
        source=SOURCE,
        external_key=block.key,
        content_hash=block.content_hash,
    )


def _decided_on(days: dict[str, date], record: RecordRead, on: date) -> date | None:
    """The day of the decision, where it is not the day of the shortcut."""
    decided = days.get("decided-on", record.dated_on)
    return decided if decided != days.get("on", on) else None


def _said(block: YamlValue) -> dict[str, str]:
    if not isinstance(block, dict):
        raise Unreadable("Its block `debt` has no keys: write principal, repay-by and the like below it, one a line.")
    said: dict[str, str] = {}
    keys: dict[str, str] = {}
    for key, value in block.items():
        name = clean_text(key).lower().replace("_", "-")
        if name not in KEYS:
            raise Unreadable(f"Its block `debt` has a key '{key}', which is no option of `debt commission`.")
        if not isinstance(value, str | None):
            raise Unreadable(f"Its block `debt` says no one thing under '{key}'.")
        if name in keys:
            first, second = (f"'{block[each] or ''}' under '{each}'" for each in (keys[name], key))
            raise Unreadable(f"Its block `debt` says {name} twice, {first} and {second}: keep the one that holds.")
        keys[name] = key
        if value and value.strip():
            said[name] = clean_text(" ".join(value.split()))
    return said
