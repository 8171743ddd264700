"""The categories of delta in machine-learning systems: what each is, how to tell, measure and repay it, its source.

A category fixes its dimension. All texts are ours; the source says where the field describes the pattern. This page of
data is `debt categories` and the table of docs/model.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.vocabulary.kinds import Dimension

SCULLEY = "Sculley et al. 2015, Hidden Technical Debt in Machine Learning Systems"
BRECK = "Breck et al. 2017, The ML Test Score"
GEBRU = "Gebru et al. 2021, Datasheets for Datasets"


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of distance between internals and ideal.

    sign: by what one notices having it. measure: the command that measures it, or what to count by hand. repayment:
    what work on it typically is.
    """

    slug: str
    dimension: Dimension
    definition: str
    source: str
    sign: str
    measure: str
    repayment: str


def _of(dimension: Dimension, *rows: tuple[str, str, str, str, str, str]) -> tuple[Category, ...]:
    return tuple(Category(slug, dimension, *texts) for slug, *texts in rows)


_INPUT = _of(
    "input",
    (
        "untracked-input",
        "Data enters the model and nobody records which, from where, or when.",
        BRECK,
        "Asked which data a prediction was made from, nobody can say.",
        "Count the inputs without owner, origin and date; `debt measure drift` shows what changed unseen.",
        "Record origin, version and time of every input, and keep what a prediction was made from.",
    ),
    (
        "unstable-data-dependency",
        "A signal is consumed whose owner may change its meaning at any time.",
        SCULLEY,
        "Quality drops on a day on which only somebody else deployed.",
        "`debt measure drift` per feature; count signals without a version, in `debt system graph`.",
        "Read a versioned copy, and move to a new version on purpose.",
    ),
    (
        "underutilized-data-dependency",
        "A signal is kept that adds cost and next to no accuracy.",
        SCULLEY,
        "Nobody dares to remove a feature, and nobody knows what it is for.",
        "Leave one feature out at a time; permutation importance by `debt measure explainability`.",
        "Remove the feature, and what prepares it.",
    ),
    (
        "data-dependency-analysis",
        "No tool can tell which models a given signal reaches.",
        SCULLEY,
        "Before a column is dropped, a mail goes to everybody.",
        "Share of signals whose readers are declared; `debt system graph` has the declared ones.",
        "Declare readings with `debt system depends`, and check them where signals are read.",
    ),
    (
        "data-testing",
        "Input is used without checks of schema, range or distribution.",
        BRECK,
        "An empty or shifted column is found by a customer.",
        "`debt measure drift`; points of the data section in `debt score`.",
        "Check schema, ranges and distribution before training and before serving.",
    ),
    (
        "dataset-documentation",
        "Why, how and from whom the data was collected is not written down.",
        GEBRU,
        "The only person who knows how labels were made has left.",
        "Questions without an answer in `debt datasheet`.",
        "Answer the data sheet with the people who made the data.",
    ),
    (
        "adversarial-coverage",
        "Inputs made or likely to confound the model have not been tried.",
        BRECK,
        "A rotated picture or a typo changes the answer, and that is news.",
        "Pass rate over the cases in `debt robustness`.",
        "Write down confounding cases, run them with every model, train on what fails.",
    ),
    (
        "representation",
        "Groups or situations the model will meet are missing or rare in its data.",
        GEBRU,
        "Complaints come from one group; quality in total looks fine.",
        "`debt measure prediction-bias --slice` and drift between data and population; rows per slice.",
        "Collect or weight what is missing; say where the model must not be used.",
    ),
)

