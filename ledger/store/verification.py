"""What verifying found: a count of events, and what is not as it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from ledger.proof.chain import GENESIS
from ledger.store.comparison import StoredDifference

#: Differences listed at most; all are counted.
MOST_LISTED = 1000


@dataclass(slots=True)
class Verification:
    """What was found. events: how many were read. head: hash of the last one, as stored.

    problems: at most MOST_LISTED of them; problem_count: all.
    """

    events: int = 0
    head: str = GENESIS
    problems: list[StoredDifference] = field(default_factory=list)
    problem_count: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return self.problem_count == 0

    def as_json(self) -> dict[str, Any]:
        """The shape that `debt verify --format json` prints."""
        problems = [asdict(problem) for problem in self.problems]
        return {"ok": self.ok, "events": self.events, "head": self.head, "problems": problems}

    def add(self, problems: Iterable[StoredDifference]) -> None:
        """Count problems, and list them while there is room."""
        for problem in problems:
            self.problem_count += 1
            if len(self.problems) < MOST_LISTED:
                self.problems.append(problem)
