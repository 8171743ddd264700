"""What is held against what: a column of predictions and one of observations, in the same rows or in different ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ledger.measures.kit.grouping import Asked, RowGrouping
from ledger.measures.kit.reading import Source, unreadable
from ledger.measures.kit.recognising import recognised
from ledger.vocabulary.errors import Unreadable


@dataclass(frozen=True, slots=True)
class Side:
    """One column of a source."""

    source: Source
    column: str

    def __str__(self) -> str:
        """As an error about it begins."""
        return f"Column '{self.column}' of {self.source.name}"


@dataclass(frozen=True, slots=True)
class Sides:
    """Both columns, and the groups that are asked for. ratios: whether ratios are held against a threshold of their own."""

    predicted: Side
    observed: Side
    asked: Asked
    ratios: bool = False

    @property
    def same_rows(self) -> bool:
        """Whether each row says what was predicted and what was observed; else the observed ones are a reference."""
        return self.predicted.source is self.observed.source

    def grouping(self, side: Side) -> RowGrouping:
        """The groups of a side's rows. A reference has no periods: each is held against the whole of it."""
        return RowGrouping(side.source, self.asked, with_time=side.source is self.predicted.source)

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is read, each once."""
        return (self.predicted.source,) if self.same_rows else (self.predicted.source, self.observed.source)

    def recognised(self) -> Sides:
        """The same columns, read with the signs that their numbers are written with. Raises Unreadable."""
        slices, predicted, observed = self.asked.slices, self.predicted, self.observed
        if self.same_rows:
            source = recognised(predicted.source, (predicted.column, observed.column, *slices))
            return replace(self, predicted=replace(predicted, source=source), observed=replace(observed, source=source))
        return replace(
            self,
            predicted=replace(predicted, source=recognised(predicted.source, (predicted.column, *slices))),
            observed=replace(observed, source=recognised(observed.source, (observed.column, *slices))),
        )

    def check(self) -> None:
        """Check that all columns are there that are asked for. Raises Unreadable."""
        predicted, observed = self.predicted, self.observed
        predicted.source.need(predicted.column, "--predicted")
        observed.source.need(observed.column, "--observed")
        if self.same_rows and predicted.column == observed.column:
            raise Unreadable(
                f"--predicted and --observed both name '{predicted.column}': a column always agrees with itself."
            )
        for source in self.sources:
            for column in self.asked.slices:
                source.need(column, "--slice")
        for option, column in (("--predicted", predicted.column), ("--observed", observed.column)):
            if column in self.asked.slices:
                raise unreadable(
                    f"--slice and {option} both name '{column}': the rows of one of its values differ by what they were "
                    "chosen for.",
                    "Slice by another column.",
                )
        if self.asked.time:
            predicted.source.need(self.asked.time, "--time")
