"""Chats exported from WhatsApp, as interactions: when the seller wrote, when the lead did.

Read are the text that Android and iOS export ("Export chat", with or without media): a .txt file,
the .zip that an iPhone makes, or a folder or zip of many. The clock may have 12 or 24 hours; days
may stand before months or after; a message may have many lines. What was written is left unread
unless it is asked for.

Nothing published describes the format; it is read by what its lines have in common:

    Android  25/03/2026, 9:05 p. m. - Ana: Hola
    iOS      [25/03/26, 21:05:12] Ana: Hola
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import polars as pl

from smarketing_xl.errors import BadData
from smarketing_xl.i18n import _, format_number
from smarketing_xl.ingest.file_safety import MOST_LINE, MOST_PARTS, refuse_unsafe, too_large

Order = Literal["day first", "month first", "year first"]
MOST_CHAT = 64 << 20  # bytes of one chat's text
MOST_CHATS = 512 << 20  # bytes of all of them
_NAMED = 5  # so many chats are named in a sentence

# a line that begins a message; blanks of every kind and marks of direction are tidied before
_BEGINS = (
    r"^(?:\[(?<d>DAY),? (?<t>TIME)\] ?|(?<d2>DAY),? (?<t2>TIME) - )(?<rest>.*)$".replace(
        "DAY", r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
    )
    .replace("TIME", r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})? ?(?:[aApP]\.? ?[mM]\.?)?")
    .replace("(?<", "(?P<")
)
_SENDER = r"^([^:]{1,100}?): ?(.*)$"
_MARKS = "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_BLANKS = "[\u00a0\u202f\u2009\t]"
# what the application itself says in the name of the other one (iOS), in the languages read
_SYSTEM = (
    r"(?i)end-to-end encrypt|cifrad[oa]s? de extremo a extremo|criptografia de ponta a ponta"
    r"|protegid[ao]s com a criptografia|security code (?:with .* )?changed|c[oó]digo de seguridad"
    r"|c[oó]digo de segurança|changed (?:their|your) phone number|cambi[oó] (?:su|de) n[uú]mero"
    r"|mudou (?:de|seu) n[uú]mero|you blocked|bloqueaste a|você bloqueou"
)
_GROUP = (
    r"(?i)created (?:the |this )?group|cre[oó] (?:el|este) grupo|criou (?:o|este) grupo"
    r"|added you|te (?:añadi[oó]|agreg[oó])|adicionou você"
)
_TITLES = (
    r"(?i)^(?:whatsapp chat (?:with|-)|chat de whatsapp con|conversa do whatsapp com"
    r"|conversaci[oó]n de whatsapp con)\s*"
)
_NO_TITLE = ("_chat", "chat", "")


@dataclass(frozen=True)
class Chat:
    """One chat. title: as whom the phone knows the other one; blank where the file does not say.

    messages: columns time, sender, text, in their order. senders: those who wrote, in order.
    """

    name: str
    title: str
    messages: pl.DataFrame

    @property
    def senders(self) -> list[str]:
        """Who wrote, the first first."""
        return list(self.messages["sender"].unique(maintain_order=True))


@dataclass(frozen=True)
class Refused:
    """A chat that is not read, and why."""

    name: str
    why: str


def read_chats(path: Path, order: Order | None = None) -> tuple[list[Chat], list[Refused]]:
    """Every chat of a file, a folder or a zip; and those that are refused.

    order: of day and month, where the files do not tell: found out from days beyond 12, else from
    chats of the same export, else from the order of the messages. A chat of which nothing tells it
    is refused. Raises BadData for what cannot be read at all, and where no chat tells its order.
    """
    chats: list[tuple[str, str, pl.DataFrame]] = []
    refused: list[Refused] = []
    for file, title, content in _texts(path):
        name = file if _title(file) else title or file  # an iPhone calls all of them _chat.txt
        lines = _lines(content, file, path)
        if lines is None:
            refused.append(Refused(name, _("is no chat exported from WhatsApp")))
        elif lines["group"].any() or lines["sender"].drop_nulls().n_unique() > 2:
            refused.append(Refused(name, _("is the chat of a group")))
        else:
            chats.append((name, title, lines))
    if not chats and not refused:
        raise refuse_unsafe(
            _("holds no chat"), _("Export the chats as text: Export chat, without media"), path
        )
    made: list[Chat] = []
    undecided: list[str] = []
    orders = _orders([lines for _name, _title, lines in chats], order)
    for (name, title, lines), how in zip(chats, orders, strict=True):
        if how is None:
            undecided.append(name)
        else:
            made.append(Chat(name, title, _dated(lines, how)))
    if undecided and not made:
        raise BadData(
            _("Nothing tells whether the dates of {name} are day first or month first").format(
                name=_some(undecided)
            ),
            _('Say it in a mapping: [read] dates = "day first"'),
        )
    why = _('does not show whether days or months are first: say it under [read], dates = "..."')
    refused += [Refused(name, why) for name in undecided]
    return [chat for chat in made if len(chat.messages)], refused


def _some(names: list[str]) -> str:
    """Names in a sentence: the first of many."""
    shown = names[:_NAMED]
    if len(names) > _NAMED:
        shown.append(_("and {count} more").format(count=format_number(len(names) - _NAMED)))
    return ", ".join(shown)


# --- files --------------------------------------------------------------------------------------


def _texts(path: Path) -> Iterator[tuple[str, str, str]]:
    """Name, title and text of each chat. Links in a folder are not followed."""
    if path.is_dir():
        parts = sorted(part for part in path.rglob("*") if not part.is_symlink())
        if len(parts) > MOST_PARTS:
            raise too_large(path)
        files = [part for part in parts if part.is_file() and _may_be_chat(part.name)]
    else:
        files = [path]
    read = 0
    for file in files:
        try:
            for name, title, content in _texts_of(file):
                read += len(content)
                if read > MOST_CHATS:
                    raise too_large(path)
                yield name, title, content
        except OSError as cause:
            raise refuse_unsafe(
                _("cannot be read"), _("Check the name and the folder"), file
            ) from cause


def _texts_of(file: Path) -> Iterator[tuple[str, str, str]]:
    with file.open("rb") as stream:
        packed = stream.read(4) == b"PK\x03\x04"
        stream.seek(0)
        if packed:
            yield from _zipped(stream.read(MOST_CHATS + 1), file.name, file, deep=True)
        else:
            yield file.name, _title(file.name), _decoded(stream.read(MOST_CHAT + 1), file)


def _zipped(content: bytes, name: str, path: Path, deep: bool) -> Iterator[tuple[str, str, str]]:
    """The chats in a zip, and in the zips right inside it."""
    if len(content) > MOST_CHATS:
        raise too_large(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS:
                raise too_large(path)
            for part in parts:
                inner = PurePosixPath(part.filename).name
                if part.is_dir() or not _may_be_chat(inner):
                    continue
                zipped = inner.lower().endswith(".zip")
                with package.open(part) as stream:
                    piece = stream.read((MOST_CHATS if zipped else MOST_CHAT) + 1)
                if zipped and deep:
                    yield from _zipped(piece, inner, path, deep=False)
                elif not zipped:
                    yield inner, _title(inner) or _title(name), _decoded(piece, path)
    except (
        zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, KeyError,
        zlib.error,
    ) as cause:  # fmt: skip
        raise refuse_unsafe(_("is damaged"), _("Export it again"), path) from cause


def _may_be_chat(name: str) -> bool:
    return name.lower().endswith((".txt", ".zip")) and not name.startswith(".")


def _title(name: str) -> str:
    """As whom the phone knows the other one: what is left of the file's name."""
    stem = name.rsplit(".", 1)[0]
    title = pl.Series([_tidy(stem)]).str.replace(_TITLES, "").str.replace(r"\s*\(\d+\)$", "")[0]
    return "" if title.strip().lower() in _NO_TITLE else str(title).strip()


