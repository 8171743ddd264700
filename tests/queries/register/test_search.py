"""Search on both databases, held against texts that are kept beside them: whatever signs, capitals and scripts are in them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from itertools import count
from random import Random
from uuid import uuid4

from ledger.decide.command import Command
from ledger.decide.init import OpenBook
from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.queries.reader import reader_of
from ledger.queries.register.search import search
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger

DAY = date(2026, 7, 15)
SIGNS = [*"aAbBß%_*'\"\\;-.()[]{}éÉñ中文ЖжİıſΣςσ🦆", " ", "  ", "\u0301", "e\u0301", '{"a":', "AND", "NEAR"]


def texts(chance: Random) -> list[str]:
    return ["x" + "".join(chance.choices(SIGNS, k=chance.randint(1, 12))) + "y" for _ in range(40)]


def same(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def test_every_part_of_every_text_is_found_where_it_is_and_nowhere_else(database_url: str) -> None:
    chance, numbers = Random(341), count()
    ledger = Ledger(
        open_engine(database_url), "main", lambda: datetime(2026, 7, 15, 12, tzinfo=UTC), lambda: uuid4().hex
    )

    def ask(command: Command, *, opening: bool = False) -> None:
        ledger.handle(Request(command, "ada", DAY, key=str(next(numbers))), opening=opening)

    ask(OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC"), opening=True)
    ask(AddSystem(system="FRAUD", name="Fraud", team="red"))
    said: dict[str, str] = {}
    for number, text in enumerate(texts(chance), 1):
        ask(Observe(system="FRAUD", title=f"t{number}q", category="staleness", cause="untracked", on=DAY))
        ask(AddNote(item=f"FRAUD-{number}", text=text, on=DAY))
        said[f"FRAUD-{number}"] = text
    with reader_of(ledger) as reader:
        for text in said.values():
            start = chance.randrange(len(text))
            part = text[start : start + chance.randint(1, 5)]
            if part.strip():
                wanted = [item for item, whole in said.items() if same(part) in same(whole)]
                found = search(reader, [part], DAY)
                assert [item for item in found if not found[item].startswith("title")] == wanted, part
        assert search(reader, ["t7q", same(said["FRAUD-7"])[:1]], DAY).keys() == {"FRAUD-7"}
    ledger.engine.dispose()
