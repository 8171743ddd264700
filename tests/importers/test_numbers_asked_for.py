"""Every number that an import takes, as an option or from a mapping: refused at once where a commission refuses it."""

from __future__ import annotations

import json

import pytest

from tests.helpers.lines import GATE
from tests.helpers.sarif_logs import result, run_of, write_log
from tests.helpers.teller import ADD_FRAUD, INIT, Teller

pytestmark = pytest.mark.reliability  # long, together

#: Interest as typed: what commission does with it is what an import does.
INTERESTS = [
    "0", "0%", "0/month", "6%", "6.5%", "100%", "999999999%", "800/month", "2400/quarter", "9600/year", "2d/month", "10min/year",
    "-1/month", "-5%", "-0.000001%", "-2d/month", "-1/year", "-0.01/quarter", "999999999999.99/year", "10000000000.00/year",
    "10000000000.01/year", "833333333.34/month", "99999999d/year", "12500000d/year", "12500001d/year", "6", "x", "6%/month",
    "1e3/year", "1/day", "0.001/year", "0.5min/year",
]  # fmt: skip
#: An effort in a mapping, and whether it is one of more than nothing.
EFFORTS = {"1d": True, "15min": True, "2h30min": True, "": True, " ": True, "0min": False, "0d": False, "0": False, "0h0min": False,
    "-1d": False, "1.5d": False, "1w": False, "d": False, "1000000d": False, "1e3min": False, "nan": False}  # fmt: skip
DAYS = {"1969-12-31": False, "1970-01-01": True, "2026-07-15": True, "2026-07-16": False, "2200-01-01": False}
KINDS = ("sonarqube", "sarif")


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Teller:
    folder = tmp_path_factory.mktemp("asked")
    made = Teller(folder / "ledger.db")
    made.do(INIT, ADD_FRAUD, "rate set 800 --from 2024-01-01")
    issue = {
        "key": "k1",
        "message": "m",
        "creationDate": "2026-02-01T00:00:00+0000",
        "severity": "LOW",
        "status": "OPEN",
    }
    (folder / "sonarqube").write_text("")
    (folder / "sonarqube.json").write_text(json.dumps({"issues": [issue]}))
    write_log(folder / "sarif.json", run_of(result(1), ended="2026-02-01T00:00:00Z"))
    write_log(folder / "undated.json", run_of(result(1), ended=None))
    (folder / "adr").mkdir()
    (folder / "adr" / "0001-x.md").write_text("# X\n\nStatus: accepted\n")
    return made


def line(teller: Teller, kind: str, more: str, file: str = "") -> str:
    return f"import {kind} {teller.path.parent / (file or f'{kind}.json')} --system FRAUD --dry-run {more}"


@pytest.mark.parametrize("interest", INTERESTS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_interest_is_refused_as_a_commission_refuses_it(teller: Teller, kind: str, interest: str) -> None:
    """Also where no finding has an effort that would bear it. A principal of 1.00, so that no percentage is too much of it."""
    commission = (
        f"commission FRAUD x --category code-quality --principal 1 {GATE} --on 2026-02-01 --interest={interest} --again"
    )
    asked, imported = teller.type(commission), teller.type(line(teller, kind, f"--interest={interest}"))
    assert imported.exit_code == asked.exit_code
    if asked.exit_code == 1:
        assert imported.err.splitlines()[-1] == asked.err.splitlines()[-1]


@pytest.mark.parametrize(("effort", "good"), EFFORTS.items(), ids=repr)
@pytest.mark.parametrize("kind", KINDS)
def test_an_effort_of_a_mapping_is_more_than_nothing(teller: Teller, kind: str, effort: str, good: bool) -> None:
    """Also for a word that no finding has."""
    mapping = teller.path.parent / "map.toml"
    mapping.write_text(
        f'[columns]\neffort = "severity"\n[values.effort]\n"never" = "{effort}"\n"LOW" = "1h"\n"warning" = "1h"\n'
    )
    reply = teller.type(line(teller, kind, f"--map {mapping}"))
    assert (reply.exit_code == 0) is good, reply.err
    if not good:
        assert "[values.effort] for 'never'" in reply.err
        assert "Nothing was recorded" in reply.err


@pytest.mark.parametrize(("day", "good"), DAYS.items())
@pytest.mark.parametrize(("kind", "file"), [("sonarqube", ""), ("sarif", "undated.json"), ("adr", "adr")])
def test_a_day_that_no_entry_may_have_is_refused_at_once(
    teller: Teller, kind: str, file: str, day: str, good: bool
) -> None:
    reply = teller.type(line(teller, kind, f"--on {day}", file))
    assert (reply.exit_code == 0) is good, reply.err
    assert "refused" not in reply.err
