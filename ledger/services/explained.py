"""Whether a system's explanations are current: not older than the last change of its model that the books know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.queries.reader import Reader
from ledger.queries.register.documents import SystemDocuments, documents
from ledger.services.judged import Judged


def with_explanations(reader: Reader, judged: Judged, today: date) -> Judged:
    """A measurement of explainability with how many explanations are documented, and how many are current.

    As of its day. Any other measurement is what it was: nothing else speaks of explanations.
    """
    measurement, day = judged.measurement, judged.on or today
    model = measurement.files.get("model")
    said = (
        documents(reader, day, only=judged.system).get(judged.system) if measurement.what == "explainability" else None
    )
    if said is None or model is None:
        return judged
    changed_on = _changed_on(said, judged.monitor, model, day)
    current = [on for on in (each.on for each, _ in said.explanations) if changed_on is None or on >= changed_on]
    documented = len(said.explanations)
    return replace(
        judged,
        measurement=replace(
            measurement,
            figures=measurement.figures | {"explanations": str(documented), "explanations-current": str(len(current))},
            sentences=(*measurement.sentences, _sentence(judged.system, documented, len(current), changed_on)),
        ),
    )


def _changed_on(said: SystemDocuments, monitor: str | None, model: str, day: date) -> date | None:
    """The day on which this model was first measured after another one, by the same monitor; None if it is the only one."""
    known = [
        (each.on, event.files["model"])
        for each, event in said.measurements
        if event.what == "explainability" and event.monitor == monitor and "model" in event.files
    ]
    since = day
    for on, sha256 in reversed(known):
        if sha256 != model:
            return since
        since = on
    return None


def _sentence(system: str, documented: int, current: int, changed_on: date | None) -> str:
    if not documented:
        return f"No explanation of {system} is documented: `debt explain {system} --scope … --method …` records one."
    count = f"{documented} explanation{'s are' if documented > 1 else ' is'} documented"
    if changed_on is None:
        return f"{count}, and no change of the model since is known."
    return f"{count}, {current} of them not older than the model, which had changed by {changed_on}."
