"""Names of values in a text: the one under a column, where it is used, and where it is defined."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jitviewer.ui.editors.lexers import LONGEST, tokens
from jitviewer.ui.editors.text_lines import Span, TextLines

MOST_USES = 5000
"""Uses above this are not marked."""

_VALUE = re.compile(r"%[\w.]+")
_WORD = re.compile(r"[A-Za-z_]\w*(?:::\w+)?")
_NO_NAME = ("string", "comment", "number", "keyword")


def value_at(language: str, line: str, column: int) -> tuple[int, int] | None:
    """Columns of the value that a place of a line lies in or beside; None if there is none."""
    line = line[:LONGEST]
    if language == "graph":
        return _match_at(_VALUE, line, column)
    found = _match_at(_WORD, line, column)
    if found is None or line[: found[0]].endswith("."):
        return None
    for token in tokens("code", line):
        if token.start <= found[0] < token.start + token.length and token.kind in (
            *_NO_NAME, "builtin", "type", "attribute", "function",
        ):  # fmt: skip
            return None
    return found


def word_at(language: str, line: str, column: int) -> tuple[int, int] | None:
    """Columns of the value, operator or other name at a place; None within comments and strings."""
    line = line[:LONGEST]
    found = (_match_at(_VALUE, line, column) if language == "graph" else None) or _match_at(
        _WORD, line, column
    )
    if found is None:
        return None
    kinds = {token.kind for token in tokens("graph" if language == "graph" else "code", line)
             if token.start <= found[0] < token.start + token.length}  # fmt: skip
    return None if kinds & {"string", "comment", "number", "keyword"} else found


def uses(language: str, lines: TextLines, name: str) -> list[Span]:
    """Where a name stands in the text, `MOST_USES` at most."""
    found: list[Span] = []
    for start, end in _places(language, lines.text, name):
        found.append(lines.span_at(start, end))
        if len(found) >= MOST_USES:
            break
    return found


def definition(language: str, lines: TextLines, name: str, line: int) -> Span | None:
    """Where the value is given that a line uses: in code the nearest place above, else the first."""
    defining = [
        span for span in uses(language, lines, name) if _defines(language, lines.lines[span.line], span)
    ]
    above = [span for span in defining if span.line <= line]
    return above[-1] if above else (defining[0] if defining else None)


def _places(language: str, text: str, name: str) -> Iterator[tuple[int, int]]:
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        after = text[end : end + 1]
        before = text[at - 1 : at]
        if language == "graph":
            # A point after a value's name belongs to it: %x.1 is no use of %x.
            is_whole = not (after.isalnum() or after in ("_", "."))
        else:
            is_whole = not (after.isalnum() or after == "_" or before.isalnum() or before in ("_", "."))
        if is_whole:
            yield at, end
        at = text.find(name, end)


def _defines(language: str, line: str, span: Span) -> bool:
    if span.end > LONGEST:
        return False
    rest = line[span.end : LONGEST]
    if language == "graph":
        # Types are only written where a value is given.
        return rest.startswith(" :")
    before = line[: span.start].lstrip()
    if re.match(r"\s*(?:=(?!=)|[-+*/@%&|^]+=)", rest) and not re.search(r"[(\[]", before):
        return True
    if re.match(r"\s*:\s*\S", rest) and re.match(r"(?:def\b|\w+\s*:|[\w.,:\[\]= ]*$)", before):
        return not re.match(r"(?:if|while|elif|for|else|with|return|assert)\b", before)
    if re.match(r"for\b[^=]*$", before) and re.search(r"\bin\b", rest):
        return True
    # Unpacking: the name is one of several in front of the sign.
    return bool(re.match(r"[\w\s,()]*$", before) and re.match(r"[\w\s,)]*=(?!=)", rest))


def _match_at(pattern: re.Pattern[str], line: str, column: int) -> tuple[int, int] | None:
    for match in pattern.finditer(line):
        if match.start() <= column <= match.end():
            return match.span()
        if match.start() > column:
            break
    return None
