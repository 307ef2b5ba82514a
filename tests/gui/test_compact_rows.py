"""Rows of large models kept in few pieces, which read like lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitviewer.protocol.rows import CanvasEdge, CanvasItem, course_of
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.canvas.spatial_index import SpatialIndex
from jitviewer.ui.editors.text_lines import Lines, TextLines
from jitviewer.ui.services.line_nodes import LineNodes


@given(st.lists(st.lists(st.integers(0, 1 << 40), max_size=3), max_size=20))
def test_nodes_of_lines_read_like_lists(lines):
    nodes = LineNodes(lines)
    assert list(nodes) == lines
    assert [nodes[at] for at in range(len(nodes))] == lines
    assert nodes[1:3] == lines[1:3]
    if lines:
        assert nodes[-1] == lines[-1]
    with pytest.raises(IndexError):
        nodes[len(lines)]


@given(st.text(alphabet="a\u00e9\U0001f600 \n", max_size=40))
def test_lines_of_a_text_read_like_lists(text):
    expected = text.removesuffix("\n").split("\n")
    lines = Lines(text)
    assert list(lines) == [lines[at] for at in range(len(lines))] == expected
    assert lines[1:-1] == expected[1:-1]
    assert lines.longest == max(map(len, expected))
    whole = TextLines(text)
    for at in range(len(text)):
        span = whole.span_at(at, at + 1)
        assert text[at] in (*expected[span.line][span.start : span.end], "\n")


def test_edges_of_an_item_come_in_their_order():
    items = [
        CanvasItem(name, "", "node", name, "", 0, 10.0 * at, 5, 5, [at], "other", None, "")
        for at, name in enumerate("abc")
    ]
    ends = [("a", "b"), ("b", "b"), ("a", "c"), ("c", "b"), ("b", "a")]
    edges = [
        CanvasEdge(f"{at}", *pair, course_of([(0, 0), (1, 1), (2, 2), (3, 3)]), "%x", "Tensor")
        for at, pair in enumerate(ends)
    ]
    picture = Picture()
    picture.add(items, edges)
    for name in "abc":
        assert [edge.id for edge in picture.edges_of(name)] == [
            edge.id for edge in edges if name in (edge.source, edge.target)
        ]
    assert picture.edges_of("nobody") == []


def test_rectangles_keep_their_bounds():
    index = SpatialIndex([(0, 0, 10, 10), (600, 0, 610, 2000)])
    assert index.bounds_of(1) == (600, 0, 610, 2000)
    assert index.at(605, 1900) == [1]
    assert index.within(0, 0, 700, 5) == [0, 1]
