"""The page of every number that a button fills: docs/numbers.md, from the declarations.

Tables stand under the captions that they have on the sheets, their columns are declared in
`smarketing_xl/schema`; what the numbers assume, and when not to use them, stands here.

    python workbook/numbers_page.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:  # run as a script: the project is one folder up
    sys.path.insert(0, str(HERE.parent))

from smarketing_xl.schema.model import Table  # noqa: E402
from smarketing_xl.schema.named_cells import ANSWERS, YEAR  # noqa: E402
from smarketing_xl.schema.tables import SHEETS, TABLES  # noqa: E402
from workbook.layout.tables import caption  # noqa: E402

PAGE = HERE.parent / "docs" / "numbers.md"
BOOKKEEPING = {"Conflicts", "SetAside", "Log", "Holidays", "Journal"}
"""Tables that keep what happened: nothing is reckoned in them."""


class Limits(NamedTuple):
    """What the numbers of a table assume, and when not to use them."""

    assumes: str
    avoid: str


LIMITS: dict[str, Limits] = {
    "Funnel": Limits(
        "Each stage passes on the share typed for it, all year.",
        "For a month alone: what comes in late in a month is won in the next.",
    ),
    "Plan": Limits(
        "The seasonal shares add up to 100 %; one average sales cycle leads each sale.",
        "Where sales cycles spread far: the forecast on the sheet Forecast knows how they do.",
    ),
    "MeasuredRates": Limits(
        "Leads still open go the way of those that were open as long; undated outcomes are "
        "left out where a date is needed.",
        "Of fewer than some fifty leads, or where prices changed in between.",
    ),
    "Outlook": Limits(
        "Open leads mature as such ones did, by age, grade and stage; new ones come at the "
        "pace of the last twelve months; deals spread as they did. The interval is of chance.",
        "After a change of market, price or team, which no history knows.",
    ),
    "ForecastRecord": Limits(
        "Only what was known then is used; the goals are those of today.",
        "As proof on its own: eighteen months are few; the guide for managers has more.",
    ),
    "Leads": Limits(
        "The criteria of the sheet Personas; engagement fades by half in its half-life; a "
        "blank is not known, not missed.",
        "To decide about a person by a protected characteristic; Check names such criteria.",
    ),
    "Outcomes": Limits(
        "A lead joins its deal or customer by ID, else e-mail, telephone, company; duplicates "
        "count once.",
        "The last months as if they were over: their leads are still on their way.",
    ),
    "MeasuredFunnel": Limits(
        "Who reached a stage reached those before it; leads on their way are allowed for.",
        "To compare groups whose intervals overlap.",
    ),
    "Pipeline": Limits(
        "A deal is won with the probability of its stage, else as often as closed deals were.",
        "Where amounts or expected dates are not kept up: both are counted beside it.",
    ),
    "Unmatched": Limits(
        "Nothing: they are listed as they are.",
        "As a list of mistakes: sales finds customers without a lead.",
    ),
    "SlaLate": Limits(
        "Office hours and closing days as typed; what counts as contact is a list you can change.",
        "Where calls are not logged: an unlogged call is no contact.",
    ),
    "SlaMarketing": Limits(
        "Months vary as they did; leads may come in batches. Nine in ten months end within it.",
        "In the first days of a first month: the interval says how little is known.",
    ),
    "SlaPromises": Limits(
        "A month is delivered evenly over its working time.",
        "Where leads come once a month, from a fair or a list.",
    ),
    "SlaSales": Limits(
        "A lead is its owner's of today; the share in time is of the leads that were due.",
        "To rank people by a handful of leads each.",
    ),
    "SlaContact": Limits(
        "Office hours only; leads never contacted count once their time is over.",
        "Where calls are not logged.",
    ),
    "SlaSpeed": Limits(
        "Nothing is levelled out: better leads may be called sooner.",
        "As what speed is worth: SlaSpeedEffect compares like with like.",
    ),
    "SlaAttempts": Limits(
        "Nothing is levelled out: more attempts may go to better leads.",
        "As what one more attempt is worth: SlaEffect compares like with like.",
    ),
    "SlaSpeedEffect": Limits(
        "Grade, source and quarter are all that differs; what a salesperson saw in a lead is "
        "in no column. No experiment.",
        "With fewer than some fifty leads on either side.",
    ),
    "SlaEffect": Limits(
        "As SlaSpeedEffect.",
        "With fewer than some fifty leads on either side.",
    ),
    "SlaLine": Limits(
        "A month is delivered evenly over its working time.",
        "For months in which leads come in batches.",
    ),
    "SlaLines": Limits(
        "A lead belongs to the line in its column.",
        "Where many leads have no line.",
    ),
    "Attribution": Limits(
        "Touches are logged; open journeys count as lost as far as sales of their age are "
        "known; credit is no cause.",
        "Right after channels, prices or tracking changed; see Evidence and Limits beside it.",
    ),
    "Evidence": Limits(
        "Journeys differ by nothing but the channel.",
        "As an experiment: who meets a channel may be likelier to buy.",
    ),
    "Caveats": Limits(
        "Nothing.",
        "To be skipped.",
    ),
    "Campaigns": Limits(
        "As Attribution; touches without a campaign credit none.",
        "For campaigns with a few customers each: CampaignCertainty says how sure the order is.",
    ),
    "NewCustomers": Limits(
        "The source of a customer is that of its lead.",
        "To move budgets: it is the last touch's view at best.",
    ),
    "SourceQuality": Limits(
        "Costs are written under the source's own name and month.",
        "For sources whose leads are too young to have bought.",
    ),
    "TopPaths": Limits(
        "Touches in the order of their time.",
        "As advice: frequent is not effective.",
    ),
    "Certainty": Limits(
        "Journeys are independent of each other. Of chance, not of the model.",
        "To choose the model.",
    ),
    "CampaignCertainty": Limits(
        "As Certainty.",
        "To choose the model.",
    ),
    "LineSources": Limits(
        "Spend carries its line; what has none is shared by nobody.",
        "Where costs are not kept by line.",
    ),
    "Sourced": Limits(
        "Every touch of marketing is logged.",
        "To share a budget: the two overlap by definition.",
    ),
    "Experiments": Limits(
        "You did as it was dealt, and nothing else changed.",
        "To stop when the p value looks good: read it after the last week.",
    ),
    "ExperimentOptions": Limits(
        "The weeks to come vary as those before did.",
        "After a change of prices, season or tracking.",
    ),
    "Responses": Limits(
        "Experiments: as there. Months: spend did not follow demand.",
        "For changes much larger than those seen.",
    ),
    "Proposal": Limits(
        "The past was recorded when leads came; what was known only later is flagged.",
        "Flagged ones without asking where the column comes from.",
    ),
    "Findings": Limits(
        "One in twenty of those proposed may be chance (Benjamini-Hochberg).",
        "The information value of an attribute that is flagged.",
    ),
    "PersonaGrades": Limits(
        "The leads to come are like those held out.",
        "Where a grade holds a handful of leads.",
    ),
    "PersonaModels": Limits(
        "All see the same attributes and are asked of the same leads.",
        "As a race: differences within the interval are chance.",
    ),
    "PersonaCalibration": Limits(
        "As PersonaGrades.",
        "As a probability for leads from elsewhere.",
    ),
    "PersonaDrift": Limits(
        "Population stability index: below 0.1 little, above 0.25 much.",
        "With fewer than some hundred leads on either side.",
    ),
    "PersonaRejections": Limits(
        "Sales records what it takes and what it turns down.",
        "To judge a persona that was just changed.",
    ),
}


def page() -> str:
    """The whole page, as Markdown."""
    parts = [
        "# Every number, and when not to use it",
        "Written by `python workbook/numbers_page.py` from the declarations of tables and cells. "
        "Methods are in the guides: [personas](personas.md), [attribution](attribution.md), "
        "[for managers](managers.md). Intervals are of chance, not of the model.",
    ]
    for sheet, title in SHEETS.items():
        tables = [table for table in TABLES if table.sheet == sheet and table.name in LIMITS]
        cells = [cell for cell in (*ANSWERS, *YEAR) if cell.sheet == sheet and cell.help]
        if not tables and not cells:
            continue
        parts.append(f"## {title}")
        if cells:
            parts.append(_grid((cell.label, cell.help) for cell in cells))
        parts += [text for table in tables for text in _described(table)]
    return "\n\n".join(parts) + "\n"


def _described(table: Table) -> list[str]:
    limits = LIMITS[table.name]
    text = f"Table `{table.name}`. **Assumes:** {limits.assumes} **Not:** {limits.avoid}"
    columns = [(each.label, each.help) for each in table if each.ours and each.help]
    return [f"### {caption(table)}", text, *([_grid(columns)] if columns else [])]


def _grid(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(["| number | what it is |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
