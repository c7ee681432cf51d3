"""Workbooks in the date system of old Macs, and sheets with an apostrophe in their name."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from smarketing_xl import actions, sample
from smarketing_xl.book import read
from smarketing_xl.cli.app import make
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables
from tests.hosts.excel.strict import strict_excel

LEADS = (
    "Lead ID,Company,Created,Status,Closed,Revenue,Owner\n"
    "L1,Firm,2026-09-01 08:30,Won,2026-09-20,1000,Ana\n"
    "L2,Other,2026-09-02,New,,,Bo\n"
)


DAYS = 1462  # from the day 0 of one system to that of the other


def new(folder: Path) -> Path:
    """A filled workbook as a Mac of 2008 would have made it: day 0 is 1904-01-01."""
    made = make(folder / "new.xlsm")
    path = folder / "Ana's.xlsm"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as copy:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/") and name.endswith(".xml"):
                text = re.sub(r"'?\b(Leads|Goals)'?!", r"'\1 of Ana''s'!", data.decode())
                if name == "xl/workbook.xml":
                    text = re.sub(' name="(Leads|Goals)', " name=\"\\1 of Ana's", text)
                    text = text.replace("<workbookPr ", '<workbookPr date1904="1" ')
                data = text.encode()
            copy.writestr(name, data)
    with opened(path, "file") as book:
        assert read.find_table(book, tables.PLAN).sheet.name == "Goals of Ana's"
        assert book.impl.document.workbook.date_1904
        fill(book, folder)
    return path


def fill(book: xw.Book, folder: Path) -> None:
    source = folder / "leads.csv"
    source.write_text(LEADS)
    read.named_range(book, "first_month").value = dt.datetime(2026, 1, 1)
    actions.import_file(book, source, "leads")
    for step in (actions.plan, actions.score, actions.sla):
        step(book, now=sample.AS_OF)


def dates(book: xw.Book) -> dict[str, Any]:
    """What the workbook says of days, and what it calculates of them."""
    leads, plan = read.read_table(book, tables.LEADS), read.read_table(book, tables.PLAN)
    log = read.read_table(book, tables.LOG)["when"]
    return {
        "created": leads["created"].tolist(),
        "due": leads["follow_up_due"].astype(str).tolist(),
        "months": plan["month"].tolist(),
        "first": read.named_range(book, "first_month").value,
        "logged now": bool((abs(log - dt.datetime.now()) < dt.timedelta(1)).all()),
    }


@pytest.fixture(scope="module")
def old_mac(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new(tmp_path_factory.mktemp("mac"))


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of a workbook as all others are."""
    folder = tmp_path_factory.mktemp("usual")
    with opened(make(folder / "usual.xlsm"), "file", save=False) as book:
        fill(book, folder)
        return dates(book)


def test_a_file_says_the_same_days(old_mac: Path, wanted: dict[str, Any]) -> None:
    assert wanted["created"] == [dt.datetime(2026, 9, 1, 8, 30), dt.datetime(2026, 9, 2)]
    assert wanted["months"][11] == dt.datetime(2026, 12, 1) and wanted["logged now"]
    with opened(old_mac, "file", save=False) as book:
        assert dates(book) == wanted
        leads = read.find_table(book, tables.LEADS)
        part = leads.sheet.impl.model.entry.part
        place = leads.block(0, leads.offsets["created"], 1, 1).get_address(False, False)
    with zipfile.ZipFile(old_mac) as package:
        cell = re.search(rf'<c r="{place}"[^>]*><v>([^<]*)', package.read(part).decode())
    assert cell and float(cell[1]) == pytest.approx(46266 - DAYS + 8.5 / 24)


def test_the_double_of_excel_says_the_same_days(
    old_mac: Path, wanted: dict[str, Any], tmp_path: Path
) -> None:
    with strict_excel(old_mac) as state:
        assert dates(state.book) == wanted
        fill(state.book, tmp_path)
        assert dates(state.book) == wanted
