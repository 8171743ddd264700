"""Time zones are those of the time-zone database, by its package: one file gives one answer on every machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from ledger import StoreError, Unreadable
from ledger.vocabulary.time_zones import known_time_zone, time_zone, time_zone_names

NO_NAMES = (
    "localtime", "posixrules", "Factory", "right/UTC", "posix/Europe/Berlin", "europe/berlin", "EUROPE/BERLIN", "utc",
    "Europe", "Europe/", "/Europe/Berlin", "../Europe/Berlin", "Europe/Berlin ", "CEST", "UTC+1", "+01:00", "zone.tab",
    "tzdata.zi", "Europe/../UTC", "", ".", "__init__.py",
)  # fmt: skip


def test_every_zone_and_link_of_the_database_is_known() -> None:
    """As its own list in the form that a machine reads has them: `Z` begins a zone, `L` a link."""
    lines = resources.files("tzdata.zoneinfo").joinpath("tzdata.zi").read_text(encoding="utf-8").splitlines()
    zones = {line.split()[1] for line in lines if line.startswith("Z ")}
    links = {line.split()[2] for line in lines if line.startswith("L ")}
    assert time_zone_names() == (zones | links) - {"Factory"}
    for name in time_zone_names():
        assert time_zone(name).key == known_time_zone(name) == name
        assert datetime(2026, 7, 1, tzinfo=UTC).astimezone(time_zone(name)).utcoffset() is not None


@pytest.mark.parametrize("name", NO_NAMES)
def test_no_other_name_is_one(name: str) -> None:
    with pytest.raises(Unreadable, match="is not a time zone: write"):
        known_time_zone(name)


def test_another_case_is_told() -> None:
    with pytest.raises(Unreadable, match="write Europe/Berlin"):
        known_time_zone("europe/berlin")


def test_the_machines_own_folder_is_not_asked(tmp_path: Path) -> None:
    """A machine whose Berlin is Kiritimati, whose localtime is Pago Pago."""
    zones = resources.files("tzdata") / "zoneinfo" / "Pacific"
    (tmp_path / "Europe").mkdir()
    for target, source in (("Europe/Berlin", "Kiritimati"), ("localtime", "Pago_Pago")):
        with resources.as_file(zones / source) as file:
            shutil.copy(file, tmp_path / target)
    code = (
        "from datetime import *; from ledger.vocabulary.time_zones import time_zone\n"
        "for name in ('Europe/Berlin', 'localtime'): print(datetime(2026, 7, 1, tzinfo=UTC).astimezone(time_zone(name)))"
    )
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[:2] == ["2026-07-01 02:00:00+02:00", "2026-06-30 13:00:00-11:00"]


def test_a_zone_that_a_machine_does_not_have_is_told_with_the_way_out() -> None:
    """Of a book that an earlier release opened elsewhere."""
    with pytest.raises(StoreError, match="`debt time-zone set ZONE`"):
        time_zone("right/Nowhere")
