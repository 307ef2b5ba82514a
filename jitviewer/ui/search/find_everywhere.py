"""Looks for a query in commands, the tree and the texts, a little at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jitviewer.protocol.rows import NodeTime, TextView, TreeRow
from jitviewer.ui.editors.text_lines import Span, TextLines
from jitviewer.ui.models.formatting import bytes_text
from jitviewer.ui.search.graph_lines import GraphLine
from jitviewer.ui.search.in_text import spans_in
from jitviewer.ui.search.query import Query
from jitviewer.ui.search.results import Command, Found, LineTarget, Result

KEPT = 500
"""Results of a kind that are kept for the list; more are counted and marked."""

MOST_MARKS = 2000
"""Matches in a text after which it is not searched further: marks everywhere say nothing."""

_TURN = 200
_OF_CLASSES = frozenset({"class", "function", "scriptable", "record", "extra"})
"""Rows of the tree that are not a part of the model itself: rarely what a layer's name is typed for."""

_PANE_ICONS = {"code": "method", "record": "record", "graph": "graph"}
_LINE_ICONS = {"operators": "operator", "values": "value", "types": "type", "text": "text"}


@dataclass(frozen=True)
class Places:
    """All that is searched: commands, rows of the tree, and texts by pane with their lines."""

    commands: Sequence[Command] = ()
    tree: Sequence[TreeRow] = ()
    texts: Mapping[str, tuple[TextView, TextLines]] = field(default_factory=dict)
    times: Mapping[int, NodeTime] = field(default_factory=dict)


def find_everywhere(query: Query, places: Places, found: Found) -> Iterator[None]:
    """Fill `found`; yields where the window may get a turn."""
    found.problem = query.problem
    if not query and query.kinds == ("commands",) and not query.problem:
        # There are few enough commands to look through.
        for command in places.commands:
            _count(found, "commands")
            _keep(found, Result("commands", command.title, command.detail, command, (), "command"))
    if not query:
        return
    if "commands" in query.kinds:
        # What is told of a pass names operators, which are looked for more often than it.
        _find_commands(query, places, found, also_told=query.kinds == ("commands",))
        yield
    if "modules" in query.kinds or "classes" in query.kinds:
        yield from _find_in_tree(query, places, found)
    for pane, (view, lines) in places.texts.items():
        if pane == "graph":
            yield from _find_in_graph(query, view, lines, found)
        elif "text" in query.kinds:
            yield from _find_in_text(query, pane, view, lines, found)
    if "types" in query.kinds and places.times:
        yield from _find_observed(query, places, found)
    if "commands" in query.kinds and not found.counts:
        _find_commands(query, places, found, also_told=True)


def _keep(found: Found, result: Result) -> None:
    kept = found.kept.setdefault(result.kind, [])
    if len(kept) < KEPT:
        kept.append(result)


def _count(found: Found, kind: str) -> bool:
    """Count one more; whether it is still one of those that are kept."""
    found.counts[kind] = found.counts.get(kind, 0) + 1
    return found.counts[kind] <= KEPT


def _marks(spans: Sequence[Span], begin: int, length: int) -> tuple[tuple[int, int], ...]:
    """Where the spans stand in a title of this length that begins at a column."""
    columns = ((span.start - begin, span.end - begin) for span in spans)
    return tuple((start, end) for start, end in columns if start >= 0 and end <= length)


def _find_commands(query: Query, places: Places, found: Found, also_told: bool) -> None:
    """Commands by their titles, and, if wanted, by what is told of them."""
    ranked: list[tuple[int, Result]] = []
    for command in places.commands:
        spans = query.spans(f"{command.title} {command.detail}")
        if spans:
            marks = tuple(span for span in spans if span[1] <= len(command.title))
            if not marks and not also_told:
                continue
            result = Result("commands", command.title, command.detail, command, marks, "command")
            ranked.append((_rank(marks), result))
            _count(found, "commands")
    for _, result in sorted(ranked, key=lambda pair: pair[0]):
        _keep(found, result)


