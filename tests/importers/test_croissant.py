"""Croissant metadata: which question a key answers, what it leaves open, and JSON that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.importers.answers.croissant import read_croissant
from ledger.importers.answers.datasheets import read_sheet
from ledger.vocabulary.errors import Unreadable

RAI = {
    "dataCollection": "3.1",
    "dataCollectionType": "3.2",
    "dataCollectionTimeframe": "3.5",
    "dataCollectionMissingData": "2.6",
    "dataCollectionRawData": "3.1",
    "dataPreprocessingProtocol": "4.1",
    "dataImputationProtocol": "4.1",
    "dataManipulationProtocol": "4.1",
    "dataAnnotationProtocol": "4.1",
    "dataAnnotationAnalysis": "4.1",
    "annotationsPerItem": "4.1",
    "dataAnnotationPlatform": "4.3",
    "machineAnnotationTools": "4.3",
    "annotatorDemographics": "3.4",
    "personalSensitiveInformation": "2.15",
    "dataUseCases": "5.3",
    "dataLimitations": "5.4",
    "dataBiases": "5.4",
    "dataSocialImpact": "5.4",
    "dataReleaseMaintenancePlan": "7.4",
}


def metadata(**more: Any) -> dict[str, Any]:
    """The least that is Croissant, and more."""
    least = {
        "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "fish",
    }
    return least | more


def answered(**more: Any) -> dict[str, tuple[str, str]]:
    """Question and text by key."""
    return {
        passage.place: (passage.question, passage.text)
        for passage in read_croissant(json.dumps(metadata(**more))).passages
    }


@pytest.mark.parametrize(
    ("key", "value", "question", "text"),
    [
        ("description", "Weights of fish.", "2.1", "Weights of fish."),
        ("description", "- in grams\n- wet", "2.1", "- in grams\n- wet"),
        (
            "license",
            "https://creativecommons.org/licenses/by/4.0/",
            "6.4",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        ("license", ["mit", "apache-2.0"], "6.4", "- mit\n- apache-2.0"),
        ("creator", {"@type": "Person", "name": "Ada", "email": "a@x.example"}, "1.2", "Ada, a@x.example"),
        ("creator", [{"name": "Ada"}, {"sc:name": "Bob"}], "1.2", "- Ada\n- Bob"),
        ("funder", {"@id": "#fund"}, "1.3", "#fund"),
        ("description", {"en": "Fish.", "de-CH": "Fische."}, "2.1", "- en: Fish.\n- de-CH: Fische."),
        ("description", {"en": "Fish.", "de": "N/A", "@none": "Poisson."}, "2.1", "- en: Fish.\n- Poisson."),
        ("description", [{"@value": "Fish.", "@language": "en"}, "Fische."], "2.1", "- en: Fish.\n- Fische."),
        ("description", {"@value": "Fish.", "@language": "en"}, "2.1", "en: Fish."),
        ("license", {"url": "https://l.example"}, "6.4", "https://l.example"),
        (
            "creator",
            {"name": {"en": "The fishery", "de": "Die Fischerei"}},
            "1.2",
            "en: The fishery, de: Die Fischerei",
        ),
        ("citeAs", "@article{fish}", "6.7", "@article{fish}"),
        ("url", "https://fish.example", "6.2", "https://fish.example"),
        ("datePublished", "2026-01-01", "6.3", "2026-01-01"),
        ("isLiveDataset", False, "7.4", "false"),
        ("version", 2, "7.4", "2"),
    ],
)
def test_a_key_answers_its_question(key: str, value: Any, question: str, text: str) -> None:
    assert answered(**{key: value}) == {key: (question, text)}


def test_files_and_fields_are_listed_as_they_are_named() -> None:
    found = answered(
        distribution=[
            {
                "@type": "cr:FileObject",
                "name": "fish.csv",
                "encodingFormat": "text/csv",
                "contentUrl": "https://f/fish.csv",
            }
        ],
        recordSet=[{"name": "fish", "cr:field": [{"name": "weight", "dataType": "sc:Float", "description": "grams"}]}],
    )
    assert found["distribution"] == ("6.2", "fish.csv, text/csv, https://f/fish.csv")
    assert found["recordSet"] == ("2.4", "fish\n  - weight, sc:Float, grams")


@pytest.mark.parametrize("prefix", ["rai:", "cr:", "", "http://mlcommons.org/croissant/RAI/"])
@pytest.mark.parametrize(("name", "question"), RAI.items())
def test_the_vocabulary_for_responsible_ai_is_read_whichever_its_prefix(name: str, question: str, prefix: str) -> None:
    assert answered(**{f"{prefix}{name}": "Said."}) == {f"rai:{name}": (question, "Said.")}


def test_it_says_what_it_leaves_open() -> None:
    """Keys without a word, and those of the vocabulary for responsible AI that are not there at all."""
    reading = read_croissant(
        json.dumps(metadata(description="N/A", license="", keywords=["a"], **{"rai:dataBiases": "Yes."}))
    )
    assert [passage.place for passage in reading.passages] == ["rai:dataBiases"]
    assert reading.silent == ["description", "license", *(f"rai:{name}" for name in RAI if name != "dataBiases")]
    assert reading.unused == ["keywords"]


def test_a_long_list_says_what_is_left_out() -> None:
    _, text = answered(distribution=[{"name": f"part-{number}"} for number in range(700)])["distribution"]
    assert text.splitlines()[499:] == ["- part-499", "- … and 200 more in the file"]


def test_a_file_is_recognised_by_its_content(tmp_path: Path) -> None:
    """Its name is the metadata's; the hash is that of its bytes."""
    path = tmp_path / "metadata.md"
    path.write_text("\ufeff" + json.dumps(metadata(description="Fish.", creator="Ada")), encoding="utf-8")
    sheet = read_sheet(path)
    assert (sheet.kind, sheet.dataset, sheet.answers) == ("Croissant metadata", "fish", {"2.1": "Fish.", "1.2": "Ada"})
    assert len(sheet.sha256) == 64


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "no Croissant metadata"),
        ("[]", "no Croissant metadata"),
        ('{"@type": "sc:Dataset", "name": "plain schema.org"}', "no Croissant metadata"),
        (json.dumps(metadata() | {"@type": "Person"}), "no Croissant metadata"),
        ('{"@type": ', "It begins like JSON and is none"),
        ("[" * 100_000, "It begins like JSON and is none"),
        (json.dumps(metadata()).replace('"fish"', "[" * 900 + "]" * 900), "nested too deeply"),
        (json.dumps(metadata(description="a\x00b")), "holds a NUL"),
        (
            '{"@type": "sc:Dataset", "conformsTo": "http://mlcommons.org/croissant/1.0", "description": "a\\ud800"}',
            "half a character",
        ),
    ],
)
def test_json_that_is_no_croissant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(Unreadable, match=r"c\.json: ") as refusal:
        read_sheet(tmp_path / "c.json")
    assert said in str(refusal.value)
