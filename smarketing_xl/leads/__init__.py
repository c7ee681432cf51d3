"""Leads in: files and CRMs read, mapped, checked, merged; duplicates; whom to call first."""

from typing import Literal

Importable = Literal["leads", "customers", "interactions", "spend"]
"""The tables that an import fills."""

System = Literal["hubspot", "salesforce"]
"""The CRMs that can be read without a file."""
