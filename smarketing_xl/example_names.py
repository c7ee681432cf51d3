"""The examples that a new workbook can begin from; what is in them is `sample.gallery`."""

from __future__ import annotations

from typing import Literal

ExampleName = Literal["clinic", "school", "shop", "agency"]
