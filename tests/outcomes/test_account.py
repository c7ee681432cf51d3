"""One account: who is open, qualified, won, lost, since when, whatever table says so."""

import pandas as pd
import pytest

from smarketing_xl.outcomes.account import Account, account

DAY = pd.Timestamp("2026-03-04")


def leads(**columns: list) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    return frame.assign(created=pd.to_datetime(frame["created"])) if "created" in frame else frame


def state(found: Account) -> dict:
    return dict(zip(found.leads["lead_id"], found.leads["state"], strict=True))


@pytest.mark.parametrize(
    ("customer", "deal", "status", "expected"),
    [
        (False, None, None, "open"),
        (False, None, "new", "open"),
        (False, None, "accepted", "accepted"),
        (False, None, "rejected", "rejected"),
        (False, None, "lost", "lost"),
        (False, None, "won", "won"),
        (True, None, "new", "won"),
        (True, "lost", "lost", "won"),
        (False, "won", "rejected", "won"),
        (False, "open", "new", "accepted"),
        (False, "open", "lost", "accepted"),
        (False, "lost", "accepted", "lost"),
    ],
)
def test_state_of_a_lead(customer, deal, status, expected):
    found = account(
        leads(lead_id=["A"], status=[status]),
        pd.DataFrame({"deal_id": ["D"], "lead_id": ["A"], "status": [deal]}) if deal else None,
        pd.DataFrame({"customer_id": ["C"], "lead_id": ["A"]}) if customer else None,
    )
    assert state(found) == {"A": expected}
    assert len(found.customers) == (expected == "won")


@pytest.mark.parametrize(
    ("lead", "customer"),
    [
        ({"lead_id": "A"}, {"lead_id": " A "}),
        ({"lead_id": "00Q5g00000AbCdE"}, {"lead_id": "00Q5g00000AbCdEAAV"}),
        ({"email": "Ana@Firm.com"}, {"email": "ana+news@firm.com"}),
        ({"phone": "+507 6123-4567"}, {"phone": "6123 4567"}),
        ({"company": "Lorem Dental, S.L."}, {"company": "LOREM DENTAL"}),
        ({"email": "ana@firm.com"}, {"lead_id": "elsewhere", "email": "ana@firm.com"}),
    ],
)
def test_a_customer_finds_its_lead(lead, customer):
    table = pd.DataFrame([{"lead_id": "A", "created": DAY} | lead, {"lead_id": "Z"}])
    found = account(table, customers=pd.DataFrame([{"customer_id": "C", "won_on": DAY} | customer]))
    assert found.leads["state"].tolist() == ["won", "open"]
    assert found.customers["lead_id"].tolist() == [table["lead_id"][0]]
    assert found.unmatched.empty


@pytest.mark.parametrize(
    ("table", "customer", "reason"),
    [
        ([{"lead_id": "A"}], {"lead_id": "Z"}, "unknown_lead"),
        ([{"lead_id": "A"}], {}, "no_lead"),
        (
            [{"lead_id": "A", "company": "Lorem"}, {"lead_id": "B", "company": "Lorem SA"}],
            {"company": "lorem"},
            "several_leads",
        ),
        # who bought before the lead came did not come of it
        (
            [{"lead_id": "A", "email": "a@b.com", "created": DAY}],
            {"email": "a@b.com", "won_on": DAY - pd.Timedelta(days=40)},
            "no_lead",
        ),
    ],
)
def test_what_joins_to_nothing_is_listed(table, customer, reason):
    found = account(
        pd.DataFrame(table), customers=pd.DataFrame([{"customer_id": "C", "revenue": 5} | customer])
    )
    assert found.unmatched[["table", "id", "reason"]].to_numpy().tolist() == [
        ["customers", "C", reason]
    ]
    assert set(state(found).values()) == {"open"}
    assert found.customers["revenue"].tolist() == [5]


def test_duplicates_and_merged_leads_are_one():
    table = leads(
        lead_id=["A", "B", "C", "D"],
        duplicate_of=[None, "A", "B", "gone"],
        merged=["X; Y", None, None, None],
        status=["new", "new", "won", "new"],
        created=["2026-01-01", "2026-02-01", "2026-03-01", "2026-03-01"],
        closed=pd.to_datetime([None, None, "2026-03-09", None]),
        revenue=[None, None, 70, None],
    )
    found = account(table, customers=pd.DataFrame({"customer_id": ["C1"], "lead_id": ["Y"]}))
    assert state(found) == {"A": "won", "D": "open"}
    assert found.leads["rows"].tolist() == [3, 1]
    assert found.leads["revenue"].iloc[0] == 70  # once, though lead and customer both say so
    assert len(found.customers) == 1
    assert found.customers["since"].iloc[0] == pd.Timestamp("2026-03-09")


def test_duplicates_in_a_circle_stand_for_themselves():
    found = account(leads(lead_id=["A", "B"], duplicate_of=["B", "A"]))
    assert len(found.leads) in (1, 2)
    assert found.leads["rows"].sum() == 2


def test_a_moment_knows_nothing_of_what_came_later():
    table = leads(
        lead_id=["A", "B", "C"],
        created=["2026-01-01", "2026-01-02", "2026-05-01"],
        status=["won", "rejected", "new"],
        decided=pd.to_datetime(["2026-01-09", "2026-02-09", None]),
        closed=pd.to_datetime(["2026-03-20", None, None]),
    )
    assert state(account(table, at="2026-01-10")) == {"A": "accepted", "B": "open"}
    assert state(account(table, at="2026-02-10")) == {"A": "accepted", "B": "rejected"}
    assert state(account(table)) == {"A": "won", "B": "rejected", "C": "open"}
    deals = pd.DataFrame(
        {"deal_id": ["D"], "lead_id": ["C"], "status": ["won"], "closed": [DAY], "amount": [9.0]}
    )
    assert account(table, deals, at=DAY).customers["revenue"].tolist() == [9.0]
    early = account(table, deals, at=DAY - pd.Timedelta(days=1))
    assert early.customers.empty
    assert early.deals["status"].tolist() == ["open"]


def test_won_deals_are_customers_once():
    deals = pd.DataFrame(
        {
            "deal_id": ["1", "2", "3", "4"],
            "stage": ["Closed Won", "Cerrado ganado", "Closed Lost", "Presentation"],
            "company": ["Acme", "ACME, S.A.", "Beta", "Gamma"],
            "amount": [1500.0, 500.0, 2500.0, 9000.0],
            "closed": pd.to_datetime(["2026-03-14", "2026-04-01", "2026-03-20", None]),
        }
    )
    found = account(pd.DataFrame({"lead_id": []}), deals)
    assert found.deals["status"].tolist() == ["won", "won", "lost", "open"]
    assert found.customers[["revenue", "since"]].to_numpy().tolist() == [
        [2000.0, pd.Timestamp("2026-03-14")]
    ]
    known = pd.DataFrame({"customer_id": ["C1"], "company": ["acme"], "revenue": [2100.0]})
    both = account(pd.DataFrame({"lead_id": []}), deals, known)
    assert both.customers["revenue"].tolist() == [2100.0]
    assert both.deals["customer"].tolist()[:2] == ["C1", "C1"]


def test_undated_outcomes_are_counted():
    found = account(
        leads(lead_id=list("ABCD"), status=["won", "lost", "rejected", "accepted"]),
        customers=pd.DataFrame({"customer_id": ["C"], "lead_id": ["A"], "won_on": [DAY]}),
    )
    assert found.undated == {
        "created": 4, "accepted": 1, "rejected": 1, "won": 0, "lost": 1, "customers": 0,
    }  # fmt: skip