def _tidy(text: str) -> str:
    return " ".join(pl.Series([text]).str.replace_all(_MARKS, "")[0].split())


def _decoded(content: bytes, path: Path) -> str:
    if len(content) > MOST_CHAT:
        raise too_large(path)
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = content.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


# --- lines --------------------------------------------------------------------------------------


def _lines(content: str, name: str, path: Path) -> pl.DataFrame | None:
    """The messages of a text: first, second, third (of the date), clock, sender, text, group.

    None where it is no chat: where its first filled line begins no message.
    """
    lines = pl.Series("line", content.splitlines() if content else [], dtype=pl.String)
    if len(lines) and (lines.str.len_bytes().max() or 0) > MOST_LINE:  # type: ignore[operator]
        raise refuse_unsafe(
            _("has a line longer than {size} MB").format(size=MOST_LINE >> 20),
            _("Export it again"),
            path,
        )
    clean = lines.str.replace_all(_MARKS, "").str.replace_all(_BLANKS, " ").str.strip_chars()
    table = pl.DataFrame({"line": clean, "marked": lines.str.contains("\u200e", literal=True)})
    table = table.with_columns(pl.col("line").str.extract_groups(_BEGINS).alias("g")).unnest("g")
    table = table.with_columns(
        date=pl.coalesce("d", "d2"),
        clock=pl.coalesce("t", "t2"),
        sender=pl.col("rest").str.extract(_SENDER, 1).str.strip_prefix("~").str.strip_chars(),
    )
    begins = table["date"].is_not_null()
    filled = (table["line"] != "").arg_max()
    if not begins.any() or filled is None or not begins[filled]:
        return None
    texts = (
        pl.when(pl.col("date").is_null())
        .then("line")
        .otherwise(pl.col("rest").str.extract(_SENDER, 2))
    )
    table = table.with_columns(message=begins.cum_sum(), text=texts)
    by_system = pl.col("marked") & pl.col("text").str.contains(_SYSTEM)
    whole = table.group_by("message", maintain_order=True).agg(
        pl.col("date", "clock").first(),
        pl.when(by_system).then(None).otherwise(pl.col("sender")).first().alias("sender"),
        (pl.col("sender").is_null() & pl.col("rest").str.contains(_GROUP)).any().alias("group"),
        pl.col("text").str.join("\n"),
    )
    parts = pl.col("date").str.extract_groups(r"^(?P<first>\d+)\D(?P<second>\d+)\D(?P<third>\d+)$")
    return (
        whole.with_columns(parts.alias("g"))
        .unnest("g")
        .with_columns(pl.col("first", "second", "third").cast(pl.Int32))
    )


