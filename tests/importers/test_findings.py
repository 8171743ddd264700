"""Neutral findings: what a reader yields is counted, and each key counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ledger.importers.findings.finding import RecordRead, StatedTotal, ToolFinding
from ledger.importers.findings.gathering import gathered
from ledger.importers.rows import BadRow

DAY = date(2026, 10, 5)
FINDING = ToolFinding(
    key="A",
    place="here",
    title="Loud",
    cause="expedience",
    found_on=DAY,
    state="open",
    state_on=DAY,
    minutes=None,
    located="there",
    details={},
    content_hash="0" * 64,
)

records: st.SearchStrategy[list[RecordRead]] = st.lists(
    st.one_of(
        st.sampled_from("ABC").map(lambda key: replace(FINDING, key=key)),
        st.just(BadRow("here", "No key.")),
        st.integers(0, 20).map(StatedTotal),
    )
)


@given(records)
def test_every_record_is_counted_once(read: list[RecordRead]) -> None:
    found = gathered(read)
    assert found.read == sum(not isinstance(record, StatedTotal) for record in read)
    assert found.read == len(found.findings) + found.duplicates + len(found.bad)
    assert {finding.key for finding in found.findings} == {
        record.key for record in read if isinstance(record, ToolFinding)
    }


@given(records)
def test_what_the_tool_has_more_is_missing(read: list[RecordRead]) -> None:
    """The greatest total that any page states, less what was read; never less than nothing."""
    found = gathered(read)
    stated = [record.findings for record in read if isinstance(record, StatedTotal)]
    assert found.missing == max(0, max(stated, default=0) - len(found.findings) - len(found.bad))


def test_a_key_of_which_a_row_cannot_be_read_is_not_two_findings() -> None:
    """Else a page that is not there would be taken for read."""
    for records in ([FINDING, BadRow("there", "No date.", "A")], [BadRow("here", "No date.", "A")] * 2):
        assert gathered([StatedTotal(2), *records]).missing == 1
