"""What sales works on: one invented deal for each lead that became an opportunity."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarketing_xl.sample.follow_up import NEVER, NOW
from smarketing_xl.sample.people import Rng

CURRENCY = "EUR"
LINES = {
    "Spain": "Iberia",
    "Portugal": "Iberia",
    "Mexico": "Americas",
    "United States": "Americas",
    "United Kingdom": "Europe",
    "Germany": "Europe",
}
"""Country → line, the teams of the demo."""

_STAGES = ("Meeting held", "Proposal sent", "Negotiation")
_CHANCES = (0.25, 0.5, 0.75)
_OVER = {"won": "Closed won", "lost": "Closed lost"}


def make_deals(rng: Rng, leads: pd.DataFrame) -> pd.DataFrame:
    """Deals of leads that are won, lost or an opportunity, in order of time.

    A deal begins some days after sales accepted its lead. Open ones stand in three stages; one in
    ten has no amount yet, some are past the day they should have closed.
    """
    sold = leads[leads["status"].isin(["won", "lost", "opportunity"])].reset_index(drop=True)
    count = len(sold)
    over = sold["status"].isin(["won", "lost"]).to_numpy()
    decided = sold["decided"].to_numpy().astype("datetime64[us]")
    closed = sold["closed"].to_numpy().astype("datetime64[us]")
    latest = np.where(over, closed, NOW)
    wait = rng.uniform(0.5, 5, count) * 24 * 60
    created = np.minimum(decided + np.round(wait).astype("timedelta64[m]"), latest)
    created = np.maximum(created, decided)
    stage = rng.choice(len(_STAGES), count, p=[0.45, 0.35, 0.2])
    lasts = np.round(np.exp(rng.normal(np.log(38), 0.4, count))).astype("timedelta64[D]")
    expected = (created + lasts).astype("datetime64[D]").astype("datetime64[us]")
    guess = np.round(np.exp(rng.normal(np.log(5_600), 0.45, count)) / 50) * 50
    amount = np.where(sold["status"] == "won", sold["revenue"], guess)
    amount[~over & (rng.random(count) < 0.1)] = np.nan
    status = np.where(over, sold["status"], "open").astype(object)
    deals = pd.DataFrame(
        {
            "name": sold["company"],
            "lead_id": sold["lead_id"],
            "email": sold["email"],
            "company": sold["company"],
            "owner": sold["owner"],
            "line": sold["line"],
            "source": sold["source"],
            "stage": np.where(
                over, pd.Series(status).map(_OVER), np.array(_STAGES, dtype=object)[stage]
            ),
            "probability": np.where(
                over, np.where(status == "won", 1.0, 0.0), np.array(_CHANCES)[stage]
            ),
            "amount": amount,
            "currency": CURRENCY,
            "created": created,
            "expected": expected,
            "closed": np.where(over, closed, NEVER),
            "status": status,
        }
    )
    deals = deals.sort_values(["created", "lead_id"], kind="stable", ignore_index=True)
    return deals.assign(deal_id=[f"D-{number:04}" for number in range(1, count + 1)])
