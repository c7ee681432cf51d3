"""Files and CRMs in: read safely, recognised, mapped, normalised, brought into the tables."""

from typing import Literal

Importable = Literal["leads", "deals", "customers", "interactions", "spend"]
"""The tables that an import fills."""

System = Literal["hubspot", "salesforce"]
"""The CRMs that can be read without a file."""
