"""What is probably a slip of the hand: refused, unless the command itself says that it is meant.

The rule is below the edge, so that a program and an import meet it as a person does. On a terminal a person is asked, and
the answer becomes part of the command.
"""

from __future__ import annotations

from collections.abc import Mapping

from ledger.vocabulary.errors import Refused


class Unsure(Refused):
    """An entry that is recorded once its command says that it is meant.

    question: what a person is asked. yes, no: the fields of the command that say what was answered; None: it stays refused.
    likely: the answer that is expected.
    """

    def __init__(
        self,
        why: str,
        instead: str,
        *,
        question: str,
        yes: Mapping[str, object],
        no: Mapping[str, object] | None = None,
        likely: bool = False,
    ) -> None:
        """why, instead: as of every refusal; a program or a pipe gets these alone."""
        super().__init__(why, instead)
        self.question = question
        self.yes = yes
        self.no = no
        self.likely = likely
