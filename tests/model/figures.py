"""The figures: a register in, the JSON structures of the command line out, as Python values.

Whose is an item's interest? The timeline of its system cuts it into tenures. At each change the rounded
cumulative interest so far is read off, over what was effective before that day; a tenure bears the
difference between its two ends. So the pieces of an item always add up to its whole interest.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from .quantities import quarter_days, to_major
from .register import DEBT, NATURES, NEGLECT, Owner, Register

MOVEMENTS = ("commissioned", "observed", "adopted", "revised", "repaid", "written_off", "corrected")
AGE_BUCKETS = {"0-90": 90, "91-180": 180, "181-365": 365, "366+": 10**6}
ONE_DAY = timedelta(days=1)
Key = tuple[str | None, ...]


@dataclass
class DeltaSums:
    """One row of the technical delta, minor units."""

    debt: int = 0
    neglect: int = 0
    interest_per_year: int = 0
    interest_incurred: int = 0


@dataclass
class FlowSums:
    """One row of the roll-forward, minor units."""

    opening: int = 0
    commissioned: int = 0
    observed: int = 0
    adopted: int = 0
    revised: int = 0
    repaid: int = 0
    written_off: int = 0
    corrected: int = 0
    transferred: int = 0
    closing: int = 0
    interest: int = 0
    spent: int = 0

    def add(self, column: str, minor: int) -> None:
        """Add to one column."""
        setattr(self, column, getattr(self, column) + minor)

    def plus(self, other: "FlowSums") -> "FlowSums":
        """The sum, column by column."""
        return FlowSums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Figures:
    """The questions finance asks, of a register that knows no more than it should."""

    register: Register
    currency: str
    exponent: int
    fiscal_year_start: int

    def delta(self, as_of: date, by: Sequence[str]) -> dict[str, Any]:
        """The technical delta at the end of a day."""
        groups = self.delta_sums(as_of, by)
        total = DeltaSums()
        for row in groups.values():
            total = DeltaSums(*(getattr(total, f.name) + getattr(row, f.name) for f in fields(total)))
        shown = [(key, row) for key, row in sorted(groups.items(), key=_sort_key) if row != DeltaSums()]
        return {
            "as_of": as_of.isoformat(),
            "known_at": None,
            "position": self.register.head,
            "currency": self.currency,
            **self._delta_row(total),
            "groups": [{**_names(by, key), **self._delta_row(row)} for key, row in shown] if by else [],
        }

    def delta_sums(self, as_of: date, by: Sequence[str]) -> dict[Key, DeltaSums]:
        """The technical delta at the end of a day by combination, minor units."""
        groups: dict[Key, DeltaSums] = defaultdict(DeltaSums)
        for item in self.register.as_of(as_of).items():
            for nature in NATURES:
                self._add_delta(groups, item, nature, as_of, by)
        return groups

    def _add_delta(self, groups: dict[Key, DeltaSums], item: str, nature: str, as_of: date, by: Sequence[str]) -> None:
        view = self.register.as_of(as_of)
        holder = groups[self._key(item, nature, self.owner_of(item, as_of), by)]
        if nature == DEBT:
            holder.debt += view.outstanding(item, DEBT)
        else:
            holder.neglect += view.outstanding(item, NEGLECT)
        holder.interest_per_year += view.carry(item, nature)
        for owner, interest in self._interest_by_tenure(item, nature, as_of):
            groups[self._key(item, nature, owner, by)].interest_incurred += interest

    def rollforward(self, first: date, last: date, by: Sequence[str], quarter: str | None) -> dict[str, Any]:
        """Opening, movements and closing of an interval, both days inclusive."""
        rows = self.flow_sums(first, last, by)
        if not by:
            rows[()]  # the three rows of the whole book are there even in an empty one
        shown: list[dict[str, Any]] = []
        for key, natures in sorted(rows.items(), key=_sort_key):
            natures = {**natures, "total": natures[DEBT].plus(natures[NEGLECT])}
            if by and all(row == FlowSums() for row in natures.values()):
                continue
            for nature, row in natures.items():
                shown.append({"nature": nature, **_names(by, key), **self._amounts(row)})
        return {
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
            "quarter": quarter,
            "position": self.register.head,
            "currency": self.currency,
            "rows": shown,
        }

    def flow_sums(self, first: date, last: date, by: Sequence[str]) -> dict[Key, dict[str, FlowSums]]:
        """The roll-forward of an interval by combination and nature, minor units."""
        rows: dict[Key, dict[str, FlowSums]] = defaultdict(lambda: {nature: FlowSums() for nature in NATURES})
        for item in self.register.as_of(last).items():
            for nature in NATURES:
                for owner, column, minor in self._flows(item, nature, first, last):
                    rows[self._key(item, nature, owner, by)][nature].add(column, minor)
        return rows

    def _flows(self, item: str, nature: str, first: date, last: date) -> Iterator[tuple[Owner, str, int]]:
        """Everything one item and nature adds to a roll-forward: whose, which column, minor units."""
        before = first - ONE_DAY
        yield self.owner_of(item, before), "opening", self.register.as_of(before).outstanding(item, nature)
        for fact, leg in self.register.legs(item, nature):
            if first <= fact.on <= last:
                yield self.owner_of(item, fact.on), leg.movement, leg.principal
                yield self.owner_of(item, fact.on), "spent", leg.spent
        for day in self._change_days(item, last):
            if first <= day:
                moved = self.register.as_of(day - ONE_DAY).outstanding(item, nature)
                yield self.owner_of(item, day - ONE_DAY), "transferred", -moved
                yield self.owner_of(item, day), "transferred", moved
        yield self.owner_of(item, last), "closing", self.register.as_of(last).outstanding(item, nature)
        for owner, interest in self._interest_by_tenure(item, nature, last):
            yield owner, "interest", interest
        for owner, interest in self._interest_by_tenure(item, nature, before):
            yield owner, "interest", -interest

    def ageing(self, as_of: date) -> dict[str, Any]:
        """What is outstanding by age of the item, per system; lapsed and overdue are parts of the total."""
        view = self.register.as_of(as_of)
        columns = [*AGE_BUCKETS, "total", "lapsed", "overdue"]
        rows: dict[str, dict[str, int]] = {}
        for item in view.items():
            system, outstanding = view.opened(item).system, view.outstanding(item)
            age = self._age(view, item, as_of)
            bucket = next(name for name, most in AGE_BUCKETS.items() if age <= most)
            row = rows.setdefault(system, dict.fromkeys(columns, 0))
            for column in (bucket, "total", *self.late(view, item, as_of)):
                row[column] += outstanding
        total = {column: sum(row[column] for row in rows.values()) for column in columns}
        return {
            "as_of": as_of.isoformat(),
            "rows": [
                {"system": system, **self._majors(row)} for system, row in sorted(rows.items()) if any(row.values())
            ],
            "total": self._majors(total),
        }

    def list_items(self, as_of: date, status: str | None) -> list[dict[str, Any]]:
        """The register; closed and reversed items only with status 'all' or by name."""
        view = self.register.as_of(as_of)
        shown = []
        for item in view.items():
            row = self._item_row(view, item, as_of)
            hidden = row["status"] in ("reversed", "repaid", "written-off")
            stands = {row["status"]}
            if row["status"] in ("lapsed", "overdue"):
                stands |= set(self.late(view, item, as_of))
            if status == "all" or status in stands or (status is None and not hidden):
                shown.append(row)
        return shown

    def _item_row(self, view: Register, item: str, as_of: date) -> dict[str, Any]:
        fixed, terms, principal = view.opened(item), view.terms(item), view.first_principal(item)
        incurred, seen = sum(view.interest(item, nature, as_of) for nature in NATURES), view.interest_seen(item)
        return {
            "item": item,
            "system": fixed.system,
            "title": view.title(item),
            "nature": view.nature(item),
            "dimension": fixed.dimension,
            "category": fixed.category,
            "opened_on": view.opening(item).happened_on.isoformat(),
            "principal": None if principal is None else self._major(principal),
            "outstanding": self._major(view.outstanding(item)),
            "interest_per_year": self._major(view.carry(item)),
            "interest_incurred": self._major(incurred),
            "status": self._status(view, item, as_of),
            "repay_by": terms.repay_by if terms else None,
            "age_days": self._age(view, item, as_of),
            "planned": view.planned(item),
            "tags": view.tags(item),
            "assignee": view.assignee(item),
            "interest_observed": None if seen is None else self._major(seen),
        }

    def _status(self, view: Register, item: str, as_of: date) -> str:
        settled = view.settled(item)
        if settled is not None:
            return settled
        if view.first_principal(item) is None:
            return "unestimated"
        return next(iter(self.late(view, item, as_of)), "open")

    def late(self, view: Register, item: str, as_of: date) -> list[str]:
        """Past its until, past its quarter, or both."""
        terms, late = view.terms(item), []
        if terms and terms.until is not None and as_of > terms.until:
            late.append("lapsed")
        if terms and as_of > quarter_days(terms.repay_by, self.fiscal_year_start)[1]:
            late.append("overdue")
        return late

    def _age(self, view: Register, item: str, as_of: date) -> int:
        return (as_of - view.opening(item).happened_on).days

    def _interest_by_tenure(self, item: str, nature: str, to: date) -> Iterator[tuple[Owner, int]]:
        """The item's cumulative interest up to a day, in pieces, one per tenure."""
        so_far = 0
        for day in self._change_days(item, to):
            at_change = self.register.as_of(day - ONE_DAY).interest(item, nature, day)
            yield self.owner_of(item, day - ONE_DAY), at_change - so_far
            so_far = at_change
        yield self.owner_of(item, to), self.register.as_of(to).interest(item, nature, to) - so_far

    def _change_days(self, item: str, last: date) -> list[date]:
        """The days up to `last` on which the owners of an item's system may change."""
        changes = self.register.as_of(last).owner_changes(self.register.opened(item).system)
        return sorted({change.on for change in changes})

    def owner_of(self, item: str, on: date) -> Owner:
        """Who answers for an item on a day."""
        return self.register.owner(self.register.opened(item).system, on)

    def _key(self, item: str, nature: str, owner: Owner, by: Sequence[str]) -> Key:
        fixed = self.register.opened(item)
        values = {
            "nature": nature,
            "dimension": fixed.dimension,
            "category": fixed.category,
            "system": fixed.system,
            "team": owner.team,
            "cost-centre": owner.cost_centre,
        }
        return tuple(values[name] for name in by)

    def _delta_row(self, row: DeltaSums) -> dict[str, str]:
        return {
            "debt": self._major(row.debt),
            "neglect": self._major(row.neglect),
            "delta": self._major(row.debt + row.neglect),
            "interest_per_year": self._major(row.interest_per_year),
            "interest_incurred": self._major(row.interest_incurred),
        }

    def _amounts(self, row: FlowSums) -> dict[str, str]:
        return {f.name: self._major(getattr(row, f.name)) for f in fields(row)}

    def _majors(self, row: dict[str, int]) -> dict[str, str]:
        return {name: self._major(minor) for name, minor in row.items()}

    def _major(self, minor: int) -> str:
        return to_major(minor, self.exponent)


def _names(by: Sequence[str], key: Key) -> dict[str, str | None]:
    """The columns that name a combination; the JSON spells cost-centre with an underscore."""
    return {name.replace("-", "_"): value for name, value in zip(by, key, strict=True)}


def _sort_key(entry: tuple[Key, object]) -> tuple[str, ...]:
    return tuple(value or "" for value in entry[0])
