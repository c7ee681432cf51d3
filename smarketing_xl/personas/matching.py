"""Does a lead meet a criterion: each operator as an expression that every backend runs.

Text compares without regard to case, accents, or spaces around and between words: people type
"málaga", "Malaga " and "MÁLAGA" and mean one place. So a value becomes a pattern that matches each
way to write it, and the same pattern runs in pandas, Polars, DuckDB and Spark.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cache, reduce
from operator import or_

import narwhals as nw

from smarketing_xl.blanks import SPACES, blank, holds
from smarketing_xl.errors import Fault
from smarketing_xl.i18n import _, current_language
from smarketing_xl.parsing.dates import as_date
from smarketing_xl.parsing.numbers import as_number
from smarketing_xl.parsing.ranges import bounds
from smarketing_xl.parsing.text import ACCENTS, fold, fold_letters
from smarketing_xl.personas.attributes import Attribute, Holds
from smarketing_xl.personas.criteria import DATED, Criterion, Value, show
from smarketing_xl.schema.tables import YES_NO

DAY = dt.timedelta(days=1)
_WRITTEN = (  # the alphabets of Europe, signs for several letters, letters of full width
    *range(0x20, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000), *range(0x2100, 0x2190),
    *range(0xFB00, 0xFB07), *range(0xFF01, 0xFF5F),
)  # fmt: skip


# --- may it be asked ----------------------------------------------------------------------------


def misfit(criterion: Criterion, attribute: Attribute) -> Fault | None:
    """Why a criterion cannot be asked of a column of this type; None: it can."""
    wording = _misfit(criterion, attribute)
    return criterion.fault(*wording) if wording else None


def _misfit(criterion: Criterion, attribute: Attribute) -> tuple[str, str] | None:
    operator, held = criterion.operator, attribute.holds
    if operator in ("is_blank", "is_not_blank"):
        return None
    if operator == "contains" and held != "text":
        return _("holds no text, so it cannot contain any"), _("Use `is` or `between`")
    if operator in DATED or operator == "within":
        return None if held == "date" else (_("holds no dates"), _dates_remedy())
    if operator in ("between", "at_least", "at_most") and held in ("text", "yes_no"):
        return _("holds no numbers or dates"), _("Type numbers in that column, or use `is`")
    if any(_as(held, value) is None for value in criterion.values):
        return {
            "number": (_("holds numbers; the value is none"), _("Type a number")),
            "date": (_("holds dates; the value is none"), _("Type a date: 2026-03-31")),
            "yes_no": (_("holds yes or no; the value is neither"), _("Type yes or no")),
        }[held]
    if attribute.choices and operator != "contains":
        known = attribute.choices.known()
        if any(show(value).strip().lower() not in known for value in criterion.values):
            labels = ", ".join(attribute.choices.shown(current_language()).values())
            remedy = _("Choose one of: {labels}").format(labels=labels)
            return _("never holds that value"), remedy
    return None


def _dates_remedy() -> str:
    return _("Type dates in that column, or use another operator")


def _as(held: Holds, value: Value) -> object:
    if held == "number":
        return bounds(value)
    if held == "date":
        return as_date(value)
    return _as_yes_no(value) if held == "yes_no" else value


def _as_yes_no(value: Value) -> bool | None:
    typed = show(value).strip().lower()
    spelt = {"true": "yes", "1": "yes", "false": "no", "0": "no"} | YES_NO.known()
    return spelt[typed] == "yes" if typed in spelt else None


# --- is it met ----------------------------------------------------------------------------------


def met(criterion: Criterion, attribute: Attribute, today: dt.date) -> nw.Expr:
    """True where the criterion is met, else false; never unknown (see `blanks`).

    Dates compare by day: "at most 31 March" includes all of that day, "after" begins the next one.
    "within 30" is the last 30 days and today. "is 11-50" is any number in that range. Call `misfit`
    first.
    """
    name, dtype = attribute.column, attribute.dtype
    if criterion.operator == "is_blank":
        return blank(name, dtype)
    if criterion.operator == "is_not_blank":
        return ~blank(name, dtype)
    match attribute.holds:
        case "number":
            test = _number(criterion, name, attribute.highest or name)
        case "date":
            test = _date(criterion, name, today)
        case "yes_no":
            test = _yes_no(criterion, name)
        case "text":
            test = _text(criterion, attribute)
    return holds(test, name, dtype)


def _number(criterion: Criterion, name: str, highest: str) -> nw.Expr:
    """A range of which only the bounds are known meets what all numbers in it would meet."""
    low, high = nw.col(name), nw.col(highest)
    ends = [bounds(value) or (0.0, 0.0) for value in criterion.values]
    match criterion.operator:
        case "between":
            return (low >= ends[0][0]) & (high <= ends[1][1])
        case "at_least":
            return low >= ends[0][0]
        case "at_most":
            return high <= ends[0][1]
        case "is_not":
            return ~_any([(low <= last) & (high >= first) for first, last in ends])
    return _any([(low >= first) & (high <= last) for first, last in ends])


def _date(criterion: Criterion, name: str, today: dt.date) -> nw.Expr:
    column = nw.col(name)
    if criterion.operator == "within":
        now = dt.datetime(today.year, today.month, today.day)
        days = as_number(criterion.values[0]) or 0.0
        return (column >= nw.lit(now - days * DAY)) & (column < nw.lit(now + DAY))
    days_ = [day for value in criterion.values if (day := as_date(value))]
    starts, ends = [nw.lit(day) for day in days_], [nw.lit(day + DAY) for day in days_]
    match criterion.operator:
        case "between":
            return (column >= starts[0]) & (column < ends[1])
        case "at_least":
            return column >= starts[0]
        case "at_most":
            return column < ends[0]
        case "before":
            return column < starts[0]
        case "after":
            return column >= ends[0]
    same = _any(
        [(column >= start) & (column < end) for start, end in zip(starts, ends, strict=True)]
    )
    return ~same if criterion.operator == "is_not" else same


def _yes_no(criterion: Criterion, name: str) -> nw.Expr:
    same = _any([nw.col(name) == _as_yes_no(value) for value in criterion.values])
    return ~same if criterion.operator == "is_not" else same


def _text(criterion: Criterion, attribute: Attribute) -> nw.Expr:
    values = [show(value) for value in criterion.values]
    if attribute.choices:
        known = attribute.choices.known()
        values = [known.get(value.strip().lower(), value) for value in values]
    matches = nw.col(attribute.column).str.contains(
        pattern(*values, whole=criterion.operator != "contains")
    )
    return ~matches if criterion.operator == "is_not" else matches


def _any(tests: list[nw.Expr]) -> nw.Expr:
    return reduce(or_, tests)


# --- texts --------------------------------------------------------------------------------------


def pattern(*values: str, whole: bool) -> str:
    """A regular expression for any way to write any of the values; whole: and nothing else.

    Only what Python, RE2 (DuckDB), Rust (Polars) and Java (Spark) read alike: letters spelt out in
    classes, no flags.

    >>> import re
    >>> bool(re.search(pattern("málaga", whole=True), " Malaga "))
    True
    """
    ways = "|".join(_ways(fold(value)) for value in values)
    return f"^{SPACES}*(?:{ways}){SPACES}*$" if whole else f"(?:{ways})"


def _ways(text: str) -> str:
    """Every way to write a folded text; one sign may stand for several letters (ﬁ, Ⅳ, ß)."""
    single, joined = _alphabet()
    out, at = "", 0
    while at < len(text):
        several = next((n for n in (4, 3, 2) if text[at : at + n] in joined), 1)
        part = text[at : at + several]
        letters = "".join(_letter(letter, single) for letter in part)
        signs = joined.get(part, "")
        out += f"(?:{letters}|[{_safe(signs)}])" if signs and several > 1 else letters
        at += several
    return out


def _letter(letter: str, single: dict[str, str]) -> str:
    if letter == " ":
        return f"{SPACES}+"
    written = single.get(letter, letter)
    if len(written) == 1:
        return _safe(written)
    return f"[{_safe(written)}]{ACCENTS}*"


def _safe(letters: str) -> str:
    return "".join(f"\\{each}" if each in r"\]^-[&~.*+?(){}|$#" else each for each in letters)


@cache
def _alphabet() -> tuple[dict[str, str], dict[str, str]]:
    """Folded letter, and folded letters that one sign stands for → every way to write it."""
    single: dict[str, str] = defaultdict(str)
    joined: dict[str, str] = defaultdict(str)
    for code in _WRITTEN:
        folded = fold_letters(chr(code))
        (single if len(folded) == 1 else joined)[folded] += chr(code)
    return dict(single), {letters: signs for letters, signs in joined.items() if letters.isalnum()}
