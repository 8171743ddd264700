"""What a person reads of drift, and what an event keeps of each part: never more than was judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ledger.measures.drift.comparisons import FEWEST_ROWS
from ledger.measures.drift.judging import overall
from ledger.measures.drift.parts import FeaturePart
from ledger.measures.drift.periods import ALL
from ledger.measures.drift.roles import ColumnRole
from ledger.vocabulary.decimals import decimal_text
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.verdict_words import VERDICT_WORDS

#: In which way the feature moved that moved most.
_WAYS = {
    "values": "",
    "missing": ", in how much of it is missing",
    "new": ", into categories that the reference lacks",
    "gone": ", out of categories that live lacks",
    "column": ": live has it no more",
}


def finding(part: FeaturePart) -> dict[str, str]:
    """What an event keeps of a part, all texts."""
    told = {"period": part.period} if part.period else {}
    told |= {"feature": part.feature, "of": part.of, "kind": part.kind, "verdict": part.verdict}
    if part.found:
        told |= {"test": part.found.test, "effect": str(part.effect)}
        told |= {"low": str(part.interval.low), "high": str(part.interval.high)} if part.interval else {}
        told |= {"p": decimal_text(part.found.p, 6)} if part.found.p is not None else {}
        told |= {"p-holm": decimal_text(part.p_holm, 6)} if part.p_holm is not None else {}
        told |= {name: decimal_text(figure, 4) for name, figure in part.found.distances.items()}
        told |= {"pooled": str(part.found.pooled)} if part.found.pooled else {}
    told |= {"rows-before": str(part.sizes[0]), "rows-now": str(part.sizes[1])}
    told |= {"rows-to-tell": str(part.rows_to_tell)} if part.rows_to_tell else {}
    few = (f"fewer than {FEWEST_ROWS} rows with a value: too few to judge",) if part.is_too_small else ()
    notes = (*few, *part.notes)
    return told | ({"note": "; ".join(notes)} if notes else {})


def sentences(
    parts: Sequence[FeaturePart],
    passed_over: Sequence[Mapping[str, str]],
    roles: Mapping[str, ColumnRole],
    threshold: Decimal,
) -> Iterator[str]:
    """The verdict first, then by period, then what it leaves open: what is undecided, and what was not judged."""
    yield _verdict_in_words(parts, threshold)
    yield from _by_period(parts)
    yield from _undecided(parts, threshold)
    gone = list(dict.fromkeys(part.feature for part in parts if part.of == "column" and part.verdict == "broken"))
    if gone:
        yield (
            f"Only in the reference: {listed(gone)}. A column that is no feature has a role: --exclude COL, --target COL, "
            "--id COL."
        )
    for where in ("reference", "live"):
        only = [told["feature"] for told in passed_over if told["note"] == f"only in the {where}"]
        if only:
            yield f"Only in the {where}: {listed(only)}."
    if roles:
        named = [f"'{name}' ({found.role}: {found.why})" for name, found in roles.items()]
        yield f"Not judged: {', '.join(named[:10])}{_more(named)}. `--feature COL` judges a column whatever it looks like."
    others = [part.feature for part in parts if part.verdict == "not-judged" and part.feature not in roles]
    others += [told["feature"] for told in passed_over if told["note"].startswith("holds ")]
    if others:
        yield f"Shown and not judged: {listed(others)}."


def _verdict_in_words(parts: Sequence[FeaturePart], threshold: Decimal) -> str:
    verdict, broken = overall(parts), [part for part in parts if part.verdict == "broken"]
    judged = {part.feature for part in parts if part.verdict in ("broken", "kept")} | _large_undecided(parts)
    if broken:
        first, moved = broken[0], len({part.feature for part in broken})
        when = f" in {first.period}" if first.period else ""
        return f"{moved} of {len(judged)} features drifted; '{first.feature}' moved most{when}{_WAYS[first.of]}."
    if verdict == "kept":
        which = "The feature" if len(judged) == 1 else f"None of {len(judged)} features"
        did = "did not drift" if len(judged) == 1 else "drifted"
        return f"{which} that could be judged {did}: by at most {threshold}, with the chance of error that is stated."
    return _nobody_can_tell(parts, threshold)


def _nobody_can_tell(parts: Sequence[FeaturePart], threshold: Decimal) -> str:
    """Of some features nobody can tell, or nothing was judged at all; those that are kept are counted."""
    unsure = _large_undecided(parts)
    kept = {part.feature for part in parts if part.verdict == "kept"} - unsure
    if not kept:
        return "Nothing can be said: too few rows for a difference of that size, or nothing that can be judged."
    did = "1 feature did" if len(kept) == 1 else f"{len(kept)} features did"
    return (
        f"{did} not drift by more than {threshold}; of {len(unsure)} nobody can tell: "
        f"{listed([part.feature for part in parts if part.feature in unsure])}."
    )


def breaches(parts: Sequence[FeaturePart], threshold: Decimal) -> dict[str, str]:
    """What broke each feature, by its own figures. The parts are in order: the first of a feature moved most."""
    told: dict[str, str] = {}
    for part in parts:
        if part.verdict == "broken":
            when = f" in {part.period}" if part.period else ""
            between = f" (interval {part.interval.low} to {part.interval.high})" if part.interval else ""
            told.setdefault(
                part.feature,
                f"largest-drift {part.effect}, over the threshold {threshold}: '{part.feature}'{when}{_WAYS[part.of]}"
                f"{between}.",
            )
    return told


def _large_undecided(parts: Sequence[FeaturePart]) -> set[str]:
    return {part.feature for part in parts if part.verdict == "undecided" and not part.is_too_small}


def _by_period(parts: Sequence[FeaturePart]) -> Iterator[str]:
    periods = sorted({part.period for part in parts} - {ALL})
    if not periods:
        return
    of_each = {period: [part for part in parts if part.period == period] for period in periods}
    told = [f"{period} {_period_in_words(overall(some), some)}" for period, some in of_each.items()]
    yield f"By period: {'; '.join(told)}."


def _period_in_words(verdict: Verdict, parts: Sequence[FeaturePart]) -> str:
    """The parts are in order: what moved most comes first."""
    first = next((part for part in parts if part.verdict in ("broken", "undecided", "kept") and part.found), None)
    most = f" ('{first.feature}' {first.effect})" if first else ""
    return f"{VERDICT_WORDS[verdict]}{most}"


def _undecided(parts: Sequence[FeaturePart], threshold: Decimal) -> Iterator[str]:
    unsure = [part for part in parts if part.verdict == "undecided" and not part.is_too_small]
    if unsure:
        told = ", ".join(map(_unsure, unsure[:5]))
        yield f"Nobody can tell whether they moved by more than {threshold}: {told}{_more(unsure, 5)}."
    small = [part.feature for part in parts if part.verdict == "undecided" and part.is_too_small]
    if small:
        yield f"Too few rows to judge: {listed(small)}."


def _unsure(part: FeaturePart) -> str:
    between = f"{part.interval.low} to {part.interval.high}" if part.interval else "anything"
    rows = f", about {part.rows_to_tell:,} rows a side would tell" if part.rows_to_tell else ""
    when = f" in {part.period}" if part.period else ""
    return f"'{part.feature}'{when} ({between}{rows})"


def listed(names: Sequence[str], most: int = 10) -> str:
    """Names in quotes, each once."""
    different = list(dict.fromkeys(names))
    return ", ".join(f"'{name}'" for name in different[:most]) + _more(different, most)


def _more(names: Sequence[object], most: int = 10) -> str:
    return f" and {len(names) - most} more" if len(names) > most else ""
