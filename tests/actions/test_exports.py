"""Exports from a workbook: written once, never over the workbook, and said in its language."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from smarketing_xl import actions
from smarketing_xl.cli import app
from smarketing_xl.errors import WorkbookError
from smarketing_xl.hosts import opened


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook in Spanish with two leads, one of which is not to be contacted."""
    leads = tmp_path / "leads.csv"
    leads.write_text("ID de lead,Nombre,Responsable,No contactar\n1,Ana,Eva,\n2,Bo,Leo,Sí\n")
    made = app.make(tmp_path / "Ventas.xlsm", "es")
    with opened(made, "file") as live:
        actions.import_file(live, leads, "leads")
    return made


def test_an_export_counts_who_stays_and_changes_no_workbook(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    target = tmp_path / "HubSpot.csv"
    command = ["export", str(book), str(target), "--for", "hubspot", "--host", "file"]
    done = CliRunner().invoke(app.app, command)
    assert done.exit_code == 0, done.output
    header, *rows = target.read_text("utf-8-sig").splitlines()
    assert header.startswith("Record ID,Contact owner,Smarketing Fit Score,")
    assert [row.split(",")[:2] for row in rows] == [["1", "Eva"]]
    assert "Excluidos: 1 (sin consentimiento, o no contactar)" in done.output
    with opened(book, "file", save=False) as live:
        with pytest.raises(WorkbookError, match="ya existe"):
            actions.export_leads(live, target, "zoho", replace=False)
        with pytest.raises(WorkbookError):
            actions.export_leads(live, book, "zoho")
    assert book.read_bytes() == before
