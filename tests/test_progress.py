"""Work tells how far it is; whoever watches may stop it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarketing_xl.errors import Cancelled
from smarketing_xl.progress import steps, watched

Plan = list[list[int]]


def work(plan: Plan) -> None:
    """Steps, each with its own steps inside."""
    with steps(len(plan)) as step:
        for at, inner in enumerate(plan):
            step(str(at))
            for count in inner:
                with steps(count) as smaller:
                    for _time in range(count):
                        smaller()


PLANS = st.lists(st.lists(st.integers(1, 5), max_size=1), min_size=1, max_size=6)


@given(PLANS)
def test_the_share_done_begins_at_nothing_never_falls_and_stays_below_one(plan: Plan) -> None:
    told: list[float] = []
    with watched(lambda _what, share: told.append(share)):
        work(plan)
    assert told[0] == 0
    assert told == sorted(told)
    assert told[-1] < 1


def test_steps_of_a_step_are_said_with_it_and_end_with_it() -> None:
    told: list[str] = []
    with watched(lambda what, _share: told.append(what)), steps(2) as step:
        step("Certainty")
        with steps(1) as inner:
            inner("Markov")
        step("Costs")
    assert told == ["Certainty", "Certainty: Markov", "Costs"]


def test_work_that_was_stopped_leaves_nobody_watching() -> None:
    told: list[str] = []

    def stop(what: str, _share: float) -> None:
        told.append(what)
        raise Cancelled("Stopped", "Nothing was changed")

    with pytest.raises(Cancelled), watched(stop):
        work([[2], [2]])
    work([[2], [2]])
    assert told == ["0"]
