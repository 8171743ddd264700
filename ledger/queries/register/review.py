"""What is undocumented of a system: each gap as the neglect it is, until somebody documents it or decides otherwise."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ledger.events import MonitorDocumented
from ledger.queries.reader import Reader
from ledger.queries.register.documents import SystemDocuments, documents
from ledger.queries.register.graph import graph_as_of
from ledger.queries.register.items import CLOSED, RegisterItem, register
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.datasheet_questions import completeness
from ledger.vocabulary.kinds import Dimension
from ledger.vocabulary.money import Currency

#: Numbers of open questions that are named before the rest is only counted.
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Gap:
    """Something about a system that is not documented.

    gap: its kind, a stable name. what: in words, the title of its observation. category, cause: of the neglect that it
    is. document: the command that documents it instead, capitals to be filled in. items: what is open in the register
    already and says so.
    """

    system: str
    gap: str
    what: str
    category: str
    cause: str
    document: str
    items: tuple[RegisterItem, ...] = ()

    @property
    def dimension(self) -> Dimension:
        """The category fixes it."""
        return CATEGORIES[self.category].dimension

    @property
    def observe(self) -> str:
        """The command that records it as neglect, ready to be typed."""
        said = ("--category", self.category, "--cause", self.cause)
        return shlex.join(["debt", "observe", self.system, self.what, *said])


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One system and its gaps, by dimension: input, system, output, time."""

    system: str
    name: str
    retired_on: date | None
    gaps: tuple[Gap, ...]


def review(reader: Reader, as_of: date) -> list[Reviewed]:
    """Every registered system, by key. Nothing is asked of one that is retired by that day."""
    graph = graph_as_of(reader, as_of)
    found = documents(reader, as_of)
    open_items = [item for item in register(reader, as_of) if item.status not in CLOSED]
    return [
        Reviewed(
            key,
            node.name,
            node.retired_on,
            () if node.retired_on else tuple(_gaps(found[key], bool(graph.readers[key]), open_items, reader.currency)),
        )
        for key, node in graph.names.items()
    ]


def _gaps(found: SystemDocuments, read: bool, open_items: list[RegisterItem], currency: Currency) -> Iterator[Gap]:
    """A system's gaps, each with the open items of its category; a monitor's with the debt that it names."""
    for gap in (*_of_input(found), *_of_system(found), *_of_output(found, read)):
        same = [item for item in open_items if (item.system, item.category) == (gap.system, gap.category)]
        yield replace(gap, items=tuple(same))
    for monitor, (_, document) in sorted(found.monitors.items()):
        if not document.alerts:
            gap = _without_alert(found.system, monitor, document, currency)
            named = [item for item in open_items if item.item == document.carried_by]
            same = [item for item in open_items if (item.system, item.category) == (gap.system, gap.category)]
            yield replace(gap, items=tuple(named or same))


def _of_input(found: SystemDocuments) -> Iterator[Gap]:
    key = found.system
    if not found.datasheets:
        yield Gap(
            system=key,
            gap="no-datasheet",
            what="No data sheet: nobody wrote down what its data is",
            category="dataset-documentation",
            cause="inadequate-documentation",
            document=f"debt datasheet {key} --edit",
        )
    for dataset, answers in sorted(found.datasheets.items()):
        left = [number for section in completeness(answers) for number in section.open]
        if left:
            more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
            questions = "question is" if len(left) == 1 else "questions are"
            yield Gap(
                system=key,
                gap="open-questions",
                what=f"{len(left)} {questions} open in the data sheet of {dataset}: {', '.join(left[:_NAMED])}{more}",
                category="dataset-documentation",
                cause="inadequate-documentation",
                document=shlex.join(["debt", "datasheet", key, "--dataset", dataset, "--edit"]),
            )
    if not found.cases:
        yield Gap(
            system=key,
            gap="no-robustness-case",
            what="No confounding input was tried",
            category="adversarial-coverage",
            cause="missing-tests",
            document=f"debt robustness {key} CASE --perturbation TEXT --passed N --of N --data REF",
        )


def _of_system(found: SystemDocuments) -> Iterator[Gap]:
    key = found.system
    explained = {explanation.scope for _, explanation in found.explanations}
    for scope, words in (("global", "how it works as a whole"), ("local", "why it gave one particular output")):
        if scope not in explained:
            yield Gap(
                system=key,
                gap=f"no-{scope}-explanation",
                what=f"No {scope} explanation: nobody can say {words}",
                category="explainability",
                cause="inadequate-documentation",
                document=f"debt explain {key} --scope {scope} --method TEXT --artifact REF --audience WHO --quality TEXT",
            )
    if not found.answers:
        yield Gap(
            system=key,
            gap="no-score",
            what="No test of the ML Test Score was answered",
            category="missing-tests",
            cause="missing-tests",
            document=f"debt score {key} TEST manual --evidence REF",
        )


def _of_output(found: SystemDocuments, read: bool) -> Iterator[Gap]:
    key = found.system
    if not found.monitors:
        yield Gap(
            system=key,
            gap="no-monitor",
            what="No monitor: nobody watches the output",
            category="output-reliability",
            cause="untracked",
            document=f"debt monitor {key} NAME --what prediction-bias --threshold DECIMAL --alerts yes "
            "--remediation manual --plan TEXT",
        )
    if not read:
        yield Gap(
            system=key,
            gap="no-declared-reader",
            what="No declared reader: nobody knows who uses the output",
            category="undeclared-consumer",
            cause="untracked",
            document=f"debt system depends READER {key} --what TEXT",
        )


def _without_alert(system: str, monitor: str, document: MonitorDocumented, currency: Currency) -> Gap:
    """What the monitor says already is said again: a later document of that name replaces the earlier one."""
    words = ["debt", "monitor", system, monitor, "--what", document.what, "--threshold", document.threshold]
    words += ["--alerts", "yes", "--remediation", document.remediation, "--plan", document.plan]
    words += ["--carried-by", document.carried_by] if document.carried_by else []
    words += _agreed(document, currency)
    words += [word for name, values in document.settings.items() for value in values for word in (f"--{name}", value)]
    return Gap(
        system=system,
        gap="no-alert",
        what=f"The monitor {monitor} tells nobody when it breaks",
        category="action-limit",
        cause="untracked",
        document=shlex.join(words),
    )


def _agreed(document: MonitorDocumented, currency: Currency) -> list[str]:
    """What a breach costs, as it is typed."""
    if document.principal_minor is None:
        return []
    words = ["--principal", currency.plain(document.principal_minor), "--agreed-by", document.agreed_by or ""]
    carry = document.carry_minor_per_year
    return [*words, "--interest", f"{currency.plain(carry)}/year"] if carry else words
