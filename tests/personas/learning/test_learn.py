"""Personas learned from histories whose truth is known."""

import datetime as dt
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarketing_xl.errors import NotEnoughData
from smarketing_xl.i18n import speaking
from smarketing_xl.personas.criteria import read_personas
from smarketing_xl.personas.grades import Grade
from smarketing_xl.personas.learning.dataset import build_history, old_as_lost
from smarketing_xl.personas.learning.learn import learn_persona
from smarketing_xl.personas.learning.study import study_history
from smarketing_xl.personas.learning.warnings import protected_criteria
from smarketing_xl.personas.learning.wording import taken

TODAY = dt.date(2026, 3, 31)
GRADES = [Grade("A", 80, True), Grade("B", 60, True), Grade("C", 40), Grade("D", 0)]
SEEDS = 200


def made(rows, seed, chance):
    """Closed leads with made-up attributes; `chance` says how likely each is to buy."""
    random = np.random.default_rng(seed)
    leads = pd.DataFrame(
        {
            "industry": random.choice(["Retail", "Software", "Health", "Food"], rows),
            "job_title": random.choice(["Sales director", "Buyer", "Intern", "IT director"], rows),
            "employees": random.lognormal(4, 1, rows).round(),
            "income": random.normal(50_000, 10_000, rows).round(2),
            "city": random.choice([*"ABCDEFGH", None], rows),
        }
    )
    bought = random.random(rows) < chance(leads)
    return leads.assign(status=np.where(bought, "won", "lost"))


def nothing(leads):
    return np.full(len(leads), 0.3)


def planted(leads):
    director = leads["job_title"].str.contains("director")
    return (
        0.08 + 0.3 * (leads["industry"] == "Retail") * director + 0.3 * (leads["employees"] > 100)
    )


def learned_from(leads, **asked):
    return learn_persona(build_history(None, leads), **asked)


# --- known truth --------------------------------------------------------------------------------


def test_planted_rules_are_found_and_nothing_else():
    found = learned_from(made(4_000, 1, planted))
    ticked = found.proposal[found.proposal["take"]]
    assert set(ticked["attribute"]) == {"Industry", "Job title", "Employees"}
    employees = ticked[(ticked["attribute"] == "Employees") & (ticked["operator"] == "at_least")]
    assert employees["value"].astype(float).between(80, 125).any()
    rule = found.findings[found.findings["verdict"] == "Rule"].iloc[0]
    assert {"Industry", "Job title"} <= set(rule["attribute"].split(" + "))


def test_with_no_rule_planted_none_is_proposed():
    """Of 200 histories without a rule, at most the promised 5 % may propose one."""
    proposals = sum(
        learned_from(made(400, seed, nothing)).persona is not None for seed in range(SEEDS)
    )
    assert proposals <= 0.05 * SEEDS


def test_of_what_is_proposed_little_is_chance():
    """False discoveries measured: industry and size are planted, income and city are not."""
    wrong = proposed = 0
    for seed in range(20):
        found = learned_from(made(600, seed, planted))
        attributes = set(found.proposal.loc[found.proposal["take"], "attribute"])
        wrong += len(attributes & {"Income", "City"})
        proposed += len(attributes)
    assert proposed >= 20
    assert wrong <= 0.05 * proposed


def test_the_same_history_gives_the_same_proposal():
    once, again = (learned_from(made(1_000, 3, planted)).proposal for _ in range(2))
    pd.testing.assert_frame_equal(once, again)


def test_the_proposal_reads_back_as_the_persona_that_was_learned():
    found = learned_from(made(4_000, 1, planted))
    rows = taken(found.proposal)
    (persona,) = read_personas(rows)
    assert [each.weight for each in persona.criteria] == [
        each.weight for each in found.persona.criteria
    ]
    assert len(persona.criteria) <= 12


def test_values_that_speak_against_a_lead_share_a_row_and_keep_their_sign():
    from smarketing_xl.personas.learning.points import Found, fit_points
    from smarketing_xl.personas.learning.traits import attribute
    from smarketing_xl.stats.association import p_values

    random = np.random.default_rng(0)
    cells = pd.Series(random.choice(["good", "bad", "worse", None], 4_000, p=[0.2, 0.1, 0.1, 0.6]))
    chance = cells.map({"good": 0.5, "bad": 0.05, "worse": 0.05}).fillna(0.3)
    top = random.random(4_000) < chance.to_numpy(dtype=float)
    found = attribute("kind", cells, top)
    counted = found.counted()
    traits = [
        Found(found, trait, float(p), found.mask(trait), bool(lift > 1))
        for trait, p, lift in zip(found.traits, p_values(counted), counted.lift, strict=True)
        if trait.operator == "is"
    ]
    rows, _repeated = fit_points(traits, top)
    told = {(row.trait.operator, *sorted(row.trait.values)): row.weight for row in rows}
    assert told["is", "good"] > 0
    assert told["one_of", "bad", "worse"] < 0


