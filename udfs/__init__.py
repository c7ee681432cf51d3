"""The doors that people knock at: one thin function a formula, one a button.

Importing it makes the formulas known to every host.
"""

from collections.abc import Mapping

from smarketing_xl.hosts import functions


def _formulas() -> Mapping[str, functions.WorksheetFunction]:
    from udfs.functions import FORMULAS

    return FORMULAS


functions.register(_formulas)
