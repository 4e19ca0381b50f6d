"""The labels of the house and a site's own on top."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from ingest.errors import BadSettings
from ingest.evidence.labels import Meaning, Owner, load_labels


def site_file(folder: Path, text: str) -> Path:
    path = folder / "labels.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_labels_of_the_house_load() -> None:
    labels = load_labels()

    assert labels.fields["medical", "record", "number"] is Meaning.MRN
    assert labels.owners["guarantor",] is Owner.GUARANTOR


def test_a_site_adds_its_own_labels_and_takes_others_away(tmp_path: Path) -> None:
    labels = load_labels(site_file(tmp_path, '[field.mrn]\nphrases = ["corporate id"]\nwithout = ["unit number"]\n'))

    assert labels.fields["corporate", "id"] is Meaning.MRN
    assert ("unit", "number") not in labels.fields


def test_a_sites_word_counts_as_the_houses(tmp_path: Path) -> None:
    labels = load_labels(site_file(tmp_path, '[words.same]\npatient = ["paciente"]\n'))

    assert labels.vocabulary["paclente"] == ("patient",)


def test_all_errors_are_reported_together(tmp_path: Path) -> None:
    wrong = """
[field.blood_group]
phrases = ["abo"]
[field.mrn]
phrases = "mrn"
[role.patient]
label = ["x"]
[words.lists]
heroes = ["batman"]
[other]
x = 1
"""
    with pytest.raises(BadSettings) as raised:
        load_labels(site_file(tmp_path, wrong), tmp_path / "absent.toml")

    lines = str(raised.value).splitlines()
    assert len(lines) == 6
    for word in ("field.blood_group", "field.mrn", "role.patient", "heroes", "[other]", "absent.toml"):
        assert any(word in line for line in lines)


def test_a_phrase_that_two_fields_claim_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="account number"):
        load_labels(site_file(tmp_path, '[field.mrn]\nphrases = ["account number"]\n'))


def test_labels_are_a_value_that_travels_to_workers() -> None:
    labels = load_labels()

    assert pickle.loads(pickle.dumps(labels)) == labels  # noqa: S301


def test_a_new_phrase_takes_no_other_label_written_as_one_word(tmp_path: Path) -> None:
    labels = load_labels(site_file(tmp_path, '[field.birth_date]\nphrases = ["birthdate of pupil"]\n'))

    assert labels.vocabulary["blrthdate"] == ("birth", "date")
