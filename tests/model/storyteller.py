"""Turns raw steps into commands, watching a running model so that most of them make sense."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol, TypeVar

from .books import Books
from .commands import (
    Adopt,
    Close,
    Command,
    Commission,
    Describe,
    Note,
    Observe,
    ObserveInterest,
    Plan,
    RateSet,
    Renew,
    Repay,
    Reverse,
    Revise,
    SystemAdd,
    SystemChange,
    SystemRetire,
    WriteOff,
)
from .quantities import quarter_days, quarter_of, to_major
from .register import ItemFact
from .rules import CAUSES, earliest_open_quarter
from .second_tries import second_tries

Choice = TypeVar("Choice")

# Kind 0 tells nothing: a step shrinks to it. The number is how often the kind is drawn.
WEIGHTS = {
    "nothing": 1,
    "commission": 3,
    "observe": 4,
    "observe-unestimated": 2,
    "adopt": 4,
    "repay": 9,
    "revise": 5,
    "write-off": 1,
    "plan": 1,
    "renew": 1,
    "reverse": 6,
    "note": 1,
    "close": 4,
    "owner": 4,
    "rate": 2,
    "system": 1,
    "retire": 1,
    "describe": 3,
    "interest": 2,
}
KINDS = [kind for kind, weight in WEIGHTS.items() for _ in range(weight)]
DESCRIPTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("edit", ("Called otherwise",)),
    ("edit", ("Called again",)),
    ("link", ("https://tracker.example/1",)),
    ("tag", ("+later",)),
    ("tag", ("-later", "+soon")),
    ("tag", ("-soon", "+later", "+fraud")),
    ("assign", ("ada",)),
    ("assign", ("nobody",)),
    ("assign", ("grace",)),
)
TEAMS = ("red", "blue", "green", "violet")
CENTRES = ("100", "200", "300")
SYSTEMS = ("FRAUD", "RANK", "CHURN", "VISION")
CATEGORIES = ("glue-code", "untracked-input", "staleness", "undeclared-consumer", "missing-tests", "configuration")
PRINCIPALS = ("1000", "12000", "3000", "100.01", "15d", "7h", "0.03", "99999.99", "2500.50", "1d", "333.33", "0")
INTERESTS = (
    *("100.01/year", None, "6%", "800/month", "2d/month", "0.01/year", "2400/quarter", "7.5%", "6h/quarter"),
    *("365/year", "50.01/year", "33.33/month"),
)
REVISED_INTERESTS = ("0/year", None, None, None, "6%", "100.01/year", "1d/quarter", None, "9600/year", "0.03/year")
SPENT = (None, None, None, None, "6200", "3d", "0", "5h", "0.01", None, "1234.56", None)
RATES = ("800", "640.50", "777.77", "1000", "512", "333.33", "0")


class Step(Protocol):
    """What the storyteller needs of a raw step; `histories.Step` says what each means."""

    @property
    def kind(self) -> int: ...
    @property
    def which(self) -> int: ...
    @property
    def when(self) -> int: ...
    @property
    def shift(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def variant(self) -> int: ...
    @property
    def late(self) -> int: ...
    @property
    def insist(self) -> int: ...


class Storyteller:
    """Keeps the model, the commands so far and the day the story has reached."""

    def __init__(
        self, *, fiscal_year_start: int, first_day: date, last_day: date, today: date, currency: str = "EUR"
    ) -> None:
        self.books = Books(currency, fiscal_year_start)
        self.commands: list[Command] = []
        self.retired: set[str] = set()
        self.first_day, self.last_day, self.today = first_day, last_day, today
        self.cursor = first_day

    def prologue(self, with_rate: bool) -> None:
        """Two systems, and perhaps a day rate, so that there is something to speak about."""
        self.say(SystemAdd(key="FRAUD", name="Fraud scoring", team="red", cost_centre="100", on=self.first_day))
        self.say(SystemAdd(key="RANK", name="Ranking", team="blue", reads_from=("FRAUD",), on=self.first_day))
        if with_rate:
            self.say(RateSet(amount="800", start=self.first_day))

    def tell(self, step: Step) -> None:
        """Add the step's command; an insistent one is varied until the model accepts it."""
        command = self._command(step)
        if command is None:
            return
        tries = [command, *(second_tries(command, self.books.register, self.cursor) if step.insist else ())]
        self.say(next((attempt for attempt in tries if self.acceptable(attempt)), command))

    def say(self, command: Command) -> None:
        """Say it, whether the model accepts it or not."""
        command = self.as_typed(command)
        self.commands.append(command)
        outcome = self.books.apply(command, self.today)
        if isinstance(command, SystemRetire) and outcome.accepted:
            self.retired.add(command.key)

    def acceptable(self, command: Command) -> bool:
        """Whether the model would accept it now."""
        scratch = Books(self.books.currency, self.books.settings.fiscal_year_start)
        scratch.register = self.books.register
        return scratch.apply(self.as_typed(command), self.today).accepted

    def as_typed(self, command: Command) -> Command:
        """The command with amounts in decimals that the currency has."""
        return in_decimals(command, self.books.settings.exponent)

    # ------------------------------------------------------------------ what to say

    def _command(self, step: Step) -> Command | None:
        kind = KINDS[step.kind]
        if kind == "retire" and step.size < 8:
            kind = "close"  # retirements end a story, so they are rarer than the smallest weight
        match kind:
            case "nothing":
                return None
            case "owner" | "rate" | "system" | "retire":
                return self._about_systems(kind, step)
            case "close":
                return self._close(step)
            case "commission" | "observe" | "observe-unestimated":
                return self._opening(kind, step)
        if not self.books.register.items():
            return self._opening("observe", step)
        return (
            Reverse(position=self._target(step), because="entered by mistake")
            if kind == "reverse"
            else (self._about_item(kind, step))
        )

    def _about_systems(self, kind: str, step: Step) -> Command:
        key = self._system(step)
        day = self._day(step, None)
        known = self.books.register.systems()
        match kind:
            case "owner":
                team = pick(TEAMS, step.size) if step.variant % 4 else None
                centre = pick(CENTRES, step.size) if step.variant % 3 == 0 else None
                team = team if team or centre else pick(TEAMS, step.size)
                return SystemChange(key=key, team=team, cost_centre=centre, on=day, late=step.late == 3)
            case "rate":
                teams = (None, *TEAMS)
                return RateSet(amount=pick(RATES, step.size), start=day or self.today, team=pick(teams, step.variant))
            case "system":
                unknown = [key for key in SYSTEMS if key not in known]
                new = unknown[0] if unknown else pick(SYSTEMS, step.which)
                centre = pick((None, *CENTRES), step.size)
                reads = tuple(known[: step.variant % 3])
                return SystemAdd(
                    key=new, name=new.title(), team=pick(TEAMS, step.size), cost_centre=centre, reads_from=reads
                )
            case _:
                latest = max([self.cursor, *(fact.on for fact in self.books.register.item_facts())])
                return SystemRetire(key=key, because="replaced", write_off=True, on=latest)

    def _opening(self, kind: str, step: Step) -> Command:
        day = self._day(step, None)
        category = pick(CATEGORIES, step.variant)
        if kind == "commission":
            return self._commission(category, day, step)
        estimated = kind == "observe"
        return Observe(
            system=self._system(step),
            title=f"{category} {len(self.commands)}",
            category=category,
            cause="bad-luck" if step.variant == 11 else pick(CAUSES, step.which),
            principal=pick(PRINCIPALS, step.size) if estimated else None,
            interest=pick(INTERESTS, step.shift) if estimated else None,
            on=day,
            late=step.late == 3,
        )

    def _commission(self, category: str, day: date | None, step: Step) -> Command:
        promise = self._after(day, step.shift + 30)
        temporary = step.size != 11 if category == "missing-tests" else step.size % 3 == 0
        reasons = ("launch date", "Coding error!", "pilot customer", None) if step.variant > 8 else ("launch date",)
        return Commission(
            system=self._system(step),
            title=f"{category} {len(self.commands)}",
            category=category,
            principal=pick(PRINCIPALS, step.size),
            interest=pick(INTERESTS, step.shift),
            decided_by="Ada",
            because=pick(reasons, step.which),
            benefit="earlier launch",
            repay_by=self._quarter_after(day, step.which),
            decided_on=self._after(day, 7 - step.size) if step.size > 6 else None,
            until=promise if temporary else None,
            on=day,
            late=step.late == 3,
        )

    def _about_item(self, kind: str, step: Step) -> Command:
        item = self._item(kind, step)
        day = self._day(step, item)
        late = step.late == 3
        match kind:
            case "adopt" | "renew":
                return self._promise(kind, item, day, step)
            case "repay":
                amount, spent = self._part_of(item, step), pick(SPENT, step.variant)
                unmeasured = spent is None and step.shift % 3 == 1
                return Repay(item=item, amount=amount, spent=spent, unmeasured=unmeasured, on=day, late=late)
            case "revise":
                interest = pick(REVISED_INTERESTS, step.variant)
                principal = pick(PRINCIPALS, step.size) if step.size % 4 or interest is None else None
                why = "second look"
                return Revise(item=item, because=why, principal=principal, interest=interest, on=day, late=late)
            case "write-off":
                return WriteOff(item=item, because="obsolete", on=day, late=late)
            case "plan":
                return Plan(item=item, quarter=self._quarter_after(day, step.size), on=day, late=late)
            case "interest":
                amount = pick(PRINCIPALS, step.size)
                return ObserveInterest(item=item, amount=amount, because="incident 341", on=day, late=late)
            case "describe":
                verb, words = pick(DESCRIPTIONS, step.size)
                return Describe(verb=verb, item=item, words=words, on=day, late=late)
        return Note(item=item, text=f"seen again {len(self.commands)}", on=day, late=late)

    def _promise(self, kind: str, item: str, day: date | None, step: Step) -> Adopt | Renew:
        known = item in self.books.register.items()
        missing_tests = known and self.books.register.opened(item).category == "missing-tests"
        temporary = step.size != 11 if missing_tests else step.size % 4 == 1
        renewal = Renew(
            item=item,
            decided_by="Ada",
            because="we keep it",
            repay_by=self._quarter_after(day, step.which),
            until=self._after(day, step.shift + 30) if temporary else None,
            on=day,
            late=step.late == 3,
        )
        if kind == "renew":
            return renewal
        benefit = None if step.variant == 11 else "focus"
        return Adopt(**vars(renewal), benefit=benefit)

    def _close(self, step: Step) -> Command:
        start = self.books.settings.fiscal_year_start
        earliest = earliest_open_quarter(self.books.register, self.books.settings)
        if earliest is None or step.size > 9:
            reach = (self.last_day - self.first_day).days + 120
            return Close(quarter=quarter_of(self.first_day + timedelta(days=step.shift * 11 % reach), start))
        return Close(quarter=earliest)

    # ------------------------------------------------------------------ about whom, when, how much

    def _system(self, step: Step) -> str:
        known = [key for key in self.books.register.systems() if key not in self.retired]
        return "NOWHERE" if (step.variant == 10 and step.insist < 2) or not known else pick(known, step.which)

    def _item(self, kind: str, step: Step) -> str:
        """Any item, or, if the step insists, one that the verb fits."""
        register = self.books.register
        items = register.items()
        if not step.insist:
            return pick([*items, "FRAUD-99"] if step.variant == 10 else items, step.which)
        items = [item for item in items if not register.is_reversed(item)] or items
        live = [item for item in items if register.settled(item) is None] or items
        fitting = {
            "adopt": [item for item in live if register.nature(item) == "neglect"],
            "renew": [item for item in live if register.nature(item) == "debt"],
            "plan": [item for item in live if register.nature(item) == "debt"],
            "note": items,
            "describe": items,
            "revise": items,
        }
        return pick(fitting.get(kind, live) or live, step.which)

    def _target(self, step: Step) -> int:
        """The position of an event to reverse: the latest first, seldom an opening or something else."""
        if step.variant == 11:
            return step.size
        recorded = list(reversed(self._recorded()))
        later = [fact for fact in recorded if not fact.opened]
        return pick(recorded if step.variant % 4 == 0 or not later else later, step.which).position

    def _recorded(self) -> list[ItemFact]:
        return [fact for fact in self.books.register.facts if isinstance(fact, ItemFact)]

    def _day(self, step: Step, item: str | None) -> date | None:
        """Mostly the story moves on; sometimes it looks back, or a day is not typed at all."""
        facts = self.books.register.item_facts(item) if item else self._recorded()[-1:]
        if step.when == 11 and self.today <= self.last_day + timedelta(days=30):
            return None
        if step.when in (9, 10):
            return max(self.first_day, self.cursor - timedelta(days=step.shift * 4))
        if step.when in (7, 8) and facts:
            return min(self.last_day, facts[0].happened_on + timedelta(days=step.shift - 2))
        if step.when in (5, 6) and facts:
            return facts[-1].on
        self.cursor = min(self.last_day, self.cursor + timedelta(days=step.shift))
        return self.cursor

    def _after(self, day: date | None, days: int) -> date:
        return (day or self.today) + timedelta(days=days)

    def _quarter_after(self, day: date | None, number: int) -> str:
        return quarter_of(self._after(day, 45 * number), self.books.settings.fiscal_year_start)

    def _part_of(self, item: str, step: Step) -> str | None:
        """An amount to repay; None is all of it."""
        if item not in self.books.register.items():
            return "100"
        left = self.books.register.outstanding(item)
        parts = (left // 2, left // 3, None, None, left, left + 1, left * 9 // 10, "2d", "6h", "0.01", left // 7, "500")
        part = pick(parts, step.size)
        return to_major(part, self.books.settings.exponent) if isinstance(part, int) else part


def pick(options: "tuple[Choice, ...] | list[Choice]", number: int) -> Choice:
    """One of the options, whatever the number."""
    return options[number % len(options)]


def in_decimals(command: Command, exponent: int) -> Command:
    """The command with amounts that a currency of other decimals than two can have: 100.01 is 10001 or 100.017."""
    typed = {name: getattr(command, name, None) for name in ("principal", "interest", "amount", "spent")}
    return replace(command, **{name: _decimals(text, exponent) for name, text in typed.items() if text is not None})


def _decimals(text: str, exponent: int) -> str:
    amount, _, period = text.partition("/")
    whole, _, decimals = amount.partition(".")
    if amount[-1] in "dh%" or not decimals or exponent == len(decimals):
        return text
    spelled = str(int(whole + decimals)) if exponent == 0 else f"{amount}7"
    return f"{spelled}/{period}" if period else spelled


def quarters_between(first: date, last: date, start_month: int) -> list[str]:
    """The fiscal quarters from that of one day to that of another."""
    found: list[str] = []
    day = first
    while day <= last:
        found.append(quarter_of(day, start_month))
        day = quarter_days(found[-1], start_month)[1] + timedelta(days=1)
    return found
