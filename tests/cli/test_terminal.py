"""What the terminal shows: numbers as readers write them, a line a fault, no control codes."""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from smarketing_xl.actions import Summary
from smarketing_xl.cli import output
from smarketing_xl.cli.app import app, main
from smarketing_xl.i18n import format_number, speaking

COMMANDS = [
    each.name or each.callback.__name__  # type: ignore[union-attr]
    for each in app.registered_commands
    if not each.hidden
]


@pytest.mark.parametrize(
    ("number", "decimals", "english", "spanish"),
    [
        (1_234_567, 0, "1,234,567", "1.234.567"),
        (1234.5, 2, "1,234.5", "1.234,5"),
        (0.1, 2, "0.1", "0,1"),
        (100.0, 2, "100", "100"),
    ],
)
def test_numbers_are_written_as_their_readers_do(
    number: float, decimals: int, english: str, spanish: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with speaking("en"):
        assert format_number(number, decimals) == english
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    with speaking("es"):
        assert format_number(number, decimals) == spanish


def test_names_from_outside_neither_steer_the_terminal_nor_mark_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = pd.DataFrame(
        {"Channel [b]": ["\x1b]0;owned\x07Ads", "[red]Mail[/red]"], "Leads": [1, 2]}
    )
    output.say(Summary("Filled", 2, ("\x1b[2J[bold]note",), table))
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[red]Mail[/red]" in shown
    assert "[bold]note" in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_with_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"]).output
    examples = [
        line.split("smarketing ")[1] for line in shown.splitlines() if "smarketing " in line
    ]
    assert [line for line in examples if line.startswith(command) and "Usage" not in line]


def test_what_shows_a_table_shows_it_to_other_programs_too() -> None:
    commands = get_command(app).commands.items()  # type: ignore[attr-defined]
    without = {
        name
        for name, command in commands
        if not any("--json" in each.opts for each in command.params)
    }
    assert without == {
        "new", "agreement", "review", "connect", "edition", "calc", "anonymise", "retention"
    }  # fmt: skip


def test_a_table_that_is_piped_is_cut_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    mail = "info.hugo.nadiesco@una-empresa-inventada-con-un-nombre-largo.example"
    output.show(pd.DataFrame({"E-mail": [mail] * 2, "Why": ["a long reason " * 9] * 2}))
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 3
    assert all(mail in line for line in shown[1:])


def test_a_summary_is_told_in_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a Spanish workbook, in a terminal that speaks English."""
    with speaking("es"):
        told = Summary("Leads importados", 2, table=pd.DataFrame({"Nivel": ["A"]}))
    output.say(told)
    assert "Leads importados — 2 filas" in capsys.readouterr().out


def test_numbers_of_a_column_have_the_same_decimals(capsys: pytest.CaptureFixture[str]) -> None:
    table = {"Grade": ["A", "B"], "Score": [95.8, 77.64], "Half": [9.0, 9.5], "Cost": [9, 1325.4]}
    output.show(pd.DataFrame(table).astype({"Cost": float}))
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[1:] == [["A", "95.80", "9.0", "9"], ["B", "77.64", "9.5", "1,325"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["new", "nowhere/w.xlsm"], "nowhere"),
        (["connect", "text.csv"], "it is not an .xlsx or .xlsm workbook"),
        (["new", "w.xls"], "w.xlsm, or w.xlsx"),
        (["demo", "taken.xlsm"], "already exists"),
        (["score", "."], "no workbook"),
        (["plan", "text.xlsm"], "not a workbook"),
        (["import", "text.xlsm", "none.csv"], "text.xlsm"),
    ],
)
def test_what_goes_wrong_is_one_line_on_stderr(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("taken.xlsm", "text.xlsm", "text.csv"):
        (tmp_path / name).write_text("not a workbook")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["smarketing", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr()
    assert ended.value.code == 1
    assert not shown.out
    assert len(shown.err.splitlines()) == 1
    assert said in shown.err
    assert {path.name for path in tmp_path.iterdir()} == {"taken.xlsm", "text.xlsm", "text.csv"}
    assert (tmp_path / "taken.xlsm").read_text() == "not a workbook"


def test_where_it_went_wrong_is_shown_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_path: object) -> None:
        raise LookupError("no\nsuch thing")

    monkeypatch.setattr("smarketing_xl.cli.app.make", broken)
    for words in (["new", "a.xlsm"], ["--debug", "new", "a.xlsm"]):
        monkeypatch.setattr(sys, "argv", ["smarketing", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        line, *rest = capsys.readouterr().err.splitlines()
        assert ended.value.code == 1
        assert line.startswith("Unexpected error: LookupError: no such thing. Please report it")
        assert bool(rest) == ("--debug" in words) and (not rest or "in broken" in "".join(rest))


def test_a_second_demo_leaves_the_first_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Smarketing-demo.xlsm").write_text("somebody's")
    assert CliRunner().invoke(app, ["demo", "--lang", "es"]).exit_code == 0
    assert (tmp_path / "Smarketing-demo.xlsm").read_text() == "somebody's"
    assert (tmp_path / "Smarketing-demo-2.xlsm").stat().st_size > 100_000


@pytest.mark.parametrize("letters", ["cp1252", "cp850", "ascii"])
def test_signs_that_the_terminal_lacks_are_written_otherwise(
    letters: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=letters)
    monkeypatch.setattr(sys, "stdout", stream)
    output.write_plainly()
    stream.write("✓ Ana — 5 → 6 ✎")
    stream.flush()
    dash = "—" if letters == "cp1252" else "-"
    assert stream.buffer.getvalue().decode(letters) == f"+ Ana {dash} 5 > 6 ?"  # type: ignore[attr-defined]


def test_how_long_a_large_workbook_takes_is_said_before_it_begins(
    demo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = CliRunner().invoke(app, ["check", str(demo_file)])
    assert "MB of cells" not in small.output
    monkeypatch.setattr(output, "_LARGE", 1)
    large = CliRunner().invoke(app, ["check", str(demo_file)])
    assert re.search(r"holds \d+ MB of cells: this will take about \d+ s", large.stderr)
    assert "MB of cells" not in large.stdout  # what another program reads


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsm")
    answer = CliRunner().invoke(app, ["check", str(tmp_path / "pipe.xlsm")])
    assert answer.exit_code
