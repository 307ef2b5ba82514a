"""Descriptions that are written with backticks, as they read where no markup is shown."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"(?<!`)(`++)([^`\n]++)\1")


def plain_quotes(text: str) -> str:
    """The text with typographic quotes in the place of paired backticks."""
    return _QUOTED.sub("\N{LEFT SINGLE QUOTATION MARK}\\2\N{RIGHT SINGLE QUOTATION MARK}", text)
