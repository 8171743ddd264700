"""Restatements: what the earlier issues said, what was recorded since, and what that makes now."""

from __future__ import annotations

from collections.abc import Iterator

from tests.model.figures import MOVEMENTS
from tests.model.packs import PackFigures, Restated
from tests.model.register import NATURES, stored_as
from tests.three_ways.comparison import Part, Row
from tests.three_ways.expected.words import money, spelled, stamp
from tests.three_ways.play import Played

COLUMNS = ("opening", *MOVEMENTS, "transferred")
FIGURES = (*COLUMNS, "closing", "spent", "interest")

Lines = dict[tuple[str, ...], Row]


def restatements(played: Played) -> list[Part]:
    """The issues, this quarter since its own, and the quarter before since its."""
    figures = played.figures
    this, previous = figures.restated(figures.quarter), figures.restated(figures.quarters[-2])
    return [
        _issues(played),
        *(_of_this(played, this) if this else ()),
        *(_previous(played, previous) if previous else ()),
        *(part for each in (this, previous) if each for part in _plans(played, each.issue.quarter)),
    ]


def _issues(played: Played) -> Part:
    lines: Lines = {}
    for quarter in played.figures.quarters[-2:]:
        found = played.figures.restated(quarter)
        lines[quarter,] = (
            {"Issued at position": "none"}
            if found is None
            else {
                "Issued at position": found.issue.position,
                "Issued (UTC)": stamp(played.recorded_at[found.issue.position]),
                "As of": found.issue.as_of,
                "Last event known": found.issue.known,
                "Events since": len({entry.fact.position for entry in found.later})
                + plans_set(played.figures, quarter),
            }
        )
    return Part(("Quarter",), lines, "Issues that this pack is compared with")


def later(found: Restated, figure: str, nature: str) -> int:
    """What later events make of a figure of the quarter."""
    if figure == "interest":
        return sum(now - issued for (_, of), (issued, now) in found.interest.items() if of == nature)
    own = [entry for entry in found.later if entry.leg.nature == nature]
    if figure == "spent":
        return sum(found.spent(entry) for entry in own)
    return sum(entry.leg.principal for entry in own if figure in ("closing", found.column(entry)))


def _of_this(played: Played, found: Restated) -> Iterator[Part]:
    figures, issue = played.figures, found.issue
    rows: dict[tuple[str, str], list[int]] = {}
    for nature in NATURES:
        for figure in FIGURES:
            own = [
                getattr(found.issued[nature], figure), later(found, figure, nature), getattr(found.now[nature], figure),
            ]  # fmt: skip
            everything = rows.setdefault(("total", spelled(figure)), [0, 0, 0])
            rows[nature, spelled(figure)] = own
            rows["total", spelled(figure)] = [one + other for one, other in zip(everything, own, strict=True)]
    headings = ("As issued", "Later events", "Now")
    lines: Lines = {
        key: {**{name: money(figures, minor) for name, minor in zip(headings, row, strict=True)}, "Unexplained": 0}
        for key, row in rows.items()
    }
    yield Part(("Nature", "Figure"), lines, f"{issue.quarter} since its issue at position {issue.position}")
    yield _events(played, found)
    yield _interest(figures, found)


def plans_set(figures: PackFigures, quarter: str) -> int:
    """How many budgets and forecasts of a quarter were set since its issue."""
    return sum(what in ("budget", "forecast") for _, _, _, what, _ in figures.plan_changes(quarter))


WHAT = ("budget", "forecast", "removed_spent")


def by_team(figures: PackFigures, quarter: str) -> dict[tuple[str, str], list[int]]:
    """Budget, forecast and spending of a quarter by team: as issued, changed since, now. All but what never was."""
    then = figures.as_issued(quarter)
    assert then is not None
    changes = figures.plan_changes(quarter)
    amounts: dict[tuple[str, str], list[int]] = {(team, what): [0, 0, 0] for _, _, team, what, _ in changes}
    for side, known in ((0, then), (2, figures)):
        for what in WHAT[:2]:
            for (planned, team), minor in known.plans(what).items():
                if planned == quarter:
                    amounts.setdefault((team, what), [0, 0, 0])[side] = minor
        for (_, team), row in known.flows(quarter, "team").items():
            amounts.setdefault((str(team), WHAT[2]), [0, 0, 0])[side] += row.spent
    for _, _, team, what, change in changes:
        amounts[team, what][1] += change
    changed = {(team, what) for _, _, team, what, _ in changes}
    return {place: row for place, row in amounts.items() if any(row) or place in changed}


