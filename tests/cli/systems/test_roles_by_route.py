"""Roles by every route: a monitor keeps them, the direct form and Python say the same, and nothing may contradict them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ledger.decide.monitor import DocumentMonitor
from ledger.events import MonitorDocumented
from ledger.services.measure import documented_settings, measure
from ledger.services.open_ledger import open_ledger
from ledger.services.reference import pinned
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.measure_settings import DriftSettings
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller

np = pytest.importorskip("numpy", reason="the extra `ml` is not installed")
pd = pytest.importorskip("pandas", reason="the extra `ml` is not installed")

ROWS = 6_000
ROLES = "--id who --time day --exclude old --target y --prediction p --prediction q"
WATCHED = "--threshold 0.1 --alerts no --remediation manual --plan retrain --reference before.csv"
#: Of each role, what is documented, and what else would say.
OTHER = {"id": "x", "time": "who", "exclude": "x", "target": "x", "prediction": "x"}


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has a role moved; nothing else did."""
    monkeypatch.chdir(tmp_path)
    made = np.random.default_rng(3)
    frame = pd.DataFrame({name: made.normal(size=ROWS) for name in ("who", "old", "y", "p", "q", "x")})
    frame["day"] = [f"2026-{month:02}-11" for month in made.integers(1, 4, ROWS)]
    frame.to_csv("before.csv", index=False)
    for name in ("who", "old", "y", "p", "q"):
        frame[name] += 3
    frame.to_csv("now.csv", index=False)
    frame.drop(columns="x").to_csv("gone.csv", index=False)


def test_roles_are_the_same_on_every_route(teller: Teller) -> None:
    teller.do(f"monitor FRAUD input --what drift {WATCHED} {ROLES} --by month")
    (listed,) = teller.ask("monitor FRAUD")
    roles = {"id": ["who"], "time": ["day"], "exclude": ["old"], "target": ["y"], "prediction": ["p", "q"]}
    assert (listed["roles"], set(listed["settings"])) == (roles, {"reference", "by"})
    by_monitor = teller.ask("measure --monitor input now.csv --dry-run")
    directly = teller.ask(f"measure drift FRAUD --live now.csv --reference before.csv {ROLES} --by month --dry-run")
    together = teller.ask("measure drift FRAUD --live now.csv --monitor input --prediction q --prediction p --dry-run")
    books = open_ledger(f"sqlite:///{teller.path}", actor="ada")
    found = measure(documented_settings(_documented(teller)), "now.csv")
    books.record_measurement(found, "FRAUD", monitor="input")
    for name in ("value", "verdict", "findings", "series"):
        assert by_monitor[name] == directly[name] == together[name], name
    assert (found.value, found.verdict, list(found.findings)) == tuple(
        by_monitor[name] for name in ("value", "verdict", "findings")
    )
    assert (found.verdict, [each.series for each in found.series]) == ("kept", ["x"])


def _documented(teller: Teller) -> MonitorDocumented:
    books = open_ledger(f"sqlite:///{teller.path}", actor="ada")
    words = {"who": "id", "day": "time", "old": "exclude", "y": "target"}
    settings = {role: (column,) for column, role in words.items()} | {"prediction": ("p", "q"), "by": ("month",)}
    command = DocumentMonitor(
        system="FRAUD", monitor="input", what="drift", threshold="0.1", alerts=False, remediation="manual",
        plan="retrain", on=date(2026, 1, 20), settings={"reference": ("before.csv",)} | settings,
    )  # fmt: skip
    (receipt,) = books.record(pinned(command), again=True)
    event = receipt.recorded.event
    assert isinstance(event, MonitorDocumented)
    assert event.roles == {role: settings[role] for role in DriftSettings.roles}
    return event


@pytest.mark.parametrize("role", DriftSettings.roles)
def test_another_role_than_the_monitors_is_refused_on_every_route(role: str, teller: Teller) -> None:
    teller.do(f"monitor FRAUD input --what drift {WATCHED} {ROLES} --by month")
    before = teller.counts
    typed = teller.type(f"measure drift FRAUD --live now.csv --monitor input --{role} {OTHER[role]} --record")
    assert (typed.exit_code, typed.out) == (1, "")
    assert f"--{role} {OTHER[role]} contradicts the monitor 'input' of FRAUD" in one_line(typed.err)
    books = open_ledger(f"sqlite:///{teller.path}", actor="ada")
    with pytest.raises(Refused, match=r"contradicts the monitor 'input'"):
        books.record_measurement(measure(DriftSettings(reference="before.csv"), "now.csv"), "FRAUD", monitor="input")
    assert teller.counts == before


def test_a_feature_that_is_gone_opens_an_item_of_its_own(teller: Teller) -> None:
    """From cron: exit 4, and one item in the register, called as the feature is."""
    teller.do(f"monitor FRAUD input --what drift {WATCHED} {ROLES}")
    reply = teller.type("measure --monitor input gone.csv --record --fail-on breach")
    assert reply.exit_code == 4, reply.err
    assert "'x' moved most: live has it no more." in reply.out
    assert [item["title"].endswith(": x (input)") for item in teller.ask("list")] == [True]


def test_another_kind_has_no_such_roles(teller: Teller) -> None:
    reply = teller.type(
        "monitor FRAUD b --what prediction-bias --threshold 0.1 --alerts no --remediation manual --plan p --id who"
    )
    assert reply.exit_code == 2
    assert "prediction-bias has no --id" in reply.err
