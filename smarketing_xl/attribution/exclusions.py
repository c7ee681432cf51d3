"""What journeys had to leave out, counted, and said in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from smarketing_xl.i18n import N_, _, format_number

Dropped = Mapping[str, int]

DROPPED: dict[str, str] = {
    "no_lead": N_("{count} interactions name no lead."),
    "no_time": N_("{count} interactions have no time."),
    "no_channel": N_("{count} interactions name neither a channel nor a type."),
    "by_sales": N_("{count} follow-ups by sales are no marketing touches."),
    "in_future": N_("{count} interactions lie after the day of the report."),
    "too_old": N_("{count} touches lie before the look-back window of their journey."),
    "direct": N_("{count} direct visits were skipped: their journeys have other touches."),
    "repeated": N_("{count} repeated touches of the same channel in a row were merged."),
    "too_many": N_("{count} touches in the middle of very long journeys were left out."),
    "open": N_(
        "{count} journeys are still open: they count as lost as far as sales of their age are"
        " known already."
    ),
    "from_source": N_("{count} leads have no recorded touch: the source they came with counts."),
    "sale_no_lead": N_("{count} sales name no lead and no touch can be found."),
    "sale_no_time": N_("{count} sales have no date."),
    "sale_in_future": N_("{count} sales lie after the day of the report."),
    "sale_undated": N_("{count} sales have no date: the last known day of the lead stands in."),
    "loss_undated": N_("{count} losses have no date: the last known day of the lead stands in."),
    "no_revenue": N_("{count} customers have no revenue recorded: counted as 0."),
    "no_margin": N_("{count} customers have no margin recorded: counted as 0."),
}
"""Why something was left out or filled in, in the order in which it is said."""


def sentences(dropped: Dropped, untouched: Mapping[str, float]) -> tuple[str, ...]:
    """One sentence for everything that was left out."""
    lines = [
        _(text).format(count=format_number(dropped[key]))
        for key, text in DROPPED.items()
        if dropped.get(key)
    ]
    alone = untouched.get("customers", 0)
    if alone:
        lines.append(
            _("{count} customers have no touch inside the look-back window.").format(
                count=format_number(alone, 2)
            )
        )
    return tuple(lines)
