"""The page of every number that a button fills: docs/numbers.md, from the declarations.

What a table is and what its columns say is declared in `smarketing_xl/schema`; what the numbers
assume, and when not to use them, stands here.

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

PAGE = HERE.parent / "docs" / "numbers.md"
BOOKKEEPING = {"Conflicts", "SetAside", "Log", "Holidays", "Journal"}
"""Tables that keep what happened: nothing is reckoned in them."""


class Limits(NamedTuple):
    """What the numbers of a table are, what they assume, and when not to use them."""

    what: str
    assumes: str
    avoid: str


LIMITS: dict[str, Limits] = {
    "Funnel": Limits(
        "How many are needed at each stage for the customers of the year.",
        "Each stage passes on the share typed for it, all year.",
        "For a month alone: what comes in late in a month is won in the next.",
    ),
    "Plan": Limits(
        "The year by month: quota, customers, leads, and leads due ahead.",
        "The seasonal shares add up to 100 %; one average sales cycle leads each sale.",
        "Where sales cycles spread far: the forecast on the sheet Forecast knows how they do.",
    ),
    "MeasuredRates": Limits(
        "Conversion, revenue and cycle as they were, of all and of each line.",
        "Leads still open go the way of those that were open as long; undated outcomes are left "
        "out where a date is needed.",
        "Of fewer than some fifty leads, or where prices changed in between.",
    ),
    "Outlook": Limits(
        "What came, and what is to come: of the year, each quarter and month, owner and line.",
        "Open leads mature as such ones did, by age, grade and stage; new ones come at the pace of "
        "the last twelve months; deals spread as they did. The interval is of chance.",
        "After a change of market, price or team, which no history knows.",
    ),
    "ForecastRecord": Limits(
        "What the forecast would have said at the end of past months, and what came.",
        "Only what was known then is used; the goals are those of today.",
        "As proof on its own: eighteen months are few; the guide for managers has more.",
    ),
    "Leads": Limits(
        "Fit score, grade, why, priority and what is due of each lead.",
        "The criteria of the sheet Personas; engagement fades by half in its half-life; a blank is "
        "not known, not missed.",
        "To decide about a person by a protected characteristic; Check names such criteria.",
    ),
    "Outcomes": Limits(
        "Month by month what became of the leads created then, and customers and revenue won then.",
        "A lead joins its deal or customer by ID, else e-mail, telephone, company; duplicates "
        "count once.",
        "The last months as if they were over: their leads are still on their way.",
    ),
    "MeasuredFunnel": Limits(
        "How many reached each stage, which share of the stage before, and after how many days.",
        "Who reached a stage reached those before it; leads on their way are allowed for.",
        "To compare groups whose intervals overlap.",
    ),
    "Pipeline": Limits(
        "Open deals by owner, weighted by their stage, against what is missing to the quota.",
        "A stage is worth what it was worth in the past.",
        "Where amounts or expected dates are not kept up: both are counted beside it.",
    ),
    "Unmatched": Limits(
        "Customers and deals that join to no lead.",
        "Nothing: they are listed as they are.",
        "As a list of mistakes: sales finds customers without a lead.",
    ),
    "SlaLate": Limits(
        "Who is late or about to be, worst first, and what is due.",
        "Office hours and closing days as typed; what counts as contact is a list you can change.",
        "Where calls are not logged: an unlogged call is no contact.",
    ),
    "SlaMarketing": Limits(
        "Leads promised and delivered by month, with a forecast of the month that runs.",
        "Months vary as they did; leads may come in batches. Nine in ten months end within it.",
        "In the first days of a first month: the interval says how little is known.",
    ),
    "SlaPromises": Limits(
        "Each promise of the month beside what came, and the pace.",
        "A month is delivered evenly over its working time.",
        "Where leads come once a month, from a fair or a list.",
    ),
    "SlaSales": Limits(
        "Each salesperson's follow-up by month: in time, attempts, decisions, won.",
        "A lead is its owner's of today; the share in time is of the leads that were due.",
        "To rank people by a handful of leads each.",
    ),
    "SlaContact": Limits(
        "Hours to the first contact by grade, against those promised.",
        "Office hours only; leads never contacted count once their time is over.",
        "Where calls are not logged.",
    ),
    "SlaSpeed": Limits(
        "Conversion by hours to the first contact.",
        "Nothing is levelled out: better leads may be called sooner.",
        "As what speed is worth: SlaSpeedEffect compares like with like.",
    ),
    "SlaAttempts": Limits(
        "Conversion of the leads that got an n-th attempt.",
        "Nothing is levelled out: more attempts may go to better leads.",
        "As what one more attempt is worth: SlaEffect compares like with like.",
    ),
    "SlaSpeedEffect": Limits(
        "Leads called within a band of hours against like ones not called until then.",
        "Grade, source and quarter are all that differs; what a salesperson saw in a lead is in no "
        "column. No experiment.",
        "With fewer than some fifty leads on either side.",
    ),
    "SlaEffect": Limits(
        "Leads that got one more attempt within a week against like ones that did not.",
        "As SlaSpeedEffect.",
        "With fewer than some fifty leads on either side.",
    ),
    "SlaLine": Limits(
        "The month day by day: promised and delivered, added up.",
        "A month is delivered evenly over its working time.",
        "For months in which leads come in batches.",
    ),
    "SlaLines": Limits(
        "The agreement by line: delivered, worked, in time, won.",
        "A lead belongs to the line in its column.",
        "Where many leads have no line.",
    ),
    "Attribution": Limits(
        "Customers credited to each channel by nine models, its cost, return and proposed budget.",
        "Touches are logged; open journeys count as lost as far as sales of their age are known; "
        "credit is no cause.",
        "Right after channels, prices or tracking changed; see Evidence and Limits beside it.",
    ),
    "Evidence": Limits(
        "Conversion of journeys with and without a channel, and what the readings agree on.",
        "Journeys differ by nothing but the channel.",
        "As an experiment: who meets a channel may be likelier to buy.",
    ),
    "Caveats": Limits(
        "What to know first: contradictions, touches left out, open journeys.",
        "Nothing.",
        "To be skipped.",
    ),
    "Campaigns": Limits(
        "The same as Attribution, by campaign.",
        "As Attribution; a campaign is the last that a touch names.",
        "For campaigns with a few customers each: CampaignCertainty says how sure the order is.",
    ),
    "NewCustomers": Limits(
        "New customers and their revenue by month and by what brought them.",
        "The source of a customer is that of its lead.",
        "To move budgets: it is the last touch's view at best.",
    ),
    "SourceQuality": Limits(
        "Leads, grades, customers, revenue and cost of each source.",
        "Costs are written under the source's own name and month.",
        "For sources whose leads are too young to have bought.",
    ),
    "TopPaths": Limits(
        "The ways most often walked to a sale, and their conversion.",
        "Touches in the order of their time.",
        "As advice: frequent is not effective.",
    ),
    "Certainty": Limits(
        "How far each credit moves if the journeys are drawn again.",
        "Journeys are independent of each other. Of chance, not of the model.",
        "To choose the model.",
    ),
    "CampaignCertainty": Limits(
        "The same by campaign.",
        "As Certainty.",
        "To choose the model.",
    ),
    "LineSources": Limits(
        "What each source brings to each line, and costs.",
        "Spend carries its line; what has none is shared by nobody.",
        "Where costs are not kept by line.",
    ),
    "Sourced": Limits(
        "Customers that marketing sourced (first touch) and those it only influenced.",
        "Every touch of marketing is logged.",
        "To share a budget: the two overlap by definition.",
    ),
    "Experiments": Limits(
        "Tests of a channel: what is dealt by chance, and what came of it.",
        "You did as it was dealt, and nothing else changed.",
        "To stop when the p value looks good: read it after the last week.",
    ),
    "ExperimentOptions": Limits(
        "Which lengths and ways to deal show which effect with which chance.",
        "The weeks to come vary as those before did.",
        "After a change of prices, season or tracking.",
    ),
    "Responses": Limits(
        "By how many percent leads rise with 1 % more spend, of experiments or of months of spend.",
        "Experiments: as there. Months: spend did not follow demand.",
        "For changes much larger than those seen.",
    ),
    "Proposal": Limits(
        "The criteria suggested, with how often each holds of the best and of the others.",
        "The past was recorded when leads came; what was known only later is flagged.",
        "Flagged ones without asking where the column comes from.",
    ),
    "Findings": Limits(
        "Every attribute tried, what it tells, and why it was left out.",
        "One in twenty of those proposed may be chance (Benjamini-Hochberg).",
        "The information value of an attribute that is flagged.",
    ),
    "PersonaGrades": Limits(
        "Leads, customers and revenue by grade, on the part of the history held out.",
        "The leads to come are like those held out.",
        "Where a grade holds a handful of leads.",
    ),
    "PersonaModels": Limits(
        "The persona beside models nobody can read: what readability costs.",
        "All see the same attributes and are asked of the same leads.",
        "As a race: differences within the interval are chance.",
    ),
    "PersonaCalibration": Limits(
        "Fit score against how many became customers.",
        "As PersonaGrades.",
        "As a probability for leads from elsewhere.",
    ),
    "PersonaDrift": Limits(
        "How the leads of now differ from those when the persona was agreed.",
        "Population stability index: below 0.1 little, above 0.25 much.",
        "With fewer than some hundred leads on either side.",
    ),
    "PersonaRejections": Limits(
        "Why sales rejected leads that marketing called qualified.",
        "Reasons are recorded.",
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
    said = f"{limits.what} **Assumes:** {limits.assumes} **Not:** {limits.avoid}"
    columns = [(each.label, each.help) for each in table if each.ours and each.help]
    return [f"### {table.name}", said, *([_grid(columns)] if columns else [])]


def _grid(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(["| number | what it is |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
