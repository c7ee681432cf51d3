"""The same steps over data that no sheet can hold: the rules of the workbook, rows from outside.

Rows come from Parquet, DuckDB or Spark and the answers go there; the workbook keeps a line in its
log, and says what came out. See attribution.sources and results for how places are named.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals as nw
import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import Summary, log_line, moment, named_value
from smarketing_xl.actions.outcomes import settle
from smarketing_xl.actions.personas import personas_and_grades
from smarketing_xl.actions.sla import agreed_terms, followed_up
from smarketing_xl.book.once import reading_once
from smarketing_xl.book.read import language, read_table
from smarketing_xl.book.write import commit, plan_writes
from smarketing_xl.errors import Fault, NotEnoughData
from smarketing_xl.i18n import _, format_number, speaking
from smarketing_xl.results import check_result, no_place, write_result
from smarketing_xl.schema import tables
from smarketing_xl.schema.convert import typed
from smarketing_xl.schema.model import Table


def score_outside(
    book: xw.Book,
    source: str,
    to: str,
    now: dt.datetime | None = None,
    replace: bool = False,
) -> Summary:
    """Score, grade and explain leads that lie outside, by the personas and grades of the workbook.

    source, to: where they lie, and where the answers go: lead_id, persona, score, grade, qualified,
    why, improve. They never come to this process but in DuckDB's or Spark's own portions.
    replace: a result that is there already may go.
    """
    from smarketing_xl.attribution.sources import limited, open_source
    from smarketing_xl.personas import scoring

    with reading_once(), speaking(language(book)):
        check_result(to, source, replace)
        personas, scale = personas_and_grades(book)
        now, zone = moment(book, now), _zone(book)
        with limited(source):
            leads = as_ours(open_source(source, zone), tables.LEADS)
            write_result(scoring.score(leads, personas, scale, now.date()), to, replace)
            answers: nw.LazyFrame[Any] = nw.from_native(open_source(to, zone)).lazy()
            counted = answers.group_by("grade").agg(leads=nw.len(), score=nw.col("score").mean())
            by_grade = counted.collect(backend="pandas").to_native().sort_values("grade")
        titles = {"grade": _("Grade"), "leads": _("Leads"), "score": _("Mean fit score")}
        summary = Summary(
            _("Leads scored"),
            int(by_grade["leads"].sum()),
            table=by_grade.rename(columns=titles),
            inputs=_places(source, to) | {"report_date": now},
        )
        return _logged(book, summary)


def duplicates_outside(book: xw.Book, source: str, to: str, replace: bool = False) -> Summary:
    """Which leads that lie outside are the same person: lead_id, duplicate_of.

    source, to, replace: as for `score_outside`. Names, addresses and numbers are read into memory.
    """
    from smarketing_xl.leads import duplicates

    with reading_once(), speaking(language(book)):
        check_result(to, source, replace)
        leads = read_outside(source, tables.LEADS, _zone(book))
        earliest = duplicates.find(leads)
        twice = int(earliest.notna().sum())
        _write_rows(
            pd.DataFrame({"lead_id": leads["lead_id"], "duplicate_of": earliest}), to, replace
        )
        note = _("{count} leads are there twice").format(count=format_number(twice))
        return _logged(
            book, Summary(_("Duplicates found"), len(leads), (note,), inputs=_places(source, to))
        )


def sla_outside(
    book: xw.Book,
    source: str,
    interactions: str | None,
    to: str,
    now: dt.datetime | None = None,
    replace: bool = False,
) -> Summary:
    """Until when each lead that lies outside must be contacted, and whether it was.

    interactions: where they lie; those of the workbook where not given. The agreement, deals and
    customers are those of the workbook; leads that bring no grade are graded by its personas.
    Answers lead_id, follow_up_due, sla_status, priority. source, to, replace: as for
    `score_outside`.
    """
    with reading_once(), speaking(language(book)):
        check_result(to, source, replace)
        terms, now, zone = agreed_terms(book), moment(book, now), _zone(book)
        leads = _graded(book, read_outside(source, tables.LEADS, zone), now)
        did = (
            read_outside(interactions, tables.INTERACTIONS, zone)
            if interactions
            else read_table(book, tables.INTERACTIONS, checked=("lead_id", "time"))
        )
        settled = settle(book, leads, now)
        followed = followed_up(leads, settled.leads, settled.interactions(did), terms, now)
        _write_rows(followed.assign(lead_id=leads["lead_id"]), to, replace)
        shown = tables.SLA_STATUSES.shown(language(book))
        state = followed["sla_status"].value_counts()
        counted = pd.DataFrame(
            {_("SLA status"): [shown.get(str(s), str(s)) for s in state.index], _("Leads"): state}
        )
        inputs = _places(source, to) | {"report_date": now}
        return _logged(book, Summary(_("SLA updated"), len(leads), (), counted, inputs))


def _graded(book: xw.Book, leads: pd.DataFrame, now: dt.datetime) -> pd.DataFrame:
    from smarketing_xl.personas import scoring

    if leads["grade"].notna().any():
        return leads
    personas, scale = personas_and_grades(book)
    scores = scoring.score(leads, personas, scale, now.date())
    return leads.assign(**{key: scores[key] for key in ("score", "grade", "qualified")})


def read_outside(source: str, table: Table, timezone: str = "UTC") -> pd.DataFrame:
    """A table that lies outside as `read_table` reads one of the workbook: typed, by our keys.

    source: see attribution.sources. A cell that does not fit its column is blank; columns that the
    table does not know are left where they are. Raises NotEnoughData where it has no rows or lacks
    a required column, BadData where it has more than memory holds at ease.
    """
    from smarketing_xl.attribution.sources import FEW, limited, open_source

    with limited(source):
        there: nw.LazyFrame[Any] = nw.from_native(as_ours(open_source(source, timezone), table))
        known = set(there.collect_schema().names())
        absent = [column.key for column in table if column.required and column.key not in known]
        if absent:
            problem = _("The column is missing from the table {name}").format(name=table.name)
            remedy = _("Call a column so, or as on the sheet")
            raise NotEnoughData(
                [Fault(problem, remedy, column=key, value=source) for key in absent]
            )
        if there.select(count=nw.len()).collect(backend="pandas")["count"].item() > FEW:
            problem = _("These are more rows than {most}").format(most=format_number(FEW))
            raise no_place(problem, source, _("Give a part of them at a time"))
        asked = [column.key for column in table if column.key in known]
        rows = there.select(asked).collect(backend="pandas").to_native()
    if rows.empty:
        raise NotEnoughData(_("There are no rows in {source}").format(source=source), _("Check it"))
    cells = rows.astype(object).where(rows.notna(), None)
    blank = pd.Series(None, index=rows.index, dtype=object)
    return pd.DataFrame(
        {column.key: typed(cells.get(column.key, blank), column)[0] for column in table}
    )


def as_ours(rows: Any, table: Table) -> Any:
    """Rows from outside, their columns by our keys: headers of the table count in any language."""
    frame: nw.LazyFrame[Any] = nw.from_native(rows).lazy()
    names = frame.collect_schema().names()
    headers = table.headers()
    ours: dict[str, str] = {}
    for name in names:
        key = headers.get(name.strip().lower())
        if key and key not in names and key not in ours.values():
            ours[name] = key
    return frame.rename(ours).to_native()


def _write_rows(rows: pd.DataFrame, to: str, replace: bool) -> None:
    if not to.startswith("spark:"):
        write_result(rows, to, replace)
        return
    from pyspark.sql import SparkSession

    from smarketing_xl.attribution.sources import in_spark

    frame = nw.from_native(rows, eager_only=True)
    write_result(in_spark(frame, SparkSession.builder.getOrCreate()), to, replace)


def _zone(book: xw.Book) -> str:
    return named_value(book, "data_zone") or named_value(book, "office_zone") or "UTC"


def _places(source: str, to: str) -> dict[str, object]:
    return {_("From"): source, _("To"): to}


def _logged(book: xw.Book, summary: Summary) -> Summary:
    commit(plan_writes(book, [log_line(summary)]))
    return summary
