"""Every action on a workbook people live in: only what it fills changes, all else keeps its bytes.

The workbook is the demo with a column of notes on Leads, filtered and sorted, with rows hidden.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from typer.testing import CliRunner

from smarketing_xl import actions, sample
from smarketing_xl.book import read
from smarketing_xl.cli.app import app
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables

Parts = dict[str, bytes]
LATER = sample.AS_OF + dt.timedelta(days=3)
ALWAYS = {"Home", "Log", "Journal"}  # the line in the log, what undo needs, what Home counts
MEASURED = "Goals"  # whose formulas follow what was measured
STYLES = "xl/styles.xml"  # a text that could be taken for a formula is marked as text
ACTIONS: dict[str, tuple[Callable[[xw.Book], Any], set[str]]] = {
    "plan": (actions.plan, {"Goals", "Forecast", "Outcomes", "Review"}),
    "duplicates": (actions.find_duplicates, {"Leads"}),
    "score": (partial(actions.score, now=LATER), {"Leads", "Suggestions", "Review", STYLES}),
    "sla": (partial(actions.sla, now=LATER), {"Leads", "SLA", "Review", "Outcomes", MEASURED}),
    "attribution": (
        partial(actions.attribution, now=LATER),
        {"Attribution", "Review", "Outcomes", MEASURED},
    ),
    "learn": (partial(actions.learn, now=LATER), {"Suggestions", "Review"}),
    "import": (
        lambda book: actions.import_file(book, _export(book), "leads"),
        {"Leads", "Review", "Outcomes", MEASURED},
    ),
    "undo": (actions.undo, {"Attribution", "Suggestions", "Review"}),
}


def _export(book: xw.Book) -> Path:
    """One lead that the workbook knows, one that it does not."""
    path = Path(book.fullname).with_name("export.csv")
    path.write_text("Lead ID,Revenue\nL-00001,12345\nL-99999,5\n")
    return path


FILTER = (
    '<filterColumn colId="{status}"><filters><filter val="Won"/></filters></filterColumn>'
    "</autoFilter>"
    '<sortState ref="A6:B2005"><sortCondition descending="1" ref="B6:B2005"/></sortState>'
)


def parts(path: Path) -> Parts:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def sheets(found: Parts) -> dict[str, str]:
    """The title of every sheet by its part."""
    titles = re.findall(r'<sheet name="([^"]+)"[^>]*?r:id="(\w+)"', text(found, "xl/workbook.xml"))
    targets = {}
    for link in re.findall(r"<Relationship .*?/>", text(found, "xl/_rels/workbook.xml.rels")):
        targets[re.findall(r'Id="(\w+)"', link)[0]] = re.findall(r'Target="([^"]+)"', link)[0]
    return {f"xl/{targets[key]}": title for title, key in titles}


def text(found: Parts, name: str) -> str:
    return found[name].decode()


def notes(path: Path) -> dict[str, str]:
    """What people wrote beside each lead."""
    with opened(path, "file", save=False) as book:
        leads = read.read_table(book, tables.LEADS)
    return dict(zip(leads["lead_id"], leads["My note"], strict=True))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("lived") / "demo.xlsm"
    answer = CliRunner().invoke(app, ["demo", str(path)])
    assert answer.exit_code == 0, answer.output
    with opened(path, "file") as book:
        place = read.find_table(book, tables.LEADS)
        beside, rows = place.left + len(place.headers), place.height - 1
        place.sheet.range((place.top, beside)).value = "My note"
        place.live.resize(place.sheet.range((place.top, place.left), (place.top + rows, beside)))
        written = [[f"note {row}"] for row in range(rows)]
        place.sheet.range((place.top + 1, beside), (place.top + rows, beside)).value = written
    _filter(path)
    return path


def _filter(path: Path) -> None:
    """As Excel saves a table whose rows are sorted by date and filtered by status."""
    found = parts(path)
    leads = next(part for part, title in sheets(found).items() if title == "Leads")
    table = next(part for part in found if b' displayName="Leads"' in found[part])
    status = tables.LEADS.keys.index("status")
    declared, n = re.subn(
        r"(<autoFilter [^>]*?)/>", r"\1>" + FILTER.format(status=status), text(found, table)
    )
    assert n == 1
    found[table] = declared.encode()
    rows, n = re.subn(r'<row r="(7|9|12)"', r'<row r="\1" hidden="1"', text(found, leads))
    assert n == 3
    found[leads] = rows.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in found.items():
            file.writestr(name, content)


@pytest.fixture
def lived(demo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(demo, tmp_path / "lived.xlsm"))


def frame(sheet: str) -> str:
    """A sheet without its cells and the ranges that grow with a table."""
    around = sheet[: sheet.index("<sheetData")] + sheet[sheet.index("</sheetData>") :]
    around = re.sub(r'<dimension [^>]*>|sqref="[^"]*"|<xm:(sqref|f)>[^<]*', "", around)
    return re.sub(r"(\$?[A-Z]{1,3}\$?\d+:\$?[A-Z]{1,3}\$?)\d+", r"\1", around)


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_changes_only_what_it_fills(lived: Path, name: str) -> None:
    act, filled = ACTIONS[name]
    before, written = parts(lived), notes(lived)
    with opened(lived, "file") as book:
        act(book)
    after = parts(lived)
    assert list(after) == list(before)
    changed = {part for part in after if after[part] != before[part]}
    titles = sheets(after)
    mine = {part for part in changed if not part.startswith("xl/tables/")}
    assert {titles.get(part, part) for part in mine} <= filled | ALWAYS
    for part in changed & titles.keys():
        assert frame(text(after, part)) == frame(text(before, part)), titles[part]
    assert written.items() <= notes(lived).items()
    leads = next(part for part, title in titles.items() if title == "Leads")
    for part in (leads, *(part for part in after if b' displayName="Leads"' in after[part])):
        for kept in (
            r"<filterColumn.*?</filterColumn>",
            "<sortState",
            "<sortCondition descending=.1. ",
            'hidden="1"',
        ):
            assert re.findall(kept, text(after, part)) == re.findall(kept, text(before, part))


def test_scores_and_the_agreement_rank_the_leads_alike(lived: Path) -> None:
    ranks = []
    with opened(lived, "file", save=False) as book:
        for act in (actions.score, actions.sla, actions.score):
            act(book, now=LATER)
            ranks.append(read.read_table(book, tables.LEADS).set_index("lead_id")["priority"])
    assert ranks[1].equals(ranks[2])


def test_scores_follow_the_leads_when_rows_are_sorted_and_inserted(lived: Path) -> None:
    with opened(lived, "file") as book:
        before = read.read_table(book, tables.LEADS).set_index("lead_id")
        place = read.find_table(book, tables.LEADS)
        rows = place.live.data_body_range.options(ndim=2).value
        blank = [None] * len(rows[0])
        turned = [*rows[:1:-1], blank, *rows[1::-1]]
        area = place.sheet.range(
            (place.top, place.left), (place.top + len(turned), place.left + len(blank) - 1)
        )
        place.live.resize(area)
        area[1:, :].options(ndim=2).value = turned
    with opened(lived, "file") as book:
        actions.score(book, now=sample.AS_OF)
    with opened(lived, "file", save=False) as book:
        after = read.read_table(book, tables.LEADS).set_index("lead_id")
    assert list(after.index) == list(before.index[:1:-1]) + list(before.index[1::-1])
    same = ["score", "grade", "why", "My note", "company"]
    assert after.loc[before.index, same].equals(before[same])
