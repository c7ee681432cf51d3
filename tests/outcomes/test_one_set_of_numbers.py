"""The same question has the same answer on every sheet, in the PDF, and whatever came first."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smarketing_xl import actions, hosts, sample
from smarketing_xl.actions.beginning import begin
from smarketing_xl.book.read import find_table, named_range, read_table
from smarketing_xl.i18n import half_up
from smarketing_xl.ingest import Importable
from smarketing_xl.schema import tables
from smarketing_xl.schema.named_cells import ANSWERS, YEAR
from tests.book.test_rows_around_tables import switch_totals_on
from tests.meeting.hands import FileHands

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
                "OUTCOMES", "SLA_MARKETING", "SLA_SALES", "SLA_LATE", "NEW_CUSTOMERS", "PLAN",
                "SOURCE_QUALITY", "ATTRIBUTION", "OUTLOOK", "SLA_LINES", "LINE_SOURCES",
            )
        }  # fmt: skip
        home = tiles(book.sheets["Home"].range((7, 2), (14, 7)).value)
        goals = {cell.name: named_range(book, cell.name).value for cell in (*ANSWERS, *YEAR)}
        goals["quota"] = named_range(book, "quota").value
        month, year = panel(book.sheets["Review"].range((4, 1), (10, 20)).value)
        pdf = path.with_suffix(".pdf")
        pdf.unlink(missing_ok=True)
        review = actions.review_pdf(book, pdf, now=now)
    paper = printed(pdf)
    late = float((told["SLA_LATE"]["sla_status"] == "late").sum())
    said = " ".join(review.notes)
    in_words = re.search(r"([\d,]+) leads? (?:are|is) late", said)
    bought = re.search(r"([\d,]+) became customers? this month, worth ([^.]+)\.", said)
    whole = re.search(r"and ([^ ]+) in the whole year: ([^.]+)\.", said)
    expected = re.search(r"([^ ]+) are expected by the end of the year", said)
    assert bought and whole and expected
    this = pd.Timestamp(now).to_period("M").to_timestamp()
    of_month = told["OUTCOMES"][told["OUTCOMES"]["month"] == this]
    sla = told["SLA_MARKETING"].iloc[-1]
    outlook = told["OUTLOOK"].iloc[0]
    plan = told["PLAN"].set_index("month")
    found = {
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
            "Review": month["New customers"][0],
            "PDF": number(bought[1]),
            "PDF, on top": paper["New customers"][0],
        },
        "revenue of the month": {
            "Outcomes": round(of_month["revenue"].sum()),
            "Review": month["Revenue won"][0],
            "PDF": number(bought[2]),
            "PDF, on top": paper["Revenue won"][0],
        },
        "leads of the month": {
            "Outcomes": of_month["leads"].sum(),
            "SLA": sla["delivered"],
            "Review": month["Leads"][0],
            "PDF, on top": paper["Leads"][0],
        },
        "leads due by now": {
            "SLA": sla["to_date"],
            "Review": round(month["Leads"][1], 1),
        },
        "customers of the year": {
            "Outcomes": in_year(told["OUTCOMES"], "customers", now.year),
            "Home": home["New customers"],
            "Goals": goals["came_customers"],
            "Review": year["New customers"][0],
            "PDF": paper["New customers"][2],
        },
        "leads of the year": {
            "Outcomes": in_year(told["OUTCOMES"], "leads", now.year),
            "Home": home["Leads"],
            "Goals": goals["came_leads"],
            "Review": year["Leads"][0],
            "PDF": paper["Leads"][2],
        },
        "revenue of the year": {
            "Outcomes": in_year(told["OUTCOMES"], "revenue", now.year),
            "Home": home["Revenue"],
            "Goals": goals["came_revenue"],
            "Review": year["Revenue won"][0],
            "PDF": paper["Revenue won"][2],
            "Forecast": outlook["came"],
        },
        "quota": {
            "Goals": goals["quota"],
            "Home": home["Quota"],
            "Plan": round(told["PLAN"]["quota"].sum(), 2),
            "Review": year["Revenue won"][2],
            "Forecast": outlook["quota"],
            "PDF": number(whole[1]),
        },
        "quota by now": {
            "Goals": shown(goals["quota_by_now"]),
            "Review": shown(year["Revenue won"][1]),
            "PDF": paper["Revenue won"][3],
        },
        "ahead of the quota": {
            "Goals": shown(goals["came_revenue"] - goals["quota_by_now"]),
            "Plan": shown(plan["gap"][this]),
            "Home": gap(home["Revenue, below"]),
            "Review": gap(year["Revenue won"][3]),
            "PDF": gap(whole[2]),
        },
        "customers needed": {
            "Goals": goals["customers_needed"],
            "Home": home["Customers needed"],
            "Review": year["New customers"][2],
            "Plan": told["PLAN"]["customers"].sum(),
        },
        "leads needed": {
            "Goals": goals["leads_needed"],
            "Home": home["Leads needed"],
            "Review": year["Leads"][2],
            "Plan": told["PLAN"]["leads"].sum(),
        },
        "expected": {
            "Home": shown(home["Expected in the year"]),
            "Review": number(str(year["Revenue expected"][0]).split(", ")[0]),
            "PDF": number(expected[1]),
        },
        "late": {
            "SLA": late,
            "Home": home["Late leads now"],
            "PDF": number(in_words[1]) if in_words else 0.0,
        },
    }
    if len(lines := told["SLA_LINES"]):
        found["leads"]["SLA, by line"] = lines["delivered"].sum()
        found["leads"]["Attribution, by line"] = told["LINE_SOURCES"]["leads"].sum()
        found["leads won"]["SLA, by line"] = lines["won"].sum()
        found["late"]["SLA, by line"] = lines["late"].sum()
        found["customers"]["Attribution, by line"] = told["LINE_SOURCES"]["customers"].sum()
        found["revenue"]["Attribution, by line"] = told["LINE_SOURCES"]["revenue"].sum()
        found["cost"] = {
            "Attribution": round(told["ATTRIBUTION"]["cost"].sum(), 2),
            "by line": round(told["LINE_SOURCES"]["cost"].sum(), 2),
        }
    return found


def tiles(cells: list[list[Any]]) -> dict[str, Any]:
    """Home's tiles of the plan and of the year to date: label → number, and the line below it."""
    found = {}
    for top in (0, 5):
        for label, value, below in zip(*cells[top : top + 3], strict=True):
            found |= {label: value, f"{label}, below": below}
    return found


