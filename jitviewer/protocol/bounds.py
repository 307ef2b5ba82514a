"""How much of a file's own words and rows goes into one message, and the ways to stay within that.

Whoever makes a message keeps to these, so that no file decides how long the window is busy with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final, TypeVar

NAME: Final = 1_000
"""Characters of a name: of a module, method, value, class, record. No person's name is near it, and a line
of so many is laid out in a millisecond. Names up to it are whole, and so are keys of requests."""

PATH: Final = 4_000
"""Characters of a dotted path, a file's name or the id of an item: as long as paths of a file system."""

LABEL: Final = 200
"""Characters of what stands in a box or beside an edge, which have room for fifty."""

DETAIL: Final = 2_000
"""Characters of a second column, a signature, a type."""

SENTENCE: Final = 2_000
"""Characters of what is told in one sentence."""

SPEC: Final = 4_000
"""Characters of the text that makes an input. One that is cut would make another value, so longer ones are
left out."""

BLOCK: Final = 20_000
"""Characters of several lines in a label, which lays all of them out: a traceback, an excerpt, what was
printed."""

BLOCK_LINES: Final = 1_000
"""Lines of those."""

TEXT: Final = 1 << 26
"""Characters of a whole text in a pane, which lays out what is in sight. The graph of 100,000 nodes, which is
the most that inlining makes, takes a fifth of it."""

FACTS: Final = 500
"""Facts on one thing."""

FACT_CHARACTERS: Final = 1 << 18
"""Characters of those all together, which one page lays out in half a second."""

VALUES: Final = 100
"""Values that one row tells of: outputs of a node, values along an edge."""

PROBLEMS: Final = 500
"""Problems of a Python file."""

SCRIPTABLES: Final = 2_000
"""Objects of a Python file that are listed and compiled."""

TREE_ROWS: Final = 25_000
"""Lines of the tree. The window makes an index of all of them at once, in two hundredths of a second."""

PASSES: Final = 1_000
"""Passes of a pipeline; the catalogue has a few dozen."""

LINES: Final = 1 << 21
"""Lines of a text of which each has nodes or a number. The longest graph has an eighth of it."""

EDGES: Final = 2_000_000
"""Edges of a canvas, or values of a graph; there are some two for each node."""

FARTHEST: Final = 1e9
"""Pixels of the scene: a row of as many of the widest boxes as there are nodes takes a third of it."""

INPUTS: Final = 20_000
"""Inputs of a method that can be given in the window; what comes after them gets what is proposed."""

STEPS: Final = 50_000
"""Rewrites of a pipeline that are told one by one."""

NODES: Final = 200_000
"""Rows that are one a node, or one an execution of a node."""

DEEPEST: Final = 1_000
"""Spans around a span. Each is a line of the timeline; what is nested deeper stands on the last."""

REPEATS: Final = 1_000_000
"""Repeats of a run: each has its time, of which all are told."""

PICTURE: Final = 256
"""Pixels of a picture's side."""

LARGEST: Final = (1 << 63) - 1
"""The greatest number of a message: the elements of a view may be more than any memory has bytes."""

FRAME: Final = 1 << 28
"""Bytes of a message. A whole text of `TEXT` fits, with the nodes of its lines."""

REPLY: Final = 80 << 20
"""Bytes that a runner of an archive may send at once: a constant of 64 MB fits, and rows on every node."""

PARTS: Final = 1 << 22
"""Nodes, boxes or edges of a graph: many times the nodes that inlining makes."""

COURSE: Final = 1 << 24
"""Bytes of the points of an edge, sixteen each."""

PRINTED: Final = 1 << 20
"""Characters of printed text that a run may send; what comes after is counted, not sent."""

CHARACTERS: Final = 1 << 24
"""Characters in the rows of one list, which may be many or long and not both."""

LAID_OUT: Final = 1 << 21
"""Characters in rows of which labels are made, all of one message."""

Row = TypeVar("Row")


def cut(text: str, limit: int) -> str:
    """`text`, or its beginning and how much more there is; never longer than `limit`."""
    if len(text) <= limit:
        return text
    kept = limit - len(_rest(len(text)))
    return f"{text[:kept]}{_rest(len(text) - kept)}"


def _rest(count: int) -> str:
    return f"… ({count:,} more characters)"


def cut_block(text: str) -> str:
    """Several lines, the last left out if they are too many or too long; never longer than `BLOCK`."""
    text = cut(text, BLOCK)
    end = -1
    for _ in range(BLOCK_LINES):
        end = text.find("\n", end + 1)
        if end < 0:
            return text
    rest = text.count("\n", end) + (not text.endswith("\n")) - 1
    return cut(f"{text[:end]}\n{more(rest, 'line')}", BLOCK) if rest > 0 else text


def more(count: int, what: str = "") -> str:
    """`and 12 more`, `and 1 more line`."""
    plural = "s" if what and count != 1 else ""
    return f"and {count:,} more{' ' if what else ''}{what}{plural}"


def joined(words: Iterable[str], limit: int, most: int = VALUES) -> str:
    """Words with commas between them, as many as there is room for; `words` may be endless."""
    source = iter(words)
    kept: list[str] = []
    length = 0
    for word in islice(source, most):
        kept.append(cut(word, limit))
        length += len(word) + 2
        if length > limit:
            break
    text = ", ".join(kept)
    if next(source, None) is not None:
        text += ", …"
    return cut(text, limit)


def first(rows: Iterable[Row], most: int, rest: Callable[[int], Row]) -> list[Row]:
    """The rows, or the first of them and `rest(n)` for the n that come after; never more than `most`."""
    found = list(rows)
    if len(found) <= most:
        return found
    return [*found[: most - 1], rest(len(found) - most + 1)]


def within(rows: Iterable[Row], most: int, weight: Callable[[Row], int]) -> list[Row]:
    """The first rows, no more than `most` of them and no more than `CHARACTERS` by their weight in sum."""
    found: list[Row] = []
    room = CHARACTERS
    for row in islice(rows, most):
        room -= weight(row)
        if room < 0:
            break
        found.append(row)
    return found
