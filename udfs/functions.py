"""Every formula of the workbook, in the order of the steps.

What hosts need comes from here: the VBA wrappers, the Insert Function help, the Calc add-in, the
cached values in files, the table in the documentation.

>>> FORMULAS["REQUIRED_LEADS"].call(1_000_000, 300_000, 0.1)
34.0
>>> FORMULAS["REQUIRED_LEADS"].call("a lot", 300_000, 0.1)
<CellError.VALUE: '#VALUE!'>
>>> from udfs.error_reasons import why
>>> why()
"quota is not a number ('a lot'). Give money as a number"
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from udfs.formulas import feedback, goals, personas, sla
from udfs.registry import Formula

FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        declared.name: declared
        for step in (personas, goals, sla, feedback)
        for declared in vars(step).values()
        if isinstance(declared, Formula)
    }
)
