"""Splink on the same pairs, with the settings that its own examples recommend for these sets."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.benchmarks.labelled.sets import LabelledSet


def scores(found: LabelledSet, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    """Log2 odds of one person for each pair. Raises ImportError when the `bench` extra is not installed."""
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    if found.name == "FEBRL 3":
        comparisons = [
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
        ]
        certain = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
        training = [block_on("given_name", "surname"), block_on("date_of_birth"), block_on("soc_sec_id")]
    else:
        comparisons = [
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ]
        certain = [block_on("first_name", "dob"), block_on("email"), block_on("first_name", "surname")]
        training = [block_on("first_name", "surname"), block_on("dob"), block_on("email")]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(column) for column in found.columns],
        retain_intermediate_calculation_columns=False,
    )
    linker = _linker(found, settings, duckdb, DuckDBAPI, Linker)
    train: Any = linker.training
    train.estimate_probability_two_random_records_match(certain, recall=0.7)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in training:
        train.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_weight=-60)
    told = {
        (min(int(left), int(right)), max(int(left), int(right))): weight for left, right, weight in _rows(predicted)
    }
    return np.array([told.get(pair, -100.0) for pair in pairs])


def _linker(found: LabelledSet, settings: Any, duckdb: Any, api: Any, linker: Any) -> Any:
    connection = duckdb.connect()
    columns = ", ".join(f"{column} VARCHAR" for column in found.columns)
    connection.execute(f"CREATE TABLE records (unique_id INTEGER, {columns})")
    connection.executemany(
        f"INSERT INTO records VALUES ({', '.join('?' * (len(found.columns) + 1))})",
        [[at, *(record[column] or None for column in found.columns)] for at, record in enumerate(found.records)],
    )
    database = api(connection)
    return linker(database.register("records"), settings, log_level=logging.ERROR)


def _rows(predicted: Any) -> list[tuple[Any, Any, float]]:
    relation = predicted.as_duckdbpyrelation()
    return relation.project("unique_id_l, unique_id_r, match_weight").fetchall()
