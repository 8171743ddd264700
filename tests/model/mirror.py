"""A stand-in for the product that answers from the model, to test the harness itself."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from .agreement import Answer, as_told_on
from .books import Books
from .histories import TODAY, History
from .quantities import quarter_days
from .register import ItemFact, stored_as


class Mirror:
    """Plays the history it was given, one command per call, whatever words it is told."""

    def __init__(self, history: History) -> None:
        self.books = Books(fiscal_year_start=history.fiscal_year_start)
        self.commands = iter(history.commands)

    def __call__(self, argv: Sequence[str]) -> Answer:
        """Answer as the command line would; `recorded_at` is the position itself."""
        words = list(argv[6:])
        if words[0] == "init":
            return Answer(0, "", "")
        if words[0] in ("delta", "list", "ageing", "rollforward"):
            return Answer(0, json.dumps(as_told_on(TODAY, self.answer(words))), "")
        outcome = self.books.apply(next(self.commands), TODAY)
        if not outcome.accepted:
            return Answer(1, "", outcome.reason)
        position = outcome.positions[0]
        receipt = {"position": position, "recorded_at": str(position)}
        fact = self.books.register.facts[position - 1]
        if isinstance(fact, ItemFact):
            receipt |= {"item": fact.item, "effective_on": fact.on.isoformat(), "stored_as": stored_as(fact.kind)}
        return Answer(0, json.dumps(receipt), "")

    def answer(self, words: list[str]) -> Any:
        """The figures asked for."""
        options = {word: words[place + 1] for place, word in enumerate(words[:-1]) if word.startswith("--")}
        position = int(options["--known-at"]) if "--known-at" in options else None
        by = tuple(options["--by"].split(",")) if "--by" in options else ()
        if words[0] == "rollforward":
            first, last = quarter_days(words[1], self.books.settings.fiscal_year_start)
            return self.books.rollforward(first, last, by, position, words[1])
        as_of = date.fromisoformat(options["--as-of"])
        if words[0] == "delta":
            return self.books.delta(as_of, position, by)
        if words[0] == "ageing":
            return self.books.ageing(as_of, position)
        return self.books.list(as_of, position, options.get("--status"))