def panel(cells: list[list[Any]]) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Review's two halves: what → came, planned by then, planned in all, the gap in words."""
    month, year = (
        {named(row[left]): [row[left + at] for at in (2, 4, 6, 8)] for row in cells[2:]}
        for left in (0, 10)
    )
    return month, year


def named(label: str) -> str:
    """A label without the currency behind it."""
    return re.sub(r" \([A-Z]{3}\)$", "", label)


def printed(pdf: Path) -> dict[str, list[float]]:
    """The PDF's first table: what → came and planned of the month, then of the year."""
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    found = {}
    for what in ("Revenue won", "New customers", "Leads"):
        line = re.search(rf"^ *{what} +(.+)$", text, re.MULTILINE)
        assert line, text
        came, by_then, _gap, total, due, _of_year = re.split(r" {2,}", line[1].strip())
        found[what] = [number(each) for each in (came, by_then, total, due)]
    return found


def shown(value: float) -> float:
    """As a sheet shows it, without decimals."""
    return float(half_up(value))


def gap(words: str) -> float:
    """A gap to the plan in words as a number: below 0 where it is behind."""
    if words in ("on quota", "as planned"):
        return 0.0
    amount, side = re.fullmatch(r".*?([\d,]+) (.+)", words).groups()  # type: ignore[union-attr]
    return number(amount) * (-1 if side.startswith("behind") else 1)


def number(text: str) -> float:
    return float(re.sub(r"[^\d.-]", "", text))


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


