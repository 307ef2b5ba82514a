"""Two graphs of many nodes beside each other: taken in in slices, and painted where they are in sight."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from jitviewer.protocol.comparison_rows import ComparedNodeRow, ComparisonRow, PairRow
from jitviewer.ui.canvas.box_painter import BoxPainter
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.compare.aligned_places import BOX_WIDTH, ROW, left_of, middle_of
from jitviewer.ui.compare.aligned_rows import aligned_rows
from jitviewer.ui.compare.compared_graphs import ComparedGraphs
from jitviewer.ui.compare.compared_picture import fill_picture
from jitviewer.ui.compare.join_layer import JoinLayer
from jitviewer.ui.theme import ThemeManager
from tests.gui.comparisons import comparison

COUNT = 20_000
FIRST = 12_345
"""The node whose values differ first."""


def large(count: int = COUNT) -> ComparisonRow:
    """Two chains in which each node reads the one before, and every hundredth the one a thousand before."""

    def nodes(base: int) -> list[ComparedNodeRow]:
        return [
            ComparedNodeRow(
                base + n, "aten::relu", "/home/p/net.py", n + 1, "",
                [*([base + n - 1] if n else []), *([base + n - 1000] if n >= 1000 and n % 100 == 0 else [])],
            )
            for n in range(count)
        ]  # fmt: skip

    status = ["differs" if n >= FIRST else "identical" for n in range(count)]
    pairs = [PairRow(n, count + n, "place", [], [], status[n], 1, n == FIRST) for n in range(count)]
    return ComparisonRow(
        "script", "trace", True, "numeric", "/home/p/net.py", FIRST + 1, "It differs.", nodes(0),
        nodes(count), pairs, [], [], [], [], [], FIRST, -1, -1, [], [], "", "", [],
    )  # fmt: skip


@pytest.fixture
def graphs(qtbot):
    made = ComparedGraphs(ThemeManager("dark"))
    qtbot.addWidget(made)
    made.resize(1000, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def many(qtbot, graphs):
    graphs.show_comparison(large())
    assert not graphs.is_ready
    qtbot.waitUntil(lambda: graphs.is_ready, timeout=60_000)
    return graphs


def test_what_differs_first_is_found_among_many_and_only_what_is_in_sight_is_painted(many, monkeypatch):
    assert many.current == many.first == FIRST
    assert len(many.graph.picture.boxes) == 2 * COUNT
    painted, signs = [], []
    paint_box, paint_sign = BoxPainter.paint_box, JoinLayer._paint_sign

    def counted_box(self, painter, item, zoom):
        painted.append(item.id)
        paint_box(self, painter, item, zoom)

    def counted_sign(self, painter, number):
        signs.append(number)
        paint_sign(self, painter, number)

    monkeypatch.setattr(BoxPainter, "paint_box", counted_box)
    monkeypatch.setattr(JoinLayer, "_paint_sign", counted_sign)
    many.viewport().grab()
    in_sight = many.viewport().height() / (ROW * many.zoom()) + 4
    assert f"l{FIRST}" in painted
    assert f"r{FIRST}" in painted
    assert len(set(painted)) <= 2 * in_sight
    assert len(set(signs)) <= in_sight


def test_keys_walk_and_the_whole_is_seen_from_afar(many):
    QTest.keyClick(many, Qt.Key.Key_N)
    assert many.current == FIRST + 1
    QTest.keyClick(many, Qt.Key.Key_P)
    QTest.keyClick(many, Qt.Key.Key_P)
    assert many.current == COUNT - 1
    QTest.keyClick(many, Qt.Key.Key_Home)
    assert many.current == 0
    QTest.keyClick(many, Qt.Key.Key_F)
    QApplication.processEvents()
    assert many.zoom() == many.least_zoom() < 0.01
    assert many.seen().height() > 400 * ROW
    assert not many.viewport().grab().isNull()


def test_another_comparison_takes_the_place_of_one_that_is_still_taken_in(qtbot, graphs):
    graphs.show_comparison(large())
    assert not graphs.is_ready
    graphs.show_comparison(comparison())
    qtbot.waitUntil(lambda: graphs.is_ready)
    assert len(graphs.rows) == 9
    assert graphs.current == 1
    graphs.show_comparison(None)
    assert (graphs.rows, graphs.current) == ([], -1)


# --- edges ------------------------------------------------------------------------------------------


def edges_of(told: ComparisonRow) -> dict[str, list[tuple[float, float]]]:
    picture = Picture()
    for _ in fill_picture(picture, told, aligned_rows(told)):
        pass
    return {edge.id: edge.points for edge in picture.edges}


def test_edges_run_from_what_gives_to_what_reads_on_each_side():
    """Through what has no row, and from turn to turn of a loop that one side has written out."""
    assert set(edges_of(comparison())) == {
        "l0>1", "l2>1", "l3>1", "l1>4", "l4>5", "l4>6", "l5>4", "l4>7", "r2>5", "r5>6", "r6>7", "r2>8",
    }  # fmt: skip


def test_an_edge_between_neighbours_is_straight_and_others_pass_beside_the_boxes():
    found = edges_of(comparison())
    for name, is_left in (("l4>5", True), ("r5>6", False)):
        assert {x for x, _ in found[name]} == {left_of(is_left) + BOX_WIDTH / 2}
    for name, is_left in (("l4>7", True), ("r2>8", False)):
        xs = [x for x, _ in found[name]]
        rim = left_of(is_left) + (0 if is_left else BOX_WIDTH)
        beyond = (x < rim for x in xs) if is_left else (x > rim for x in xs)
        assert any(beyond)
        assert xs[0] == xs[-1] == rim
        row = int(name.partition(">")[2])
        assert abs(found[name][-1][1] - middle_of(row)) < ROW / 2


def test_edges_that_pass_each_other_have_lanes_of_their_own():
    found = edges_of(comparison())
    lanes = {name: min(x for x, _ in found[name]) for name in ("l1>4", "l4>7", "l2>1")}
    assert lanes["l1>4"] != lanes["l2>1"]
