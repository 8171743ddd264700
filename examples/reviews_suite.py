"""A suite of a table: reviews with typing errors, and with columns that are missing (docs/robustness.md says what a suite has).

The data is a CSV with the columns text, stars and liked; the model is a scikit-learn pipeline in a joblib file, made of such rows.

    debt robustness run REVIEWS examples/reviews_suite.py --model reviews.joblib --data reviews.csv --trust
"""

import joblib
import pandas as pd

from ledger.measures.robustness.perturbations import mistyped, without


def shouted(frame, rng):
    """Written in capitals."""
    return frame.assign(text=frame["text"].str.upper())


PERTURBATIONS = {
    **{f"{typos} typos": mistyped(typos, ["text"]) for typos in (0, 1, 2, 4, 8)},
    "no stars": without("stars"),
    "shouted": shouted,
}


def load(model, data):
    """The pipeline, the reviews, and whether each was liked."""
    reviews = pd.read_csv(data)
    return joblib.load(model), reviews[["text", "stars"]], reviews["liked"]


def passed(model, reviews, liked):
    """Whether each review is still read as liked or not."""
    return (model.predict(reviews) == liked).to_numpy()
