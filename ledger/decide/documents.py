"""Rules of a system's documents: monitors, measurements, data sheets, explanations, cases, scores. None moves a figure."""

from __future__ import annotations

from ledger.commands import (
    AddEvidence,
    AnswerDatasheet,
    AnswerScore,
    DeclareDependency,
    DocumentExplanation,
    DocumentMonitor,
    DocumentRobustness,
    RecordMeasurement,
)
from ledger.datasheet import QUESTIONS
from ledger.decide.common import Decided, closest, known_item, limited, name, place_in_book, place_on_item, required
from ledger.decide.systems import known_system
from ledger.errors import Refused
from ledger.events import (
    DatasheetAnswered,
    DependencyDeclared,
    EvidenceAdded,
    ExpectationMeasured,
    ExplanationDocumented,
    MonitorDocumented,
    RobustnessDocumented,
    ScoreAnswered,
)
from ledger.measurements import KINDS, is_decimal
from ledger.ml_test_score import TESTS
from ledger.state import State

#: Findings kept with a measurement at most; the rest is in the file that was measured.
MOST_FINDINGS = 200


def decide_declare_dependency(command: DeclareDependency, state: State) -> tuple[Decided, ...]:
    """A dependency is declared once; a system does not read its own output by declaration, but may by feedback."""
    system, source = known_system(command.system, state), known_system(command.reads_from, state)
    if source.key in system.reads_from and command.what is None:
        raise Refused(
            f"{system.key} is declared to read from {source.key} already.", "`debt system graph` shows who reads what."
        )
    placed = place_in_book(command, state)
    event = DependencyDeclared(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        reads_from=source.key,
        what=limited(command.what, "--what") if command.what is not None else None,
    )
    return (Decided(placed.effective_on, event),)


def decide_document_monitor(command: DocumentMonitor, state: State) -> tuple[Decided, ...]:
    """A monitor says what it watches and what is done; whether anybody is told, and by whom it is mended, is answered."""
    system = known_system(command.system, state)
    if command.what not in KINDS:
        raise Refused(
            f"Nothing measures '{command.what}'. {closest(command.what, list(KINDS))}".strip(),
            f"--what takes {', '.join(KINDS)}.",
        )
    _decimal(command.threshold, "--threshold")
    if command.carried_by is not None:
        item = known_item(command.carried_by, state)
        if item.nature_on(command.on or state.today) != "debt":
            raise Refused(
                f"{item.id} is neglect: it carries no risk knowingly.",
                f"A decision makes it debt first: `debt adopt {item.id} --decided-by … --because …`.",
            )
    placed = place_in_book(command, state)
    event = MonitorDocumented(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        monitor=name(command.monitor, "The monitor's name"),
        what=command.what,
        threshold=command.threshold,
        alerts=command.alerts,
        remediation=command.remediation,
        plan=required(command.plan, "--plan"),
        carried_by=command.carried_by,
        settings=command.settings,
    )
    return (Decided(placed.effective_on, event),)


def decide_record_measurement(command: RecordMeasurement, state: State) -> tuple[Decided, ...]:
    """A measurement stands as it was made; its monitor must be documented."""
    system = known_system(command.system, state)
    if command.monitor is not None and command.monitor not in system.monitors:
        raise Refused(
            f"{system.key} has no monitor '{command.monitor}'. {closest(command.monitor, sorted(system.monitors))}".strip(),
            f"`debt monitor {system.key} NAME --what … --threshold …` documents one.",
        )
    for text, what in ((command.value, command.headline), (command.threshold or "0", "--threshold")):
        _decimal(text, what)
    placed = place_in_book(command, state)
    event = ExpectationMeasured(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        what=command.what,
        monitor=command.monitor,
        expectation=command.expectation,
        headline=command.headline,
        value=command.value,
        threshold=command.threshold,
        verdict=command.verdict,
        rows=command.rows,
        figures=command.figures,
        findings=command.findings[:MOST_FINDINGS],
        files=command.files,
        settings=command.settings,
    )
    return (Decided(placed.effective_on, event),)


