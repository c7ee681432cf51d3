"""Who asked: invented leads, some of whom fit a persona, some of whom asked twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarketing_xl.arrays import Floats, Texts
from smarketing_xl.sample import words
from smarketing_xl.sample.settings import AS_OF, SHARES

Rng = np.random.Generator

FIRST_DAY = np.datetime64("2025-10-01")
TWICE = 0.03  # share of leads that asked before


@dataclass(frozen=True)
class Channel:
    """Where leads come from: its share of them, how many fit a persona, and what a month costs."""

    share: float
    fit: float
    cost: float
    kind: str
    campaigns: tuple[str, ...] = ()


CHANNELS = {
    "Organic search": Channel(0.20, 0.60, 1_500, "visit", ("Content hub",)),
    "Paid search": Channel(0.18, 0.52, 4_600, "ad", ("Brand search", "Generic search")),
    "Social ads": Channel(0.22, 0.24, 4_800, "ad", ("Spring launch", "Lookalike audience")),
    "LinkedIn": Channel(0.08, 0.68, 3_600, "ad", ("Decision makers",)),
    "E-mail": Channel(0.10, 0.62, 700, "email", ("Newsletter", "Win-back")),
    "Referral": Channel(0.07, 0.82, 400, "message", ("Customers bring customers",)),
    "Webinar": Channel(0.08, 0.74, 1_100, "event", ("No-show webinar", "Enrolment webinar")),
    "Trade fair": Channel(0.04, 0.58, 2_600, "event", ("Autumn fair", "Spring fair")),
    "Direct": Channel(0.03, 0.50, 0, "visit"),
}
CHANNEL_NAMES = np.array(list(CHANNELS), dtype=object)
CHANNEL_SHARES = np.array([channel.share for channel in CHANNELS.values()])

# segment: industries, titles of deciders, of others, goals that count, of others, employees, income
_SEGMENTS = (
    (("Health", "Dental"), ("Clinic Manager", "Practice Manager"), ("Receptionist", "Nurse"),
     ("No-shows", "No-shows, fewer calls"), ("Website",), (5, 60)),
    (("Education",), ("Owner", "Owner and Head Teacher"), ("Teacher", "Secretary"),
     ("More enrolments",), ("Online classes",), (2, 40)),
    (("Retail", "Hospitality"), ("Marketing Director", "Head of Marketing"), ("Shop Assistant",),
     ("Loyalty", "Repeat visits"), ("Cheaper ads",), (50, 900)),
    (("Construction", "Software", "Agriculture", "Retail", "Health"),
     ("Consultant", "Office Assistant"), ("Student", "Freelancer"),
     ("Curious", "Compare prices"), ("Homework", "Website"), (1, 120)),
)  # fmt: skip


def make_people(rng: Rng, count: int) -> tuple[pd.DataFrame, Floats, NDArray[np.bool_]]:
    """Leads as they came in, in order of time; how well each fits (0 to 1); who asked before."""
    created = _moments(rng, count)
    channel = rng.choice(len(CHANNELS), count, p=CHANNEL_SHARES)
    fitting = rng.random(count) < np.array([c.fit for c in CHANNELS.values()])[channel]
    segment = np.where(fitting, rng.choice(3, count, p=[0.4, 0.3, 0.3]), 3)
    hits = rng.random((3, count)) < np.where(fitting, 0.74, 0.5)
    industry = _pick_by(rng, segment, [s[0] for s in _SEGMENTS])
    country = rng.choice(len(words.COUNTRIES), count, p=[c[0] for c in words.COUNTRIES.values()])
    names = np.array(list(words.COUNTRIES), dtype=object)
    campaigns = [c.campaigns or (None,) for c in CHANNELS.values()]
    frame = pd.DataFrame(
        {
            "lead_id": [f"L-{number:05}" for number in range(1, count + 1)],
            "created": created,
            "name": _pick(rng, words.FIRST_NAMES, count) + " " + _pick(rng, words.SURNAMES, count),
            "email": None,
            "phone": _phones(rng, country),
            "company": _companies(rng, industry),
            "job_title": np.where(
                hits[0],
                _pick_by(rng, segment, [s[1] for s in _SEGMENTS]),
                _pick_by(rng, segment, [s[2] for s in _SEGMENTS]),
            ),
            "industry": industry,
            "employees": _employees(rng, segment, hits[1]),
            "city": _pick_by(rng, country, [c[1] for c in words.COUNTRIES.values()]),
            "country": names[country],
            "age": _sometimes(rng, np.clip(np.round(rng.normal(43, 9, count)), 19, 74), 0.75),
            "income": _sometimes(rng, np.exp(rng.normal(10.8, 0.3, count)).round(-3), 0.6),
            "goal": np.where(
                hits[2],
                _pick_by(rng, segment, [s[3] for s in _SEGMENTS]),
                _pick_by(rng, segment, [s[4] for s in _SEGMENTS]),
            ),
            "source": CHANNEL_NAMES[channel],
            "campaign": _pick_by(rng, channel, campaigns),
        }
    )
    frame["email"] = _emails(frame["name"])
    twice = _ask_again(rng, frame)
    fit = np.where(fitting, 0.4 + hits.mean(axis=0) * 0.6, hits.mean(axis=0) * 0.2)
    return frame, fit, twice


def _pick(rng: Rng, options: tuple[str | None, ...], count: int) -> Texts:
    return np.array(options, dtype=object)[rng.integers(len(options), size=count)]


def _pick_by(rng: Rng, group: NDArray[np.int_], options: Sequence[tuple[str | None, ...]]) -> Texts:
    """For each row, one of the options of its group."""
    width = max(map(len, options))
    table = np.array([(row * width)[:width] for row in options], dtype=object)
    return np.asarray(table[group, rng.integers(width, size=len(group))])


def _sometimes(rng: Rng, values: Floats, share: float) -> Floats:
    return np.where(rng.random(len(values)) < share, values, np.nan)


def _moments(rng: Rng, count: int) -> NDArray[np.datetime64]:
    """Times of day over the months as busy as the year's shares, few of them at weekends."""
    days = np.arange(FIRST_DAY, np.datetime64(AS_OF, "D"))
    months = days.astype("datetime64[M]").astype(int) % 12
    weight = np.array(SHARES)[months] * np.where(np.is_busday(days), 1.0, 0.35)
    day = rng.choice(days, count, p=weight / weight.sum())
    minute = np.clip(rng.normal(13 * 60, 210, count), 7 * 60, 22 * 60).astype(int)
    return np.asarray(np.sort(day.astype("datetime64[m]") + minute).astype("datetime64[us]"))