def test_they_agree_after_what_managers_do(tmp_path: Path) -> None:
    """Deals imported twice, a row of totals, another quota, shares short of a year, a promise."""
    path = filled(tmp_path, [("leads", LEADS), ("interactions", TOUCHES)], NOW)
    deals = tmp_path / "deals.csv"
    deals.write_text(SALESFORCE, encoding="utf-8")
    with hosts.opened(path, "file") as book:
        actions.import_file(book, deals, "deals")
        actions.import_file(book, deals, "deals")
    switch_totals_on(path)
    with hosts.opened(path, "file") as book:
        named_range(book, "quota").value = 2_400_000
        named_range(book, "avg_revenue").value = 7_000
        actions.refresh(book, NOW)
    found = answers(path, NOW)
    assert not disagree(found)
    assert found["customers"]["Outcomes"] == 2
    assert found["revenue of the year"]["Home"] == 1200
    with hosts.opened(path, "file") as book:
        place = find_table(book, tables.PLAN)
        place.block(0, place.offsets["share"], 1, 1).value = 0.05
        named_range(book, "sla_leads").value = 90
        actions.refresh(book, NOW)
    found = answers(path, NOW)
    assert found.pop("leads due by now") == {"SLA": 90, "Review": 216}  # both are shown
    assert not disagree(found)


def test_what_a_filter_hides_counts_all_the_same(tmp_path: Path) -> None:
    files: Files = [("leads", LEADS), ("deals", SALESFORCE), ("interactions", TOUCHES)]
    path = filled(tmp_path, files, NOW)
    before = answers(path, NOW)
    hands = FileHands(path)
    hands.filter(tables.LEADS, "source", "Ads")
    hands.filter(tables.DEALS, "deal_id", "006C")
    with hosts.opened(path, "file") as book:
        actions.refresh(book, NOW)
    assert FileHands(path).hidden(tables.LEADS) == [True, False]
    found = answers(path, NOW)
    assert not disagree(found)
    assert found == before


def test_an_empty_workbook_claims_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsm"
    path.write_bytes(TEMPLATE.read_bytes())
    with hosts.opened(path, "file") as book:
        begin(book)
        actions.refresh(book, NOW)
        home = tiles(book.sheets["Home"].range((7, 2), (14, 7)).value)
        halves = panel(book.sheets["Review"].range((4, 1), (10, 20)).value)
    labels = ("Revenue", "New customers", "Leads", "Late leads now")
    assert [home[label] for label in labels] == [0, 0, 0, 0]
    planned = ("Quota", "Customers needed", "Leads needed", "Expected in the year")
    assert not any(home[label] for label in planned)
    for half in halves:
        for what in ("Revenue won", "New customers", "Leads"):
            assert half[what][0] == 0
            assert not any(half[what][1:])


def test_before_any_goal_what_came_is_of_the_calendar_year(tmp_path: Path) -> None:
    path = tmp_path / "without_goals.xlsm"
    path.write_bytes(TEMPLATE.read_bytes())
    old = LEADS + "Z,2025-03-04 10:00,Web,Ana\n"
    with hosts.opened(path, "file") as book:
        begin(book)
        for kind, text in (("leads", old), ("customers", CUSTOMERS)):
            data = tmp_path / f"{kind}.csv"
            data.write_text(text, encoding="utf-8")
            actions.import_file(book, data, kind)
        actions.refresh(book, NOW)
        named_range(book, "report_date").value = NOW
        sheet = book.sheets["Home"].range((7, 2), (14, 7)).value
        _month, year = panel(book.sheets["Review"].range((4, 1), (10, 20)).value)
        outcomes = read_table(book, tables.OUTCOMES, ())
    assert outcomes["leads"].sum() == 3
    home = tiles(sheet)
    for label, what, came in (
        ("Leads", "Leads", in_year(outcomes, "leads", 2026)),
        ("New customers", "New customers", in_year(outcomes, "customers", 2026)),
        ("Revenue", "Revenue won", in_year(outcomes, "revenue", 2026)),
    ):
        assert home[label] == year[what][0] == came > 0
    assert (home["Leads"], home["New customers"], home["Revenue"]) == (2, 2, 1200)
    titles = [str(cell) for row in sheet for cell in row if cell is not None]
    assert "Year to date: 1 January 2026 – 31 March 2026" in titles


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
    with hosts.opened(path, "file", save=False) as book:
        assert actions.check(book).rows == 0  # typed and measured, funnel and rate, lines and goals
