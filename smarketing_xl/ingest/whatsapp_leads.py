"""Whose chat it is: leads found by telephone or saved name, sellers by who else wrote.

Answers a table like any other file's, so that the rest of an import is the same. What nobody can
tell is said by hand, once, in a mapping that is kept beside the workbook::

    [leads]                      # as the phone knows them = the ID of the lead
    "Anita (feria)" = "L-17"
    [sellers]                    # as the phone knows them = as the workbook does
    "Yo" = "Eva Ejemplo"
    [read]
    dates = "day first"          # or "month first", where the chats do not show it
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import polars as pl

from smarketing_xl.errors import BadData
from smarketing_xl.i18n import _, format_number
from smarketing_xl.ingest.file_safety import refuse_unsafe
from smarketing_xl.ingest.mapping import KeptMapping
from smarketing_xl.ingest.raw_table import RawTable
from smarketing_xl.ingest.whatsapp import Chat, Order, read_chats
from smarketing_xl.parsing.match_keys import people, phones
from smarketing_xl.parsing.text import fold_words
from smarketing_xl.schema.tables import INTERACTIONS

CHANNEL, KIND = "WhatsApp", "message"
LISTED = 20
"""So many chats that were left out are named."""
_ENOUGH = 8  # digits that tell a telephone without its country


@dataclass(frozen=True)
class Hand:
    """What was said by hand. leads: saved name → lead's ID; sellers: saved name → salesperson."""

    leads: dict[str, str] = field(default_factory=dict)
    sellers: dict[str, str] = field(default_factory=dict)
    order: Order | None = None


def load_hand(path: Path | KeptMapping) -> Hand:
    """Reads a mapping of chats. Raises BadData where it is not understood."""
    try:
        given: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        leads, sellers, read = (dict(given.pop(key, {})) for key in ("leads", "sellers", "read"))
        order = read.pop("dates", None)
        if given or read or order not in (None, *get_args(Order)):
            raise ValueError(", ".join([*given, *read, str(order)]))
        return Hand(
            {fold_words(str(name)): str(lead) for name, lead in leads.items()},
            {fold_words(str(name)): str(seller) for name, seller in sellers.items()},
            order,
        )
    except (OSError, tomllib.TOMLDecodeError, ValueError, TypeError) as cause:
        raise refuse_unsafe(
            _("is not a mapping: {problem}").format(problem=cause),
            _("See docs/import.md for how one is written"),
            Path(path.name),
        ) from cause


def chats_table(path: Path, leads: pd.DataFrame, hand: Hand, with_text: bool = False) -> RawTable:
    """Every message of a lead's chat as a row of Interactions; what is left out, in the notes.

    leads: as the workbook has them. with_text: keep what was written, in a column of its own. The
    headers are those of the language spoken. Raises BadData where no chat is of a lead.
    """
    chats, refused = read_chats(path, hand.order)
    known = _Leads(leads, hand)
    out = [_("{name} {why}").format(name=one.name, why=one.why) for one in refused]
    rows, count = [], 0
    for chat in chats:
        whose = known.whose(chat)
        if isinstance(whose, str):
            out.append(f"{chat.title or ', '.join(chat.senders)}: {whose}")
            continue
        lead, sellers = whose
        count += 1
        rows.append(_rows(chat, lead, sellers, with_text))
    listed = out[:LISTED]
    if len(out) > LISTED:
        listed.append(_("and {count} more").format(count=format_number(len(out) - LISTED)))
    if not rows:
        raise BadData(
            _("No chat is of a lead. {chats}").format(chats="; ".join(listed)),
            _('Say who it is in a mapping: [leads] "saved name" = "ID of the lead"'),
        )
    counted = _("{count} chats of leads, {left} left out").format(
        count=format_number(count), left=format_number(len(out))
    )
    frame = pl.concat(rows).sort(_(INTERACTIONS["time"].label), maintain_order=True)
    return RawTable(frame, 1, None, (counted, *listed))


def _rows(chat: Chat, lead: str, sellers: dict[str, str], with_text: bool) -> pl.DataFrame:
    label = {column.key: _(column.label) for column in INTERACTIONS}
    by = pl.col("sender").replace_strict(sellers, default=None, return_dtype=pl.String)
    columns = [
        pl.lit(lead).alias(label["lead_id"]),
        pl.col("time").alias(label["time"]),
        pl.lit(CHANNEL).alias(label["channel"]),
        pl.lit(KIND).alias(label["kind"]),
        by.alias(label["by"]),
    ]
    if with_text:
        columns.append(pl.col("text").alias(_("Text")))
    return chat.messages.select(columns)


