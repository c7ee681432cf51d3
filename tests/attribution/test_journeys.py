"""How touches become journeys, and what is said about those left out."""

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import pytest

from smarketing_xl.attribution import evidence, settings
from smarketing_xl.attribution.journeys import build_journeys
from smarketing_xl.attribution.journeys_eager import _in_order
from smarketing_xl.attribution.models import attribute
from smarketing_xl.errors import BadData, OutOfRange, WrongType

AS_OF = dt.datetime(2026, 6, 30, 18)


def touches(*rows):
    """(lead, time, channel) and whatever else a test needs."""
    frame = pd.DataFrame(rows, columns=["lead_id", "time", "channel"])
    return frame.assign(time=pd.to_datetime(frame["time"], format="ISO8601"))


def sales(*rows):
    frame = pd.DataFrame(rows, columns=["lead_id", "time"])
    return frame.assign(time=pd.to_datetime(frame["time"], format="ISO8601"))


def walk(interactions, conversions, **settings):
    made = build_journeys(interactions, conversions, as_of=AS_OF, **settings)
    spans = zip(made.offsets[:-1], made.offsets[1:], strict=True)
    paths = [[made.channels[code] for code in made.codes[a:b]] for a, b in spans]
    return made, paths


def test_touches_are_put_in_order_of_time():
    _made, paths = walk(
        touches(
            ("1", "2026-05-03", "Mail"), ("1", "2026-05-01", "Ads"), ("2", "2026-01-02", "Ads")
        ),
        sales(("1", "2026-05-04")),
        lookback_days=100,
    )
    assert paths == [["Ads", "Mail"], ["Ads"]]


def test_a_lead_that_buys_twice_has_two_journeys():
    made, paths = walk(
        touches(
            ("1", "2026-03-01", "Ads"), ("1", "2026-04-01", "Mail"), ("1", "2026-04-02", "Fair")
        ),
        sales(("1", "2026-03-15"), ("1", "2026-04-15")),
    )
    assert paths == [["Ads"], ["Mail", "Fair"]]
    assert made.customers.tolist() == [1, 1]


def test_two_sales_at_one_moment_share_one_journey():
    made, paths = walk(
        touches(("1", "2026-03-01", "Ads")),
        sales(("1", "2026-03-15"), ("1", "2026-03-15")).assign(revenue=[10.0, 5.0]),
    )
    assert paths == [["Ads"]]
    assert (made.customers.tolist(), made.revenue.tolist()) == ([2], [15])


def test_a_sale_on_a_day_comes_after_all_touches_of_that_day():
    _made, paths = walk(touches(("1", "2026-03-15 17:00", "Call")), sales(("1", "2026-03-15")))
    assert paths == [["Call"]]


def test_touches_before_the_look_back_window_do_not_count():
    made, paths = walk(
        touches(("1", "2026-01-01", "Ads"), ("1", "2026-03-10", "Mail")),
        sales(("1", "2026-03-15")),
        lookback_days=30,
    )
    assert paths == [["Mail"]]
    assert made.dropped["too_old"] == 1
    assert made.notes == ("1 touch lies before the look-back window of its journey.",)


def test_a_sale_without_a_touch_in_the_window_is_told():
    made, paths = walk(
        touches(("1", "2026-01-01", "Ads")),
        sales(("1", "2026-06-15"), ("2", "2026-06-15")).assign(revenue=[7.0, 8.0]),
        lookback_days=30,
    )
    assert paths == []
    assert made.untouched == {"customers": 2, "revenue": 15}
    assert "2 customers have no touch inside the look-back window." in made.notes


def test_lost_open_and_won_are_told_apart():
    made, paths = walk(
        touches(
            ("won", "2026-03-01", "Ads"),
            ("lost", "2026-06-01", "Mail"),
            ("old", "2026-01-01", "Fair"),
            ("open", "2026-06-20", "Call"),
        ),
        sales(("won", "2026-03-02"), ("lost", "2026-06-02")).assign(won=[True, False]),
        open_days=60,
    )
    assert paths == [["Ads"], ["Mail"], ["Fair"], ["Call"]]
    assert made.customers.tolist() == [1, 0, 0, 0]
    assert made.lost.tolist() == [0, 1, 1, 1]  # all sales there are came within a day
    assert made.dropped["open"] == 1
    counted, _paths = walk(touches(("open", "2026-06-20", "Call")), sales(), count_open=True)
    assert counted.lost.tolist() == [1]


