"""Cell styles: number formats and fills read, and a style derived from another where needed."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree

from smarketing_xl.hosts.file.parts.package import MAIN, parse, serialise

DATE, DATE_TIME = 14, 22  # built-in: the short date, and date with time, of the user's region
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yyyy h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
TEXT = 49
_DATES_OF_EAST_ASIA = {*range(27, 37), *range(50, 59)}  # built-in, each region its own
_NO_CODE = re.compile(r'"[^"]*"|[\\_].')  # what a number format shows as it is
_BRACKETS = re.compile(r"\[[^\]]*\]")
_LENGTH = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DATE = re.compile("[ymdhs]", re.IGNORECASE)


class Styles:
    """The styles part. A new style is appended; those in use never change."""

    def __init__(self, data: bytes, name: str) -> None:
        self.root = parse(data, name)
        self.changed = False
        self._formats = self._child("cellXfs")
        self._made: dict[tuple[int, str, object], int] = {}
        self._custom = {
            int(entry.get("numFmtId", "0")): entry.get("formatCode", "")
            for entry in self.root.iterfind(f"{{{MAIN}}}numFmts/{{{MAIN}}}numFmt")
        }
        self._codes = [int(entry.get("numFmtId", "0")) for entry in self._formats]

    def xml(self) -> bytes:
        """The part of styles, those made since included, as bytes to write."""
        return serialise(self.root)

    def number_format(self, style: int) -> str:
        """The number format of a style, e.g. 'General' or '#,##0.00'."""
        code = self._code(style)
        return self._custom.get(code) or BUILT_IN.get(code, "General")

    def color(self, style: int) -> tuple[int, int, int] | None:
        """The fill of a style as red, green, blue; None where it has none, or one of the theme."""
        fills = self._child("fills")
        at = int(self._formats[style].get("fillId", "0"))
        pattern = fills[at].find(f"{{{MAIN}}}patternFill")
        if pattern is None or pattern.get("patternType") != "solid":
            return None
        front = pattern.find(f"{{{MAIN}}}fgColor")
        rgb = front.get("rgb") if front is not None else None
        if not rgb:
            return None
        return int(rgb[-6:-4], 16), int(rgb[-4:-2], 16), int(rgb[-2:], 16)

    def with_number_format(self, style: int, shown: str) -> int:
        """A style like another, with this number format."""
        code = next((code for code, text in BUILT_IN.items() if text == shown), None)
        if code is None:
            code = next((code for code, text in self._custom.items() if text == shown), None)
        if code is None:
            code = self._new_format(shown)
        return self.with_code(style, code)

    def with_code(self, style: int, code: int) -> int:
        """A style like another, with the number format of this code."""
        return self._derived(style, "numFmtId", str(code), "applyNumberFormat")

    def dated(self, style: int, with_time: bool) -> int:
        """The style itself if it shows dates or any format of its own; General becomes a date."""
        if self._code(style) != 0:
            return style
        return self.with_code(style, DATE_TIME if with_time else DATE)

    def quoted(self, style: int) -> int:
        """A style like another, whose text stays text when it is edited."""
        if self._code(style) == TEXT:
            return style
        return self._derived(style, "quotePrefix", "1", "")

    def unquoted(self, style: int) -> int:
        """A style like another, without the mark that `quoted` sets."""
        if style >= len(self._formats) or self._formats[style].get("quotePrefix") != "1":
            return style
        return self._derived(style, "quotePrefix", "", "")

    def with_color(self, style: int, rgb: tuple[int, int, int] | None) -> int:
        """A style like another, with a solid fill, or none."""
        if rgb is None:
            return self._derived(style, "fillId", "0", "applyFill")
        fills = self._child("fills")
        fill = etree.SubElement(fills, f"{{{MAIN}}}fill")
        pattern = etree.SubElement(fill, f"{{{MAIN}}}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{{{MAIN}}}fgColor", rgb="FF{:02X}{:02X}{:02X}".format(*rgb))
        etree.SubElement(pattern, f"{{{MAIN}}}bgColor", indexed="64")
        text = etree.tostring(fill)
        at = next(i for i, other in enumerate(fills) if etree.tostring(other) == text)
        if at < len(fills) - 1:
            fills.remove(fill)
        fills.set("count", str(len(fills)))
        return self._derived(style, "fillId", str(at), "applyFill")

    def is_date(self, style: int) -> bool:
        """Whether the style shows numbers as dates or times of day; lengths of time are neither."""
        if self._code(style) in _DATES_OF_EAST_ASIA:
            return True
        shown = _NO_CODE.sub("", self.number_format(style)).partition(";")[0]
        return _LENGTH.search(shown) is None and _DATE.search(_BRACKETS.sub("", shown)) is not None

    def __len__(self) -> int:
        """How many styles there are."""
        return len(self._codes)

    def is_locked(self, style: int) -> bool:
        """Whether cells of the style are locked where their sheet is protected, as all are unless
        said otherwise.
        """
        if not 0 <= style < len(self._formats):
            return True
        protection = self._formats[style].find(f"{{{MAIN}}}protection")
        return protection is None or protection.get("locked", "1") not in ("0", "false")

    # --- inside -------------------------------------------------------------------------------

    def _code(self, style: int) -> int:
        return self._codes[style] if 0 <= style < len(self._codes) else 0

    def _new_format(self, shown: str) -> int:
        parent = self.root.find(f"{{{MAIN}}}numFmts")
        if parent is None:
            parent = etree.Element(f"{{{MAIN}}}numFmts")
            self.root.insert(0, parent)
        code = max((164, *(known + 1 for known in self._custom)))
        etree.SubElement(parent, f"{{{MAIN}}}numFmt", numFmtId=str(code), formatCode=shown)
        parent.set("count", str(len(parent)))
        self._custom[code] = shown
        return code

    def _derived(self, style: int, attribute: str, value: str, apply: str) -> int:
        wish = (style, attribute, value)
        if wish in self._made:
            return self._made[wish]
        twin = deepcopy(self._formats[style if style < len(self._formats) else 0])
        if value:
            twin.set(attribute, value)
        else:
            twin.attrib.pop(attribute, "")
        if apply:
            twin.set(apply, "1")
        text = etree.tostring(twin, method="c14n")
        for at, other in enumerate(self._formats):
            if etree.tostring(other, method="c14n") == text:
                self._made[wish] = at
                return at
        self._formats.append(twin)
        self._formats.set("count", str(len(self._formats)))
        self._codes.append(int(twin.get("numFmtId", "0")))
        self.changed = True
        self._made[wish] = len(self._formats) - 1
        return len(self._formats) - 1

    def _child(self, tag: str) -> etree._Element:
        child = self.root.find(f"{{{MAIN}}}{tag}")
        if child is None:
            raise ValueError(f"styles without {tag}")
        return child
