"""Facts and texts of the engine within the bounds of a message."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from jitviewer.protocol.bounds import (
    BLOCK,
    DETAIL,
    FACT_CHARACTERS,
    FACTS,
    LINES,
    NAME,
    PATH,
    SENTENCE,
    TEXT,
    cut,
    cut_block,
    first,
    more,
)  # fmt: skip
from jitviewer.protocol.rows import Fact, TextView


def bounded_facts(facts: Iterable[Fact]) -> list[Fact]:
    """Facts with texts as long as they may be, alone and together; a link to what has a longer name leads
    nowhere."""
    found = [
        Fact(
            cut(fact.group, NAME), cut(fact.name, NAME), _text(fact.text),
            fact.link if len(fact.link) <= PATH else "",
        )
        for fact in first(facts, FACTS, lambda count: Fact("", "", more(count, "fact")))
    ]  # fmt: skip
    room = FACT_CHARACTERS - NAME
    for number, fact in enumerate(found):
        room -= len(fact.group) + len(fact.name) + len(fact.text)
        if room < 0:
            return [*found[:number], Fact("", "", more(len(found) - number, "fact"))]
    return found


def _text(text: str) -> str:
    # Lines are those of an excerpt; everything else is one line of words.
    return cut(cut_block(text), BLOCK if "\n" in text else 2 * DETAIL)


def bounded_view(view: TextView) -> TextView:
    """A text that is too long for a pane, cut, with a note that says so."""
    view = replace(view, title=cut(view.title, NAME), note=cut(view.note, SENTENCE))
    if len(view.line_nodes) > LINES or len(view.numbers) > LINES:
        # What is farther down is shown, and leads nowhere.
        marks = {line: mark for line, mark in view.marks.items() if line < LINES}
        view = replace(view, line_nodes=view.line_nodes[:LINES], numbers=view.numbers[:LINES], marks=marks)
    if len(view.text) <= TEXT:
        return view
    rest = len(view.text) - TEXT
    note = f"{view.note} The text is cut: {rest:,} more characters are not shown.".strip()
    shown = view.text[:TEXT]
    count = shown.count("\n") + 1
    marks = {line: mark for line, mark in view.marks.items() if line < count}
    scopes = [scope for scope in view.scopes if scope.last < count]
    return replace(
        view, text=shown, line_nodes=view.line_nodes[:count], marks=marks, note=note, scopes=scopes,
        numbers=view.numbers[:count],
    )  # fmt: skip
