"""The doors stand on each other one way: no module of udfs/ needs one that needs it."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from udfs.functions import FORMULAS

UDFS = Path(__file__).parents[2] / "udfs"


def needs(path: Path) -> set[str]:
    """The modules of udfs/ that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("udfs"):
            found |= {node.module or "", *(f"{node.module}.{it.name}" for it in node.names)}
        elif isinstance(node, ast.Import):
            found |= {it.name for it in node.names if it.name.startswith("udfs")}
    return found


def test_imports_go_one_way() -> None:
    files = {
        ".".join(path.relative_to(UDFS.parent).with_suffix("").parts): path
        for path in UDFS.rglob("*.py")
        if path.stem != "__init__"
    }
    graph = {name: needs(path) & files.keys() for name, path in files.items()}
    order = list(TopologicalSorter(graph).static_order())
    assert order.index("udfs.registry") < order.index("udfs.formulas.goals")
    assert order.index("udfs.formulas.goals") < order.index("udfs.functions")


def test_formulas_come_in_the_order_of_the_steps() -> None:
    steps = [formula.step for formula in FORMULAS.values()]
    assert list(dict.fromkeys(steps)) == ["Personas", "Goals", "SLA", "Attribution"]
