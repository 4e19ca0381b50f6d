"""Figures of a period: counted purely from the ledger's rows, and shown as tables, plots, JSON and CSV."""

from ingest.reporting.count import Rows, report_of
from ingest.reporting.figures import Bound, Report
from ingest.reporting.html import as_html
from ingest.reporting.period import Period, period_of
from ingest.reporting.places import Places
from ingest.reporting.plain import as_csv, as_json
from ingest.reporting.table import Kind, Table, cell_text
from ingest.reporting.tables import tables_of

__all__ = [
    "Bound",
    "Kind",
    "Period",
    "Places",
    "Report",
    "Rows",
    "Table",
    "as_csv",
    "as_html",
    "as_json",
    "cell_text",
    "period_of",
    "report_of",
    "tables_of",
]
