"""Splink on the same documents against the same registrations: comparisons of its own library, weights by its EM.

It gets our own parsing of names and dates, and it may use all other candidates of a document: the score is
the log-odds of the best pair against all other pairs of that document together, which its users would have
to work out themselves.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from matchers import Identifiers, Patient
from matchers.dates import LATEST_BIRTH, read_dates
from matchers.names import parse_name
from matchers.numbers import normalise_identifier, normalise_phone, normalise_zip
from tests.benchmarks.matching.thumb import Guess


@dataclass(frozen=True, slots=True)
class Record:
    """A document's or a registration's values, as Splink compares them."""

    family: str | None
    given: str | None
    birth_date: str | None
    mrn: str | None
    phone: str | None
    zip: str | None


COLUMNS = tuple(field.name for field in fields(Record))


def from_paper(paper: Identifiers) -> Record:
    """The first reading of each field."""
    names = parse_name(paper.names[0].value) if paper.names else ()
    dates = read_dates(paper.birth_dates[0].value, born_before=LATEST_BIRTH) if paper.birth_dates else ()
    return Record(
        family=" ".join(names[0].family) if names else None,
        given=names[0].given if names else None,
        birth_date=dates[0].isoformat() if dates else None,
        mrn=normalise_identifier(paper.mrns[0].value) if paper.mrns else None,
        phone=normalise_phone(paper.phones[0].value) if paper.phones else None,
        zip=normalise_zip(paper.zips[0].value) if paper.zips else None,
    )


def from_register(patient: Patient) -> Record:
    """The registration's present values."""
    names = parse_name(f"{patient.last_name}, {patient.first_name}")
    return Record(
        family=" ".join(names[0].family) if names else None,
        given=names[0].given if names else None,
        birth_date=patient.birth_date.isoformat(),
        mrn=normalise_identifier(patient.mrn),
        phone=normalise_phone(patient.phones[0]) if patient.phones else None,
        zip=normalise_zip(patient.zip) if patient.zip else None,
    )


def guesses(
    papers: Sequence[Record], rights: Sequence[str | None], registered: Iterable[Patient]
) -> list[Guess | None]:
    """One guess for each document, None where no pair shares a blocking rule. Raises ImportError without Splink."""
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection, mrns = duckdb.connect(), []
    _table(connection, "papers", papers, step=-1)
    _table(connection, "registered", _noted(registered, mrns), step=1)
    blocks = [block_on("birth_date"), block_on("mrn"), block_on("phone"), block_on("family", "given")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("family").configure(term_frequency_adjustments=True),
            cl.NameComparison("given").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("mrn", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("phone", [1]),
            cl.ExactMatch("zip"),
        ],
        blocking_rules_to_generate_predictions=blocks,
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI(connection)
    linker: Any = Linker([api.register("papers"), api.register("registered")], settings, log_level=logging.ERROR)
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [block_on("mrn", "family"), block_on("birth_date", "family", "given")], recall=0.8
    )
    train.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (blocks[0], blocks[3], blocks[1]):
        train.estimate_parameters_using_expectation_maximisation(rule)
    told = linker.inference.predict(threshold_match_weight=-20).as_duckdbpyrelation()
    pairs = told.project(
        "-1 - least(unique_id_l, unique_id_r) AS paper, greatest(unique_id_l, unique_id_r) AS row, match_weight AS bits"
    ).fetchnumpy()
    return _best(pairs, rights, mrns)


def _best(pairs: Any, rights: Sequence[str | None], mrns: Sequence[str]) -> list[Guess | None]:
    order = np.lexsort((-pairs["bits"], pairs["paper"]))
    papers, rows, bits = (np.asarray(pairs[name])[order] for name in ("paper", "row", "bits"))
    found: list[Guess | None] = [None] * len(rights)
    starts = np.flatnonzero(np.concatenate(([True], papers[1:] != papers[:-1]))) if len(papers) else papers
    for start, end in zip(starts, [*starts[1:], len(papers)], strict=True):
        others = np.logaddexp2.reduce(bits[start + 1 : end], initial=0.0)  # 0: nobody of them
        right = rights[int(papers[start])]
        found[int(papers[start])] = Guess(float(bits[start] - others), mrns[int(rows[start])] == right)
    return found


def _noted(registered: Iterable[Patient], mrns: list[str]) -> Iterable[Record]:
    for patient in registered:
        if patient.active:
            mrns.append(patient.mrn)
            yield from_register(patient)


def _table(connection: Any, name: str, records: Iterable[Record], *, step: int) -> None:
    """Numbers the records 0, 1, 2... or -1, -2, -3..., so that a pair tells which is which."""
    import pyarrow as pa

    rows = [tuple(getattr(record, column) for column in COLUMNS) for record in records]
    columns = {column: pa.array([row[at] for row in rows], pa.string()) for at, column in enumerate(COLUMNS)}
    table = pa.table(
        {"unique_id": pa.array([min(step, 0) + step * at for at in range(len(rows))], pa.int64()), **columns}
    )
    connection.register(f"{name}_arrow", table)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM {name}_arrow")
