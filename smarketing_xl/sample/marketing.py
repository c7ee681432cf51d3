"""What marketing did: the touches before and after a lead came in, and what they cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.sample.people import CHANNEL_NAMES, CHANNEL_SHARES, CHANNELS, Rng
from smarketing_xl.sample.settings import AS_OF, SHARES

NOW = np.datetime64(AS_OF, "us")
_LINE_SHARES = {"Iberia": 0.6, "Americas": 0.23, "Europe": 0.17}
_NURTURE = np.array([name in ("E-mail", "Webinar") for name in CHANNELS])


def touches(rng: Rng, leads: pd.DataFrame) -> pd.DataFrame:
    """Marketing touchpoints: the first on the lead's source, the form that made it a lead, more."""
    before, after = _before(rng, leads), _after(rng, leads)
    rows = pd.concat([before, after], ignore_index=True)
    channel = rows["channel"].to_numpy(dtype=int)
    pick = rng.integers(0, 60, len(rows))
    options = [c.campaigns or (None,) for c in CHANNELS.values()]
    table = np.array([[o[i % len(o)] for i in range(60)] for o in options], dtype=object)
    campaign = np.where(
        rows.pop("first"), leads["campaign"].to_numpy()[rows["row"]], table[channel, pick]
    )
    kinds = np.array([c.kind for c in CHANNELS.values()], dtype=object)[channel]
    return pd.DataFrame(
        {
            "lead_id": leads["lead_id"].to_numpy()[rows["row"]],
            "time": rows["time"],
            "channel": CHANNEL_NAMES[channel],
            "campaign": campaign,
            "kind": np.where(rows["form"], "form", kinds),
            "by": None,
        }
    )


def spend(rng: Rng) -> pd.DataFrame:
    """Cost by month, channel, campaign and line; the last month only to date."""
    months = pd.date_range("2025-10-01", AS_OF, freq="MS", unit="us")
    season = np.array(SHARES)[months.month - 1] * 12
    season[-1] *= AS_OF.day / 31
    rows = [
        (month, name, campaign, round(channel.cost / len(channel.campaigns) * busy * noise, 2))
        for name, channel in CHANNELS.items()
        if channel.cost
        for campaign in channel.campaigns
        for month, busy, noise in zip(
            months, season, rng.uniform(0.85, 1.15, len(months)), strict=True
        )
    ]
    frame = pd.DataFrame(rows, columns=["month", "channel", "campaign", "cost"])
    return _by_line(frame.sort_values("month", kind="stable", ignore_index=True))


def _by_line(costs: pd.DataFrame) -> pd.DataFrame:
    """Every cost parted over the lines, to the cent; the last line has the rest."""
    parts = [costs.assign(line=line, cost=(costs["cost"] * share).round(2))
             for line, share in _LINE_SHARES.items()]  # fmt: skip
    rest = costs["cost"] - sum(part["cost"] for part in parts[:-1])
    parts[-1]["cost"] = rest.round(2)
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _before(rng: Rng, leads: pd.DataFrame) -> pd.DataFrame:
    """The way to the form; touches stand some days apart, the form is at the creation."""
    times = 1 + np.minimum(rng.poisson(1.5, len(leads)), 6)
    row, number = _numbered(times)
    form = number == times[row] - 1
    gap = np.where(form, 0, np.round(rng.exponential(6 * 1440, len(row)) + 20)).astype(int)
    back = pd.Series(gap[::-1]).groupby(row[::-1]).cumsum().to_numpy()[::-1]
    source = np.array([list(CHANNELS).index(name) for name in leads["source"]])
    channel = np.where(
        number == 0, source[row], rng.choice(len(CHANNELS), len(row), p=CHANNEL_SHARES)
    )
    time = leads["created"].to_numpy()[row] - back.astype("timedelta64[m]")
    return pd.DataFrame(
        {"row": row, "time": time, "channel": channel, "form": form, "first": number == 0}
    )


def _after(rng: Rng, leads: pd.DataFrame) -> pd.DataFrame:
    """E-mails and webinars that keep a lead warm until it is closed."""
    row, _ = _numbered(rng.poisson(0.7, len(leads)))
    weight = CHANNEL_SHARES * _NURTURE
    wait = np.round(rng.uniform(1, 35, len(row)) * 1440).astype(int).astype("timedelta64[m]")
    time = leads["created"].to_numpy()[row] + wait
    frame = pd.DataFrame(
        {
            "row": row,
            "time": time,
            "channel": rng.choice(len(CHANNELS), len(row), p=weight / weight.sum()),
            "form": False,
            "first": False,
        }
    )
    end = leads["closed"].fillna(pd.Timestamp(NOW)).to_numpy()[row]
    soon: pd.DataFrame = frame.loc[(time < end) & (time < NOW)]
    return soon


def _numbered(times: NDArray[np.int_]) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """The row of each of its repetitions, and the number of the repetition from 0."""
    row = np.repeat(np.arange(len(times)), times)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