def _phones(rng: Rng, country: NDArray[np.int_]) -> Texts:
    patterns = np.array([c[2] for c in words.COUNTRIES.values()], dtype=object)[country]
    first, last = rng.integers(200, 1000, len(country)), rng.integers(0, 1000, len(country))
    numbers = np.array(
        [p.format(a, b, b % 100) for p, a, b in zip(patterns, first, last, strict=True)],
        dtype=object,
    )
    numbers[rng.random(len(country)) > 0.85] = None
    return numbers


def _companies(rng: Rng, industry: Texts) -> Texts:
    word = _pick(rng, words.FIRM_WORDS, len(industry)) + " "
    word += _pick(rng, words.FIRM_WORDS, len(industry)) + " "
    kinds = list(words.FIRM_KINDS)
    group = np.array([kinds.index(name) for name in industry])
    kind = _pick_by(rng, group, list(words.FIRM_KINDS.values()))
    suffix = _pick(rng, tuple(f" {suffix}".rstrip() for suffix in words.SUFFIXES), len(industry))
    return np.asarray(word + kind + suffix)


def _employees(rng: Rng, segment: NDArray[np.int_], hit: NDArray[np.bool_]) -> Floats:
    low, high = np.array([s[5] for s in _SEGMENTS], dtype=float)[segment].T
    inside = np.exp(np.log(low) + rng.random(len(low)) * np.log(high / low))
    outside = np.where(segment == 2, rng.integers(3, 45, len(low)), high * (1.2 + rng.random()))
    employees: Floats = np.where(hit, inside, outside).round()
    return employees


def _emails(names: pd.Series[str]) -> pd.Series[str]:
    """first.surname@example.com, numbered where the name came before."""
    plain = names.map(lambda name: unicodedata.normalize("NFD", name).encode("ascii", "ignore"))
    local = plain.map(bytes.decode).str.lower().str.replace(" ", ".", regex=False)
    place = names.groupby(local).cumcount()
    number = (place + 1).astype(str).where(place > 0, "")
    host = np.where(np.arange(len(names)) % 3 == 0, "@example.org", "@example.com")
    return local + number + host


def _ask_again(rng: Rng, frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Makes some late rows the same person as an earlier row, written differently."""
    count = len(frame)
    late = np.sort(rng.choice(np.arange(count // 4, count), round(count * TWICE), replace=False))
    first = rng.choice(np.arange(count // 4), len(late), replace=False)
    person = ["name", "phone", "company", "job_title", "industry", "employees", "city", "country"]
    again = frame.iloc[first][[*person, "email"]].reset_index(drop=True)
    way = np.arange(len(late)) % 3  # same e-mail, same phone, or only name and company
    plain = again["company"].str.replace(r" (S\.L\.|S\.A\.|Ltd|Inc\.|GmbH|Lda)$", "", regex=True)
    again["company"] = again["company"].where(way == 0, plain.str.upper())
    other = "info." + again["email"]
    again["email"] = again["email"].str.upper().where(way == 0, other)
    spaceless = again["phone"].str.replace(" ", "", regex=False)
    again["phone"] = again["phone"].where(way == 0, spaceless.where(way == 1))
    for column in again:
        frame.loc[late, column] = again[column].to_numpy()
    twice = np.zeros(count, dtype=bool)
    twice[late] = True
    return twice
