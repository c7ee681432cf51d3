"""Files and CRMs in: read safely, recognised, mapped, normalised, brought into the tables."""

from typing import Literal

Importable = Literal["leads", "deals", "customers", "interactions", "spend"]
"""The tables that an import fills."""

ImportableAs = Literal[Importable, "whatsapp"]
"""What a file may be imported as: a table, or chats whose messages are interactions."""

Crm = Literal["hubspot", "salesforce", "pipedrive", "zoho"]
"""The CRMs that take scores back."""

Platform = Literal[Crm, "google-ads", "meta"]
"""What an export is made for."""

System = Literal["hubspot", "salesforce"]
"""The CRMs that can be read without a file."""
