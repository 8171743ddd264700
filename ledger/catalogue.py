"""The categories of delta in machine-learning systems: slug, dimension, definition, source.

A category fixes its dimension. The definitions are ours; the source says where the field describes the
pattern.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.model import Dimension

SCULLEY = "Sculley et al. 2015, Hidden Technical Debt in Machine Learning Systems"
BRECK = "Breck et al. 2017, The ML Test Score"
GEBRU = "Gebru et al. 2021, Datasheets for Datasets"


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of distance between internals and ideal."""

    slug: str
    dimension: Dimension
    definition: str
    source: str


def _of(dimension: Dimension, *rows: tuple[str, str, str]) -> tuple[Category, ...]:
    return tuple(Category(slug, dimension, definition, source) for slug, definition, source in rows)


_ALL = (
    *_of(
        "input",
        ("untracked-input", "Data enters the model and nobody records which, from where, or when.", BRECK),
        ("unstable-data-dependency", "A signal is consumed whose owner may change its meaning at any time.", SCULLEY),
        ("underutilized-data-dependency", "A signal is kept that adds cost and next to no accuracy.", SCULLEY),
        ("data-dependency-analysis", "No tool can tell which models a given signal reaches.", SCULLEY),
        ("data-testing", "Input is used without checks of schema, range or distribution.", BRECK),
        ("dataset-documentation", "Why, how and from whom the data was collected is not written down.", GEBRU),
        ("adversarial-coverage", "Inputs made or likely to confound the model have not been tried.", BRECK),
        ("representation", "Groups or situations the model will meet are missing or rare in its data.", GEBRU),
    ),
    *_of(
        "system",
        ("entanglement", "Changing one input, weight or setting changes everything else.", SCULLEY),
        ("correction-cascade", "A model patches another model's output, so that neither can improve alone.", SCULLEY),
        ("glue-code", "Most of the code only moves data in and out of a general-purpose package.", SCULLEY),
        ("pipeline-jungle", "Data preparation grew join by join and can no longer be tested as a whole.", SCULLEY),
        ("dead-experimental-codepath", "Branches of past experiments still stand in production code.", SCULLEY),
        ("abstraction", "No agreed interface separates the parts: data stream, model, prediction.", SCULLEY),
        ("plain-old-data-type", "Rich quantities travel as bare numbers without unit or meaning.", SCULLEY),
        ("multiple-language", "Parts in several languages make testing and handing over expensive.", SCULLEY),
        ("prototype", "A small-scale prototype serves where a production system should.", SCULLEY),
        ("configuration", "Settings are unchecked, undocumented and not reviewed as code is.", SCULLEY),
        ("process-management", "Many models run with no common way to place, update or stop them.", SCULLEY),
        ("cultural", "Research and engineering hand work over a wall instead of sharing it.", SCULLEY),
        ("explainability", "Nobody can say why the system gave a particular output.", BRECK),
        ("platform-constraint", "A limit of language, runtime or hardware is worked around, not solved.", SCULLEY),
        ("code-quality", "The code is harder to read and change than what it does requires.", BRECK),
        ("missing-tests", "Behaviour that matters is not held by a test.", BRECK),
    ),
    *_of(
        "output",
        ("undeclared-consumer", "Somebody reads the output without the owner knowing.", SCULLEY),
        ("output-documentation", "What an output means, and may be used for, is not written down.", GEBRU),
        ("output-reliability", "Similar input does not give similar output.", BRECK),
        ("prediction-bias", "The distribution of predictions is not that of what is observed.", SCULLEY),
    ),
    *_of(
        "time",
        ("fixed-threshold", "A decision threshold was set by hand once and stays while the world moves.", SCULLEY),
        ("action-limit", "Nothing bounds what the system may do before a person looks.", SCULLEY),
        ("upstream-producer", "A producer's own service levels are not watched or met.", SCULLEY),
        ("direct-feedback-loop", "The model influences the choice of its own future training data.", SCULLEY),
        ("hidden-feedback-loop", "Two systems influence each other through the world outside.", SCULLEY),
        ("reproducibility", "Training again from the same input does not give the same model.", SCULLEY),
        ("staleness", "The model is older than the world it predicts allows.", BRECK),
    ),
)

CATEGORIES: dict[str, Category] = {category.slug: category for category in _ALL}