# --- dates --------------------------------------------------------------------------------------


def _orders(chats: list[pl.DataFrame], given: Order | None) -> list[Order | None]:
    """How the dates of each chat are written: its own, else as given or as the others."""
    own = [_order(lines) or given for lines in chats]
    shown = {order for order in own if order is not None}
    if len(shown) == 1:
        (common,) = shown
        return [order or common for order in own]
    return [order or _by_sequence(lines) for order, lines in zip(own, chats, strict=True)]


def _order(lines: pl.DataFrame) -> Order | None:
    first, second = lines["first"], lines["second"]
    if (first > 31).any():
        return "year first"
    if (first > 12).any():
        return "day first"
    return "month first" if (second > 12).any() else None


def _by_sequence(lines: pl.DataFrame) -> Order | None:
    """The only order in which the messages follow each other in time."""
    ways: tuple[Order, ...] = ("day first", "month first")
    follows = [order for order in ways if _dated(lines, order)["time"].is_sorted()]
    return follows[0] if len(follows) == 1 else None


def _dated(lines: pl.DataFrame, order: Order) -> pl.DataFrame:
    """Messages with their time; those of the application itself, and impossible ones, left out."""
    day, month, year = {
        "day first": ("first", "second", "third"),
        "month first": ("second", "first", "third"),
        "year first": ("third", "second", "first"),
    }[order]
    clock = r"^(?P<h>\d+)[:.](?P<m>\d+)(?:[:.](?P<s>\d+))? ?(?P<half>[aApP])?"
    half = pl.col("half").str.to_lowercase()
    hour = pl.col("h").cast(pl.Int32)
    hour = pl.when(half.is_null()).then(hour).otherwise(hour % 12 + 12 * (half == "p"))
    years = pl.col(year) + pl.when(pl.col(year) < 100).then(2000).otherwise(0)
    parts = (years, pl.col(month), pl.col(day), hour, pl.col("m"), pl.col("s").fill_null("0"))
    numbers = [part.cast(pl.String).str.zfill(2) for part in parts]
    written = pl.format("{}-{}-{} {}:{}:{}", *numbers)
    time = written.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
    clocks = lines.with_columns(pl.col("clock").str.extract_groups(clock).alias("g")).unnest("g")
    return clocks.select(time.alias("time"), "sender", "text").filter(
        pl.col("time").is_not_null() & pl.col("sender").is_not_null()
    )
