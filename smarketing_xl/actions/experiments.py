"""Step 5: experiments: planned, dealt once, read when they are over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xlwings as xw

from smarketing_xl.actions.base import (
    Filled,
    Summary,
    action,
    filled_table,
    moment,
    named_value,
)
from smarketing_xl.actions.outcomes import settle
from smarketing_xl.book.read import language, read_table
from smarketing_xl.book.write import Append, Change, Columns, Rows
from smarketing_xl.errors import BadData, Fault, NotEnoughData, SmarketingError
from smarketing_xl.i18n import _, format_number
from smarketing_xl.schema import tables

if TYPE_CHECKING:
    from smarketing_xl.attribution.experiments.plans import Asked, Plan, Result

_OURS = tables.EXPERIMENTS.ours
_TYPED = ("column", "first_day", "weeks")
_CYCLE = 45.0  # days, where the goals do not say


@action
def experiments(
    book: xw.Book,
    now: dt.datetime | None = None,
    asked: Asked | None = None,
    seed: int | None = None,
) -> Filled:
    """Deal the experiments that are typed, and read those that are over.

    asked: one more to add to the table. seed: of the deal, for tests; chance by default.
    Raises NotEnoughData where the one asked for could tell nothing; a typed one says so in its row.
    """
    now = moment(book, now)
    typed = read_table(book, tables.EXPERIMENTS)
    if typed.empty and asked is None:
        raise NotEnoughData(
            _("No experiment is typed"),
            _("Type a channel, an action and what chance deals on the sheet Experiments"),
        )
    made = _Made(book, now, np.random.default_rng(seed))
    _check(typed)
    rows = [made.row(row) for row in typed.to_dict("records")]  # a handful
    changes: list[Change] = []
    if rows:
        cells = pd.DataFrame(rows, index=typed.index, columns=[*_TYPED, *_OURS])
        changes.append(Columns(tables.EXPERIMENTS, cells))
    if asked is not None:
        added = made.begin(asked)
        rows.append(added)
        changes.append(Append(tables.EXPERIMENTS, pd.DataFrame([added])))
    notes = tuple(str(row["said"]) for row in rows if row["said"])
    where = tables.EXPERIMENTS["changed"].title(language(book))
    notes += tuple(f"{where}: {row['changed']}" for row in rows[len(typed) :])
    options = tables.EXPERIMENT_OPTIONS
    changes.append(Rows(options, pd.DataFrame(made.options, columns=options.keys), ordered=True))
    shown = pd.DataFrame(made.options if asked else [], columns=options.keys)
    spoken = language(book)
    for column in options:
        if column.choices:
            shown[column.key] = shown[column.key].map(column.choices.shown(spoken))
    shown = shown.rename(columns={column.key: column.title(spoken) for column in options})
    return changes, Summary(_("Experiments updated"), len(rows), notes, shown)


def _check(typed: pd.DataFrame) -> None:
    """Raises BadData for rows that lack what only people can say."""
    needed = [tables.EXPERIMENTS[key] for key in ("channel", "action", "split")]
    faults = [
        Fault(
            _("The cell is blank"),
            _("Fill it, or clear the row"),
            typed.attrs.get("sheet"),
            int(row),
            _(column.label),
        )
        for column in needed
        for row in typed.index[typed[column.key].isna()]
    ]
    if faults:
        raise BadData(faults)


class _Made:
    """Rows of the table Experiments as they stand now; the leads are read when one needs them."""

    def __init__(self, book: xw.Book, now: dt.datetime, draw: np.random.Generator) -> None:
        self.now, self.draw = now, draw
        self.cycle = float(named_value(book, "cycle_days") or _CYCLE)
        self.elasticity = float(named_value(book, "elasticity") or 0.5)
        leads = filled_table(book, tables.LEADS, checked=("lead_id", "created", "status"))
        self.leads = settle(book, leads, now).leads
        self.spoken = language(book)
        self.options: list[dict[str, Any]] = []

    def row(self, typed: Mapping[Any, Any]) -> dict[str, Any]:
        """What a row of the table is to hold: dealt, running, or read."""
        kept = {key: typed.get(key) for key in (*_TYPED, *_OURS)}
        try:
            asked = _asked(typed)
            if pd.isna(typed["changed"]):
                return kept | self.begin(asked)
            return kept | self.watch(asked, typed)
        except SmarketingError as error:
            return kept | {"said": "; ".join(fault.problem for fault in error.faults)}

    def begin(self, asked: Asked) -> dict[str, Any]:
        """A new experiment, dealt by chance."""
        from smarketing_xl.attribution.experiments import plans

        found = plans.setting(asked, self.leads, self.now, self.elasticity, self.cycle)
        self.options += plans.options(found)
        dealt = plans.plan(found, self.draw)
        changed, stays = plans.written(dealt)
        return {
            **_typed(dealt.asked, self.spoken),
            "state": "planned",
            "changed": changed,
            "kept": stays or None,
            "expected": dealt.expected,
            "chance": dealt.power.chance,
            "smallest": dealt.power.smallest,
            "said": _planned(dealt),
        }

    def watch(self, asked: Asked, typed: Mapping[Any, Any]) -> dict[str, Any]:
        """An experiment that was dealt: to come, under way, or read where it is over."""
        from smarketing_xl.attribution.experiments import plans

        asked = replace(asked, column=self._column(asked))
        changed = str(typed["changed"])
        stays = "" if pd.isna(typed["kept"]) else str(typed["kept"])
        regions, dealt = plans.dealt(asked, changed, stays)
        assert asked.first_day is not None
        readable = plans.over_on(asked, self.cycle)
        if self.now.date() < asked.first_day:
            return {"state": "planned"}
        if self.now.date() < readable:
            text = _("Under way: it can be read on {day}. Do not stop it for what it shows so far.")
            return {"state": "running", "said": text.format(day=readable)}
        found = plans.read(asked, regions, dealt, self.leads, self.elasticity)
        return {
            "state": "over",
            "effect": found.effect.estimate,
            "low": found.effect.low,
            "high": found.effect.high if np.isfinite(found.effect.high) else None,
            "p": found.effect.p,
            "response": found.response,
            "response_low": found.low,
            "response_high": found.high,
            "said": _read(asked, found),
        }

    def _column(self, asked: Asked) -> str | None:
        from smarketing_xl.attribution.experiments.weekly import region_column

        return None if asked.split == "week" else region_column(self.leads, asked.column)


def _asked(typed: Mapping[Any, Any]) -> Asked:
    from smarketing_xl.attribution.experiments.plans import Asked

    given: dict[str, Any] = {k: None if pd.isna(value) else value for k, value in typed.items()}
    day, weeks = given["first_day"], given["weeks"]
    return Asked(
        str(given["channel"]),
        given["action"],
        given["split"],
        given["measure"] or "leads",
        given["column"],
        None if day is None else pd.Timestamp(day).date(),
        None if weeks is None else int(weeks),
    )


def _typed(asked: Asked, spoken: Any) -> dict[str, Any]:
    """An experiment as people would have typed it."""
    column = asked.column
    if column in tables.LEADS.keys:
        column = tables.LEADS[column].title(spoken)
    return {
        "channel": asked.channel,
        "action": asked.action,
        "split": asked.split,
        "measure": asked.measure,
        "column": column,
        "first_day": pd.Timestamp(asked.first_day) if asked.first_day else None,
        "weeks": float(asked.weeks or 0),
    }


def _planned(dealt: Plan) -> str:
    """What a deal promises, in words."""
    from smarketing_xl.attribution.experiments.power import PROMISE

    text = _("{chance} % chance to see the {effect} % that are expected.").format(
        chance=format_number(round(100 * dealt.power.chance)),
        effect=f"{100 * dealt.expected:+.1f}",
    )
    if dealt.power.chance >= PROMISE:
        return text
    if np.isnan(dealt.power.smallest):
        rest = _("It will probably show nothing: stop or double instead, or take longer.")
    else:
        rest = _("It would show {effect} % or more.").format(
            effect=format_number(round(100 * dealt.power.smallest))
        )
    return f"{text} {rest}"


def _read(asked: Asked, found: Result) -> str:
    """What an experiment showed, in words."""
    effect = found.effect
    ends = {"low": f"{100 * effect.low:+.1f}", "high": f"{100 * effect.high:+.1f}"}
    if effect.p > 0.05:
        return _("No effect beyond chance: anything from {low} to {high} % fits what came.").format(
            **ends
        )
    return _(
        "An effect beyond chance: {effect} % of all that is counted ({low} to {high} %)."
    ).format(effect=f"{100 * effect.estimate:+.1f}", **ends)
