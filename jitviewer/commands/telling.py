"""What a command tells on standard error: the sentence that it ends with, and remarks on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Final

from jitviewer.plain_text import plain_line

_LONGEST_LINE: Final = 5_000
"""Characters of a line; a path has up to 4,096."""


ALL_FRAMES: Final = "--debug shows them"
"""How a command is made to tell of frames that are left out."""


def tell(sentence: str, names: Iterable[str] = ()) -> None:
    """Print a sentence, or lines as they are; words of `names` stay on their line whatever they hold."""
    for name in names:
        if "\n" in name:
            sentence = sentence.replace(name, plain_line(name))
    lines = (without_middle(line, _LONGEST_LINE) for line in sentence.split("\n"))
    print("jitviewer:", "\n".join(lines), file=sys.stderr)


def without_middle(text: str, most: int) -> str:
    """A text, or its beginning and its end where it is longer than `most` characters."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}… ({len(text) - 2 * half:,} more characters) …{text[-half:]}"