def test_a_journey_without_a_sale_counts_as_far_as_sales_of_its_age_are_known():
    """Half of all sales take 5 days, half 30; of 100 journeys 20 are sales.

    At 10 days half of the sales are known: 80 of 100 would be lost, and 10 of 90 are still sales to
    come, so that each of the 90 counts 0.5 x 0.8 / (1 - 0.2 x 0.5) = 0.444 of a loss.
    """
    rows, ends = [], []
    for cohort, begun, sales_known in (("old", "2025-09-01", 20), ("new", "2026-06-20", 10)):
        for number in range(100):
            lead, start = f"{cohort}{number}", pd.Timestamp(begun)
            rows.append((lead, str(start), cohort))
            if number < sales_known:
                ends.append((lead, str(start + pd.Timedelta(days=5 if number < 10 else 30))))
    made, _paths = walk(touches(*rows), sales(*ends))
    table = evidence.with_and_without(made).set_index("channel")
    assert table["conversion"].to_dict() == pytest.approx({"old": 0.2, "new": 0.2}, abs=1e-9)
    new = made.codes[made.firsts] == made.channels.index("new")
    assert set(made.lost[new & (made.customers == 0)].round(3)) == {0.444}
    assert made.dropped["open"] == 90


def test_the_look_back_compares_days_with_days():
    """A sale on a day, 30 days after a touch in the evening; and one at the same hour."""
    for sale in ("2026-03-31", "2026-03-31 09:00", "2026-03-31 23:00"):
        made, _paths = walk(
            touches(("1", "2026-03-01 20:00", "Ads")), sales(("1", sale)), lookback_days=30
        )
        assert len(made) == 1
    too_old = touches(("1", "2026-02-28 23:00", "Ads"))
    made, _paths = walk(too_old, sales(("1", "2026-03-31 01:00")), lookback_days=30)
    assert len(made) == 0


def test_direct_visits_are_skipped_where_something_else_is_known():
    interactions = touches(
        ("1", "2026-03-01", "Ads"), ("1", "2026-03-02", "Direct"), ("2", "2026-03-01", "direct")
    )
    conversions = sales(("1", "2026-03-03"), ("2", "2026-03-03"))
    assert walk(interactions, conversions)[1] == [["Ads", "Direct"], ["Direct"]]
    made, paths = walk(interactions, conversions, skip_direct=True)
    assert paths == [["Ads"], ["Direct"]]
    assert made.dropped["direct"] == 1


def test_repeated_touches_in_a_row_are_merged_on_request():
    interactions = touches(
        *(("1", f"2026-03-0{day}", channel) for day, channel in enumerate("AABA", start=1))
    )
    made, paths = walk(interactions, sales(("1", "2026-03-09")), merge_repeats=True)
    assert paths == [["A", "B", "A"]]
    assert made.dropped["repeated"] == 1
    assert made.days[0] == pytest.approx(8, abs=1e-6)  # the later of the two: 2 March


def test_offline_touches_go_by_their_kind():
    interactions = touches(("1", "2026-03-01", None), ("1", "2026-03-02", "Ads")).assign(
        kind=["event", "visit"]
    )
    assert walk(interactions, sales(("1", "2026-03-09")))[1] == [["event", "Ads"]]


def test_names_that_differ_in_case_or_spaces_are_one_channel():
    interactions = touches(("1", "2026-03-01", "mail "), ("1", "2026-03-02", "Mail"))
    assert walk(interactions, sales(("1", "2026-03-09")))[0].channels == ("Mail",)


def test_by_campaign_with_touches_that_have_none():
    interactions = touches(("1", "2026-03-01", "A"), ("1", "2026-03-02", "B")).assign(
        campaign=["Spring", ""]
    )
    assert walk(interactions, sales(("1", "2026-03-09")), by="campaign")[1] == [
        ["Spring", "(no campaign)"]
    ]


def test_everything_unusable_is_counted_once_under_its_first_reason():
    interactions = touches(
        (None, "2026-03-01", "Ads"),
        ("1", None, "Ads"),
        ("1", "2026-03-01", " "),
        ("1", "2026-12-01", "Ads"),
        ("1", "2026-03-01", "Call"),
        ("1", "2026-03-02", "Mail"),
    ).assign(by=[None, None, None, None, "Ana", " "])
    conversions = sales((None, "2026-03-05"), ("1", None), ("1", "2027-01-01"), ("1", "2026-03-05"))
    made, paths = walk(interactions, conversions.assign(revenue=[1.0, 1.0, 1.0, None]))
    assert paths == [["Mail"]]
    assert {key: count for key, count in made.dropped.items() if count} == {
        "no_lead": 1,
        "no_time": 1,
        "by_sales": 1,
        "no_channel": 1,
        "in_future": 1,
        "sale_no_lead": 1,
        "sale_no_time": 1,
        "sale_in_future": 1,
        "no_revenue": 1,
    }
    assert len(made.notes) == 9


