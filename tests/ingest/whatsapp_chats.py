"""Chats as the phones export them, made for the tests: eight formats, three languages."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

LRM, NBSP, NNBSP = "\u200e", "\u00a0", "\u202f"
Message = tuple[dt.datetime, str, str]


def _half(time: dt.datetime, am: str, pm: str, seconds: bool = False) -> str:
    clock = f"{(time.hour - 1) % 12 + 1}:{time:%M}" + (f":{time:%S}" if seconds else "")
    return clock + (pm if time.hour >= 12 else am)


@dataclass(frozen=True)
class Format:
    """How one phone writes. head: a message's beginning; others: texts of the application."""

    name: str
    head: Callable[[dt.datetime], str]
    title: str
    encrypted: str
    media: str
    ios: bool = False

    @property
    def resolution(self) -> dt.timedelta:
        """What its clock leaves out."""
        return dt.timedelta(seconds=1 if self.ios else 60)

    def text(self, title: str, messages: Sequence[Message]) -> str:
        """A chat with the notice on top, lines ended as the phone does."""
        first = messages[0][0]
        top = (
            f"{self.head(first)}{title}: {LRM}{self.encrypted}"
            if self.ios
            else f"{self.head(first)}{self.encrypted}"
        )
        lines = [top]
        for time, sender, said in messages:
            is_media = said == "MEDIA"
            body = (LRM if self.ios else "") + self.media if is_media else said
            mark = LRM if self.ios and is_media else ""
            lines.append(f"{mark}{self.head(time)}{sender}: {body}")
        return ("\r\n" if self.ios else "\n").join(lines) + "\n"

    def write(self, folder: Path, title: str, messages: Sequence[Message]) -> Path:
        """The file as the phone names it: a .txt, or a zip with _chat.txt from an iPhone."""
        content = self.text(title, messages).encode()
        if not self.ios:
            path = folder / f"{self.title} {title}.txt"
            path.write_bytes(content)
            return path
        path = folder / f"WhatsApp Chat - {title}.zip"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("_chat.txt", content)
            package.writestr("00000002-PHOTO-2026-03-02.jpg", b"\xff\xd8\xff")
        path.write_bytes(packed.getvalue())
        return path


_EN = "Messages and calls are end-to-end encrypted. No one outside of this chat can read them."
_ES = "Los mensajes y las llamadas están cifrados de extremo a extremo. Nadie fuera los lee."
_PT = "As mensagens e as ligações são protegidas com a criptografia de ponta a ponta."
FORMATS = (
    Format("android en-US", lambda t: f"{t.month}/{t.day}/{t:%y}, {_half(t, ' AM', ' PM')} - ",
           "WhatsApp Chat with", _EN, "<Media omitted>"),
    Format("android en-GB", lambda t: f"{t:%d/%m/%Y, %H:%M} - ",
           "WhatsApp Chat with", _EN, "<Media omitted>"),
    Format("android es-PA", lambda t: f"{t.day}/{t.month}/{t:%y}, "
           + _half(t, f"{NNBSP}a.{NBSP}m.", f"{NNBSP}p.{NBSP}m.") + " - ",
           "Chat de WhatsApp con", _ES, "<Multimedia omitido>"),
    Format("android es-ES", lambda t: f"{t.day}/{t.month}/{t:%Y}, {t.hour}:{t:%M} - ",
           "Chat de WhatsApp con", _ES, "<Multimedia omitido>"),
    Format("android pt-BR", lambda t: f"{t:%d/%m/%Y %H:%M} - ",
           "Conversa do WhatsApp com", _PT, "<Mídia oculta>"),
    Format("ios en-US", lambda t: f"[{t.month}/{t.day}/{t:%y}, "
           + _half(t, f"{NNBSP}AM", f"{NNBSP}PM", True) + "] ",
           "", _EN, "image omitted", True),
    Format("ios es-MX", lambda t: f"[{t:%d/%m/%y}, " + _half(t, " a.m.", " p.m.", True) + "] ",
           "", _ES, "imagen omitida", True),
    Format("ios pt-BR", lambda t: f"[{t:%d/%m/%Y, %H:%M:%S}] ",
           "", _PT, "imagem ocultada", True),
)  # fmt: skip