def decide_answer_datasheet(command: AnswerDatasheet, state: State) -> tuple[Decided, ...]:
    """Answers are a person's, to questions of the data sheet; an empty one is none."""
    system = known_system(command.system, state)
    if not command.answers:
        raise Refused("There is no answer in it.", f"`debt datasheet {system.key} --edit` asks the questions.")
    for number, answer in command.answers.items():
        if number not in QUESTIONS:
            raise Refused(
                f"A data sheet has no question '{number}'.",
                f"`debt datasheet {system.key} --export FILE.md` numbers them.",
            )
        required(answer, f"The answer to question {number}")
    placed = place_in_book(command, state)
    event = DatasheetAnswered(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        dataset=name(command.dataset, "--dataset"),
        answers=command.answers,
        source=command.source,
        source_sha256=command.source_sha256,
    )
    return (Decided(placed.effective_on, event),)


def decide_document_explanation(command: DocumentExplanation, state: State) -> tuple[Decided, ...]:
    """An explanation says of what kind it is, where it is, for whom, and how good."""
    system = known_system(command.system, state)
    placed = place_in_book(command, state)
    event = ExplanationDocumented(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        scope=command.scope,
        method=required(command.method, "--method"),
        artifact=required(command.artifact, "--artifact"),
        audience=required(command.audience, "--audience"),
        quality=required(command.quality, "--quality"),
    )
    return (Decided(placed.effective_on, event),)


def decide_document_robustness(command: DocumentRobustness, state: State) -> tuple[Decided, ...]:
    """At least one input was tried, and no more came out right than were tried."""
    system = known_system(command.system, state)
    if command.of < 1 or not 0 <= command.passed <= command.of:
        raise Refused(
            f"{command.passed} of {command.of} cannot have come out right.",
            "--of is how many inputs were tried, --passed how many of them came out right.",
        )
    placed = place_in_book(command, state)
    event = RobustnessDocumented(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        case=name(command.case, "The case"),
        perturbation=required(command.perturbation, "--perturbation"),
        passed=command.passed,
        of=command.of,
        data=required(command.data, "--data"),
    )
    return (Decided(placed.effective_on, event),)


def decide_answer_score(command: AnswerScore, state: State) -> tuple[Decided, ...]:
    """A test that is run, by hand or by machine, has evidence."""
    system = known_system(command.system, state)
    if command.test not in TESTS:
        raise Refused(
            f"The ML Test Score has no test '{command.test}'. {closest(command.test, list(TESTS))}".strip(),
            f"`debt score {system.key}` lists them.",
        )
    if command.answer != "no" and not command.evidence:
        raise Refused(
            f"That {command.test} is run ({command.answer}) needs evidence.",
            "Say where it can be seen: --evidence, a link to the test or to its last report.",
        )
    placed = place_in_book(command, state)
    event = ScoreAnswered(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        test=command.test,
        answer=command.answer,
    )
    return (Decided(placed.effective_on, event),)


def decide_add_evidence(command: AddEvidence, state: State) -> tuple[Decided, ...]:
    """Evidence goes on an item on which something is left to do."""
    item = known_item(command.item, state)
    text = required(command.text, "The evidence")
    placed = place_on_item(command, state, item)
    if item.closed_on(placed.effective_on):
        raise Refused(
            f"{item.id} is closed: nothing more needs to be shown of it.",
            f"`debt note {item.id} TEXT` still takes a note.",
        )
    event = EvidenceAdded(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        text=text,
        measured_at=command.measured_at,
    )
    return (Decided(placed.effective_on, event),)


def _decimal(text: str, what: str) -> None:
    if not is_decimal(text):
        raise Refused(f"{what} is '{text}', which is no decimal number.", "Write it like 0.05.")
