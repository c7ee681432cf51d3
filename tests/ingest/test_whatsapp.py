"""Chats exported from WhatsApp: read in every format, matched to leads, counted by the SLA."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing_xl import actions
from smarketing_xl.book.read import find_table, raw_frame
from smarketing_xl.cli import app
from smarketing_xl.errors import BadData
from smarketing_xl.hosts import opened
from smarketing_xl.ingest.importer import to_pandas
from smarketing_xl.ingest.whatsapp import _lines, read_chats
from smarketing_xl.ingest.whatsapp_leads import Hand, chats_table
from smarketing_xl.schema.tables import INTERACTIONS
from smarketing_xl.sla.follow_up import follow_up_cases
from smarketing_xl.sla.terms import Terms
from tests.ingest.whatsapp_chats import FORMATS, Format, Message

ID = [each.name for each in FORMATS]
LEADS = pd.DataFrame(
    [
        ("L1", "Ana Díaz", "+507 6123-4567", "Eva Ejemplo"),
        ("L2", "Bo Pérez", "6999-0001", "Eva Ejemplo"),
        ("L3", "Cy Demo", "+52 55 1234 5678", "Leo Muestra"),
    ],
    columns=["lead_id", "name", "phone", "owner"],
).assign(country=["Panama", None, "Mexico"])


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, second)


def talk(who: str, seller: str = "Eva Ejemplo") -> list[Message]:
    return [
        (at(2, 9, 5, 7), who, "Hola: ¿precio?\n3/25/26 no es fecha\n\n- Ana: nada"),
        (at(2, 12, 30), seller, "MEDIA"),
        (at(3, 0, 15), who, "ok 👍"),
        (at(25, 23, 59, 59), seller, "=1+1"),
    ]


@pytest.mark.parametrize("how", FORMATS, ids=ID)
def test_every_format_says_when_and_by_whom(how: Format, tmp_path: Path) -> None:
    made = talk("Ana Díaz")
    ((chat,), refused) = read_chats(how.write(tmp_path, "Ana Díaz", made))
    assert not refused and chat.title == "Ana Díaz"
    expected = [t.replace(second=t.second if how.ios else 0) for t, _who, _said in made]
    assert chat.messages["time"].to_list() == expected
    assert chat.messages["sender"].to_list() == [who for _t, who, _said in made]
    assert chat.messages["text"][0] == made[0][2]


def test_a_month_of_chats_moves_late_leads_to_in_time_exactly_as_made(tmp_path: Path) -> None:
    rng = np.random.default_rng(23)
    count = 160
    terms = Terms(first_contact_hours={"A": 4.0, "B": 8.0})
    created = [
        at(2 + int(day), 9 + int(hour), int(minute))
        for day, hour, minute in zip(
            rng.integers(0, 24, count), rng.integers(0, 8, count), rng.integers(0, 60, count),
            strict=True,
        )
    ]  # fmt: skip
    leads = pd.DataFrame(
        {
            "lead_id": [f"L{n}" for n in range(count)],
            "name": [f"Nombre{chr(97 + n % 26)}{chr(97 + n // 26)} Apellido" for n in range(count)],
            "phone": [f"+507 6{n:03}-{7 * n % 10000:04}" for n in range(count)],
            "country": "Panama",
            "owner": "Eva Ejemplo",
            "grade": rng.choice(["A", "B"], count),
            "status": "new",
            "created": created,
        }
    )
    now = dt.datetime(2026, 4, 2, 12)
    calls = pd.DataFrame({"lead_id": ["L0"], "time": [now], "by": [None], "kind": ["visit"]})
    before = follow_up_cases(leads, calls, terms, now)["sla_status"]
    assert (before == "late").sum() > 150
    truth, folders = [], [tmp_path / each.name for each in FORMATS]
    for folder in folders:
        folder.mkdir()
    for n, lead in enumerate(leads.itertuples()):
        how, saved = FORMATS[n % 8], lead.phone if n % 3 else lead.name
        answer = lead.created + dt.timedelta(minutes=int(rng.integers(10, 3000)))
        said = [(lead.created, saved, "Hola")]
        if n % 5:  # every fifth is never answered
            said.append((answer, "Eva Ejemplo", "Buenas\ntardes"))
            floor = dt.timedelta(seconds=answer.second, microseconds=answer.microsecond)
            truth.append((lead.lead_id, answer - floor, "Eva Ejemplo", "message"))
        how.write(folders[n % 8], saved, said)
    made = pd.DataFrame(truth, columns=["lead_id", "time", "by", "kind"])
    found = pd.concat([_rows(folder, leads) for folder in folders], ignore_index=True)
    assert len(found) == count + len(made)
    columns = ["follow_up_due", "sla_status", "first_contact", "attempts", "in_time"]
    expected = follow_up_cases(leads, made, terms, now)[columns]
    pd.testing.assert_frame_equal(follow_up_cases(leads, found, terms, now)[columns], expected)
    assert {"in_time", "contacted_late", "late"} <= set(expected["sla_status"])
    assert (expected["sla_status"] == "in_time").sum() > 10


def _rows(path: Path, leads: pd.DataFrame, hand: Hand | None = None) -> pd.DataFrame:
    frame = to_pandas(chats_table(path, leads, hand or Hand()).frame)
    return frame.rename(columns={c.label: c.key for c in INTERACTIONS}).assign(
        by=lambda rows: rows["by"].astype(object).where(rows["by"].notna(), None)
    )


@pytest.mark.parametrize(
    "saved", ["+507 6123-4567", "6123 4567", "Ana Díaz", "Díaz, Ana", "Ana Díaz Acme", "ANA DIAZ"]
)
def test_a_lead_is_known_by_telephone_or_saved_name(saved: str, tmp_path: Path) -> None:
    rows = _rows(FORMATS[1].write(tmp_path, saved, talk(saved, "Eva E.")), LEADS)
    assert set(rows["lead_id"]) == {"L1"}
    assert rows["by"].tolist() == [None, "Eva E.", None, "Eva E."]
    again = _rows(FORMATS[1].write(tmp_path, saved, talk(saved, "Eva")), LEADS)
    assert again["by"].tolist() == [None, "Eva Ejemplo", None, "Eva Ejemplo"]
    assert set(rows["channel"]) == {"WhatsApp"} and set(rows["kind"]) == {"message"}
    assert "Hola" not in rows.to_csv()


def test_what_is_no_lead_or_a_group_is_left_out_and_listed(tmp_path: Path) -> None:
    FORMATS[1].write(tmp_path, "Ana Díaz", talk("Ana Díaz"))
    FORMATS[1].write(tmp_path, "Mamá", talk("Mamá"))
    group = [(at(2, 9), who, "hola") for who in ("Ana Díaz", "Eva Ejemplo", "Leo")]
    FORMATS[1].write(tmp_path, "Ventas", group)
    (tmp_path / "notes.txt").write_text("Buy milk\n2/3/26 eggs: 12\n")
    found = chats_table(tmp_path, LEADS, Hand())
    assert len(found.frame) == 4
    assert found.notes == (
        "1 chat of a lead, 3 left out",
        "WhatsApp Chat with Ventas.txt is the chat of a group",
        "notes.txt is no chat exported from WhatsApp",
        "Mamá: no lead has this telephone or name",
    )
    by_hand = Hand({"mama": "L3"})
    assert set(_rows(tmp_path, LEADS, by_hand)["lead_id"]) == {"L1", "L3"}


def test_two_leads_of_one_name_are_not_guessed(tmp_path: Path) -> None:
    path = FORMATS[1].write(tmp_path, "Ana Díaz", talk("Ana Díaz"))
    twins = pd.concat([LEADS, LEADS.iloc[:1].assign(lead_id="L9")], ignore_index=True)
    with pytest.raises(BadData, match="several leads could be meant"):
        chats_table(path, twins, Hand())
    known = twins.assign(duplicate_of=[None, None, None, "L1"])
    assert set(_rows(path, known)["lead_id"]) == {"L1"}


def test_days_and_months_are_told_apart_by_the_others_or_refused(tmp_path: Path) -> None:
    unclear = [(at(4, 9), "Ana Díaz", "a"), (at(4, 10), "Eva Ejemplo", "b")]
    path = FORMATS[0].write(tmp_path, "Ana Díaz", unclear)
    with pytest.raises(BadData, match=r"day first or month first.*\[read\] dates"):
        read_chats(path)
    assert _rows(path, LEADS, Hand(order="month first"))["time"].dt.day.tolist() == [4, 4]
    FORMATS[0].write(tmp_path, "Bo Pérez", talk("Bo Pérez"))
    times = _rows(tmp_path, LEADS)["time"]
    assert set(times.dt.month) == {3}


def test_a_chat_that_does_not_show_its_order_is_left_out_by_name_and_the_others_come(
    tmp_path: Path,
) -> None:
    FORMATS[0].write(tmp_path, "Bo Pérez", talk("Bo Pérez"))  # month first
    FORMATS[1].write(tmp_path, "Cy Demo", talk("Cy Demo"))  # day first
    unclear = [(at(4, 9), "Ana Díaz", "a"), (at(4, 10), "Eva Ejemplo", "b")]
    iphone = next(each for each in FORMATS if each.ios)
    iphone.write(tmp_path, "Ana Díaz", unclear)
    sheet = chats_table(tmp_path, LEADS, Hand())
    assert set(sheet.frame["Lead ID"]) == {"L2", "L3"}
    assert any(note.startswith("Ana Díaz does not show") for note in sheet.notes)


def test_chats_that_nothing_tells_are_named_where_there_are_no_others(tmp_path: Path) -> None:
    for who in ("Ana Díaz", "Bo Pérez"):
        FORMATS[0].write(tmp_path, who, [(at(4, 9), who, "a"), (at(4, 10), "Eva Ejemplo", "b")])
    with pytest.raises(BadData, match=r"(?s)Ana Díaz.*Bo Pérez.*are day first or month first"):
        read_chats(tmp_path)


def test_an_order_that_is_given_is_of_the_chats_that_do_not_show_theirs(tmp_path: Path) -> None:
    unclear = [(at(4, 9), "Ana Díaz", "a"), (at(4, 10), "Eva Ejemplo", "b")]
    FORMATS[0].write(tmp_path, "Ana Díaz", unclear)
    FORMATS[0].write(tmp_path, "Bo Pérez", talk("Bo Pérez"))
    for order in ("day first", "month first"):
        rows = _rows(tmp_path, LEADS, Hand(order=order))
        theirs = rows[rows["lead_id"] == "L2"]["time"]
        assert theirs.dt.day.tolist() == [2, 2, 3, 25] and set(theirs.dt.month) == {3}


def test_into_a_workbook_twice_is_once_and_undo_takes_it_back(tmp_path: Path) -> None:
    book = app.make(tmp_path / "Sales.xlsm")
    csv = tmp_path / "l.csv"
    csv.write_text("Lead ID,Name,Phone,Owner\nL1,Ana Díaz,+507 6123-4567,Eva Ejemplo\n")
    chats = tmp_path / "chats"
    chats.mkdir()
    FORMATS[2].write(chats, "Anita feria", talk("Anita feria"))
    mapping = tmp_path / "hand.toml"
    mapping.write_text('[leads]\n"Anita feria" = "L1"\n')
    with opened(book, "file") as live:
        actions.import_file(live, csv, "leads")
        first = actions.bring_in(live, actions.prepare_chats(live, chats, mapping))
    assert first.rows == 4
    with opened(book, "file") as live:
        again = actions.bring_in(live, actions.prepare_chats(live, chats))  # kept beside it
        rows = raw_frame(find_table(live, INTERACTIONS))
        assert again.rows == 0 and len(rows) == 4
        assert "precio" not in rows.to_csv()
        actions.undo(live)
        actions.undo(live)
        assert raw_frame(find_table(live, INTERACTIONS)).empty
        actions.bring_in(live, actions.prepare_chats(live, chats, with_text=True))
        texts = raw_frame(find_table(live, INTERACTIONS))["Text"].tolist()
    assert texts[0].startswith("Hola") and texts[3] == "=1+1"  # a text


@pytest.mark.parametrize("language", ["es", "pt"])
def test_the_preview_speaks_the_language_of_the_workbook(language: str, tmp_path: Path) -> None:
    leads = tmp_path / "l.csv"
    leads.write_text("Lead ID,Name,Phone,Owner\nL1,Ana Díaz,+507 6123-4567,Eva Ejemplo\n")
    chat = FORMATS[2].write(tmp_path, "Ana Díaz", talk("Ana Díaz"))
    with opened(app.make(tmp_path / "Sales.xlsx", language), "file", save=False) as live:  # type: ignore[arg-type]
        actions.import_file(live, leads, "leads")
        prepared = actions.prepare_chats(live, chat, with_text=True)
        columns, _would = actions.preview(live, prepared)
        actions.bring_in(live, prepared)
        rows = raw_frame(find_table(live, INTERACTIONS))
    assert columns.table is not None
    theirs, ours = columns.table.iloc[:, 0], columns.table.iloc[:, 1]
    assert theirs.tolist() == ours.tolist() and "Time" not in theirs.tolist()
    assert (rows["lead_id"] == "L1").all() and rows["time"].notna().all() and len(rows) == 4


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    head = "[25/03/26, 21:05:12] Ana: hola\n"
    lines = _lines(head + text, "x", Path("x"))
    assert lines is not None and lines["sender"][0] == "Ana"


def test_hostile_chats_are_bounded(tmp_path: Path) -> None:
    begun = time.monotonic()
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_chat.txt", b"0" * (80 << 20))
    with pytest.raises(BadData, match="unpacks to more"):
        read_chats(bomb)
    inner = io.BytesIO(b"PK\x03\x04 nothing")
    (tmp_path / "bad.zip").write_bytes(inner.getvalue())
    with pytest.raises(BadData, match="damaged"):
        read_chats(tmp_path / "bad.zip")
    slow = tmp_path / "slow.txt"
    slow.write_text("25/03/2026, 21:05 - " + "a" * 3_000_000 + "\n" + "[" * 1_000_000 + "\n")
    with pytest.raises(BadData, match="No chat is of a lead"):
        chats_table(slow, LEADS, Hand())
    (tmp_path / "nul.txt").write_bytes(b"25/03/2026, 21:05 - Ana D\xc3\xadaz: a\0b\n")
    assert len(_rows(tmp_path / "nul.txt", LEADS)) == 1
    assert time.monotonic() - begun < 30
