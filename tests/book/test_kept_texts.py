"""Texts that a workbook keeps inside: long ones, several, past fills, undo and a cloud."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smarketing_xl import actions
from smarketing_xl.book.kept_texts import keep_text, kept_text
from smarketing_xl.cli.app import make
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.hosts import opened

LONG = "=1+1\n" * 20_000


def test_texts_outlive_saving_fills_and_undo(tmp_path: Path) -> None:
    path = make(tmp_path / "book.xlsm", "en")
    with opened(path, "file") as book:
        assert kept_text(book, "mapping: leads") is None
        keep_text(book, "mapping: leads", LONG)
        keep_text(book, "mapping: spend", "short")
        keep_text(book, "empty", "")
        with pytest.raises(NotEnoughData, match="no update to undo"):
            actions.undo(book)
    source = tmp_path / "leads.csv"
    source.write_text("Lead ID,Company\nL1,Acme\n", encoding="utf-8")
    moved = shutil.move(path, tmp_path / "moved.xlsm")
    for _number in range(2):
        with opened(Path(moved), "file") as book:
            actions.import_file(book, source, "leads")
            actions.undo(book)
    with opened(Path(moved), "file") as book:
        assert kept_text(book, "mapping: leads") == LONG
        keep_text(book, "mapping: leads", "other")
        assert kept_text(book, "mapping: leads") == "other"
        assert kept_text(book, "mapping: spend") == "short"
        assert kept_text(book, "empty") == ""