class _Leads:
    """The leads by all that a phone may call them."""

    def __init__(self, leads: pd.DataFrame, hand: Hand) -> None:
        self._hand = hand
        keys = ["lead_id", "name", "phone", "country", "owner", "duplicate_of"]
        there = leads[leads["lead_id"].notna()].reindex(columns=keys).astype(object)
        texts = pl.DataFrame(
            {key: there[key].where(there[key].notna(), None).to_list() for key in keys},
            schema=dict.fromkeys(keys, pl.String),
            strict=False,
        )
        self._ids = texts["lead_id"].to_list()
        self._names = people(texts["name"]).to_list()
        self._words = [frozenset((name or "").split()) for name in self._names]
        self._phones = [_digits(each) for each in phones(texts["phone"], texts["country"])]
        self._owners = {fold_words(owner): owner for owner in texts["owner"].drop_nulls().unique()}
        self._twice = set(texts["duplicate_of"].is_not_null().arg_true())

    def whose(self, chat: Chat) -> tuple[str, dict[str, str]] | str:
        """The lead and, by sender, the salespeople; or why nobody can tell."""
        names = [chat.title, *chat.senders] if chat.title else chat.senders
        by_name = {name: self._lead(name) for name in names if not self._seller(name)}
        leads = {lead for lead in by_name.values() if lead is not None}
        if not leads:
            return _("no lead has this telephone or name")
        if len(leads) > 1 or "" in leads:
            return _("several leads could be meant")
        (lead,) = leads
        theirs = {
            fold_words(name) for name, lead_of_name in by_name.items() if lead_of_name == lead
        }
        if chat.title and fold_words(chat.title) in {fold_words(s) for s in chat.senders}:
            theirs = {fold_words(chat.title)}  # the one whose name the file bears
        sellers = {
            s: self._seller(s) or self._owner_like(s) or s
            for s in chat.senders
            if fold_words(s) not in theirs
        }
        if len(chat.senders) == 2 and len(sellers) == 2:
            known = [s for s in sellers if self._seller(s)]
            if len(known) != 1:
                return _("which of {names} is the salesperson? Say it under [sellers]").format(
                    names=", ".join(sellers)
                )
            sellers = {known[0]: sellers[known[0]]}
        return lead, sellers

    def _seller(self, name: str) -> str | None:
        folded = fold_words(name)
        return self._hand.sellers.get(folded) or self._owners.get(folded)

    def _owner_like(self, name: str) -> str | None:
        """The only salesperson whose name has all these words: Eva is Eva Ejemplo."""
        words = set(fold_words(name).split())
        owners = [owner for known, owner in self._owners.items() if words <= set(known.split())]
        return owners[0] if words and len(owners) == 1 else None

    def _lead(self, name: str) -> str | None:
        """The ID of the lead; None where there is none, blank where there are several."""
        lead_id = self._hand.leads.get(fold_words(name))
        if lead_id is not None:
            return lead_id
        digits = _digits(name)
        if len(digits) >= _ENOUGH and not any(letter.isalpha() for letter in name):
            return self._one([at for at, phone in enumerate(self._phones) if _same(digits, phone)])
        (folded,) = people(pl.Series([name], dtype=pl.String))
        if not folded:
            return None
        exact = [at for at, known in enumerate(self._names) if known == folded]
        if exact:
            return self._one(exact)
        words = frozenset(folded.split())
        return self._one(
            [at for at, known in enumerate(self._words) if len(known) > 1 and known < words]
        )

    def _one(self, places: list[int]) -> str | None:
        """Of leads that are there twice, the one that they duplicate."""
        left = [at for at in places if at not in self._twice] or places[:1]
        return None if not left else self._ids[left[0]] if len(left) == 1 else ""


def _digits(text: str | None) -> str:
    return "".join(letter for letter in text or "" if letter.isdigit())


def _same(one: str, other: str) -> bool:
    """Telephones that are one, also where a country or a mobile's 1 (+52 1) stands in one only."""
    if min(len(one), len(other)) < _ENOUGH:
        return False
    short, long = sorted((one, other), key=len)
    return long.endswith(short) or (len(short) >= 11 and short[-10:] == long[-10:])
