"""The benchmark of LibreOffice Calc runs."""

from __future__ import annotations

import pytest

from benchmarks import bench_calc
from smarketing_xl.errors import WorkbookError


@pytest.mark.xdist_group("calc")
def test_the_benchmark_of_calc_runs() -> None:
    try:
        found = bench_calc.main(rows=50, formulas=20, filled=False)
    except (WorkbookError, FileNotFoundError) as error:
        pytest.skip(str(error))
    assert len(found) == 8
