"""Why a lead has its score, and what single change would raise its grade, in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

import narwhals as nw

from smarketing_xl.i18n import _
from smarketing_xl.personas.grades import Grade, best_first
from smarketing_xl.personas.scorecard import Asked, Ideal, Sheet

MET, MISSED, UNKNOWN, BETWEEN = "\N{CHECK MARK} ", "\N{BALLOT X} ", "? ", " \N{MIDDLE DOT} "


def why(sheet: Sheet) -> nw.Expr:
    """The criteria met, with their points, then those missed, with the points they would give.

    `✓ Job title contains director (+30) · ✗ Country is Spain (20)`; where the lead's cell is blank,
    so that nobody knows, `? Country is Spain (20)`. A negative criterion is only told where it is
    met.
    """
    parts = [nw.when(each.met).then(nw.lit(MET + _with_points(each, "+g"))) for each in sheet.asked]
    parts += [
        nw.when(~each.met).then(
            nw.when(each.unknown)
            .then(nw.lit(UNKNOWN + _missed(each)))
            .otherwise(nw.lit(MISSED + _missed(each)))
        )
        for each in sheet.asked
        if each.criterion.weight > 0 or each.criterion.required
    ]
    return nw.concat_str(parts, separator=BETWEEN, ignore_nulls=True)


def _with_points(each: Asked, form: str) -> str:
    return f"{each.criterion.words()} ({each.criterion.weight:{form}})"


def _missed(each: Asked) -> str:
    if each.criterion.required:
        return f"{each.criterion.words()} ({_('required')})"
    return _with_points(each, "g")


def improve(sheet: Sheet, grades: Sequence[Grade]) -> nw.Expr:
    """The one attribute whose change would raise the grade most; null where none alone would.

    `Attended a demo is Yes → A`: with everything else as it is, that would bring an A. Only what
    can change counts: what leads do, and what is blank and can be asked for (`ask: Country is Spain
    → A`); never the industry they are in.
    """
    best = nw.col(sheet.column("raised"))
    words = chosen(
        [
            (nw.col(sheet.column(f"if_{place}")) == best, _change(ideal))
            for place, ideal in zip(sheet.places, sheet.ideals, strict=True)
        ]
    )
    sentence = nw.concat_str(words, nw.lit(" \N{RIGHTWARDS ARROW} "), named(best, grades))
    now = nw.col(sheet.column("score"))
    return nw.when(reached(best, grades) > reached(now, grades)).then(sentence)


def _change(ideal: Ideal) -> str:
    words = _words(ideal)
    return words if ideal.can_change else _("ask: {criterion}").format(criterion=words)


def _words(ideal: Ideal) -> str:
    wanted = [each for each, is_met in zip(ideal.asked, ideal.meets, strict=True) if is_met]
    if wanted:
        return ", ".join(each.criterion.words() for each in wanted)
    return ", ".join(
        _("no longer: {criterion}").format(criterion=each.criterion.words()) for each in ideal.asked
    )


# --- grades as expressions ----------------------------------------------------------------------


def reached(score: nw.Expr, grades: Sequence[Grade]) -> nw.Expr:
    """How many grades a score has reached."""
    return reduce(add, [(score >= grade.lowest).cast(nw.Int16()) for grade in grades])


def named(score: nw.Expr, grades: Sequence[Grade]) -> nw.Expr:
    """The name of the grade of a score; null below every grade."""
    return chosen([(score >= grade.lowest, grade.name) for grade in best_first(grades)])


def chosen(cases: Sequence[tuple[nw.Expr, str]]) -> nw.Expr:
    """The text of the first case that holds; null where none does."""
    test, text = cases[-1]
    answer: nw.Expr = nw.when(test).then(nw.lit(text))
    for test, text in cases[-2::-1]:
        answer = nw.when(test).then(nw.lit(text)).otherwise(answer)
    return answer
