"""The same question has the same answer on every sheet, in the PDF, and whatever came first."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl import actions, hosts, sample
from smarketing_xl.book.read import read_table
from smarketing_xl.ingest import Importable
from smarketing_xl.schema import tables

TEMPLATE = Path(__file__).parents[2] / "workbook/Smarketing.xlsm"
Files = list[tuple[Importable, str]]

LEADS = "Lead ID,Created,Source,Owner\nA,2026-03-04 10:00,Web,Ana\nB,2026-03-04 10:00,Ads,Ana\n"
CUSTOMERS = "Customer ID,Lead ID,Customer since,Revenue\nC1,A,2026-03-20,500\nC2,B,2026-03-21,700\n"
TOUCHES = "Lead ID,Time,Channel\nA,2026-03-04,Web\nB,2026-03-04,Ads\n"
SALESFORCE = (
    "Opportunity ID,Opportunity Name,Stage,Close Date,Amount,Opportunity Owner,Created Date,"
    "Lead ID\n"
    "006A,Alfa,Closed Won,2026-03-20,500,Ana,2026-03-05,A\n"
    "006B,Beta,Closed Won,2026-03-21,700,Ana,2026-03-05,B\n"
    "006C,Beta again,Prospecting,2027-03-21,700,Ana,2026-03-25,\n"
)
PIPEDRIVE = (
    "Trato - ID,Trato - Título,Trato - Estado,Trato - Etapa,Trato - Valor,Trato - Fecha de ganado,"
    "Persona - Correo electrónico\n"
    "1,Alfa,Ganado,Negociación,500,2026-03-20,ana@alfa.com\n"
    "2,Beta,Ganado,Negociación,700,2026-03-21,eva@beta.com\n"
    "3,Gama,Perdido,Contacto,900,,ian@gama.com\n"
)
WITH_MAIL = (
    "Lead ID,Created,Source,Owner,Email\n"
    "A,2026-03-04 10:00,Web,Ana,Ana@Alfa.com\nB,2026-03-04 10:00,Ads,Ana,eva@beta.com\n"
)
NOW = dt.datetime(2026, 3, 31, 18)


def filled(folder: Path, files: Files, now: dt.datetime) -> Path:
    """A new workbook with the files imported and everything filled that can be."""
    path = folder / "book.xlsm"
    path.write_bytes(TEMPLATE.read_bytes())
    with hosts.opened(path, "file") as book:
        for number, (kind, text) in enumerate(files):
            data = folder / f"{number}.csv"
            data.write_text(text, encoding="utf-8")
            actions.import_file(book, data, kind)
        actions.refresh(book, now)
    return path


def answers(path: Path, now: dt.datetime) -> dict[str, dict[str, float]]:
    """What each sheet, and the PDF of the month, says of leads, customers, revenue and delay."""
    with hosts.opened(path, "file", save=False) as book:
        told = {
            name: read_table(book, getattr(tables, name), ())
            for name in (
                "OUTCOMES", "SLA_MARKETING", "SLA_SALES", "SLA_LATE", "NEW_CUSTOMERS",
                "SOURCE_QUALITY", "ATTRIBUTION",
            )
        }  # fmt: skip
        home = book.sheets["Home"].range((12, 2), (13, 7)).value
        review = actions.review_pdf(book, path.with_suffix(".pdf"), now=now)
    late = float((told["SLA_LATE"]["sla_status"] == "late").sum())
    said = " ".join(review.notes)
    in_words = re.search(r"([\d,]+) leads? (?:are|is) late", said)
    bought = re.search(r"([\d,]+) became customers? this month, worth ([\d,]+)", said)
    assert bought
    month = pd.Timestamp(now).to_period("M").to_timestamp()
    of_month = told["OUTCOMES"][told["OUTCOMES"]["month"] == month]
    tiles = dict(zip(home[0], home[1], strict=True))
    return {
        "leads": {
            "Outcomes": told["OUTCOMES"]["leads"].sum(),
            "SLA, marketing": told["SLA_MARKETING"]["delivered"].sum(),
            "SLA, sales": told["SLA_SALES"]["assigned"].sum(),
            "Attribution": told["SOURCE_QUALITY"]["leads"].sum(),
        },
        "leads won": {
            "Outcomes": told["OUTCOMES"]["won"].sum(),
            "SLA, sales": told["SLA_SALES"]["won"].sum(),
        },
        "customers": {
            "Outcomes": told["OUTCOMES"]["customers"].sum(),
            "New customers": told["NEW_CUSTOMERS"]["customers"].sum(),
            "Source quality": told["SOURCE_QUALITY"]["customers"].sum(),
            "Attribution": told["ATTRIBUTION"]["markov"].sum(),
        },
        "revenue": {
            "Outcomes": told["OUTCOMES"]["revenue"].sum(),
            "New customers": told["NEW_CUSTOMERS"]["revenue"].sum(),
        },
        "customers of the month": {
            "Outcomes": of_month["customers"].sum(),
            "PDF": number(bought[1]),
        },
        "revenue of the month": {
            "Outcomes": round(of_month["revenue"].sum()),
            "PDF": number(bought[2]),
        },
        "of the year": {
            "Outcomes": in_year(told["OUTCOMES"], "customers", now.year),
            "Home": tiles["New customers"],
        },
        "leads of the year": {
            "Outcomes": in_year(told["OUTCOMES"], "leads", now.year),
            "Home": tiles["Leads"],
        },
        "revenue of the year": {
            "Outcomes": in_year(told["OUTCOMES"], "revenue", now.year),
            "Home": tiles["Revenue"],
        },
        "late": {
            "SLA": late,
            "Home": tiles["Late leads now"],
            "PDF": number(in_words[1]) if in_words else 0.0,
        },
    }


def number(text: str) -> float:
    return float(text.replace(",", ""))


def in_year(rows: pd.DataFrame, column: str, year: int) -> float:
    return float(rows.loc[rows["month"].dt.year == year, column].sum())


def disagree(found: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """The questions that have more than one answer."""
    return {
        question: told
        for question, told in found.items()
        if max(told.values()) - min(told.values()) > 1e-6
    }


@pytest.mark.parametrize(
    "files",
    [
        [("leads", LEADS), ("customers", CUSTOMERS), ("interactions", TOUCHES)],
        [("customers", CUSTOMERS), ("leads", LEADS), ("interactions", TOUCHES)],
        [("leads", LEADS), ("deals", SALESFORCE), ("interactions", TOUCHES)],
        [("leads", LEADS), ("customers", SALESFORCE), ("interactions", TOUCHES)],
        [("leads", WITH_MAIL), ("deals", PIPEDRIVE), ("interactions", TOUCHES)],
        [
            ("leads", LEADS),
            ("deals", SALESFORCE),
            ("customers", CUSTOMERS),
            ("interactions", TOUCHES),
        ],
    ],
    ids=["customers", "customers first", "deals", "deals as customers", "by mail", "both"],
)
def test_both_leads_are_won_everywhere(files: Files, tmp_path: Path) -> None:
    now = dt.datetime(2026, 3, 31, 18)
    found = answers(filled(tmp_path, files, now), now)
    assert not disagree(found)
    assert found["leads won"]["Outcomes"] == 2
    assert found["customers"]["Outcomes"] == 2
    assert found["revenue"]["Outcomes"] == 1200
    assert found["late"]["SLA"] == 0


def test_the_demo_agrees_with_itself(tmp_path: Path) -> None:
    path = tmp_path / "demo.xlsm"
    path.write_bytes(TEMPLATE.read_bytes())
    with hosts.opened(path, "file") as book:
        for step in actions.demonstration(sample.AS_OF):
            step(book)
    found = answers(path, sample.AS_OF)
    assert not disagree(found)
    assert found["leads"]["Outcomes"] == 1935  # 65 of 2,000 are there twice
    assert found["customers"]["Outcomes"] == 300
    assert found["late"]["SLA"] > 0
