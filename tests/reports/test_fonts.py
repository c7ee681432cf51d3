"""Names of every alphabet on paper."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from smarketing_xl.reports import fonts, pdf
from smarketing_xl.reports.document import Chart, Document, Section

NAMES = "Łukasz Żółć, Димитър, Ελένη, Ana"
PAGE = Document(
    "Review of Łódź",
    "Ωmega",
    (
        Section(
            "Who",
            (NAMES,),
            ("Name", "Leads"),
            (("Łukasz <b>", "3"), ("Ana", "4")),
            chart=Chart("bars", ("Żółć", "Ana"), {"Łukasz": (1.0, 2.0)}),
        ),
    ),
)


def test_letters_of_other_alphabets_are_drawn(tmp_path: Path) -> None:
    if not fonts._fonts():
        pytest.skip("this computer has none of the fonts")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf.render(PAGE))
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    shown = re.sub(r"\s+", " ", text.stdout)
    for name in (*NAMES.split(", "), "Łódź", "Ωmega", "Łukasz <b>"):
        assert name in shown
    fonts_of = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True)
    ours = [line.split()[0] for line in fonts_of.stdout.splitlines() if "TrueType" in line]
    assert ours
    assert all(re.match(r"[A-Z]{6}\+", name) for name in ours)  # only the letters used


def test_without_a_font_the_nearest_letter_stands_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_fonts", lambda: ())
    assert fonts.marked_up("Dvořák & Ωmega") == "Dvorák &amp; ?mega"
    assert fonts.drawable("Dvořák") == ("Dvorák", "Helvetica")
