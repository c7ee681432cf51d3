"""How far the readable persona stays behind models that nobody can read.

Logistic regression, on numbers in bands as the persona has them, and gradient boosting, on the same
attributes and the same split, as people who know their trade would set them up; nothing of them is
used to score leads.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from smarketing_xl.arrays import Flags, Floats
from smarketing_xl.i18n import _, format_number, format_percent
from smarketing_xl.personas.attributes import typed
from smarketing_xl.personas.learning.dataset import History
from smarketing_xl.personas.learning.evaluation import (
    Auc,
    auc,
    auc_difference,
    lift_of_top,
)
from smarketing_xl.schema.tables import PERSONA_MODELS

_RARE = 20  # rows below which a category joins the other rare ones
_MOST_CATEGORIES = 200


def answers(train: History, test: History, attributes: Sequence[str]) -> dict[str, Floats]:
    """What both models say of history held out: their names, and a probability for each lead.

    attributes: those that the persona was free to use; without any there are no models.
    """
    from threadpoolctl import threadpool_limits

    if not attributes:
        return {}
    seen, unseen = _plain(train.traits, attributes), _plain(test.traits, attributes)
    numbers = [name for name in attributes if pd.api.types.is_numeric_dtype(seen[name])]
    words = [name for name in attributes if name not in numbers]
    bands = [_in_bands(part, seen, numbers) for part in (seen, unseen)]
    os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")  # nor is another program asked how many
    with threadpool_limits(1):  # threads that wait for a busy core take longer than one alone
        plain = _logistic().fit(bands[0], train.top)
        boosted = _boosting(numbers, words).fit(seen, train.top)
        return {
            _("Logistic regression"): plain.predict_proba(bands[1])[:, 1],
            _("Gradient boosting"): boosted.predict_proba(unseen)[:, 1],
        }


def _in_bands(part: pd.DataFrame, seen: pd.DataFrame, numbers: Sequence[str]) -> pd.DataFrame:
    """Numbers as the band they lie in, as the persona has them: tenths of those learned from."""
    bands = {}
    for name in numbers:
        edges = np.unique(seen[name].dropna().quantile(np.linspace(0.1, 0.9, 9)))
        band = pd.Series(np.searchsorted(edges, part[name], side="right"), part.index)
        bands[name] = band.astype(str).astype(object).where(part[name].notna(), np.nan)
    return part.assign(**bands)


def later(scores: Floats, top: Flags, since: np.datetime64) -> dict[str, object]:
    """A row of `tables.PERSONA_MODELS`: a persona learned from older leads, asked of the latest.

    scores: of the latest leads. top: the best of them. since: when the first of them came.
    """
    area = auc(scores, top)
    return {
        "model": _("Persona, latest leads"),
        "auc": area.value,
        "low": area.low,
        "high": area.high,
        "behind": None,
        "lift_top": lift_of_top(scores, top),
        "said": _(
            "Learned from the leads before {day} and asked of those since, the persona ranks a good"
            " customer above another lead {value} of the time ({low} to {high}; a coin: 50 %)"
        ).format(
            day=str(since)[:10],
            value=format_percent(area.value),
            low=format_percent(area.low),
            high=format_percent(area.high),
        ),
    }


def compared(
    scores: Floats,
    models: Mapping[str, Floats],
    top: Flags,
    bought: Flags,
    latest: Mapping[str, object] | None = None,
) -> pd.DataFrame:
    """The persona beside both models: rows of `tables.PERSONA_MODELS`.

    scores: of the persona. models: what the models say of the same leads. top: the best of them, by
    whom all are learned and judged; bought: all customers, by whom the persona is judged as well,
    in a row of its own where they are others. latest: a further row, see `later`.
    """
    rows = [_row(_("Persona"), scores, scores, top)]
    rows += [_row(name, each, scores, top) for name, each in models.items()]
    if (bought != top).any():
        rows.append(_at_all(scores, bought))
    if latest is not None:
        rows.append(dict(latest))
    return pd.DataFrame(rows, columns=PERSONA_MODELS.keys)


def _row(name: str, scores: Floats, persona: Floats, top: Flags) -> dict[str, object]:
    area = auc(scores, top)
    behind = None if scores is persona else auc_difference(scores, persona, top)
    lift = lift_of_top(scores, top)
    return {
        "model": name,
        "auc": area.value,
        "low": area.low,
        "high": area.high,
        "behind": behind.value if behind else None,
        "lift_top": lift,
        "said": _distance(name, behind) if behind else _quality(area, lift),
    }


def _at_all(scores: Floats, bought: Flags) -> dict[str, object]:
    area, lift = auc(scores, bought), lift_of_top(scores, bought)
    return {
        "model": _("Persona, any customer"),
        "auc": area.value,
        "low": area.low,
        "high": area.high,
        "behind": None,
        "lift_top": lift,
        "said": _(
            "Whoever becomes a customer at all, not only one of the best, scores above another"
            " lead {value} of the time ({low} to {high}; a coin: 50 %)"
        ).format(**_percents(area)),
    }


def _quality(area: Auc, lift: float) -> str:
    return _(
        "The persona ranks a good customer above another lead {value} of the time "
        "({low} to {high}; a coin: 50 %); "
        "in its top tenth they are {lift} times as frequent"
    ).format(**_percents(area), lift=format_number(lift, 1))


def _percents(area: Auc) -> dict[str, str]:
    """An area and its interval as texts name them."""
    return {name: format_percent(getattr(area, name)) for name in ("value", "low", "high")}


def _distance(name: str, behind: Auc) -> str:
    """How far the persona stays behind a model, in points of AUC, and whether that is chance."""
    sentence = (
        _("{model}: level with the persona; the {points} points between them could be chance")
        if behind.low <= 0 <= behind.high
        else _("{model}: {points} points better than the persona ({low} to {high})")
        if behind.value > 0
        else _("{model}: {points} points worse than the persona ({low} to {high})")
    )
    low, high = sorted(abs(end) for end in (behind.low, behind.high))
    points = {"points": abs(behind.value), "low": low, "high": high}
    shown = {key: format_number(100 * value, 1) for key, value in points.items()}
    return sentence.format(model=name, **shown)


def _plain(traits: pd.DataFrame, attributes: Sequence[str]) -> pd.DataFrame:
    """Numbers as floats, everything else as texts, blanks missing."""
    columns = {}
    for name in attributes:
        cells = typed(traits[name])
        if pd.api.types.is_bool_dtype(cells) or pd.api.types.is_numeric_dtype(cells):
            columns[name] = cells.astype("float64")
        else:
            columns[name] = cells.astype(object).where(cells.notna(), np.nan)
    return pd.DataFrame(columns)


def _logistic() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    levels = OneHotEncoder(
        min_frequency=_RARE,
        max_categories=_MOST_CATEGORIES,
        handle_unknown="infrequent_if_exist",
    )
    return make_pipeline(levels, LogisticRegression(max_iter=1000))


def _boosting(numbers: list[str], words: list[str]) -> Any:
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    coded = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        max_categories=_MOST_CATEGORIES,
    )
    prepared = make_column_transformer((coded, words), ("passthrough", numbers))
    boosted = HistGradientBoostingClassifier(
        random_state=0, categorical_features=list(range(len(words)))
    )
    return make_pipeline(prepared, boosted)
