"""Amounts in other currencies: turned into ours by rates that people typed, or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smarketing_xl.errors import BadData
from smarketing_xl.ingest import Importable
from smarketing_xl.ingest.currencies import Rates, make_rates
from smarketing_xl.ingest.importer import Import, prepare

RATES = make_rates(
    "EUR",
    pd.DataFrame(
        [("usd", None, 0.9), ("USD", "2026-02-01", 0.8), ("S/", None, 0.25), (None, None, None)],
        columns=["currency", "month", "rate"],
    ).astype({"month": "datetime64[us]", "rate": float}),
)


@pytest.fixture
def bring(tmp_path: Path) -> Any:
    def brought(text: str, kind: Importable, rates: Rates | None = RATES) -> Import:
        path = tmp_path / "export.csv"
        path.write_text(text, encoding="utf-8")
        return prepare(path, kind, rates=rates)

    return brought


@pytest.mark.parametrize(
    ("text", "kind", "column", "expected"),
    [
        # by the cell's own sign, and the rate of its month or the last before it
        (
            "Month,Channel,Cost\n2026-01,A,US$ 100\n2026-02,A,US$ 100\n2026-07,A,100 USD\n"
            "2026-03,B,€ 10\n2026-03,C,S/ 8\n2026-04,D,7\n",
            "spend", "cost", [90, 80, 80, 10, 2, 7],
        ),
        # by its row's column, and by the header
        (
            "Month,Channel,Currency,Cost\n2026-01,A,USD,5\n2026-01,B,EUR,10\n2026-01,C,,3\n",
            "spend", "cost", [4.5, 10, 3],
        ),
        (
            "Campaign name,Amount spent (USD),Reporting starts,Reporting ends\n"
            ",300,2026-03-01,2026-03-31\nA,200,2026-03-01,2026-03-31\nB,100,2026-03-01,2026-03-31\n",
            "spend", "cost", [160, 80],
        ),
        # a deal by the day it closed or shall; without a date by the latest rate
        (
            "Deal ID,Amount,Currency,Closed,Stage\n1,100,USD,2026-01-15,Closed Won\n"
            "2,100,EUR,2026-03-15,Closed Won\n3,100,USD,,Negotiation\n",
            "deals", "amount", [90, 100, 80],
        ),
        # $ beside US$ is that dollar; a column that says so is ours already
        ("Lead ID,Created,Revenue\n1,2026-01-05,$100\n2,2026-01-05,US$100\n", "leads", "revenue",
         [90, 90]),
        ("Deal ID,Amount (converted),Currency\n1,70,USD\n", "deals", "amount", [70]),
    ],
)  # fmt: skip
def test_amounts_are_turned_into_ours(
    bring: Any, text: str, kind: Importable, column: str, expected: list[float]
) -> None:
    found = bring(text, kind)
    assert found.table[column].tolist() == pytest.approx(expected)
    if "currency" in found.table:
        assert set(found.table["currency"].dropna()) <= {"EUR"}


@pytest.mark.parametrize(
    "headers",
    [
        "Record ID,Deal Stage,Amount in company currency,Currency",
        "ID de registro,Etapa del negocio,Monto en la moneda de la empresa,Moneda",
        "ID de negocio,Etapa,Importe en la moneda de la empresa,Divisa",
        "ID do registro,Etapa do negócio,Valor na moeda da empresa,Moeda",
    ],
)
def test_what_the_crm_has_turned_into_ours_is_the_amount(bring: Any, headers: str) -> None:
    found = bring(f"{headers}\n1,x,70,PEN\n", "deals")
    assert found.table["amount"].tolist() == [70]
    assert found.table["currency"].tolist() == ["EUR"]


def test_what_was_turned_into_ours_is_said(bring: Any) -> None:
    found = bring("Month,Channel,Cost\n2026-01,A,US$ 100\n2026-02,A,US$ 100\n", "spend")
    assert "Cost: 2 amounts in USD are turned into EUR by the rates" in found.notes


@pytest.mark.parametrize(
    ("text", "kind", "rates", "problem"),
    [
        ("Month,Channel,Cost\n2026-01,A,£5\n", "spend", RATES,
         "There is no rate of GBP for 2026-01"),
        ("Lead ID,Revenue\n1,$100\n", "leads", RATES, "There is no rate of $"),
        ("Month,Channel,Cost\n2026-01,A,$5\n2026-01,B,€ 5\n", "spend", None,
         "The column mixes currencies: $, EUR"),
        ("Deal ID,Amount,Currency\n1,5,USD\n2,5,EUR\n", "deals", None,
         "The column mixes currencies: EUR, USD"),
        ("Lead ID,Revenue\n1,$100\n", "leads", Rates("EURO"), "Our currency is none that we know"),
        # each column has one of its own
        ("Lead ID,Income,Revenue\n1,B/. 5,S/ 5\n", "leads", None,
         "The amounts are in several currencies: PAB, PEN"),
        ("Lead ID,Revenue\n1,S/ 5\n", "leads", Rates("", RATES.table),
         "The sheet Rates does not say which currency is ours"),
    ],
)  # fmt: skip
def test_what_has_no_rate_is_refused(
    bring: Any, text: str, kind: Importable, rates: Rates | None, problem: str
) -> None:
    with pytest.raises(BadData, match=problem.replace("$", r"\$")):
        bring(text, kind, rates)


def test_one_currency_is_ours_where_nothing_else_is_said(bring: Any) -> None:
    found = bring("Lead ID,Revenue\n1,B/. 100\n2,7\n", "leads", None)
    assert found.table["revenue"].tolist() == [100, 7]
    assert found.own_currency == "PAB"
    assert bring("Lead ID,Revenue\n1,100\n", "leads", None).own_currency == ""
    assert bring("Lead ID,Revenue\n1,$ 100\n", "leads", Rates("USD")).own_currency == ""


def test_rows_that_name_another_currency_are_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("Deal ID,Amount,Currency\n2,5,PEN\n", encoding="utf-8")
    before = prepare(path, "deals").table.assign(deal_id="1", currency="B/.")
    with pytest.raises(BadData, match="several currencies: PAB, PEN"):
        prepare(path, "deals", existing=before)


def test_more_rows_than_the_sheet_holds_are_counted_first(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("Lead ID,Created\n1,x\n2,y\n3,z\n")
    with pytest.raises(BadData, match="3 rows do not fit on the sheet Leads, which holds 2"):
        prepare(path, "leads", room=2)
