"""Attributes that must not decide by themselves, and why, in words.

Flagged ones are shown with their evidence and left out of the proposal; who ticks them takes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.i18n import _
from smarketing_xl.parsing.text import fold
from smarketing_xl.personas.criteria import Persona
from smarketing_xl.schema.tables import LEADS
from smarketing_xl.stats.association import Counts
from smarketing_xl.stats.intervals import wilson

Kind = Literal["protected", "leakage", "identifier", "constant", "empty", "date"]

CONSTANT = 0.99  # share of one value from which an attribute tells nothing
TOO_GOOD = 0.95  # AUC of one attribute alone that no honest one reaches
TOO_GOOD_AT_ALL = 0.9  # the same, of won against lost
DISTINCT = 0.9  # share of different values from which a text or whole number is an identifier
_ENOUGH = 30  # filled cells to judge by

# Words of names in our languages, without case and accents.
_PROTECTED = (
    r"age|edad|gender|genero|sex|sexo|race|raza|ethnic\w*|etnia|etnic\w*|origin|origen|"
    r"nationality|nacionalidad|citizenship|ciudadania|religio\w*|creed|birth\w*|nacimiento|"
    r"cumpleanos|disabilit\w*|discapacidad|health|salud|pregnan\w*|embarazo|marital|"
    r"estado civil|civil status|sexual orientation|orientacion sexual|politic\w*|union member\w*|"
    r"sindical\w*|mother tongue|lengua materna|idade|raca|nacionalidade|cidadania|religia\w*|"
    r"nascimento|aniversario|deficiencia|saude|gravid\w*|gestante|orientacao sexual|"
    r"lingua materna"
)
_NOT_PROTECTED = (
    r"lead|traffic|source|record|data|campaign|contacto?|registro|fuente|datos|contato|dados|fonte"
)
_IDENTIFIER = (
    r"(.* )?(id|uuid|guid|code|codigo|number|numero)|"
    r"(e ?mail|correo( electronico)?|phone|telefon[oe]|mobile|movil|celular)( address)?"
)
_AFTER = (
    r"won|lost|closed?|closing|contract\w*|invoice\w*|payments?|paid|order\w*|converted|churn\w*|"
    r"outcome|result|disposition|stage|renewal\w*|delivery|lead quality|tags?|"
    r"last (\w+ )?(activity|contact|update|modified)|ultim[ao] (actividad|contacto)|"
    r"ganad\w+|perdid\w+|cerrad\w+|cierre|contrato\w*|factura\w*|pagos?|"
    r"pagado|pedidos?|convertid\w+|resultado|etapa|renovacion|entrega|etiquetas?|"
    r"ganh[oa]s?|fechad\w+|fechamento|fatura\w*|pagamentos?|estagio|renovacao"
)


@dataclass(frozen=True)
class Flag:
    """Why an attribute is left out unless ticked."""

    kind: Kind
    words: str


def by_name(attribute: str) -> Flag | None:
    """What the name alone says: protected, an identifier, or known only after the sale."""
    title = next((column.label for column in LEADS if column.key == attribute), attribute)
    words = re.sub(r"[^a-z0-9]+", " ", fold(title)).strip()
    if _has(words, _PROTECTED) and not _has(words, _NOT_PROTECTED):
        return Flag(
            "protected",
            _("May be a protected characteristic: deciding by it can be unlawful"),
        )
    if attribute in ("lead_id", "name", "email", "phone") or re.fullmatch(_IDENTIFIER, words):
        return Flag("identifier", _("Tells one lead from another, not a kind of customer"))
    if _has(words, _AFTER):
        return Flag("leakage", _("Sounds like something known only after the sale"))
    return None


def protected_criteria(personas: Iterable[Persona]) -> tuple[str, ...]:
    """A sentence for each attribute of a criterion, written by hand too, that may be protected."""
    asked = dict.fromkeys(each.attribute for persona in personas for each in persona.criteria)
    flags = {attribute: by_name(attribute) for attribute in asked}
    return tuple(
        f"{attribute}: {flag.words}"
        for attribute, flag in flags.items()
        if flag and flag.kind == "protected"
    )


def _has(words: str, pattern: str) -> bool:
    return re.search(rf"\b({pattern})\b", words) is not None


def by_cells(cells: pd.Series[Any], blank: NDArray[np.bool_]) -> Flag | None:
    """What the cells say: nothing, always the same, or never twice the same."""
    known = cells[~blank]
    if known.empty:
        return Flag("empty", _("Is blank throughout the history"))
    counts = known.value_counts()
    commonest = max(counts.iloc[0], blank.sum())
    if commonest >= CONSTANT * len(cells):
        return Flag("constant", _("Is nearly always the same, so it tells nobody apart"))
    if pd.api.types.is_datetime64_any_dtype(known):
        return Flag("date", _("Is a date: it passes, so it is no trait of a customer"))
    if len(known) >= _ENOUGH and len(counts) >= DISTINCT * len(known) and _could_identify(known):
        return Flag("identifier", _("Differs from lead to lead: it identifies, it does not group"))
    return None


def _could_identify(known: pd.Series[Any]) -> bool:
    """A text of one word or a whole number may identify; amounts and sentences only vary."""
    if pd.api.types.is_numeric_dtype(known):
        whole = bool((known == np.floor(known)).all())
        return whole and known.nunique() == len(known)
    words = [len(str(text).split()) for text in known]
    return bool(np.median(words) <= 1)


def too_good(auc: float, filled_top: float, filled_rest: float) -> Flag | None:
    """What the outcome says: nothing known before a sale tells customers apart this well.

    auc: of the attribute alone. filled_top, filled_rest: shares of the best and of the others
    where it is filled.
    """
    if auc >= TOO_GOOD:
        return Flag("leakage", _("Tells customers apart too well to be known before the sale"))
    if filled_top >= 0.9 and filled_rest <= 0.1:
        return Flag("leakage", _("Is filled only for customers, so probably after the sale"))
    return None


def one_sided(auc: float, won: Counts, lost: Counts) -> Flag | None:
    """What won and lost leads say: a value, or being filled at all, that only one side has.

    auc: of the attribute alone, won against lost. won, lost: leads by class of the attribute, the
    blank ones last. A share counts as nearly none where its upper 95 % limit is a tenth of that on
    the other side for being filled or blank, a fiftieth for a value: honest traits differ by less.
    """
    if not won.sum() or not lost.sum():
        return None
    if auc >= TOO_GOOD_AT_ALL:
        return Flag("leakage", _("Tells won from lost too well to be known before the end"))
    blank = np.array([[side[-1], side.sum() - side[-1]] for side in (won, lost)], dtype=np.float64)
    values = np.array([won[:-1], lost[:-1]], dtype=np.float64)
    for counts, least, part in ((blank, 0.2, 0.1), (values, 0.05, 0.02)):
        whole = np.array([[won.sum()], [lost.sum()]], dtype=np.float64)
        share, highest = counts / whole, wilson(counts, whole)[1]
        if ((share >= least) & (highest[::-1] <= part * share)).any():
            return Flag("leakage", _("Exists nearly only for won or for lost leads: known after?"))
    return None
