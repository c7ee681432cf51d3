"""The README cannot rot: its commands are the ones CI and people run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smarketing_xl.cli import app
from udfs import docs

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
    assert (ROOT / "docs" / "formulas.md").read_text(encoding="utf-8") == docs.full()
