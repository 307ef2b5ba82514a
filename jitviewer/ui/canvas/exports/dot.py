"""The canvas as a program for Graphviz: open frames are clusters, edges go from box to box."""

from __future__ import annotations

from collections.abc import Mapping

from jitviewer.plain_text import plain_line
from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.edge_words import edge_label
from jitviewer.ui.canvas.picture import Picture, is_container


def dot_text(picture: Picture, observed: Mapping[str, str], title: str) -> str:
    """A digraph with the nesting, the words and the types that the canvas shows."""
    inside: dict[str, list[CanvasItem]] = {}
    for item in picture.items:
        inside.setdefault(item.parent, []).append(item)
    lines = [
        "digraph {",
        f"  label={_label(title)}; labelloc=t; rankdir=TB;",
        '  fontname="sans-serif"; fontsize=11;',
        '  node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];',
        '  edge [fontname="sans-serif", fontsize=9];',
    ]
    lines += _lines_inside("root", inside, "  ")
    for edge in picture.edges:
        words = edge_label(edge, observed)
        label = f"{edge.value} : {words}" if words else edge.value
        ends = [_anchor(picture, end, port) for end, port in ((edge.source, ":out"), (edge.target, ":in"))]
        if all(ends):
            lines.append(f"  {_quoted(ends[0])} -> {_quoted(ends[1])} [label={_label(label)}];")
    return "\n".join([*lines, "}", ""])


def _lines_inside(container: str, inside: Mapping[str, list[CanvasItem]], indent: str) -> list[str]:
    lines: list[str] = []
    for item in inside.get(container, ()):
        words = _label(*(part for part in (item.label, item.detail) if part))
        if is_container(item):
            lines.append(f"{indent}subgraph {_quoted('cluster_' + item.id)} {{")
            lines.append(f"{indent}  label={words}; style=rounded;")
            lines += _lines_inside(item.id, inside, indent + "  ")
            lines.append(f"{indent}}}")
        elif item.label:
            shape = ", shape=oval" if item.kind in ("input", "output") else ""
            lines.append(f"{indent}{_quoted(item.id)} [label={words}{shape}];")
        else:
            lines.append(f'{indent}{_quoted(item.id)} [shape=point, label=""];')
    return lines


def _anchor(picture: Picture, end: str, port: str) -> str:
    """The box that an edge can be tied to: Graphviz has none for a cluster, so a port, or what is in it."""
    item = picture.by_id.get(end)
    while item is not None and is_container(item):
        if f"{item.id}{port}" in picture.by_id:
            return f"{item.id}{port}"
        within = [other for other in picture.items if other.parent == item.id]
        item = within[0] if within else None
    return item.id if item is not None else ""


def _label(*lines: str) -> str:
    """Words to be shown: in those Graphviz reads `&lt;` as a sign, and `\\N` as the name of the box."""
    return '"' + "\\n".join(_escaped(line).replace("&", "&amp;") for line in lines) + '"'


def _quoted(name: str) -> str:
    """A name that is not shown."""
    return f'"{_escaped(name)}"'


def _escaped(text: str) -> str:
    return plain_line(text).replace("\\", "\\\\").replace('"', '\\"')
