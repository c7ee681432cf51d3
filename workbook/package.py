"""The ribbon, put into a finished workbook: its part, and the relationship that names it."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PART = "customUI/customUI14.xml"
_RELATIONSHIPS = "_rels/.rels"
_RELATIONSHIP = (
    '<Relationship Id="ribbon" Type="http://schemas.microsoft.com/office/2007/relationships/'
    f'ui/extensibility" Target="{PART}"/>'
)
_END = "</Relationships>"


def with_ribbon(workbook: bytes, ribbon: bytes) -> bytes:
    """The same workbook with a ribbon; every other part as it was."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as old, ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == _RELATIONSHIPS:
                content = content.decode().replace(_END, _RELATIONSHIP + _END).encode()
            new.writestr(_undated(entry.filename), content, ZIP_DEFLATED)
        new.writestr(_undated(PART), ribbon, ZIP_DEFLATED)
    return out.getvalue()


def _undated(name: str) -> ZipInfo:
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.create_system = 3  # the same bytes on every system
    entry.external_attr = 0o644 << 16
    return entry
