"""Every package that Smarketing XL asks for may stand under a program of the MIT licence."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NOTICES = (Path(__file__).parents[1] / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
PERMISSIVE = re.compile(
    r"\b(MIT|MIT-CMU|BSD|[0-3]-?BSD|BSD-[23]-Clause|0BSD|Apache|Apache-2\.0|ISC|ISCL|PSF-2\.0|Zlib|CC0-1\.0)\b",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"\b(A?GPL|LGPL|SSPL|EUPL|proprietary|commercial)\b|GNU", re.IGNORECASE)


def asked_for() -> list[str]:
    """The packages of `pip install .`, and those that they ask for in turn, as installed here."""
    todo, known = ["smarketing-xl"], set()
    while todo:
        name = canonicalize_name(todo.pop())
        if name in known:
            continue
        known.add(name)
        for line in metadata.requires(name) or ():
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                todo.append(wanted.name)
    return sorted(known - {"smarketing-xl"})


def directly_asked_for() -> list[str]:
    wanted = map(Requirement, metadata.requires("smarketing-xl") or ())
    return sorted(it.name for it in wanted if "extra" not in str(it.marker))


def licence(name: str) -> str:
    """What a package says of its own licence."""
    about = metadata.metadata(name)
    classifiers = about.get_all("Classifier") or []
    short = (about.get("License") or "").splitlines()[:1]
    declared = [about.get("License-Expression") or "", *short]
    return " ".join([*declared, *(it for it in classifiers if it.startswith("License"))])


@pytest.mark.parametrize("name", asked_for())
def test_licence_of_what_is_installed_allows_mit(name: str) -> None:
    assert PERMISSIVE.search(licence(name)), licence(name)
    assert not COPYLEFT.search(licence(name)), licence(name)


@pytest.mark.parametrize("name", directly_asked_for())
def test_every_dependency_stands_in_the_notices(name: str) -> None:
    assert re.search(rf"\b{re.escape(name)}\b", NOTICES)


def test_the_notices_repeat_the_terms_of_the_module_that_the_workbook_carries() -> None:
    from smarketing_xl.setup.xlwings_module import module_text

    head = [line.lstrip("'* ") for line in module_text().splitlines()[4:32]]
    words = " ".join(" ".join(head).split())
    assert words.startswith("xlwings is distributed under a BSD 3-clause license.")
    assert words in " ".join(re.sub(r"^> ?\*? *", "", NOTICES, flags=re.MULTILINE).split())
