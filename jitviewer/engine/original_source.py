"""The Python that a graph was made from, as far as the archive's debug records hold it."""

from __future__ import annotations

from pathlib import Path

from jitcore.ir import CONSTANT, Graph
from jitcore.source import Source, SourceRange
from jitviewer.protocol.rows import TextView

NOTHING = "The archive has no debug records that lead to the Python it was made from."
STACKS = "This was traced: the records hold where each operator was called from, and no source."


def original_view(graph: Graph) -> TextView:
    """Every piece of source that nodes of the graph lead to, one below the other, under its file's name."""
    sources: dict[tuple[str, int, str], Source] = {}
    lines_of: dict[tuple[str, int, str], dict[int, list[int]]] = {}
    for node in graph.all_nodes():
        where = node.source_range
        if where is None:
            continue
        origin = where.origin()
        source = origin.source
        if source is where.source or not source.text:
            continue
        key = (source.filename or "", source.starting_line, source.text)
        sources.setdefault(key, source)
        lines_of.setdefault(key, {}).setdefault(source.line_of(origin.start), []).append(node.id)
    if not sources:
        return TextView("original", "source", "", [], {}, NOTHING)
    lines = _Lines()
    is_traced = all(_is_stack(source) for source in sources.values())
    for key, source in sources.items():
        stack = _is_stack(source)
        if lines.texts:
            lines.add("")
        if not stack:
            lines.add(f"# {source.filename or 'unknown file'}")
        nodes = lines_of[key]
        for at, text in enumerate(source.text.rstrip("\n").split("\n")):
            # A stack stands for its nodes as a whole.
            here = [n for known in nodes.values() for n in known] if stack and at == 0 else nodes.get(at, [])
            lines.add(text, here, 0 if stack else source.starting_line + at + 1)
    note = STACKS if is_traced else ""
    text = "\n".join(lines.texts) + "\n"
    return TextView("original", "source", text, lines.nodes, {}, note, [], lines.numbers)


def plain_view(path: str, text: str) -> TextView:
    """A Python file of which nothing is compiled."""
    return TextView(Path(path).name, "source", text, [[] for _ in text.split("\n")], {})


def file_view(graph: Graph, path: str, text: str) -> tuple[TextView, int]:
    """A Python file whose lines are linked with the nodes made of them, or in calls that they make.

    Beside it the first line (from 0) that is the graph's own, not of a body that was inlined; the first that
    is linked at all if its function stands in another file.
    """
    nodes: list[list[int]] = [[] for _ in text.split("\n")]

    def line_of(where: SourceRange | None) -> int | None:
        place = None if where is None else where.origin().file_line_col()
        return place[1] - 1 if place is not None and place[0] == path and place[1] <= len(nodes) else None

    own: list[int] = []
    for node in graph.all_nodes():
        frames = node.callstack.frames() if node.callstack is not None else []
        outermost = line_of(frames[0].call_site if frames else node.source_range)
        if outermost is not None:
            own.append(outermost)
        for where in (node.source_range, *(frame.call_site for frame in reversed(frames))):
            line = line_of(where)
            if line is not None:
                # The outermost first: it is computed last, and a constant is not what a line is about.
                nodes[line].insert(len(nodes[line]) if node.kind == CONSTANT else 0, node.id)
                break
    first_linked = next((line for line, of_line in enumerate(nodes) if of_line), 0)
    return TextView(Path(path).name, "source", text, nodes, {}), min(own, default=first_linked)


def _is_stack(source: Source) -> bool:
    """Whether this is the stack of calls that a trace notes, `file.py(12): forward` a line."""
    first = source.text.partition("\n")[0]
    return first.rpartition(": ")[0].endswith(")") and ".py(" in first


class _Lines:
    """The view as it grows: texts, their nodes, and the numbers they have in their files (0 for none)."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.nodes: list[list[int]] = []
        self.numbers: list[int] = []

    def add(self, text: str, nodes: list[int] | None = None, number: int = 0) -> None:
        self.texts.append(text)
        self.nodes.append(nodes or [])
        self.numbers.append(number)
