"""Ways to a verdict on one monitor: from Python, by the kind, by the monitor, and as a job of its own.

Each measures the same, looked at or recorded, and tells what came of it; what should come of it `breach_model` says.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

from click.testing import CliRunner

from ledger.cli import cli
from ledger.services.conclude import look
from ledger.services.judged import Judged
from ledger.services.measure import documented_settings, measure, only_monitor
from ledger.services.open_ledger import OpenedLedger
from ledger.vocabulary.measurements import Measurement, SeriesVerdict
from tests.helpers.breach_model import BREACH

MONITOR = "input"
#: What is done with a measurement: nothing, it is recorded, or what follows from it as well.
Doing = Literal["look", "measure", "record"]
_TYPED: Mapping[Doing, list[str]] = {"look": ["--dry-run"], "measure": [], "record": ["--record"]}
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Came:
    """What came of a measurement. observe, repay: series of which that is proposed, or recorded."""

    code: int
    observe: frozenset[str]
    repay: frozenset[str]


@dataclass(frozen=True)
class Measuring:
    """One measurement to be made. broken: parts that break their threshold. version: tells those with one verdict apart.

    key: under which it is recorded, None for none.
    """

    books: OpenedLedger
    url: str
    system: str
    day: date
    broken: frozenset[str]
    version: int
    doing: Doing
    key: str | None = None


Route = Callable[[Measuring], Came]


@dataclass(frozen=True)
class Watched:
    """What a monitor watches. parts: what breaks by itself; whole: the series that breaks with any of them, if there is one."""

    monitor: Mapping[str, Any]
    parts: tuple[str, ...]
    whole: str | None
    routes: tuple[Route, ...]

    def series(self, parts: frozenset[str]) -> frozenset[str]:
        """The series that break where these parts do."""
        return parts | {self.whole} if parts and self.whole else parts

    @property
    def every(self) -> frozenset[str]:
        return self.series(frozenset(self.parts))


def _concluded(to: Measuring, found: Measurement) -> Came:
    """As `OpenedLedger.record_measurement` and `look` answer."""
    if to.doing == "look":
        judged = Judged(measurement=found, system=to.system, monitor=MONITOR, on=to.day)
        concluded = look(to.books.ledger, judged, to.books.requester)
    else:
        record = to.doing == "record"
        concluded = to.books.record_measurement(found, to.system, monitor=MONITOR, on=to.day, record=record, key=to.key)
    told = [(each.series, each.proposal) for each in concluded.consequences]
    return _told(BREACH if concluded.is_breach else 0, told)


def _told(code: int, told: list[tuple[Any, str | None]]) -> Came:
    observe, repay = (
        frozenset(name for series, command in told if (command or "").startswith(verb) for name in series)
        for verb in ("debt observe", "debt repay")
    )
    return Came(code, observe, repay)


# --- drift that nobody measured -----------------------------------------------------------------------

_FEATURES = ("amount", "country", "größe, in cm")


def _made_up(to: Measuring) -> Came:
    """Of three features, some drifted."""
    verdict = "broken" if to.broken else "kept"
    found = Measurement(
        what="drift",
        value="0.4000" if to.broken else "0.0100",
        threshold="0.1",
        verdict=verdict,
        rows=100 + to.version,
        figures={},
        findings=(),
        files={},
        settings={},
        series=tuple(SeriesVerdict(each, "broken" if each in to.broken else "kept") for each in _FEATURES),
    )
    return _concluded(to, found)


MADE_UP = Watched({"what": "drift", "threshold": "0.1"}, _FEATURES, None, (_made_up,))

# --- labels, measured in earnest ----------------------------------------------------------------------

_TOWNS = ("town=A", "town=B", "town=C")
_ROWS = 400


def labels(folder: Path) -> Watched:
    """Labels in three towns, written into a folder; by every route that there is."""
    settings = {"predicted": ("p",), "observed": ("y",), "slice": ("town",)}
    monitor = {"what": "prediction-bias", "threshold": "0.05", "settings": settings}
    routes = (_from_python, _by_kind, _by_monitor, _as_a_job)
    return Watched(monitor, _TOWNS, "all", tuple(partial(route, folder) for route in routes))


def _file(folder: Path, to: Measuring) -> Path:
    """Half of a town that is broken is told wrong; of the others nothing is."""
    path = folder / f"{'-'.join(sorted(each[-1] for each in to.broken)) or 'kept'}-{to.version}.csv"
    if not path.exists():
        lines = ["p,y,town"]
        for town in _TOWNS:
            wrong = _ROWS // 2 if town in to.broken else 0
            for row in range(_ROWS + to.version):
                lines.append(
                    f"{'yes' if row < wrong or row % 4 == 0 else 'no'},{'yes' if row % 4 == 0 else 'no'},{town[-1]}"
                )
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _from_python(folder: Path, to: Measuring) -> Came:
    monitor = only_monitor(to.books.ledger, MONITOR, to.books.today, to.system)
    return _concluded(to, measure(documented_settings(monitor), _file(folder, to)))


def _by_kind(folder: Path, to: Measuring) -> Came:
    return _typed(to, ["measure", "prediction-bias", to.system, str(_file(folder, to)), "--monitor", MONITOR])


def _by_monitor(folder: Path, to: Measuring) -> Came:
    return _typed(to, _by_its_name(folder, to))


def _as_a_job(folder: Path, to: Measuring) -> Came:
    """As cron starts it: a process that knows nothing of this one."""
    line = [sys.executable, "-m", "ledger", *_said(to, _by_its_name(folder, to))]
    ended = subprocess.run(line, cwd=_ROOT, capture_output=True, text=True, check=False)
    return _came(ended.returncode, ended.stdout, ended.stderr)


def _by_its_name(folder: Path, to: Measuring) -> list[str]:
    return ["measure", "--monitor", MONITOR, str(_file(folder, to)), "--system", to.system]


def _typed(to: Measuring, words: list[str]) -> Came:
    reply = CliRunner().invoke(cli, _said(to, words))
    return _came(reply.exit_code, reply.stdout, reply.stderr)


def _said(to: Measuring, words: list[str]) -> list[str]:
    how = ["--on", str(to.day), "--fail-on", "breach", "--format", "json", *_TYPED[to.doing]]
    how += ["--key", to.key] if to.key else []
    return ["--database", to.url, "--actor", "ada", *words, *how]


def _came(code: int, out: str, err: str) -> Came:
    assert code in (0, BREACH), err
    told = [(each["series"], each["command"]) for each in json.loads(out)["consequences"]]
    return _told(code, told)