def test_lift_and_interval_worked_by_hand():
    leads = pd.DataFrame({"industry": ["Retail"] * 100 + ["Food"] * 300})
    won = np.r_[np.ones(60), np.zeros(40), np.ones(40), np.zeros(260)].astype(bool)
    found = learned_from(leads.assign(status=np.where(won, "won", "lost")))
    row = found.proposal.iloc[0]
    # 60 % of Retail buys, 25 % of all: lift 2.4; a quarter of the history is Retail.
    assert (row["attribute"], row["value"]) == ("Industry", "Retail")
    assert row["lift"] == pytest.approx(2.4)
    assert row["support"] == pytest.approx(0.25)
    assert row["low"] < 2.4 < row["high"]


# --- what may not decide ------------------------------------------------------------------------


def flagged_history():
    leads = made(1_500, 2, planted)
    won = leads["status"] == "won"
    random = np.random.default_rng(5)
    return leads.assign(
        age=np.where(won, 60, 30) + random.integers(-25, 25, len(leads)),
        contract_type=np.where(won, "Yearly", None),
        welcome_gift=np.where(won, "Sent", None),
        crm_number=random.permutation(len(leads)),
        reference=[f"x{n}" for n in random.permutation(len(leads))],
        newsletter=["no"] * (len(leads) - 3) + ["yes"] * 3,
        lead_origin=np.where(random.random(len(leads)) < np.where(won, 0.5, 0.1), "Fair", "Web"),
    )


def test_what_must_not_decide_is_said_in_words_and_left_unticked():
    found = learned_from(flagged_history())
    verdicts = found.findings.set_index("attribute")["verdict"]
    assert verdicts["Age"] == "Protected?"
    assert verdicts["contract_type"] == verdicts["welcome_gift"] == "Known only later?"
    assert verdicts["crm_number"] == verdicts["reference"] == "Identifier"
    assert verdicts["newsletter"] == "Nearly constant"
    assert verdicts["lead_origin"] == "Suggested"  # where a lead came from is no protected origin
    ticked = found.proposal[found.proposal["take"]]
    assert not set(ticked["attribute"]) & {"Age", "contract_type", "welcome_gift"}
    offered = found.proposal[found.proposal["attribute"] == "Age"].iloc[0]
    assert not offered["take"]
    assert "protected" in offered["flag"]


def test_a_protected_attribute_in_a_criterion_written_by_hand_is_said():
    rows = pd.DataFrame(
        {
            "persona": ["P", "P"],
            "attribute": ["Age", "Industry"],
            "operator": ["at_least", "is"],
            "value": ["40", "Retail"],
            "weight": [1.0, 1.0],
        }
    )
    (said,) = protected_criteria(read_personas(rows))
    assert said.startswith("Age: May be a protected")


def test_a_flagged_attribute_that_is_ticked_may_decide():
    found = learned_from(flagged_history(), allowed=["Edad"])
    taken_up = found.proposal[found.proposal["take"] & (found.proposal["attribute"] == "Age")]
    assert len(taken_up)
    assert taken_up["flag"].str.contains("protected").all()  # the warning stays in sight


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Fecha de nacimiento", "protected"), ("Género", "protected"), ("Origin", "protected"),
        ("Country of origin", "protected"), ("Lead Origin", None), ("Nacionalidad", "protected"),
        ("Contrato firmado", "leakage"), ("Invoice date", "leakage"), ("Customer ID", "identifier"),
        ("Do Not Email", None), ("E-mail", "identifier"), ("Industry", None), ("Stage", "leakage"),
    ],
)  # fmt: skip
def test_names_that_warn(name, kind):
    from smarketing_xl.personas.learning.warnings import by_name

    flag = by_name(name)
    assert (flag.kind if flag else None) == kind


# --- histories ----------------------------------------------------------------------------------


