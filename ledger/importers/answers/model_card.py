"""Model cards told from dataset cards, by what is in them: both are Markdown, and share headings such as 'Uses'.

What a model card says, its licence too, is said of the model. Its headings are those of Mitchell et al. 2019, 'Model Cards
for Model Reporting', and of Hugging Face's template; so are the keys.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ledger.importers.answers.markdown_sections import MarkdownSection, plain_label
from ledger.vocabulary.text import bare_words

_OF_A_MODEL = frozenset(
    bare_words(heading)
    for heading in (
        "Model Details",
        "Model Description",
        "Model Sources",
        "Model Summary",
        "Model Examination",
        "Model Architecture",
        "Model Architecture and Objective",
        "Model Card Authors",
        "Model Card Contact",
        "Intended Use",
        "Intended Uses",
        "Intended Uses & Limitations",
        "Downstream Use",
        "How to Get Started with the Model",
        "Training Data",
        "Training Details",
        "Training Procedure",
        "Training Hyperparameters",
        "Evaluation Data",
        "Evaluation Results",
        "Testing Data, Factors & Metrics",
        "Quantitative Analyses",
        "Caveats and Recommendations",
        "Technical Specifications",
        "Compute Infrastructure",
        "Environmental Impact",
        "Framework versions",
    )
)
_OF_DATA = frozenset(
    bare_words(heading)
    for heading in (
        "Data Instances",
        "Data Fields",
        "Data Splits",
        "Source Data",
        "Curation Rationale",
        "Annotations",
        "Annotation process",
        "Who are the annotators?",
        "Who are the source language producers?",
        "Who are the source data producers?",
        "Personal and Sensitive Information",
        "Social Impact of Dataset",
        "Dataset Summary",
        "Dataset Structure",
        "Dataset Details",
        "Dataset Description",
        "Dataset Creation",
        "Dataset Curators",
        "Dataset Card Authors",
        "Dataset Card Contact",
    )
)
_KEYS_OF_A_MODEL = frozenset(
    (
        "base_model",
        "co2_eq_emissions",
        "inference",
        "library_name",
        "model-index",
        "model_name",
        "pipeline_tag",
        "widget",
    )
)
_KEYS_OF_DATA = frozenset(
    (
        "annotations_creators",
        "configs",
        "dataset_info",
        "language_creators",
        "multilinguality",
        "size_categories",
        "source_datasets",
        "task_categories",
        "task_ids",
    )
)


def signs_of_a_model(keys: Collection[str], sections: Iterable[MarkdownSection]) -> list[str]:
    """The headings and keys by which a card is a model's, as they stand in it; none where it is not.

    A title that says which of the two it is decides; otherwise what there is more of.
    """
    model = [key for key in keys if key in _KEYS_OF_A_MODEL]
    data = [key for key in keys if key in _KEYS_OF_DATA]
    for section in sections:
        words = bare_words(plain_label(section.heading))
        if section.level == 1 and words.startswith(("datasetcard", "datacard")):
            return []
        if section.level == 1 and words.startswith("modelcard"):
            return [section.heading]
        model += [section.heading] if words in _OF_A_MODEL else []
        data += [section.heading] if words in _OF_DATA else []
    return model if len(model) > len(data) else []