_SYSTEM = _of(
    "system",
    (
        "entanglement",
        "Changing one input, weight or setting changes everything else.",
        SCULLEY,
        "No improvement can be made alone: all thresholds are tuned anew.",
        "Change one feature, and count how many slices move.",
        "Split the model by task, or hold each slice by a test.",
    ),
    (
        "correction-cascade",
        "A model patches another model's output, so that neither can improve alone.",
        SCULLEY,
        "A better base model makes the result worse.",
        "Chains of models over one question in `debt system graph`.",
        "Teach the first model what the correction knows, and remove the correction.",
    ),
    (
        "glue-code",
        "Most of the code only moves data in and out of a general-purpose package.",
        SCULLEY,
        "The package cannot be replaced, although little of it is used.",
        "Share of lines that neither prepare features nor decide; `debt measure comprehensibility`.",
        "Wrap the package behind an interface of one's own, or replace it by the part that is used.",
    ),
    (
        "pipeline-jungle",
        "Data preparation grew join by join and can no longer be tested as a whole.",
        SCULLEY,
        "A rerun of the preparation gives other rows, and nobody knows which step did it.",
        "Steps, intermediate files and untested joins from source to feature.",
        "Draw the preparation anew as one tested pipeline, and delete the old one.",
    ),
    (
        "dead-experimental-codepath",
        "Branches of past experiments still stand in production code.",
        SCULLEY,
        "Flags that have had one value for a year.",
        "Branches never taken in production; flags by the age of their last change.",
        "Delete the branch and its flag.",
    ),
    (
        "abstraction",
        "No agreed interface separates the parts: data stream, model, prediction.",
        SCULLEY,
        "Training code is imported where predictions are served.",
        "Modules that know more than one of data, model and serving; imports across them.",
        "Agree on interfaces, and check them where code is merged.",
    ),
    (
        "plain-old-data-type",
        "Rich quantities travel as bare numbers without unit or meaning.",
        SCULLEY,
        "A score is taken for a probability, or cents for euros.",
        "Numbers without unit or scale in the interfaces.",
        "Give them types that say what they are.",
    ),
    (
        "multiple-language",
        "Parts in several languages make testing and handing over expensive.",
        SCULLEY,
        "Features are written twice, and differ.",
        "Languages, and computations that exist in more than one.",
        "Keep one, at least for features in training and serving.",
    ),
    (
        "prototype",
        "A small-scale prototype serves where a production system should.",
        SCULLEY,
        "A notebook is opened by hand before month end.",
        "Steps done by hand per release or run.",
        "Build it as a service with tests, and switch the prototype off.",
    ),
    (
        "configuration",
        "Settings are unchecked, undocumented and not reviewed as code is.",
        SCULLEY,
        "An outage comes from a value that nobody reviewed.",
        "Settings without a check or an owner; lines of settings against lines of code.",
        "Keep settings under version control, with a schema, a check and a review.",
    ),
    (
        "process-management",
        "Many models run with no common way to place, update or stop them.",
        SCULLEY,
        "Nobody knows all the models that run tonight.",
        "Models in production against `debt system list`; hours per release.",
        "One way to release, watch and withdraw a model.",
    ),
    (
        "cultural",
        "Research and engineering hand work over a wall instead of sharing it.",
        SCULLEY,
        "The model is written anew before it goes live.",
        "Days from a finished model to production; rewrites on the way.",
        "One team from data to service, rewarded for removing as well as adding.",
    ),
    (
        "explainability",
        "Nobody can say why the system gave a particular output.",
        BRECK,
        "A complaint is answered with 'the model said so'.",
        "`debt measure explainability`; what `debt explain` lists, local and global.",
        "Document a global and a local explanation, and for whom it is.",
    ),
    (
        "platform-constraint",
        "A limit of language, runtime or hardware is worked around, not solved.",
        SCULLEY,
        "Comments say which version must not be upgraded.",
        "Pinned versions past their support; work-arounds by name.",
        "Upgrade or replace the platform, and take the work-around out.",
    ),
    (
        "code-quality",
        "The code is harder to read and change than what it does requires.",
        BRECK,
        "Small changes take days, and reviews ask what it does.",
        "`debt measure comprehensibility`; a scanner's findings by `debt import sarif` or `sonarqube`.",
        "Simplify the most complex blocks first, those that change most often.",
    ),
    (
        "missing-tests",
        "Behaviour that matters is not held by a test.",
        BRECK,
        "Releases wait for somebody to click through.",
        "`debt score`: the weakest of its four sections.",
        "Write the test that would have caught the last failure, then the next.",
    ),
)

