"""The built workbook of each language, which new ones are made from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from smarketing_xl.i18n import Language


def template_path(language: Language) -> Path:
    """Where the workbook of a language lies: in the package, or beside it in a checkout."""
    name = "Smarketing.xlsm" if language == "en" else f"Smarketing.{language}.xlsm"
    shipped = Path(str(files("smarketing_xl") / "templates" / name))
    return shipped if shipped.exists() else Path(__file__).parents[2] / "workbook" / name