def test_a_sale_of_the_day_of_the_report_without_a_time_is_no_future_sale():
    morning = dt.datetime(2026, 3, 5, 9)
    sold = sales(("1", "2026-03-05"), ("2", "2026-03-06"))
    visits = touches(("1", "2026-03-05 08:00", "Ads"), ("2", "2026-03-05 08:00", "Ads"))
    made = build_journeys(visits, sold, as_of=morning)
    assert made.customers.sum() == 1
    assert made.dropped["sale_in_future"] == 1
    there = build_journeys(duckdb.from_df(visits), sold, as_of=morning)
    assert there.customers.sum() == 1
    assert there.dropped["sale_in_future"] == 1


def test_times_with_a_zone_become_local():
    """23:30 UTC is past midnight in Madrid: the touch comes after the sale of that day."""
    interactions = touches(("1", "2026-03-01 23:30", "Ads"))
    interactions["time"] = interactions["time"].dt.tz_localize("UTC")
    conversions = sales(("1", "2026-03-01"))
    assert walk(interactions, conversions)[0].customers.sum() == 1
    made, _paths = walk(interactions, conversions, timezone="Europe/Madrid")
    assert made.customers.sum() == 0


def test_a_very_long_journey_keeps_its_first_and_latest_touches():
    many = settings.MOST_TOUCHES + 50
    start = pd.Timestamp("2026-03-01")
    interactions = touches(
        *(("1", start + pd.Timedelta(minutes=n), "First" if n == 0 else "Bot") for n in range(many))
    )
    made, paths = walk(interactions, sales(("1", "2026-03-09")))
    assert (len(paths[0]), paths[0][0], made.dropped["too_many"]) == (200, "First", 50)


def test_numbers_and_texts_name_the_same_lead():
    interactions = touches((7, "2026-03-01", "Ads"))
    assert walk(interactions, sales(("7", "2026-03-05")))[0].customers.sum() == 1


def test_no_rows_at_all():
    made, paths = walk(touches(), sales())
    assert (len(made), paths) == (0, [])
    for model in ("linear", "time_decay", "position", "markov", "shapley"):
        assert attribute(made, model).empty


def test_the_row_order_never_matters(made_up):
    interactions, conversions = made_up()
    ordered = build_journeys(interactions, conversions, as_of=AS_OF)
    shuffled = build_journeys(
        interactions.sample(frac=1, random_state=1),
        conversions.sample(frac=1, random_state=2),
        as_of=AS_OF,
    )
    for model in ("first", "time_decay", "markov"):
        pd.testing.assert_frame_equal(attribute(ordered, model), attribute(shuffled, model))


def test_missing_columns_are_all_named():
    with pytest.raises(BadData) as raised:
        build_journeys(pd.DataFrame({"x": [1]}), sales(), as_of=AS_OF)
    assert [fault.column for fault in raised.value.faults] == ["lead_id", "time"]


def test_times_that_are_none():
    interactions = touches(("1", "2026-03-01", "Ads")).assign(time=["yesterday"])
    with pytest.raises(WrongType):
        build_journeys(interactions, sales(("1", "2026-03-05")), as_of=AS_OF)


@pytest.mark.parametrize(
    "settings", [{"lookback_days": 0}, {"by": "colour"}, {"open_days": -1}, {"half_life_days": 0}]
)
def test_settings_that_cannot_be(settings):
    with pytest.raises(OutOfRange):
        build_journeys(touches(), sales(), as_of=AS_OF, **settings)


@pytest.mark.parametrize("unit, size", [("h", 9_000), ("us", 10**15), ("us", 9 * 10**17)])
def test_touches_are_sorted_alike_whether_or_not_they_fit_into_one_number_each(unit, size):
    rng = np.random.default_rng(0)
    lead, code = rng.integers(0, 40, 500), rng.integers(0, 5, 500).astype(np.int32)
    some = rng.integers(-size // 2, size // 2, 100).astype(f"timedelta64[{unit}]")
    time = rng.choice(some, 500).astype("timedelta64[us]").astype(np.int64)
    order = np.lexsort((code, time, lead))
    for one, other in zip((lead, time, code), _in_order(lead, time, code), strict=True):
        np.testing.assert_array_equal(one[order], other)
