"""How each kind is measured: the settings that a monitor documents and that `debt measure` is told, as one record.

A field's name, with hyphens, is the option's name and the name under which a monitor keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self, get_origin, get_type_hints

import msgspec

from ledger.vocabulary.decimals import is_decimal
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable
from ledger.vocabulary.text import clean_text


class MeasureSettings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab"):
    """What every kind has. threshold: a decimal text; None, where the kind allows it, for one that is not judged."""

    what: ClassVar[str]
    #: Settings that a measurement keeps and a monitor need not: what is measured is told each time.
    told: ClassVar[tuple[str, ...]] = ("threshold",)
    #: Settings that say what columns are; a monitor keeps them as its roles.
    roles: ClassVar[tuple[str, ...]] = ()

    threshold: str | None = None

    @classmethod
    def documented(cls, said: Mapping[str, Sequence[str]], threshold: str | None, ratio: str | None = None) -> Self:
        """The settings that a monitor documents, by the options' names. Of an option that takes one value the last counts.

        threshold: None for the kind's own; ratio: None for none. Raises Unreadable: an option that the kind does not have or
        needs, a value that cannot be.
        """
        refuse_strange(cls.what, said)
        refuse_ratio(cls.what, ratio)
        kept = {name: texts for name, texts in said.items() if texts and name not in cls.told}
        fields = {field.encode_name: field for field in msgspec.structs.fields(cls)}
        types = get_type_hints(cls, include_extras=True)
        values = {name: [clean_text(text) for text in texts] for name, texts in kept.items()}
        missing = [name for name, field in fields.items() if field.required and not any(values.get(name, ()))]
        if missing:
            raise Unreadable(f"Missing: {', '.join(f'--{name}' for name in missing)}.")
        read = {fields[name].name: _read(name, texts, types[fields[name].name]) for name, texts in values.items()}
        held = {"threshold": threshold, "ratio": ratio}
        return cls(**read | {name: figure for name, figure in held.items() if figure is not None})


class TableSettings(MeasureSettings, frozen=True, kw_only=True, rename="kebab"):
    """How tables are read. encoding: of text files. null_values: texts that say that a value is missing.

    decimal, thousands: the signs of numbers that are text. What is not declared is recognised, and said.
    """

    encoding: str | None = None
    null_values: tuple[str, ...] = ()
    decimal: Literal[".", ","] | None = None
    thousands: Literal[",", ".", "'", "space"] | None = None


class BiasSettings(TableSettings, frozen=True, kw_only=True, rename="kebab"):
    """predicted to time: columns. reference: other rows, in which `observed` stands. alpha, ratio: as decimal texts."""

    what = "prediction-bias"

    predicted: str
    observed: str
    slice: tuple[str, ...] = ()
    reference: str | None = None
    time: str | None = None
    by: Literal["month", "quarter"] | None = None
    kind: Literal["labels", "probabilities", "numbers"] | None = None
    alpha: str = "0.05"
    ratio: str | None = None


class DriftSettings(TableSettings, frozen=True, kw_only=True, rename="kebab"):
    """reference: the file of the input that the model was made from. feature: columns, none for all that it has.

    id to prediction: columns that are no features. by: live is judged by period too, each told by the column `time`.
    """

    what = "drift"
    told = ("threshold", "live")
    roles = ("id", "time", "exclude", "target", "prediction")

    threshold: str = "0.1"
    reference: str
    feature: tuple[str, ...] = ()
    id: tuple[str, ...] = ()
    time: str | None = None
    by: Literal["month", "quarter"] | None = None
    exclude: tuple[str, ...] = ()
    target: str | None = None
    prediction: tuple[str, ...] = ()
    alpha: str = "0.05"


class ExplainabilitySettings(TableSettings, frozen=True, kw_only=True, rename="kebab"):
    """model: its file. target: a column. row: which one is explained. trust_type: types in that file that are harmless.

    That a file may run any code is no setting: it is said anew each time.
    """

    what = "explainability"
    told = ("threshold", "data")

    model: str
    target: str | None = None
    row: Annotated[int, msgspec.Meta(ge=1)] = 1
    trust_type: tuple[str, ...] = ()


class ComprehensibilitySettings(MeasureSettings, frozen=True, kw_only=True, rename="kebab"):
    """repo: the code that is watched, for a person to read; the folder that is named when it is measured counts.

    exclude: patterns of what is left out, as in a .gitignore.
    """

    what = "comprehensibility"

    repo: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


#: Every kind that is measured from a file, by its name.
SETTINGS: dict[str, type[MeasureSettings]] = {
    kind.what: kind for kind in (BiasSettings, DriftSettings, ExplainabilitySettings, ComprehensibilitySettings)
}


#: Fields that are no settings: what the measured figure is held against, which a monitor keeps by itself.
HELD_AGAINST = ("threshold", "ratio")
#: Of the settings, those that name a file.
FILES = ("reference", "model")


def default_of(what: str, option: str) -> tuple[str, ...]:
    """What an option of a kind says where nobody says anything, as it would be typed; nothing where it has no default."""
    fields = msgspec.structs.fields(SETTINGS[what]) if what in SETTINGS else ()
    value = next((field.default for field in fields if field.encode_name == option), None)
    return () if value in (None, (), msgspec.NODEFAULT) else (str(value),)


def is_repeated(what: str, option: str) -> bool:
    """Whether all that is said of an option counts, in whatever order, and not the last alone."""
    kind = get_type_hints(SETTINGS[what]) if what in SETTINGS else {}
    return get_origin(kind.get(option.replace("-", "_"))) is tuple


def parted_roles(
    what: str, said: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """What is said of a kind, by option: its settings, and the columns by their role."""
    roles = SETTINGS[what].roles if what in SETTINGS else ()
    return (
        {name: texts for name, texts in said.items() if name not in roles},
        {name: texts for name, texts in said.items() if name in roles},
    )


def is_required(what: str, option: str) -> bool:
    """Whether a kind cannot be measured without an option."""
    fields = msgspec.structs.fields(SETTINGS[what]) if what in SETTINGS else ()
    return any(field.required for field in fields if field.encode_name == option)


def setting_names(what: str) -> tuple[str, ...]:
    """The options that a monitor of a kind keeps, its own before those that several kinds have.

    None for a kind that is not measured from a file.
    """
    if what not in SETTINGS:
        return ()
    names = [field.encode_name for field in msgspec.structs.fields(SETTINGS[what]) if field.name not in HELD_AGAINST]
    shared = {field.encode_name for field in msgspec.structs.fields(TableSettings)}
    return tuple(sorted(names, key=lambda name: name in shared))


def refuse_strange(what: str, said: Mapping[str, Any]) -> None:
    """A setting that its measure does not take would fail every run of it. Raises Unreadable."""
    names = setting_names(what)
    told = SETTINGS[what].told if what in SETTINGS else ()
    strange = [f"--{name}" for name in said if name not in (*names, *told)]
    if strange:
        takes = ", ".join(f"--{name}" for name in names) or "none"
        raise Unreadable(f"{what} has no {', '.join(strange)}: of these options it takes {takes}.")


def refuse_ratio(what: str, ratio: str | None) -> None:
    """A second threshold, relative, of kinds that have one: a decimal number above 1. Raises Unreadable."""
    if ratio is None:
        return
    if what not in SETTINGS or "ratio" not in SETTINGS[what].__struct_fields__:
        raise Unreadable(f"{what} has no --ratio: it is held against --threshold alone.")
    if not is_decimal(ratio) or Decimal(ratio) <= 1:
        raise Unreadable(f"--ratio is '{ratio}': write a decimal number above 1, like 1.25.")


#: Why a pass rate is held against neither end of what it can be.
_NO_PASS_RATE = {
    Decimal(0): "No pass rate is under 0, so that nothing would break it.",
    Decimal(1): "However many inputs come out right, that says nothing of the next: 0.99 is kept by 368 of 368.",
}


def read_threshold(what: str, threshold: object, *, of_numbers: bool = False) -> Decimal:
    """The threshold of a kind, as it is typed: the one place that says which can be broken at all, and which can be kept.

    From 0 to below 1, because no share and no effect is above 1. Of numbers, whose gap is told in standard deviations,
    from 0 on. Of a pass rate above 0 and below 1: nothing is under 0, and no number of inputs shows that all come out
    right. Raises Unreadable.
    """
    text = str(threshold).strip()
    read = Decimal(text) if is_decimal(text) else Decimal("NaN")
    if read.is_finite() and (read > 0 or (read == 0 and what != "robustness")) and (read < 1 or of_numbers):
        return read
    if of_numbers:
        expected = "a decimal of 0 or more is expected, like 0.1."
    elif what == "robustness":
        expected = f"a decimal above 0 and below 1 is expected, like 0.9. {_NO_PASS_RATE.get(read, '')}".rstrip()
    else:
        expected = "a decimal from 0 to below 1 is expected, like 0.05."
    numbers = " Only of numbers, which --kind numbers says, it may be 1 or more." if what == BiasSettings.what else ""
    raise Unreadable(f"--threshold is '{text}': {expected} {NOTHING_RECORDED}{'' if of_numbers else numbers}")


def _read(name: str, texts: Sequence[str], kind: Any) -> Any:
    told = tuple(texts) if get_origin(kind) is tuple else texts[-1]
    try:
        return msgspec.convert(told, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable(f"--{name} is '{told}': {error}.") from error