def _find_in_tree(query: Query, places: Places, found: Found) -> Iterator[None]:
    ranked: list[tuple[int, Result]] = []
    for number, row in enumerate(places.tree):
        kind = "classes" if row.kind in _OF_CLASSES else "modules"
        if row.kind == "group" or kind not in query.kinds:
            continue
        path = row.path if row.kind in ("module", "record", "extra") else f"{row.path}.{row.name}".lstrip(".")
        path = path or row.name
        spans = query.spans(f"{path}  {row.detail}")
        if spans:
            marks = tuple(span for span in spans if span[1] <= len(path))
            size = bytes_text(row.bytes)
            detail = "  ·  ".join(part for part in (row.kind, row.detail, size) if part)
            ranked.append((_rank(marks, path), Result(kind, path, detail, row, marks, row.kind)))
            _count(found, kind)
        if number % _TURN == 0:
            yield
    for _, result in sorted(ranked, key=lambda pair: pair[0]):
        _keep(found, result)


def _rank(marks: Sequence[tuple[int, int]], path: str = "") -> int:
    """Less is better: the whole of the last part, its beginning, anywhere in the name, only in the detail."""
    if not marks:
        return 4
    last = path.rfind(".") + 1
    if any(start == last and end == len(path) for start, end in marks):
        return 0
    if any(start == last for start, _ in marks):
        return 1
    return 2 if any(start > last for start, _ in marks) else 3


def _matching_lines(query: Query, lines: TextLines) -> Iterator[tuple[int, list[Span]] | None]:
    """Lines that hold every word, with the places; None after each part that was searched."""
    here: list[Span] = []
    for span in spans_in(lines, query.longest):
        if here and (span is None or span.line != here[0].line):
            line = here[0].line
            if not query.is_single:
                here = [Span(line, start, end) for start, end in query.spans(lines.lines[line])]
            if here:
                yield line, here
            here = []
        if span is None:
            yield None
        else:
            here.append(span)


def _find_in_graph(query: Query, view: TextView, lines: TextLines, found: Found) -> Iterator[None]:
    marked = found.spans.setdefault("graph", [])
    for match in _matching_lines(query, lines):
        if match is None:
            yield
            continue
        line, spans = match
        parts = GraphLine.of(lines.lines[line])
        kind = parts.kind(spans)
        if kind not in query.kinds:
            continue
        if len(marked) >= MOST_MARKS:
            found.is_cut = True
            return
        nodes = tuple(view.line_nodes[line]) if line < len(view.line_nodes) else ()
        if nodes:
            found.nodes.add(nodes[0])
        marked += spans
        if _count(found, kind):
            title, begin = parts.title(kind)
            marks = _marks(spans, begin, len(title))
            target = LineTarget("graph", spans[0], nodes)
            detail = parts.detail(kind) or f"graph, line {line + 1:,}"
            _keep(found, Result(kind, title, detail, target, marks, _LINE_ICONS[kind]))


def _find_in_text(query: Query, pane: str, view: TextView, lines: TextLines, found: Found) -> Iterator[None]:
    marked = found.spans.setdefault(pane, [])
    for match in _matching_lines(query, lines):
        if match is None:
            yield
            continue
        line, spans = match
        if len(marked) >= MOST_MARKS:
            found.is_cut = True
            return
        marked += spans
        if _count(found, "text"):
            nodes = tuple(view.line_nodes[line]) if line < len(view.line_nodes) else ()
            text = lines.lines[line]
            begin = len(text) - len(text.lstrip())
            marks = _marks(spans, begin, len(text) - begin)
            target = LineTarget(pane, spans[0], nodes)
            where = f"{view.title}, line {line + 1:,}"
            _keep(found, Result("text", text.strip(), where, target, marks, _PANE_ICONS[pane]))


def _find_observed(query: Query, places: Places, found: Found) -> Iterator[None]:
    """Types and shapes that the last run saw."""
    entry = places.texts.get("graph")
    if entry is None:
        return
    view, lines = entry
    line_of: dict[int, int] = {}
    for line, nodes in enumerate(view.line_nodes):
        for node in nodes:
            line_of.setdefault(node, line)
    yield
    for number, (node, time) in enumerate(places.times.items()):
        text = ", ".join(time.types)
        spans = query.spans(text) if text else []
        if spans and node in line_of:
            found.nodes.add(node)
            if _count(found, "types"):
                line = line_of[node]
                target = LineTarget("graph", Span(line, 0, len(lines.lines[line])), (node,))
                detail = f"{time.kind}, in the last run"
                _keep(found, Result("types", text, detail, target, tuple(spans), "type"))
        if number % _TURN == 0:
            yield