_OUTPUT = _of(
    "output",
    (
        "undeclared-consumer",
        "Somebody reads the output without the owner knowing.",
        SCULLEY,
        "A change that hurts nobody breaks a report in another department.",
        "Readers in access logs against `debt system graph`; `debt system seen` records one.",
        "Declare the reader with `debt system depends`, or close its access.",
    ),
    (
        "output-documentation",
        "What an output means, and may be used for, is not written down.",
        GEBRU,
        "Readers ask what 0.7 means, and use it for what it was not made for.",
        "Outputs without meaning, unit, range and allowed uses; the uses in `debt datasheet`.",
        "Write down what each output means and what it must not be used for.",
    ),
    (
        "output-reliability",
        "Similar input does not give similar output.",
        BRECK,
        "The same customer gets another answer the day after.",
        "`debt robustness` over small changes; `debt expectations` over time.",
        "Find what it is sensitive to; smooth, retrain or bound it, and watch it with `debt monitor`.",
    ),
    (
        "prediction-bias",
        "The distribution of predictions is not that of what is observed.",
        SCULLEY,
        "The model predicts twice as many cases as occur, in one region.",
        "`debt measure prediction-bias`, with slices.",
        "Retrain or calibrate where it is biased, and watch it per slice with `debt monitor`.",
    ),
)

_TIME = _of(
    "time",
    (
        "fixed-threshold",
        "A decision threshold was set by hand once and stays while the world moves.",
        SCULLEY,
        "The number in the code has no date and no derivation.",
        "Age of each threshold; share of decisions above it, by month.",
        "Learn the threshold from held-out data with every model.",
    ),
    (
        "action-limit",
        "Nothing bounds what the system may do before a person looks.",
        SCULLEY,
        "A fault could block every payment of a night, and nobody would be called.",
        "Actions without a limit, limits without an alert; `debt review` lists monitors that tell nobody.",
        "Set a limit per hour and day, an alert at it, and try both.",
    ),
    (
        "upstream-producer",
        "A producer's own service levels are not watched or met.",
        SCULLEY,
        "Predictions go on with yesterday's input, and nobody notices.",
        "Late and missing deliveries per source; inherited delta in `debt system show`.",
        "Agree on service levels with each source, watch them, and fall back when they fail.",
    ),
    (
        "direct-feedback-loop",
        "The model influences the choice of its own future training data.",
        SCULLEY,
        "Only what the model let through ever gets a label.",
        "Share of training rows that the model chose; a system reading itself in `debt system graph`.",
        "Keep a random share of decisions free of the model, and learn from it.",
    ),
    (
        "hidden-feedback-loop",
        "Two systems influence each other through the world outside.",
        SCULLEY,
        "Two models drift together, and neither team changed anything.",
        "Loops in `debt system graph`; move one system, and measure the other.",
        "Cut the loop, or hold one side still while the other learns.",
    ),
    (
        "reproducibility",
        "Training again from the same input does not give the same model.",
        SCULLEY,
        "Last year's model cannot be made again to answer a complaint.",
        "Train twice, and compare; test infrastructure-1 of `debt score`.",
        "Pin data, code, seeds and libraries, and store what was used with the model.",
    ),
    (
        "staleness",
        "The model is older than the world it predicts allows.",
        BRECK,
        "Quality falls month by month after each release.",
        "`debt measure prediction-bias --time … --by month`; quality of an older model on today's data.",
        "Find out how fast it ages, and retrain before that.",
    ),
)

CATEGORIES: dict[str, Category] = {category.slug: category for category in (*_INPUT, *_SYSTEM, *_OUTPUT, *_TIME)}
