"""A column is the same numbers and labels however it is written; what could be two things, or is none, is an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import count, product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ledger import drift, prediction_bias
from ledger.measures.kit.dialects import TableDeclaration
from ledger.measures.kit.opening import opened
from ledger.measures.kit.reading import Source
from ledger.measures.kit.recognising import recognised
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable
from ledger.vocabulary.measurements import Measurement
from tests.helpers.written_tables import (
    BAD_CSV,
    BAD_PARQUET,
    ENCODINGS,
    SIGNS,
    TableDialect,
    spelled,
    write_table,
)

_NAMES = count(1)
#: Amounts that tell the signs: one with decimals and one of more than a thousand, with neither three digits after.
TELLING = [Decimal("0.5"), Decimal("-1234567.25")]
AMOUNTS = st.lists(st.decimals(-(10**7), 10**7, places=2, allow_nan=False), max_size=6).map(
    lambda some: [*TELLING, *some]
)
LABELS = st.sampled_from(["NA", "null", "Käse", "São Tomé", "a,b;c\td", 'said "no"', "1.5", "two\nlines", None])

DIALECTS = st.builds(
    TableDialect,
    encoding=st.sampled_from(ENCODINGS),
    separator=st.sampled_from([",", ";", "\t"]),
    signs=st.sampled_from(list(SIGNS)),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoted=st.booleans(),
    before=st.sampled_from(["", "sep", "\n"]),
    after=st.sampled_from(["", "\n", "\r\n\r\n\n"]),
).filter(TableDialect.fits)


def numbers(path: Path, **declared: Any) -> list[float]:
    """The column `amount` as it is read."""
    return read(path, **declared).numbers(["amount"])["amount"].tolist()


def read(path: Path, **declared: Any) -> Source:
    return recognised(opened(path, declared=TableDeclaration(**declared)), ["amount"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dialect=DIALECTS, amounts=AMOUNTS, data=st.data())
def test_a_column_is_read_the_same_in_every_dialect_and_encoding(
    tmp_path: Path, dialect: TableDialect, amounts: list[Decimal], data: st.DataObject
) -> None:
    """Every value: numbers as numbers, labels as labels, NA as NA, and the empty field as missing."""
    labels = data.draw(st.lists(LABELS, min_size=len(amounts), max_size=len(amounts)))
    assume(dialect.encoding != "cp1252" or "Ã" not in str(labels))
    path = tmp_path / f"{next(_NAMES)}.csv"
    write_table(path, {"label": labels, "amount": amounts}, dialect)
    source = read(path)
    assert numbers(path) == [float(amount) for amount in amounts]
    assert [label for batch in source.batches(["label"]) for label in batch.column(0).to_pylist()] == labels
    said = " ".join(source.remarks)
    assert (SIGNS[dialect.signs] != (".", "")) == ("numbers in 'amount' are read with" in said)
    assert (dialect.separator != ",") == ("parted by" in said)


@pytest.mark.reliability
def test_every_dialect_gives_every_measure_the_same_figures(tmp_path: Path) -> None:
    """All of them, through the measure itself: drift of an amount that moved, and of a label that did not."""
    before = [Decimal(number * 37 % 9000) / 4 for number in range(300)]
    now = [each + 700 for each in before]
    labels = ["NA", "Käse", "FR"] * 100
    plain = TableDialect()
    write_table(tmp_path / "before.csv", {"label": labels, "amount": before}, plain)
    write_table(tmp_path / "now.csv", {"label": labels, "amount": now}, plain)
    expected = drift(tmp_path / "before.csv", tmp_path / "now.csv")
    assert expected.verdict == "broken"
    for encoding, separator, signs in product(ENCODINGS, [",", ";", "\t"], SIGNS):
        dialect = replace(plain, encoding=encoding, separator=separator, signs=signs)
        if not dialect.fits():
            continue
        write_table(tmp_path / "other.csv", {"label": labels, "amount": now}, dialect)
        found = drift(tmp_path / "before.csv", tmp_path / "other.csv")
        assert (found.value, found.findings, found.figures) == (expected.value, expected.findings, expected.figures)


@pytest.mark.parametrize(
    ("texts", "declared", "read_as"),
    [
        (["1,234", "5,678"], {}, None),
        (["1,234", "5,678"], {"decimal": ","}, [1.234, 5.678]),
        (["1,234", "5,678"], {"thousands": ","}, [1234.0, 5678.0]),
        (["1,234", "12,5"], {}, [1.234, 12.5]),
        (["1,234", "1,234,567"], {}, [1234.0, 1234567.0]),
        (["1.234", "5.678"], {}, [1.234, 5.678]),
        (["1.234", "0,5"], {}, [1234.0, 0.5]),
        (["1.234", "5.678"], {"decimal": ","}, [1234.0, 5678.0]),
        (["12,34,567.50", "1"], {}, [1234567.5, 1.0]),
        (["1 234", "5"], {}, [1234.0, 5.0]),
        (["TRUE", "False"], {}, [1.0, 0.0]),
        ([" 7", "8 "], {}, [7.0, 8.0]),
        (["1e3", "-.5"], {}, [1000.0, -0.5]),
    ],
)
def test_what_could_be_two_numbers_is_asked_and_not_guessed(
    tmp_path: Path, texts: list[str], declared: dict[str, str], read_as: list[float] | None
) -> None:
    path = tmp_path / "amounts.csv"
    path.write_text("amount;other\n" + "".join(f"{text};x\n" for text in texts))
    if read_as is not None:
        assert numbers(path, **declared) == read_as
        return
    with pytest.raises(
        Unreadable, match=r"'amount' of .*, row 1, holds '1,234', which could be two numbers"
    ) as refusal:
        numbers(path)
    assert "--decimal ',' or --thousands ','" in str(refusal.value)


@pytest.mark.parametrize("form", ["csv", "parquet", "frame"])
def test_only_nothing_is_missing_and_what_is_declared(form: str, tmp_path: Path) -> None:
    """Namibia is a label; the same in every kind of file."""
    frame = pd.DataFrame({"p": ["NA", "DE", "null", None] * 30, "y": ["DE", "NA", None, ""] * 30})
    data: Any = frame
    if form != "frame":
        data = tmp_path / f"labels.{form}"
        frame.to_csv(data, index=False) if form == "csv" else frame.to_parquet(data)
    found = prediction_bias(data, predicted="p", observed="y")
    assert ({row["class"] for row in found.findings}, found.figures["rows-left-out"]) == ({"NA", "DE", "null"}, "60")
    with pytest.raises(Unreadable, match="no prediction in 30 of the 30 rows"):
        prediction_bias(data, predicted="p", observed="y", null_values=["NA"])


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_number_may_be_declared_missing(form: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"amount": [1.5, -999.0, 2.5]})
    path = tmp_path / f"numbers.{form}"
    frame.to_csv(path, index=False) if form == "csv" else frame.to_parquet(path)
    assert str(numbers(path, null_values=("-999.0",))) == "[1.5, nan, 2.5]"


@pytest.mark.parametrize(
    ("reference", "live"),
    [
        (pd.Series([1, 2, 3] * 100), pd.Series([1.0, 2.0, 3.0] * 100)),
        (pd.Series(["1", "2", "3"] * 100), pd.Series([1, 2, 3] * 100)),
        (pd.Series(["1", "2", "3"] * 100), pd.Series([1.0, 2.0, 3.0] * 100)),
        (pd.Series([True, False] * 150), pd.Series([1, 0] * 150)),
        (pd.Series([1, 0] * 150), pd.Series([True, False] * 150)),
        (pd.Series(["TRUE", "FALSE"] * 150), pd.Series([True, False] * 150)),
        (pd.Series([True, False] * 150), pd.Series(["True", "FALSE"] * 150)),
        (pd.Series([1, 0] * 150), pd.Series(["TRUE", "false"] * 150)),
    ],
)
def test_a_type_alone_is_no_drift_and_no_bias(reference: pd.Series, live: pd.Series) -> None:
    """1 is 1.0, a truth value is 1 or 0 however it is written: in features, in labels, in slices."""
    found = drift(pd.DataFrame({"x": reference}), pd.DataFrame({"x": live}))
    assert (found.verdict, found.value) == ("kept", "0.0000")
    labels = ["a", "b"] * (len(live) // 2)
    before, now = (pd.DataFrame({"x": side, "z": side, "y": labels, "p": labels}) for side in (reference, live))
    assert prediction_bias(now, predicted="x", observed="z", reference=before, kind="labels").value == "0.0000"
    sliced = prediction_bias(now, predicted="p", observed="y", slices=["x"], reference=before)
    assert {row["verdict"] for row in sliced.findings} <= {"kept", "undecided"}
    assert "no such rows" not in str(sliced.findings)


# --- bad input ----------------------------------------------------------------------------------------


def refused(path: Path, *, as_reference: bool = True) -> list[str]:
    """What each measure says of a file, as what is measured and as what it is measured against."""
    good = pd.DataFrame({"p": ["yes", "no"] * 60, "y": ["no", "yes"] * 60, "amount": [1.5, 2.5] * 60})
    said = []
    measures: list[Callable[[], Measurement]] = [
        lambda: prediction_bias(path, predicted="amount", observed="amount", kind="numbers", reference=good),
        lambda: drift(good, path, features=["amount"]),
    ]
    if as_reference:
        measures += [lambda: drift(path, good, features=["amount"])]
    for measure in measures:
        with pytest.raises(Unreadable) as refusal:
            measure()
        said.append(str(refusal.value))
    return said


@pytest.mark.parametrize("wrong", BAD_CSV)
def test_a_bad_csv_is_refused_by_every_measure_with_its_place(wrong: str, tmp_path: Path) -> None:
    content, told = BAD_CSV[wrong]
    path = tmp_path / "live.csv"
    path.write_bytes(content)
    for message in refused(path):
        assert [part for part in ("live.csv", NOTHING_RECORDED, *told) if part not in message] == []


@pytest.mark.parametrize("wrong", BAD_PARQUET)
def test_a_bad_parquet_is_refused_by_every_measure_with_its_place(wrong: str, tmp_path: Path) -> None:
    make, told = BAD_PARQUET[wrong]
    path = tmp_path / "live.parquet"
    path.write_bytes(make(tmp_path))
    # As a reference a column of texts is one of words, and one of days makes it the other's fault.
    for message in refused(path, as_reference=wrong not in ("a word among numbers", "days")):
        assert [part for part in ("live.parquet", NOTHING_RECORDED, *told) if part not in message] == []


def test_numbers_are_spelled_as_the_names_of_their_signs_say() -> None:
    """What the dialects above are written by."""
    assert {spelled(Decimal("1234.5"), signs).replace("\u00a0", " ").replace("\u202f", " ") for signs in SIGNS} == {
        signs.partition(", ")[0] for signs in SIGNS
    }
