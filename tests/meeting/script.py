"""One meeting, as it goes: thirty edits with fills between them, one of which fails half-way.

Afterwards every cell that was typed is still there, and every number equals a computation from the
inputs alone, in a new workbook.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions, funnel, sample
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts.file import open_book
from smarketing_xl.personas.overrides import MARK
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.model import Choices, Table
from tests.meeting.hands import Hands
from workbook.layout.places import BLOCK_COLUMN, grid_row

NOW = dt.datetime.combine(sample.AS_OF, dt.time(12))
LEADS = 150


def few(folder: Path) -> dict[str, Path]:
    """The sample data of the first leads, as files to import."""
    chosen = pd.read_csv(sample.path("leads"), dtype=str).tail(LEADS)
    found = {}
    for kind in actions.IMPORTS:
        if not sample.path(kind).exists():
            continue
        frame = pd.read_csv(sample.path(kind), dtype=str)
        if "Lead ID" in frame and kind != "customers":
            frame = frame[frame["Lead ID"].isin(chosen["Lead ID"])]
        found[kind] = folder / f"{kind}.csv"
        frame.to_csv(found[kind], index=False)
    return found


def hold(hands: Hands, folder: Path) -> None:
    """The meeting. hands: at an empty workbook."""
    speak = read.language(hands.book)

    def label(choices: Choices, entry: str) -> str:
        return choices.shown(speak)[entry]

    def fill(step: str, **given: object) -> None:
        getattr(actions, step)(hands.book, **given)
        hands.check(f"after {step}")

    # before the meeting the analyst brings the data in, and names what both sign
    for kind, path in few(folder).items():
        actions.import_file(hands.book, path, kind)
    hands.give("company", "Ficticia S.L.")
    hands.give("avg_revenue", 5_500.0)
    hands.give("sla_leads", 25.0)
    fill("plan")

    # marketing changes the persona, adds a column of its own and writes in it
    hands.type(tables.PERSONAS, 0, "weight", 35.0)
    hands.add_column(tables.LEADS, "Our remark")
    hands.type(tables.LEADS, 3, "Our remark", "met at the fair: call Ana")
    hands.type(tables.LEADS, 70, "Our remark", "=not a formula, said Ana")
    fill("score", now=NOW)

    # sales knows better about some grades, and takes a lead that is outside the persona
    hands.sort(tables.LEADS, "score")
    hands.type(tables.LEADS, LEADS - 1, "grade", "A")
    hands.type(tables.LEADS, 0, "grade", "D")
    hands.type(tables.LEADS, LEADS - 2, "status", label(tables.STATUS, "accepted"))
    hands.type(tables.LEADS, 5, "owner", "Zoe Nueva")
    hands.type(tables.LEADS, 5, "assigned", dt.datetime(2026, 9, 1, 16, 30))
    hands.type(tables.LEADS, 8, "phone", "+34 000 111 222")
    fill("score", now=NOW)

    # the first follow-up fails half-way: nothing of it stays
    hands.block(tables.SLA_LATE)
    before = hands.content()
    with pytest.raises(WorkbookError, match=r"protected|protegida"):
        actions.sla(hands.book, now=NOW)
    assert hands.content() == before
    hands.unblock(tables.SLA_LATE)
    fill("sla", now=NOW)

    # someone filters, someone writes beside the owners, someone changes the promise
    hands.filter(tables.LEADS, "owner", "Zoe Nueva")
    hands.add_column(tables.SLA_SALES, "Agreed to do")
    hands.type(tables.SLA_SALES, 0, "Agreed to do", "two more calls a week")
    hands.type(tables.SLA_SALES, 2, "Agreed to do", "look at the reasons")
    hands.type(tables.GRADES, 0, "first_contact_hours", 3.0)
    hands.give("sla_attempts", 3.0)
    hands.give("sla_decide_days", 4.0)
    fill("sla", now=NOW)

    # rows are pasted, and sorted again; a remark stands below the late leads
    pasted = pd.DataFrame(
        {
            "lead_id": ["M-1", "M-2", "M-3"],
            "created": pd.to_datetime(["2026-09-20 23:30", "2026-09-21 10:00", "2026-09-27 12:00"]),
            "company": ["Órbita Nueva", "=1+1", "Acme"],
            "employees": [120.0, 8.0, 45.0],
            "status": [label(tables.STATUS, "new")] * 3,
            "grade": [None, "B", None],
            "source": ["Webinar"] * 3,
        }
    )
    hands.paste(tables.LEADS, pasted)
    hands.sort(tables.LEADS, "created")
    hands.type(tables.LEADS, 1, "Our remark", "new today")
    hands.type(tables.SPEND, 2, "cost", 4_321.5)
    hands.type(tables.PLAN, 1, "share", 0.09)
    hands.type(tables.PLAN, 2, "share", 1.0 - sum(_shares(hands)) + _shares(hands)[2])
    hands.add_column(
        tables.LEADS,
        "Twice",
        "=Leads[[#This Row],[{revenue}]]*2".format(revenue=tables.LEADS["revenue"].title(speak)),
    )
    hands.paste_below(tables.LEADS, [["N-1", dt.datetime(2026, 9, 22, 9), "Nora"]])
    fill("refresh", now=NOW)
    assert hands.place(tables.LEADS).pasted == 0
    hands.total(tables.LEADS, "revenue")
    revenue = hands.shown_sum(tables.LEADS, "revenue")
    assert any(hands.hidden(tables.LEADS)) and _total(hands) == ["Total", pytest.approx(revenue)]
    more = folder / "more.csv"
    more.write_text("Lead ID,Company,Revenue\nT-1,Total Ltd,1000\nT-2,Orbita,500\n")
    actions.import_file(hands.book, more, "leads")
    hands.check("imported above the row of totals")
    with_new = hands.shown_sum(tables.LEADS, "revenue")
    assert with_new in (revenue, revenue + 1500) and _total(hands) == ["Total", with_new]
    actions.undo(hands.book)
    assert _total(hands) == ["Total", pytest.approx(revenue)]
    fill("score", now=NOW)

    # a remark in the way of more late leads is not written over
    hands.give("sla_attempts", 0.0)
    hands.give("sla_decide_days", 0.0)
    fill("sla", now=NOW)
    remark = hands.remark(tables.SLA_LATE, 2, "ask Ana about these")
    hands.give("sla_attempts", 9.0)
    before = hands.content()
    with pytest.raises(WorkbookError, match="SlaLate"):
        actions.sla(hands.book, now=NOW)
    assert hands.content() == before
    assert remark.value == "ask Ana about these"
    remark.value = None
    fill("sla", now=NOW)

    # the quota moves; a scenario is tried; a fill is taken back, also after saving
    hands.give("quota", 900_000.0)
    hands.give("conv_rate", 0.12)
    hands.type(tables.SCENARIOS, 1, "conv_rate", 0.2)
    hands.give("lookback_days", 120.0)
    standing = hands.content()
    fill("plan")
    fill("attribution", now=NOW)
    hands.reopen()
    actions.undo(hands.book)
    actions.undo(hands.book)
    hands.reopen()
    assert _without_log(hands, hands.content()) == _without_log(hands, standing)
    hands.sort(tables.LEADS, "priority")
    hands.type(tables.LEADS, 12, "revenue", 7_777.0)
    hands.type(tables.LEADS, 12, "status", label(tables.STATUS, "won"))
    hands.type(tables.LEADS, 12, "closed", dt.datetime(2026, 9, 28))
    fill("refresh", now=NOW)
    assert hands.edits >= 30
    hands.reopen()
    hands.check("at the end")


def _total(hands: Hands) -> list[object]:
    """The label and the sum in the row of totals of the leads."""
    place = hands.place(tables.LEADS)
    assert place.totals == 1
    row = place.height - 1
    return [place.block(row, place.offsets[key], 1, 1).value for key in ("lead_id", "revenue")]


def _shares(hands: Hands) -> list[float]:
    return [float(share) for share in read.read_table(hands.book, tables.PLAN)["share"]]


def _without_log(hands: Hands, content: dict[str, object]) -> dict[str, object]:
    log = hands.place(tables.LOG).sheet.name
    return {name: sheet for name, sheet in content.items() if name != log}


def compare(hands: Hands, folder: Path) -> None:
    """Every number of the workbook with one computed afresh from its inputs."""
    fresh = open_book(make(folder / "fresh.xlsm", read.language(hands.book)))
    for table in tables.TABLES:
        if any(not column.ours for column in table):
            _copy_inputs(hands, fresh, table)
    for cell in named_cells.CELLS:
        if cell not in named_cells.ANSWERS:
            there = read.named_range(hands.book, cell.name)
            if not str(there.formula).startswith("="):
                read.named_range(fresh, cell.name).value = there.value
    actions.refresh(fresh, now=NOW)
    for table in tables.TABLES:
        if table.ours and table.sheet not in ("log", "journal", "learned"):
            _same_numbers(read.read_table(hands.book, table), read.read_table(fresh, table), table)
    _answers_follow(hands)


def _copy_inputs(hands: Hands, fresh: object, table: Table) -> None:
    frame = read.raw_frame(hands.place(table))
    if table is tables.LEADS:
        frame.loc[~frame["rule_grade"].astype(str).str.endswith(MARK), "grade"] = None
    place = read.find_table(fresh, table)  # type: ignore[arg-type]
    corner = (place.top + max(len(frame), 1), place.left + len(place.headers) - 1)
    place.live.resize(place.sheet.range((place.top, place.left), corner))
    for column in table:
        typed = not column.ours and not column.formula
        if len(frame) and (typed or (table is tables.LEADS and column.key == "grade")):
            block = place.block(0, place.offsets[column.key], len(frame), 1)
            block.options(ndim=2).value = [[cell] for cell in frame[column.key]]


def _same_numbers(found: pd.DataFrame, wanted: pd.DataFrame, table: Table) -> None:
    keys = list(table.key)
    columns = [column.key for column in table if column.ours or column.formula]
    filled = [column for column in columns if column not in keys]
    if filled:  # of a row that is gone, only its key stands beside what people wrote there
        found = found[found[filled].notna().any(axis=1)]
    found, wanted = (frame.set_index(keys, drop=False)[columns] for frame in (found, wanted))
    apart = set(found.index) ^ set(wanted.index)
    assert not apart, f"{table.name}: {apart}"
    pd.testing.assert_frame_equal(
        found.loc[wanted.index], wanted, check_dtype=False, rtol=1e-9, obj=table.name
    )


def _answers_follow(hands: Hands) -> None:
    """What the sheets calculate themselves, against the library."""
    goals = read.read_cells(hands.book, named_cells.GOALS)
    shown = {c.name: read.named_range(hands.book, c.name).value for c in named_cells.ANSWERS}
    given = goals["quota"], goals["avg_revenue"]
    leads = funnel.required_leads(*given, goals["conv_rate"])
    assert shown["customers_needed"] == funnel.required_customers(*given)
    assert shown["leads_needed"] == leads
    assert shown["lead_worth"] == pytest.approx(goals["avg_revenue"] * goals["conv_rate"])
    spread = goals["revenue_spread"] or 0.0
    chance = funnel.quota_probability(leads, *given, goals["past_won"], goals["past_leads"], spread)
    assert shown["quota_chance"] == pytest.approx(chance)
    what_if(hands.book)
    plan = read.read_table(hands.book, tables.PLAN)
    np.testing.assert_allclose(plan["quota"], goals["quota"] * plan["share"])
    found = read.read_table(hands.book, tables.SCENARIOS)
    each = found["quota"].to_numpy(), found["avg_revenue"].to_numpy()
    rate = found["conv_rate"].to_numpy()
    won = np.floor(rate * goals["past_leads"] + 0.5)  # as the workbook's ROUND
    assert found["customers"].tolist() == funnel.required_customers(*each).tolist()
    assert found["leads"].tolist() == funnel.required_leads(*each, rate).tolist()
    chances = funnel.quota_probability(leads, *each, won, goals["past_leads"], spread)
    np.testing.assert_allclose(found["chance"].astype(float), chances)


def what_if(book: xw.Book) -> None:
    """The grid of leads needed, against the library: conversion down, revenue across."""
    goals = read.read_cells(book, named_cells.GOALS)
    steps = np.array([0.8, 0.9, 1, 1.1, 1.2])
    revenues, rates = goals["avg_revenue"] * steps, np.minimum(goals["conv_rate"] * steps, 1)
    sheet, corner = read.named_range(book, "quota").sheet, (grid_row() + 2, BLOCK_COLUMN + 1)
    end = corner[0] + len(steps), corner[1] + len(steps)
    shown = np.array(sheet.range(corner, end).value, dtype=object)
    np.testing.assert_allclose(shown[0, 1:].astype(float), revenues)
    np.testing.assert_allclose(shown[1:, 0].astype(float), rates)
    wanted = funnel.required_leads(goals["quota"], revenues[None, :], rates[:, None])
    np.testing.assert_array_equal(shown[1:, 1:].astype(float), wanted)
