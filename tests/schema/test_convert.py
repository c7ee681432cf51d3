"""Cells to typed columns and back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd

from smarketing_xl.schema.convert import as_text, cells, known_by, same, typed
from smarketing_xl.schema.tables import LEADS


def column(*values: object) -> pd.Series:
    return pd.Series(list(values), dtype=object)


def test_numbers_of_every_host_are_numbers_and_truth_is_none() -> None:
    read, bad = typed(column(5, 5.5, Decimal("1234.50"), True, "soon", None), LEADS["employees"])
    assert read.tolist()[:3] == [5, 5.5, 1234.5]
    assert bad.tolist() == [False, False, False, True, True, False]


def test_dates_are_dates_and_text_is_none() -> None:
    moment = dt.datetime(2026, 3, 25, 10, 30, 0, 400_000)
    read, bad = typed(column(moment, dt.date(2026, 3, 1), "2026-03-01", 46106.4), LEADS["created"])
    assert read[0] == dt.datetime(2026, 3, 25, 10, 30)
    assert bad.tolist() == [False, False, True, True]


def test_labels_of_both_languages_are_one_entry_and_come_back_in_one() -> None:
    read, bad = typed(column("Won", " GANADO ", "nonsense"), LEADS["status"])
    assert read.tolist()[:2] == ["won", "won"]
    assert bad.tolist() == [False, False, True]
    assert cells(read[:1], LEADS["status"], "es").tolist() == ["Ganado"]


def test_a_key_is_the_same_whether_1_came_back_as_a_float() -> None:
    assert known_by(np.array([1, "a"], object)) == known_by(np.array([1.0, "a"], object))
    assert as_text(dt.datetime(2026, 3, 1)) == "2026-03-01"


def test_blanks_are_one_and_seconds_are_enough() -> None:
    moment = dt.datetime(2026, 3, 1, 9)
    before = np.array([None, "", 1, Decimal("2"), moment], object)
    after = np.array(["", None, 1.0, 2, moment + dt.timedelta(milliseconds=300)], object)
    assert same(before, after).all()
    assert not same(np.array(["a"], object), np.array(["b"], object)).any()
