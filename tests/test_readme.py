"""The README cannot rot: its commands are the ones CI and people run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smarketing_xl.cli import app
from smarketing_xl.schema.tables import TABLES
from udfs import docs
from workbook import numbers_page

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```sh\n(.+?)\n```", README)


def test_ci_calls_the_test_command_that_the_readme_gives() -> None:
    run, test = COMMANDS[:2]
    assert run == "pip install . && smarketing demo"
    assert test in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`smarketing ([a-z]+)", README))))
def test_every_command_named_in_the_readme_explains_itself(name: str) -> None:
    shown = CliRunner().invoke(app.app, [name, "--help"])
    assert shown.exit_code == 0
    assert len(shown.output) > 100


@pytest.mark.parametrize("target", re.findall(r"\]\(((?!https?:)[^)#]+)\)", README))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_the_pages_about_formulas_are_what_the_registry_says() -> None:
    assert docs.readme(README) == README
    page = (ROOT / "docs" / "without_macros.md").read_text(encoding="utf-8")
    assert docs.without_macros(page) == page
    assert (ROOT / "docs" / "formulas.md").read_text(encoding="utf-8") == docs.full()


def test_every_table_that_is_filled_says_what_it_assumes_and_when_not_to_use_it() -> None:
    filled = {table.name for table in TABLES if table.ours}
    assert filled - numbers_page.BOOKKEEPING <= set(numbers_page.LIMITS) <= filled
    assert numbers_page.PAGE.read_text(encoding="utf-8") == numbers_page.page()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/developers.md"])
def test_files_and_folders_that_pages_name_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\.?\w+/)+[\w.]*)`", text)) - {"build/site"}
    rooms = (ROOT, ROOT / "smarketing_xl")  # the README names folders of the product without it
    assert [it for it in sorted(named) if not any((room / it).exists() for room in rooms)] == []


def test_ci_and_contributors_run_tasks_that_there_are() -> None:
    declared = set(re.findall(r"^def (\w+)\(session", (ROOT / "noxfile.py").read_text(), re.M))
    tasks = (ROOT / ".ci" / "run").read_text() + (ROOT / "CONTRIBUTING.md").read_text()
    called = {task for line in re.findall(r"nox -s ([a-z ]+)", tasks) for task in line.split()}
    assert called <= declared
    assert called >= declared