def customers(count, margin=None):
    return pd.DataFrame(
        {
            "customer_id": [f"C{n}" for n in range(count)],
            "lead_id": [str(n) for n in range(count)],
            "industry": ["Retail", "Food"] * (count // 2),
            "revenue": np.arange(count, dtype=float),
            "margin": margin if margin is not None else np.nan,
        }
    )


def test_the_best_are_the_top_quarter_by_revenue_where_no_margin_is_known():
    found = build_history(customers(100), None)
    assert found.top.sum() == 25
    assert found.value[found.top].min() == 75
    assert found.outcome.sum() == 25


def test_margin_comes_before_revenue():
    found = build_history(customers(100, margin=np.arange(100.0)[::-1]), None)
    assert found.top[:25].all()


def test_a_customer_who_was_a_lead_counts_once_with_what_was_known_of_the_lead():
    leads = pd.DataFrame(
        {
            "lead_id": [str(n) for n in range(140)],
            "status": ["won"] * 100 + ["lost"] * 30 + ["new"] * 5 + ["rejected"] * 5,
            "industry": ["Health"] * 140,
        }
    )
    found = build_history(customers(100), leads)
    assert len(found) == 130
    assert found.won.sum() == 100
    assert (found.traits["industry"] == "Health").all()
    assert "revenue" not in found.traits


def test_a_column_of_customers_alone_cannot_score_leads():
    leads = made(300, 0, planted).drop(columns="city")
    bought = customers(100).assign(city="Lugo").drop(columns="lead_id")
    found = learn_persona(build_history(bought, leads))
    row = found.findings.set_index("attribute").loc["city"]
    assert row["verdict"] == "Not in Leads"


def test_each_row_of_a_short_history_is_held_out_once():
    past = build_history(customers(200), made(300, 0, nothing).assign(lead_id=range(1000, 1300)))
    parts = past.parts(5, seed=0)
    assert sum(len(test) for _train, test in parts) == len(past)
    assert {len(train) + len(test) for train, test in parts} == {len(past)}
    best = [test.top.sum() for _train, test in parts]
    assert max(best) - min(best) <= 1
    values = np.concatenate([test.value for _train, test in parts])
    np.testing.assert_array_equal(np.sort(values), np.sort(past.value))


def test_a_short_history_is_learned_from_as_a_whole_and_asked_in_parts():
    leads = made(900, 2, planted)
    found = study_history(None, leads, GRADES, TODAY)
    assert found.in_parts
    assert found.learned_from == found.held_out == found.by_grade["leads"].sum() == 900
    conversion = found.by_grade["conversion"].to_numpy()
    assert conversion[0] > 1.5 * conversion[-1]
    assert found.models["behind"].max() < 0.08


def test_where_nothing_holds_nothing_is_promised():
    found = study_history(None, made(900, 3, nothing), GRADES, TODAY)
    assert found.learned.persona is None
    assert found.by_grade.empty
    assert found.models.empty


def test_too_little_history_is_said():
    with pytest.raises(NotEnoughData, match="too little history"):
        build_history(None, made(30, 0, planted))
    with pytest.raises(NotEnoughData):
        build_history(None, None)


def test_strange_columns_do_no_harm():
    leads = made(400, 4, planted).assign(
        mixed=[1, "two", None, dt.datetime(2026, 1, 1)] * 100,
        infinite=[np.inf, -np.inf, 1.0, 2.0] * 100,
        nothing=None,
        semicolon=["a;b", "c"] * 200,
        when=pd.Timestamp("2026-01-01"),
        flag=pd.array([True, False, None, True] * 100, dtype="boolean"),
        kind=pd.Categorical(["x", "y"] * 200),
    )
    found = learned_from(leads)
    assert set(found.findings["attribute"]) >= {"mixed", "infinite", "nothing", "when", "flag"}


def test_the_words_are_spanish_in_a_spanish_workbook():
    with speaking("es"):
        found = learned_from(made(2_000, 1, planted))
    assert "Sector" in set(found.proposal["attribute"]) or "Industria" in set(
        found.proposal["attribute"]
    )


# --- real leads ---------------------------------------------------------------------------------


def shared(name):
    beside = Path(__file__).parents[4] / "shared" / "data"
    return Path(os.environ.get("SMARKETING_DATA", beside)) / name


X_EDUCATION = shared("x_education/Leads.csv")


@pytest.mark.skipif(not X_EDUCATION.exists(), reason="the public data is not beside the checkout")
def test_real_leads_of_an_online_school():
    leads = pd.read_csv(X_EDUCATION).replace("Select", np.nan)
    leads["status"] = np.where(leads.pop("Converted") == 1, "won", "lost")
    found = study_history(None, leads, GRADES, TODAY)
    auc = found.models.set_index("model")["auc"]
    assert auc["Persona"] == pytest.approx(0.893, abs=0.005)
    assert found.models["behind"].max() < 0.03  # within a few points of the better model
    conversion = found.by_grade["conversion"].to_numpy()
    assert (np.diff(conversion) < 0).all()
    assert conversion[0] > 0.9
    left_out = set(found.learned.findings.query("verdict == 'Known only later?'")["attribute"])
    assert {"Tags", "Lead Quality"} <= left_out


# --- what is known only after the sale ------------------------------------------------------------


def with_revenue(leads, seed=3):
    random = np.random.default_rng(seed)
    revenue = random.lognormal(8, 1, len(leads)).round()
    return leads.assign(revenue=np.where(leads["status"] == "won", revenue, np.nan))


def verdict_of(leads, attribute):
    findings = learned_from(leads).findings.set_index("attribute")
    return findings.loc[attribute, "verdict"]


def test_a_column_filled_for_customers_alone_is_no_trait_of_the_best_quarter_either():
    """Filled for 95 % of customers and no lost lead: beside the best quarter the rest hold most."""
    leads = with_revenue(made(1_500, 4, planted))
    random = np.random.default_rng(5)
    won = leads["status"] == "won"
    filled = won & (random.random(len(leads)) < 0.95)
    leads["kind of deal"] = np.where(filled, random.choice(["x", "y"], len(leads)), None)
    assert verdict_of(leads, "kind of deal") == "Known only later?"
    assert verdict_of(leads, "Industry") != "Known only later?"


def test_a_value_that_only_customers_have_is_flagged():
    leads = with_revenue(made(3_000, 6, planted))
    random = np.random.default_rng(7)
    won = (leads["status"] == "won").to_numpy()
    typed = np.where(won & (random.random(len(leads)) < 0.4), "Closed by Ana", "Will call")
    leads["note of sales"] = np.where(random.random(len(leads)) < 0.5, typed, "Interested")
    assert verdict_of(leads, "note of sales") == "Known only later?"


def test_honest_attributes_are_not_flagged():
    for seed in range(20):
        leads = with_revenue(made(600, 100 + seed, planted))
        verdicts = learned_from(leads).findings["verdict"]
        assert "Known only later?" not in set(verdicts)


def test_a_small_history_is_learned_from_all_who_bought():
    leads = with_revenue(made(77, 1, planted))
    won = np.arange(77) < 21
    leads = leads.assign(
        status=np.where(won, "won", "lost"), revenue=leads["revenue"].fillna(5.0).where(won)
    )
    past = build_history(None, leads)
    assert (past.top.sum(), len(past)) == (21, 77)


def test_the_persona_is_judged_on_the_best_and_on_any_customer():
    found = study_history(None, with_revenue(made(3_000, 1, planted)), GRADES, TODAY)
    named = found.models["model"].tolist()
    assert named[0] == "Persona" and named[-1] == "Persona, any customer"


# --- by time, and leads that nobody closed ------------------------------------------------------


def drifting(count: int = 1200) -> pd.DataFrame:
    """Leads of two years: what sells best changes half way."""
    rng = np.random.default_rng(8)
    created = pd.Timestamp("2024-01-01") + pd.to_timedelta(
        np.sort(rng.integers(0, 730, count)), "D"
    )
    industry = rng.choice(["Retail", "Food"], count)
    good = np.where(created < pd.Timestamp("2025-06-01"), "Retail", "Food")
    won = rng.random(count) < np.where(industry == good, 0.5, 0.1)
    status = np.where(won, "won", "lost")
    return pd.DataFrame({"created": created, "industry": industry, "status": status})


def test_a_persona_of_older_leads_is_asked_of_the_latest():
    models = study_history(None, drifting(), GRADES, dt.date(2026, 1, 1)).models
    latest = models[models["model"] == "Persona, latest leads"].iloc[0]
    assert latest["auc"] < 0.5 < models.iloc[0]["auc"]  # what sold then does not sell now
    undated = study_history(
        None, drifting().assign(created=pd.NaT), GRADES, dt.date(2026, 1, 1)
    ).models
    assert "Persona, latest leads" not in undated["model"].tolist()


def test_logistic_regression_has_numbers_in_bands_as_the_persona_has():
    rng = np.random.default_rng(3)
    size = rng.uniform(0, 100, 3000)
    won = rng.random(3000) < np.where((size > 30) & (size < 60), 0.6, 0.1)
    status = np.where(won, "won", "lost")
    leads = pd.DataFrame({"employees": size, "status": status, "created": pd.NaT})
    models = study_history(None, leads, GRADES, dt.date(2026, 1, 1)).models.set_index("model")
    assert models.loc["Logistic regression", "auc"] > 0.75  # a straight line would see 0.5


def test_old_leads_that_nobody_closed_can_count_as_lost():
    day = pd.Timestamp("2026-01-01")
    leads = pd.DataFrame(
        {
            "created": [day - pd.Timedelta(days=n) for n in (200, 200, 10, 200)] + [pd.NaT],
            "status": ["new", "won", "new", "rejected", "opportunity"],
        }
    )
    taken, count = old_as_lost(leads, day.to_pydatetime(), 90)
    assert taken["status"].tolist() == ["lost", "won", "new", "rejected", "opportunity"]
    assert count == 1 and old_as_lost(leads, day.to_pydatetime(), None)[1] == 0
