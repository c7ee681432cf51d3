"""LibreOffice's Python and ours: what one may send the other, and what ours is looked for in."""

from __future__ import annotations

import importlib.util
import io
import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from smarketing_xl.setup import calc as setup

WIRE = Path(__file__).parents[2] / "workbook/calc/extension/pythonpath/smarketing_calc/wire.py"


@pytest.fixture(scope="module")
def wire() -> ModuleType:
    spec = importlib.util.spec_from_file_location("smarketing_wire", WIRE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Runs:
    """Unpickled, it runs a command."""

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("true",)


@pytest.mark.parametrize(
    "sent",
    [
        pickle.dumps(("ask", (Runs(),))),
        pickle.dumps(eval),
        pickle.dumps(getattr),
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"cbuiltins\nint.from_bytes\n.",
    ],
)
def test_what_is_received_names_no_code(wire: ModuleType, sent: bytes) -> None:
    link = wire.Link(io.BytesIO(sent), io.BytesIO(), print)
    with pytest.raises(pickle.UnpicklingError, match="is not sent"):
        link._receive()


def test_values_and_what_stays_elsewhere_are_received(wire: ModuleType) -> None:
    sink, kept = io.BytesIO(), object()
    wire.Link(io.BytesIO(), sink, print)._send("answer", (1.5, "ñ", None, [True], kept))
    kind, content = wire.Link(io.BytesIO(sink.getvalue()), sink, print)._receive()
    assert (kind, content[:4]) == ("answer", (1.5, "ñ", None, [True]))
    assert isinstance(content[4], wire.Remote)


@pytest.mark.parametrize("how", ["-m", "-c", "PYTHONPATH"])
def test_the_folder_in_which_it_is_typed_is_no_place_of_packages(tmp_path: Path, how: str) -> None:
    """A file named numpy.py in a folder of downloads must not become LibreOffice's NumPy."""
    asked = "import json; from smarketing_xl.setup.calc import where; print(json.dumps(where()))"
    (tmp_path / "asking.py").write_text(asked)
    done = subprocess.run(
        [sys.executable, *(["-m", "asking"] if how == "-m" else ["-c", asked])],
        cwd=tmp_path,
        env=os.environ | ({"PYTHONPATH": f".{os.pathsep}"} if how == "PYTHONPATH" else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(tmp_path) not in done.stdout
    assert str(Path(setup.__file__).parents[2]) in done.stdout
