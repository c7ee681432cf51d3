"""Addresses as numbers and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarketing_xl.a1.areas import LAST_COLUMN, LAST_ROW, Area, letters, number, place

rows, columns = st.integers(1, LAST_ROW), st.integers(1, LAST_COLUMN)
cells = st.tuples(rows, columns)


@given(columns)
def test_letters_and_numbers_are_each_others_inverse(column: int) -> None:
    assert number(letters(column)) == column


@given(cells, cells)
def test_an_area_is_read_as_it_is_written(one: tuple[int, int], other: tuple[int, int]) -> None:
    area = Area.spanning(one, other)
    assert one in area
    assert other in area
    assert Area.parse(area.address()) == Area.parse(str(area)) == area
    assert area.size == area.shape[0] * area.shape[1]


@given(cells, cells, cells, cells)
def test_areas_meet_where_they_share_a_cell(
    a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], d: tuple[int, int]
) -> None:
    one, other = Area.spanning(a, b), Area.spanning(c, d)
    rows_shared = max(one.top, other.top) <= min(one.bottom, other.bottom)
    columns_shared = max(one.left, other.left) <= min(one.right, other.right)
    assert one.meets(other) == other.meets(one) == (rows_shared and columns_shared)
    assert one.holds(other) == (
        Area.spanning((one.top, one.left), (one.bottom, one.right))
        == Area(
            min(one.top, other.top),
            min(one.left, other.left),
            max(one.bottom, other.bottom),
            max(one.right, other.right),
        )
    )


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("B3", Area(3, 2, 3, 2)),
        ("$C$9:A2", Area(2, 1, 9, 3)),
        ("B:B", Area(1, 2, LAST_ROW, 2)),
        ("$4:2", Area(2, 1, 4, LAST_COLUMN)),
    ],
)
def test_cells_columns_and_rows(text: str, area: Area) -> None:
    assert Area.parse(text) == area


@pytest.mark.parametrize("text", ["", "A0", "XFE1", "A1048577", "quota", "1A"])
def test_what_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"cell|sheet"):
        place(text)
