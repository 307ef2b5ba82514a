"""Two aligned graphs as one picture of the canvas, made in steps that do not hold the window up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jitviewer.plain_text import plain_line
from jitviewer.protocol.comparison_rows import ComparedNodeRow, ComparisonRow
from jitviewer.protocol.rows import CanvasEdge, CanvasItem
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.compare.aligned_places import BOX_HEIGHT, BOX_WIDTH, ROW, WIDTH, left_of, top_of
from jitviewer.ui.compare.aligned_rows import ONE_SIDE, AlignedRow
from jitviewer.ui.compare.side_edges import SideEdges

_PART = 200
"""Boxes or edges that are added in one step."""


def box_of(row: int, *, is_left: bool) -> str:
    """The id of the box of a row on one side."""
    return f"{'l' if is_left else 'r'}{row}"


def row_of(box: str) -> int:
    """The row of a box."""
    return int(box[1:])


def fill_picture(picture: Picture, comparison: ComparisonRow, rows: Sequence[AlignedRow]) -> Iterator[None]:
    """Fill an empty picture step by step."""
    for begin in range(0, len(rows), _PART):
        boxes: list[CanvasItem] = []
        for number in range(begin, min(len(rows), begin + _PART)):
            boxes += _boxes(number, rows[number])
        picture.add(boxes, ())
        yield
    for nodes, is_left in ((comparison.left_nodes, True), (comparison.right_nodes, False)):
        part: list[CanvasEdge] = []
        for edge in SideEdges(rows, nodes, is_left).edges():
            if edge is None:
                yield
                continue
            part.append(edge)
            if len(part) == _PART:
                picture.add((), part)
                part = []
                yield
        picture.add((), part)
    picture.finish(WIDTH, max(1.0, len(rows) * ROW))


def _boxes(number: int, row: AlignedRow) -> Iterator[CanvasItem]:
    for node, is_left in ((row.left, True), (row.right, False)):
        if node is not None:
            mark = "" if row.status != ONE_SIDE else "removed" if is_left else "made"
            turn = f"  turn {row.turns}" if row.turns else ""
            yield CanvasItem(
                box_of(number, is_left=is_left), "", "node", f"{node.kind}{turn}", place_of(node),
                left_of(is_left), top_of(number), BOX_WIDTH, BOX_HEIGHT, [node.node_id],
                row.status or "other", None, mark,
            )  # fmt: skip


def place_of(node: ComparedNodeRow) -> str:
    """File, line and module of a node in a few words."""
    if not node.file:
        return plain_line(node.module)
    name = node.file.replace("\\", "/").rpartition("/")[2]
    place = f"{name}:{node.line}"
    return plain_line(f"{place}  {node.module}" if node.module else place)