def _plans(played: Played, quarter: str) -> Iterator[Part]:
    figures, headings = played.figures, ("As issued", "Later events", "Now")
    amounts = by_team(figures, quarter)
    lines: Lines = {
        place: {**{name: money(figures, minor) for name, minor in zip(headings, row, strict=True)}, "Unexplained": 0}
        for place, row in amounts.items()
    }
    lines["all teams" if amounts else "no team", ""] = {"Unexplained": 0}
    yield Part(("Team", "Measure"), lines, f"Plans and spending of {quarter} by team")
    changes = figures.plan_changes(quarter)
    events: Lines = {
        (str(position), team, what): {
            "Effective": on, "Recorded (UTC)": stamp(played.recorded_at[position]), "Change": money(figures, change),
        }
        for position, on, team, what, change in changes
    }  # fmt: skip
    yield Part(("Position", "Team", "Measure"), events, f"Changes of plans and spending of {quarter}")


def _interest(figures: PackFigures, found: Restated) -> Part:
    changed = {(nature, item): pair for (item, nature), pair in found.interest.items()}
    sums = [sum(pair[side] for pair in changed.values()) for side in (0, 1)]
    changed["total", "items listed" if changed else "no item"] = (sums[0], sums[1])
    lines: Lines = {
        key: {"As issued": money(figures, issued), "Change": money(figures, now - issued), "Now": money(figures, now)}
        for key, (issued, now) in changed.items()
    }
    title = f"Interest incurred in {found.issue.quarter}, of the items whose figure changed"
    return Part(("Nature", "Item"), lines, title)


def _previous(played: Played, found: Restated) -> Iterator[Part]:
    figures, issue = played.figures, found.issue
    rows: dict[str, dict[str, int]] = {}
    for nature in NATURES:
        within = [e.leg.principal for e in found.later if e.leg.nature == nature and found.column(e) != "opening"]
        rows[nature] = {
            "As issued": found.issued[nature].closing,
            "Later events": later(found, "closing", nature),
            f"Opening of {figures.quarter}": figures.flows(figures.quarter)[nature,].opening,
            "Unexplained": 0,
            f"Of which in {issue.quarter}": sum(within),
            "Of which before": later(found, "opening", nature),
        }
    rows["total"] = {heading: sum(row[heading] for row in rows.values()) for heading in rows[NATURES[0]]}
    lines: Lines = {
        (nature, "closing"): {heading: money(figures, minor) for heading, minor in row.items()}
        for nature, row in rows.items()
    }
    title = f"{issue.quarter} since its issue at position {issue.position}: what this quarter opens with"
    yield Part(("Nature", "Figure"), lines, title)
    yield _events(played, found)


def _events(played: Played, found: Restated) -> Part:
    figures = played.figures
    lines: Lines = {}
    for entry in found.later:
        key = (str(entry.fact.position), entry.leg.nature, spelled(found.column(entry)))
        lines[key] = {
            "Stored as": stored_as(entry.fact.kind),
            "Item": entry.fact.item,
            "System": entry.system,
            "Effective": entry.fact.on,
            "Recorded (UTC)": stamp(played.recorded_at[entry.fact.position]),
            "Actor": "ada",
            "Amount": money(figures, entry.leg.principal),
            "Spent": money(figures, found.spent(entry)),
        }
    lines["", "", "all events" if found.later else "no event"] = {
        "Amount": money(figures, sum(entry.leg.principal for entry in found.later)),
        "Spent": money(figures, sum(found.spent(entry) for entry in found.later)),
    }
    return Part(("Position", "Nature", "Column"), lines, f"Events since, in {found.issue.quarter} and before")
