"""The command line as a user types it, on the file host."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from smarketing_xl import actions, sample
from smarketing_xl.book import read
from smarketing_xl.hosts import opened
from smarketing_xl.schema import tables


def smarketing(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from smarketing_xl.cli.app import main; main()",
        *map(str, words),
    ]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


@pytest.fixture
def filled(demo_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(demo_file, tmp_path / "filled.xlsm"))


def table(path: Path, which: object) -> pd.DataFrame:
    with opened(path, "file") as book:
        return read.read_table(book, which)  # type: ignore[arg-type]


def test_the_demo_fills_every_sheet(filled: Path) -> None:
    leads = table(filled, tables.LEADS)
    assert len(leads) >= 1_900
    assert leads["grade"].notna().all()
    assert leads["why"].notna().all()
    assert leads["sla_status"].notna().mean() > 0.5
    won = leads.assign(won=leads["status"] == "won").groupby("grade")["won"].mean()
    assert won["A"] > won["D"]
    for which in (tables.SLA_MARKETING, tables.SLA_SALES, tables.ATTRIBUTION, tables.CAMPAIGNS):
        assert len(table(filled, which)) > 1
    assert table(filled, tables.PLAN)["leads_due"].sum() > 0


def test_credits_add_up_to_the_customers_won(filled: Path) -> None:
    channels = table(filled, tables.ATTRIBUTION)
    totals = channels[["first", "last", "linear", "time_decay", "position", "markov"]].sum()
    assert totals.max() - totals.min() < 1e-6
    assert totals["first"] > 200


def test_updating_twice_changes_nothing_but_the_log(filled: Path) -> None:
    kept = [which for which in tables.TABLES if which.name not in ("Log", "Journal")]

    def all_tables() -> list[pd.DataFrame]:
        with opened(filled, "file") as book:
            return [read.read_table(book, which) for which in kept]

    first = all_tables()
    done = smarketing(
        "update", filled, "--host", "file", "--as-of", "2026-10-15T10:00:00", cwd=filled.parent
    )
    assert done.returncode == 0, done.stderr
    for before, after in zip(first, all_tables(), strict=True):
        pd.testing.assert_frame_equal(after, before)


@pytest.mark.parametrize(
    ("lang", "missed", "nobody"),
    [
        ("en", "Not updated: Attribution", "No customer has a touch inside the look-back window"),
        (
            "es",
            "Sin actualizar: Atribución",
            "Ningún cliente tiene interacciones dentro de la ventana de análisis",
        ),
    ],
)
def test_update_does_what_it_can_and_names_the_rest(
    lang: str, missed: str, nobody: str, tmp_path: Path
) -> None:
    path = tmp_path / "w.xlsm"
    smarketing("new", path, "--lang", lang, "--example", "agency", cwd=tmp_path)
    (tmp_path / "leads.csv").write_text("Lead ID,Name,Created,Status\nL1,Ana,2026-04-25,New\n")
    smarketing("import", path, "leads.csv", "--yes", cwd=tmp_path)
    done = smarketing("update", path, cwd=tmp_path)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(missed) and nobody in line  # the one lead is no customer yet
    leads = table(path, tables.LEADS)
    assert leads["score"].notna().all() and leads["sla_status"].notna().all()
    assert table(path, tables.PLAN)["leads_due"].notna().any()
    assert len(table(path, tables.LOG)) == 5  # the import, and all steps but one


def test_a_missing_workbook_is_one_clear_line(tmp_path: Path) -> None:
    done = smarketing("score", "none.xlsm", cwd=tmp_path)
    assert done.returncode == 1
    assert "none.xlsm" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_empty_workbook_says_what_to_do(tmp_path: Path) -> None:
    assert smarketing("new", "w.xlsm", cwd=tmp_path).returncode == 0
    before = (tmp_path / "w.xlsm").read_bytes()
    done = smarketing("score", "w.xlsm", cwd=tmp_path)
    assert done.returncode == 1
    assert "The table Personas is empty" in done.stderr
    assert (tmp_path / "w.xlsm").read_bytes() == before


def test_new_never_overwrites(filled: Path) -> None:
    done = smarketing("new", filled, cwd=filled.parent)
    assert done.returncode == 1
    assert "already exists" in done.stderr


def test_a_dry_run_changes_nothing(filled: Path, tmp_path: Path) -> None:
    data = tmp_path / "more.csv"
    data.write_text("Lead ID,Company\nX1,Acme\n")
    before = filled.read_bytes()
    done = smarketing("import", filled, data, "--as", "leads", "--dry-run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 added" in done.stdout
    assert filled.read_bytes() == before


def test_undo_on_the_command_line_takes_back_one_fill_at_a_time(filled: Path) -> None:
    for last in (tables.PROPOSAL, tables.ATTRIBUTION):
        assert not table(filled, last).empty
        done = smarketing("undo", filled, cwd=filled.parent)
        assert done.returncode == 0, done.stderr
        assert table(filled, last).empty


def test_attribution_from_touches_outside_the_workbook(filled: Path) -> None:
    import duckdb

    touches = table(filled, tables.INTERACTIONS)
    duckdb.from_df(touches).write_parquet(str(filled.parent / "touches.parquet"))
    sheets = []
    for source in ([], ["--from", "parquet:touches.parquet"]):
        done = smarketing(
            "attribution", filled, "--as-of", "2026-09-30", *source, cwd=filled.parent
        )
        assert done.returncode == 0, done.stderr
        sheets.append(table(filled, tables.ATTRIBUTION))
    drawn = ["low", "high"]  # from the same journeys in another order
    here, there = (sheet.drop(columns=drawn) for sheet in sheets)
    pd.testing.assert_frame_equal(here, there, rtol=1e-6)
    pd.testing.assert_frame_equal(sheets[0][drawn], sheets[1][drawn], rtol=0.1)


def test_the_page_about_large_data_says_what_the_sheets_say(filled: Path) -> None:
    import duckdb

    page = (Path(__file__).parents[2] / "docs" / "large.md").read_text(encoding="utf-8")
    commands = re.search(r"```sh\n(.+?)\n```", page, re.S)[1].splitlines()  # type: ignore[index]
    home = filled.parent
    filled.rename(home / "Sales.xlsm")
    sheets = {
        name: table(home / "Sales.xlsm", which)
        for name, which in (
            ("leads", tables.LEADS),
            ("interactions", tables.INTERACTIONS),
            ("customers", tables.CUSTOMERS),
            ("attribution", tables.ATTRIBUTION),
        )
    }
    for name in ("leads", "interactions", "customers"):
        duckdb.from_df(sheets[name]).write_parquet(str(home / f"{name}.parquet"))
    for command in commands:
        __, *words = command.split()
        day = [] if "duplicates" in words else ["--as-of", sample.AS_OF.isoformat()]
        done = smarketing(*words, *day, cwd=home)
        assert done.returncode == 0, done.stderr
    leads = sheets["leads"].set_index("lead_id")
    made = {
        "scores.parquet": ["persona", "score", "grade", "qualified"],
        "due.parquet": ["follow_up_due", "sla_status", "priority"],
    }
    for name, columns in made.items():
        answers = duckdb.read_parquet(str(home / name)).df().set_index("lead_id")
        same = {"check_dtype": False, "rtol": 1e-9}
        pd.testing.assert_frame_equal(answers[columns], leads[columns], **same)  # type: ignore[arg-type]
    with duckdb.connect(str(home / "crm.duckdb"), read_only=True) as database:
        twice = dict(database.execute("FROM twice WHERE duplicate_of IS NOT NULL").fetchall())
    assert twice == leads["duplicate_of"].dropna().to_dict()
    after = table(home / "Sales.xlsm", tables.ATTRIBUTION).drop(columns=["low", "high"])
    before = sheets["attribution"].drop(columns=["low", "high"])
    pd.testing.assert_frame_equal(after, before, rtol=1e-6)
    again = smarketing(*commands[0].split()[1:], cwd=home)
    assert again.returncode == 1 and "--force" in again.stderr


def test_attribution_from_a_source_that_is_none(filled: Path) -> None:
    before = filled.read_bytes()
    done = smarketing("attribution", filled, "--from", "parquet:nowhere", cwd=filled.parent)
    assert done.returncode == 1
    assert "no such file or folder" in done.stderr
    assert filled.read_bytes() == before


def test_a_month_is_reviewed_on_paper(filled: Path, tmp_path: Path) -> None:
    paper = tmp_path / "review.pdf"
    done = smarketing("review", filled, paper, "--month", "2031-01", cwd=tmp_path)
    assert done.returncode == 1
    assert "January 2031 has not begun" in done.stderr
    assert not paper.exists()
    done = smarketing("review", filled, paper, "--month", "2026-09", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert paper.read_bytes().startswith(b"%PDF")
    assert "In September 2026 marketing delivered" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
@pytest.mark.parametrize(
    ("command", "stopped"),
    [
        ("plan", "actions.plan"),
        ("attribution", "attribution.resampling._ranks"),
        ("import", "imports._changes"),
    ],
)
def test_a_command_that_is_stopped_says_so_and_leaves_the_workbook(
    filled: Path, tmp_path_factory: pytest.TempPathFactory, command: str, stopped: str
) -> None:
    before = filled.read_bytes()
    stop = (
        "import os, signal, smarketing_xl.attribution.resampling; "
        "from smarketing_xl import actions, attribution; from smarketing_xl.cli import app; "
        "from smarketing_xl.actions import imports; "
        f"{stopped} = lambda *_given: os.kill(os.getpid(), signal.SIGINT); app.main()"
    )
    words = [sys.executable, "-c", stop, command, str(filled), "--host", "file"]
    if command == "import":
        export = tmp_path_factory.mktemp("export") / "leads.csv"
        export.write_text("Lead ID,Name\nNEW-1,Ana\n")
        words[4:] = [str(filled), str(export), "--yes", "--host", "file"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 130
    assert done.stderr.strip() == "Stopped; the workbook is as it was."
    assert filled.read_bytes() == before
    assert [path.name for path in filled.parent.iterdir()] == [filled.name]


def test_the_list_of_the_day_is_said_written_and_quiet_where_nobody_is_due(
    filled: Path, tmp_path: Path
) -> None:
    before = filled.read_bytes()
    at = ("--as-of", "2026-10-15T10:00:00")
    said = smarketing("today", filled, "--owner", "eva", *at, cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("Eva Ejemplo, 2026-10-15: ")
    late = table(filled, tables.SLA_LATE)
    late = late[late["owner"] == "Eva Ejemplo"]["lead_id"]
    assert all(f"({lead})" in said.stdout for lead in late)
    done = smarketing("today", filled, *at, "--ics", "--out", "Calls.ics", cwd=tmp_path)
    assert done.returncode == 0 and not done.stdout
    assert (tmp_path / "Calls.ics").read_bytes().endswith(b"END:VCALENDAR\r\n")
    quiet = smarketing("today", filled, "--as-of", "2019-01-01", cwd=tmp_path)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (3, "", "")
    assert filled.read_bytes() == before


def test_what_was_done_and_can_be_undone_is_listed(filled: Path) -> None:
    before = filled.read_bytes()
    done = smarketing("undo", filled, "--list", "--json", cwd=filled.parent)
    (told,) = json.loads(done.stdout)
    listed = [line["What was done"] for line in told["table"]]
    assert told["rows"] == len(listed) == 10
    assert listed[0] == "Persona learned"
    done = smarketing("log", filled, "--last", "2", "--json", cwd=filled.parent)
    (told,) = json.loads(done.stdout)
    assert [line["What was done"] for line in told["table"]][-1] == listed[0]
    assert filled.read_bytes() == before


def test_a_year_moved_to_july_by_a_tool_is_planned_so(filled: Path, tmp_path: Path) -> None:
    """The tool keeps the values that formulas had, as if nothing had changed."""
    with opened(filled, "file", save=False) as book:
        cell = read.named_range(book, "first_month")
        place, sheet = f'"{cell.get_address(False, False)}"', list(book.sheets).index(cell.sheet)
    moved = tmp_path / "july.xlsm"
    with zipfile.ZipFile(filled) as old, zipfile.ZipFile(moved, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == f"xl/worksheets/sheet{sheet + 1}.xml":
                given = f"(<c r={place}[^>]*><v>)[^<]*".encode()
                content, changed = re.subn(given, rb"\g<1>46204", content)
                assert changed == 1
            new.writestr(part, content)
    with opened(moved, "file") as book:
        actions.plan(book)
    months = table(moved, tables.PLAN)["month"]
    assert months.iloc[[0, -1]].tolist() == [pd.Timestamp(2026, 7, 1), pd.Timestamp(2027, 6, 1)]
