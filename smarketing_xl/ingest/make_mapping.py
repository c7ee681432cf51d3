"""What was understood of a file, as a mapping to edit: TOML, with comments."""

from __future__ import annotations

import json
from pathlib import Path

from smarketing_xl.i18n import _
from smarketing_xl.ingest.mapping import Source, known_by
from smarketing_xl.ingest.raw_table import RawTable
from smarketing_xl.ingest.recognise import recognised
from smarketing_xl.parsing.text import fold_words
from smarketing_xl.schema.model import Table

_EXAMPLES = 3


def mapping_text(sheet: RawTable, table: Table, kind: str) -> str:
    """A mapping of a file: each column of ours with its header, else as a comment."""
    headers = sheet.frame.columns
    known = recognised(headers, table, kind)
    spelled = {fold_words(header): header for header in headers}
    used: set[str] = set()
    lines = [
        f"# {_('Which column of the file is which of ours. Edit it, then import with --map.')}",
        f"kind = {_quoted(kind)}",
        "",
        "[columns]",
    ]
    for column in table:
        if column.ours:
            continue
        source = known.columns.get(column.key)
        if source:
            used |= {name for part in source.parts for name in part}
            lines.append(f"{column.key} = {_source(source, spelled)}  # {_(column.label)}")
        else:
            lines.append(f'# {column.key} = ""  # {_(column.label)}')
    for key in known_by(table):
        if key in known.columns:
            used |= {name for part in known.columns[key].parts for name in part}
            lines.append(f"{key} = {_source(known.columns[key], spelled)}")
    left = [header for header in headers if fold_words(header) not in used]
    if left:
        lines += ["", f"# {_('Columns that stay columns of your own, with what they hold:')}"]
        lines += [f"# {_comment(header)}: {_examples(sheet, header)}" for header in left]
    lines += [
        "",
        "# [constants]  # " + _("the same for every row"),
        "# [values.status]  # " + _("what their entries mean"),
        '# [read]  # dates = "day first", decimal = ",", zone = "America/Panama"',
    ]
    return "\n".join(lines) + "\n"


def write_mapping(path: Path, sheet: RawTable, table: Table, kind: str) -> None:
    """Writes the mapping of a file; never over a file that is there."""
    with path.open("x", encoding="utf-8") as stream:
        stream.write(mapping_text(sheet, table, kind))


def _source(source: Source, spelled: dict[str, str]) -> str:
    names = [next(spelled[name] for name in part if name in spelled) for part in source.parts]
    if len(names) == 1:
        return _quoted(names[0])
    how = "join" if source.joined else "first"
    return f"{{ {how} = [{', '.join(map(_quoted, names))}] }}"


def _examples(sheet: RawTable, header: str) -> str:
    cells = sheet.frame[header].drop_nulls().unique(maintain_order=True).head(_EXAMPLES)
    return ", ".join(_comment(str(cell))[:30] for cell in cells.to_list())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> str:
    """On one line, and without what no comment may hold."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
