"""Steps 3 and 5 on paper: the agreement to sign, and the review of a month."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace as _replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw

from smarketing_xl.actions.base import (
    Filled,
    Summary,
    action,
    filled_table,
    given_cells,
    moment,
)
from smarketing_xl.actions.beginning import shows_example
from smarketing_xl.actions.goals import marketing_quota, year_to_date
from smarketing_xl.actions.outcomes import settle
from smarketing_xl.actions.personas import personas_and_grades
from smarketing_xl.actions.sla import agreed_terms
from smarketing_xl.book.named import Named
from smarketing_xl.book.read import has_name, own_currency, read_cells, read_table
from smarketing_xl.book.write import Change
from smarketing_xl.errors import NotEnoughData
from smarketing_xl.files import PDF, check_target, path_of, private_folder, write_file
from smarketing_xl.i18n import _, paying_in
from smarketing_xl.reports.document import Document
from smarketing_xl.schema import named_cells, tables
from smarketing_xl.schema.steps import WRITTEN

if TYPE_CHECKING:
    from smarketing_xl.reports.sla_agreement import Agreement

_SIGNED = "agreement = "


@action
def agreement_pdf(book: xw.Book, path: Path, replace: bool = True) -> Filled:
    """The agreement on paper, ready to sign; its terms are kept in the log.

    replace: whether a PDF that stands there may go (a button's dialog has asked).
    """
    from smarketing_xl.reports import sla_agreement, sla_versions

    check_target(path, PDF, source=path_of(book), replace=replace)
    agreed = _agreement(book)
    before = _signed_before(book)
    changes = sla_versions.differences(before, sla_versions.facts(agreed)) if before else []
    with paying_in(own_currency(book)):
        paper = sla_agreement.agreement_document(agreed, changes)
    _print(book, _marked(book, paper, _draft(agreed)), path)
    lines = ("{}: {} → {}".format(change.what, *change.shown()) for change in changes)
    inputs: dict[str, object] = {"agreement": sla_versions.signed(agreed)}
    now_signed = {"signed_quota": agreed.quota, "signed_leads": agreed.leads_needed}
    signed: list[Change] = [
        Named(cell, now_signed[cell.name])
        for cell in named_cells.SIGNED
        if has_name(book, cell.name)
    ]
    return signed, Summary(_(WRITTEN), 1, (str(path), *lines), inputs=inputs)


@action
def review_pdf(
    book: xw.Book,
    path: Path,
    month: dt.date | None = None,
    now: dt.datetime | None = None,
    replace: bool = True,
) -> Filled:
    """The review of a month on paper: five sentences, the charts, whom to call first.

    month: any day of it; that of now if left out. replace: as in `agreement_pdf`.
    """
    from smarketing_xl.reports import document
    from smarketing_xl.reports.monthly_review import build_review, end_of
    from smarketing_xl.sla.marketing import delivered, month_passed

    check_target(path, PDF, source=path_of(book), replace=replace)
    leads = filled_table(book, tables.LEADS, checked=("created", "assigned", "status", "decided"))
    interactions = read_table(book, tables.INTERACTIONS, checked=("lead_id", "time"))
    now = moment(book, now)
    if month is not None and (month.year, month.month) > (now.year, now.month):
        raise NotEnoughData(
            _("{month} has not begun on {day}").format(
                month=document.month(month), day=document.day(now)
            ),
            _("Choose a month that has begun, or another day with --as-of"),
        )
    end = end_of(month, now)
    settled = settle(book, leads, end)
    leads, terms = settled.leads, agreed_terms(book)
    passed = month_passed(delivered(leads, terms, end))
    with paying_in(own_currency(book)):
        pack = build_review(
            leads,
            settled.interactions(interactions),
            terms,
            now,
            month,
            settled.customers,
            *year_to_date(book, settled.account, end, passed),
        )
    _print(book, _marked(book, pack), path)
    return [], Summary(
        _("Review written"),
        len(leads),
        (
            str(path),
            *(paragraph for section in pack.sections[:3] for paragraph in section.paragraphs),
        ),
        inputs={"report_date": now},
    )


def _draft(agreed: Agreement) -> tuple[str, ...]:
    """What nobody has entered of an agreement that is to be signed, by its labels."""
    entered = {
        "company": agreed.company,
        "marketing_head": agreed.marketing_head,
        "sales_head": agreed.sales_head,
        "agreed_from": agreed.terms.agreed_from,
    }
    return tuple(_(cell.label) for cell in named_cells.AGREEMENT if not entered.get(cell.name, 1))


def _marked(book: xw.Book, paper: Document, missing: tuple[str, ...] = ()) -> Document:
    """A paper that says on top that it is an example, or a draft and what it lacks."""
    if shows_example(book):
        return _replace(paper, title=f"{_('EXAMPLE with invented numbers')} — {paper.title}")
    if missing:
        lacks = _("DRAFT, still to enter: {names}").format(names=", ".join(missing))
        return _replace(paper, subtitle=" — ".join(filter(None, (paper.subtitle, lacks))))
    return paper


def _print(book: xw.Book, document: Document, path: Path) -> None:
    """A PDF by the export of the office suite that has the workbook open; without one, by ours."""
    from smarketing_xl.reports import pdf, xlsx

    if book.app.engine.name == "file":
        made = pdf.render(document)
    else:
        with private_folder() as folder:
            page = book.app.books.open(str(xlsx.write(document, folder / "page.xlsx")))
            exported = folder / "page.pdf"
            try:
                page.to_pdf(str(exported))
            finally:
                page.close()
                book.impl.activate()
            made = exported.read_bytes()
    write_file(path, made, PDF, source=path_of(book), replace=True)


def _signed_before(book: xw.Book) -> dict[str, Any] | None:
    """The facts of the last agreement in the log, if any."""
    from smarketing_xl.reports.sla_versions import was_signed

    lines = read_table(book, tables.LOG)["inputs"].dropna().astype(str)
    lines = lines[lines.str.startswith(_SIGNED)]
    return was_signed(lines.iloc[-1].removeprefix(_SIGNED)) if len(lines) else None


def _agreement(book: xw.Book) -> Agreement:
    from smarketing_xl.reports.sla_agreement import Agreement

    goals = given_cells(
        book, [c for c in named_cells.GOALS if c.name in ("quota", "avg_revenue", "conv_rate")]
    )
    signing = {name: value or "" for name, value in read_cells(book, named_cells.AGREEMENT).items()}
    stages = read_table(book, tables.FUNNEL)
    shares = stages["to_next"].astype(object).where(stages["to_next"].notna(), None)
    promises = read_table(book, tables.SLA_PROMISES)[["group", "promised"]].dropna()
    terms, (personas, scale) = agreed_terms(book), personas_and_grades(book)
    return Agreement(
        terms,
        tuple(personas),
        tuple(scale),
        dict(zip(stages["stage"], shares, strict=True)),
        **goals,
        promises=dict(zip(promises["group"], map(float, promises["promised"]), strict=True)),
        marketing_quota=marketing_quota(book, goals["quota"]),
        company=signing["company"],
        marketing_head=signing["marketing_head"],
        sales_head=signing["sales_head"],
    )
