"""The pages about formulas, written from the registry: `python -m udfs.docs`."""

from __future__ import annotations

import re
from pathlib import Path

from udfs.functions import FORMULAS

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- formulas: python -m udfs.docs -->", "<!-- end of formulas -->"
WITHIN, END_WITHIN = "<!-- within: python -m udfs.docs -->", "<!-- end of within -->"


def short() -> str:
    """The README's table: each formula and what it answers."""
    rows = [f"| `{formula.example}` | {formula.help} |" for formula in FORMULAS.values()]
    return "\n".join(["| formula | what it answers |", "|---|---|", *rows])


def full() -> str:
    """The page of all formulas with their arguments."""
    parts = ["# Formulas", "Written by `python -m udfs.docs` from the declarations in `udfs/`."]
    for formula in FORMULAS.values():
        arguments = [
            f"- `{each.name}`{' (may be left out)' if each.optional else ''}: {each.help}"
            for each in formula.arguments
        ]
        parts += [f"## {formula.name}", formula.help, f"`{formula.example}`", "\n".join(arguments)]
    return "\n\n".join(parts) + "\n"


def readme(text: str) -> str:
    """The README with its table of formulas as they are now."""
    return re.sub(f"{BEGIN}.*{END}", f"{BEGIN}\n{short()}\n{END}", text, flags=re.DOTALL)


def within() -> str:
    """The table of formulas that a workbook without macros answers by itself."""
    rows = [f"| `{name}` | {'yes' if it.within else 'no'} |" for name, it in FORMULAS.items()]
    return "\n".join(["| formula | in the workbook itself |", "|---|---|", *rows])


def without_macros(text: str) -> str:
    """The page Without macros with its table as it is now."""
    return re.sub(
        f"{WITHIN}.*{END_WITHIN}", f"{WITHIN}\n{within()}\n{END_WITHIN}", text, flags=re.DOTALL
    )


def main() -> None:
    """Write docs/formulas.md, and the formulas' parts of README.md and docs/without_macros.md."""
    (ROOT / "docs" / "formulas.md").write_text(full(), encoding="utf-8")
    page = ROOT / "README.md"
    page.write_text(readme(page.read_text(encoding="utf-8")), encoding="utf-8")
    plain = ROOT / "docs" / "without_macros.md"
    plain.write_text(without_macros(plain.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
