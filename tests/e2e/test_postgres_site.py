"""The main job on a site whose ledger is PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import PATIENTS, House
from tests.fakes.paper import lab_report, page, save
from tests.postgres import make_postgres, postgres_server, postgres_url  # noqa: F401

pytestmark = pytest.mark.ocr


def test_the_main_job_runs_on_postgresql(tmp_path: Path, postgres_url: str) -> None:  # noqa: F811
    house = House(tmp_path / "site")
    house.run("init")
    settings = house.home / "ingest.toml"
    settings.write_text(f'ledger = "{postgres_url}"\n')
    (tmp_path / "patients.csv").write_text(PATIENTS)
    house.run("patients", "load", str(tmp_path / "patients.csv"))
    save([lab_report("HOLLOWAY, MARGARET A", "03/14/1951", "00412345")], house.inbox / "lab.pdf")
    save([page(["INVOICE", "Paper and toner, 12 boxes", "Total due: $ 480.00"])], house.inbox / "invoice.png")
    house.run("batch")

    lines = {line["source"]: line for line in house.documents()}
    assert (lines["lab.pdf"]["state"], lines["lab.pdf"]["mrn"]) == ("filed", "00412345")
    assert lines["invoice.png"]["state"] == "review"
    house.run("review", "assign", str(lines["invoice.png"]["document"]), "00467302")
    assert {line["source"]: line["mrn"] for line in house.documents()}["invoice.png"] == "00467302"
    house.run("verify")
