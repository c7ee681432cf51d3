"""Every task of the project, here and in CI: `nox -l` lists them, `nox -s TASK` runs one.

`nox` alone runs what a commit must pass. Tasks run in the environment that nox is called from
(`pip install -e '.[dev]'`); only `lowest` and `pythons` make environments of their own.
"""

from __future__ import annotations

import nox

nox.needs_version = ">=2024.10"
nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "layers", "test"]

OLDEST_AND_NEWEST = ["3.11", "3.13"]
GENERATORS = (
    ("workbook/catalogue.py",),  # the texts and their Spanish
    ("workbook/build.py",),  # both workbooks, the ribbon's pictures
    ("workbook/calc/build.py",),  # the extension of LibreOffice
    ("-m", "udfs.docs"),  # the pages of formulas
    ("workbook/numbers_page.py",),  # the page of every number
)


@nox.session
def lint(session: nox.Session) -> None:
    """Style and formatting."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    session.run("mypy")


@nox.session
def layers(session: nox.Session) -> None:
    """Who may import whom: the contracts in pyproject.toml."""
    session.run("lint-imports")


@nox.session
def test(session: nox.Session) -> None:
    """The tests, or those named: `nox -s test -- tests/sla`."""
    session.run("pytest", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """The tests, and how much of the code they run; fails below the floor in pyproject.toml."""
    session.run("pytest", "--cov", *session.posargs)


@nox.session
def generate(session: nox.Session) -> None:
    """Everything that is built from the code and committed; `-- pictures` photographs too."""
    for generator in GENERATORS:
        session.run("python", *generator)
    if "pictures" in session.posargs:
        session.run("python", "workbook/photographs.py")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation as a site in build/site; a link that leads nowhere is an error."""
    session.run("mkdocs", "build", "--strict", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """The newest version of every dependency, of any system, into constraints.txt; asks PyPI."""
    given = ("pyproject.toml", "--extra", "dev", "--extra", "test", "--universal", "--upgrade")
    shown = ("--python-version", OLDEST_AND_NEWEST[0], "--no-annotate", "--no-header", "-q")
    session.run("uv", "pip", "compile", *given, *shown, "-o", "constraints.txt", *session.posargs)


@nox.session
def audit(session: nox.Session) -> None:
    """Known vulnerabilities of what constraints.txt names; asks PyPI."""
    given = ("-r", "constraints.txt", "--no-deps", "--disable-pip")
    session.run("pip-audit", *given, *session.posargs)


@nox.session(venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """The tests with the lowest versions of the dependencies that pyproject.toml allows."""
    session.install("--resolution", "lowest-direct", "-e", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session(venv_backend="uv", python=OLDEST_AND_NEWEST)
def pythons(session: nox.Session) -> None:
    """The tests on the oldest and the newest Python that is supported."""
    session.install("-e", ".[test]")
    session.run("pytest", *session.posargs)
