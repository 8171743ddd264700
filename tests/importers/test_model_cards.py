"""A model's card is refused by name as a data sheet: what it says, its licence too, is said of the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.importers.answers.dataset_card import _HEADINGS, read_card
from ledger.importers.answers.datasheets import read_sheet
from ledger.importers.answers.model_card import _KEYS_OF_A_MODEL, _KEYS_OF_DATA, _OF_A_MODEL, _OF_DATA
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text import bare_words

SHARED = "## Uses\n\nTo sort letters.\n\n## Bias, Risks, and Limitations\n\nOld letters only.\n\n## Citation\n\nNone.\n"


@pytest.mark.parametrize(
    ("card", "sign"),
    [
        (f"---\nlicense: mit\n---\n# Model Card for Letters\n\n{SHARED}", "Model Card for Letters"),
        (f"---\nlicense: mit\npipeline_tag: text-classification\n---\n# Letters\n\n{SHARED}", "pipeline_tag"),
        (f"---\nlicense: mit\nlibrary_name: sklearn\n---\n{SHARED}", "library_name"),
        (f"# Letters\n\n## Model Details\n\nA forest.\n\n{SHARED}", "Model Details"),
        (f"# Letters\n\n## 1. **Intended uses & limitations** [optional]\n\nLetters.\n\n{SHARED}", "Intended uses"),
        (f"---\ndatasets:\n- mnist\nmodel-index: []\n---\n# Letters\n\n{SHARED}", "model-index"),
        ("# ResNet\n\n## Model description\n\nDeep.\n\n## Training procedure\n\nLong.\n", "Model description"),
    ],
)
def test_a_model_card_is_refused_by_name(tmp_path: Path, card: str, sign: str) -> None:
    (tmp_path / "README.md").write_text(card)
    with pytest.raises(Unreadable, match=r"README\.md: It is a model card") as refusal:
        read_sheet(tmp_path / "README.md")
    assert sign in str(refusal.value)
    assert "debt datasheet SYSTEM --edit" in str(refusal.value)
    assert "Nothing was recorded." in str(refusal.value)


@pytest.mark.parametrize(
    "card",
    [
        f"# Dataset Card for Letters\n\n## Training Data\n\nAll.\n\n## Environmental Impact\n\nLittle.\n\n{SHARED}",
        f"---\ntask_categories: [x]\nsize_categories: [y]\nwidget: []\n---\n# Letters\n\n{SHARED}",
        f"# Letters\n\n## Data Fields\n\n- `a`\n\n## Annotations\n\nBy hand.\n\n## Evaluation Results\n\nGood.\n\n{SHARED}",
        SHARED,
    ],
)
def test_a_dataset_card_that_speaks_of_models_is_one(card: str) -> None:
    assert [passage.question for passage in read_card(card).passages][-3:] == ["5.3", "5.4", "6.7"]


def test_no_sign_is_both() -> None:
    """And no heading that answers a question of the data is a sign of a model."""
    assert not _OF_A_MODEL & _OF_DATA
    assert not _KEYS_OF_A_MODEL & _KEYS_OF_DATA
    assert not _OF_A_MODEL & {bare_words(heading) for heading in _HEADINGS}


def test_no_real_dataset_card_is_taken_for_a_model(shared_data: Path) -> None:
    cards = sorted((shared_data / "cards").glob("*.md"))
    assert len(cards) >= 25
    assert {read_sheet(card).kind for card in cards} == {"dataset card"}
