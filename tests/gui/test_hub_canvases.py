"""A value that thousands of nodes use: what is painted is what is in sight, once, and a little at a time."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from jitviewer.protocol import events
from jitviewer.protocol.rows import CanvasEdge, CanvasItem, CanvasView, course_of
from jitviewer.ui.canvas import growing_courses, outlines, raster_tiles
from jitviewer.ui.canvas.courses import distance
from jitviewer.ui.canvas.edge_courses import EdgeCourses
from jitviewer.ui.canvas.lanes import Lanes
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.canvas.raster_tiles import RasterTiles
from jitviewer.ui.canvas.walking import users

USES = 5000
ROW = 60.0
LANE = 300.0


def hub(count: int = USES) -> CanvasView:
    """One value at the top, used by all boxes of a column, by way of a lane beside them."""
    items = [CanvasItem("hub", "root", "node", "relu", "", 20, 0, 84, 30, [0], "activation", None, "")]
    edges: list[CanvasEdge] = []
    for n in range(1, count + 1):
        y = ROW * n + 60
        items.append(CanvasItem(f"n{n}", "root", "node", "add", "", 20, y, 84, 30, [n], "other", None, ""))
        course = [
            (62.0, 30.0), (62.0, 45.0), (LANE, 30.0), (LANE, 45.0),
            (LANE, 50.0), (LANE, y - 20), (LANE, y - 15),
            (LANE, y), (62.0, y - 15), (62.0, y),
        ]  # fmt: skip
        edges.append(CanvasEdge(f"root|hub>n{n}", "hub", f"n{n}", course_of(course), "%0", "int"))
    return CanvasView(LANE + 40, ROW * (count + 2), items, edges)


@pytest.fixture
def panel(opened):
    return opened.current_page().view.canvas


@pytest.fixture
def strokes_painted(monkeypatch):
    """How many strokes were painted since it was emptied."""
    painted: list[int] = []
    within = raster_tiles.RasterTiles._work

    def work(self, place, tile, end):
        before = tile.done
        finished = within(self, place, tile, end)
        painted.append(1 if finished else tile.done - before)
        return finished

    monkeypatch.setattr(raster_tiles.RasterTiles, "_work", work)
    return painted


def show(panel, view: CanvasView) -> None:
    panel._document.apply(events.CanvasChanged(1, view, ""))


def test_a_lane_that_all_edges_share_is_one_line():
    picture = Picture(hub())
    sight = QRectF(0, ROW * 2000, 400, 600)
    assert picture.courses.stretches(sight) == [(LANE, ROW * 2000, ROW * 2000 + 600)]
    # Of five thousand edges that pass by, what is in sight are those that end there.
    pieces = picture.courses.pieces(sight)
    assert 9 <= len(pieces) <= 12
    assert all(picture.courses.head(piece) is not None for piece in pieces)


def test_what_edges_have_in_common_at_their_source_is_one_piece():
    picture = Picture(hub())
    # Those to the nearest boxes are whole; all others leave by the same piece.
    assert len(picture.courses.pieces(QRectF(0, 20, 400, 40))) == 10


def test_stretches_of_a_lane_are_merged_where_they_meet_and_kept_apart_elsewhere():
    lanes = Lanes()
    for number, (top, bottom) in enumerate([(0, 10), (30, 40), (8, 20), (50, 60), (19, 31), (90, 95)]):
        lanes.add(7.0, top, bottom, number)
    assert lanes.within(0, -5, 10, 200) == [(7.0, 0, 40), (7.0, 50, 60), (7.0, 90, 95)]
    assert lanes.within(0, 35, 10, 55) == [(7.0, 35, 40), (7.0, 50, 55)]
    assert lanes.within(0, 70, 10, 80) == []
    assert lanes.within(8, 0, 10, 80) == []
    assert lanes.edges_near(6.0, 9.0, 2.0) == [(1.0, 0)]
    assert lanes.edges_near(6.0, 45.0, 2.0) == []


def test_a_point_on_a_lane_means_the_first_edge_that_passes_it():
    picture = Picture(hub())
    assert picture.courses.nearest(LANE + 1, ROW * 3000, 5.0).target == "n3000"
    assert picture.courses.nearest(LANE + 9, ROW * 3000, 5.0) is None
    # Where it comes in, the edge itself is nearer.
    assert picture.courses.nearest(62.0, ROW * 4000 + 58, 5.0).target == "n4000"


def test_distances_are_those_of_the_curve():
    flat = [0.0, 0.0, 0.0, 100.0, 300.0, 0.0, 300.0, 100.0]
    assert distance(flat, 150.0, 50.0) < 1.0
    assert distance(flat, 150.0, 90.0) == pytest.approx(40.0, abs=25.0)
    assert distance([0.0, 0.0, 100.0, 0.0], 50.0, 8.0) == 8.0


def test_a_short_course_stays_in_one_piece():
    courses = EdgeCourses()
    points = [(0, 0), (0, 10), (50, 10), (50, 50), (50, 60), (50, 70), (50, 80), (50, 85), (0, 85), (0, 95)]
    courses.add(
        CanvasEdge("root|a>b", "a", "b", course_of([(float(x), float(y)) for x, y in points]), "%0", "int")
    )
    assert courses.stretches(QRectF(0, 0, 100, 100)) == []
    assert len(courses.pieces(QRectF(0, 0, 100, 100))) == 1


class Dots:
    """Strokes that are dots on a line, ten pixels of the scene apart."""

    def __init__(self, count: int, crowded: int = 100_000) -> None:
        self.count = count
        self.crowded = crowded
        self.painted = 0
        self.asked = 0

    def crowd(self, rect, zoom):
        return self.crowded

    def within(self, rect, zoom):
        self.asked += 1
        inside = [n for n in range(self.count) if rect.contains(10.0 * n, 20.0)]
        return [lambda painter, n=n: self._dot(painter, n) for n in inside]

    def begin(self, painter, zoom):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.red)

    def _dot(self, painter, n):
        self.painted += 1
        painter.drawRect(QRectF(10.0 * n - 2, 18, 4, 4))


def painted_image(tiles: RasterTiles, width: int = 700) -> QImage:
    image = QImage(width, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    tiles.paint(painter, QRectF(0, 0, width, 40), 1.0)
    painter.end()
    return image


def test_tiles_are_painted_stroke_by_stroke_and_then_only_copied(qtbot, monkeypatch):
    monkeypatch.setattr(raster_tiles, "TURN_S", 0.0)
    dots = Dots(60)
    done: list[QRectF] = []
    tiles = RasterTiles(dots, done.append, lambda: QRectF(0, 0, 600, 40))
    painted_image(tiles, 600)
    # There was no time for more than one.
    assert dots.painted == 1
    qtbot.waitUntil(lambda: not tiles.pending)
    assert len(done) == 2
    copied = dots.painted
    whole = painted_image(tiles, 600)
    assert dots.painted == copied
    plain = QImage(600, 40, QImage.Format.Format_RGB32)
    plain.fill(Qt.GlobalColor.white)
    painter = QPainter(plain)
    tiles.paint_all(painter, QRectF(0, 0, 600, 40), 1.0)
    painter.end()
    assert whole == plain


def test_tiles_that_went_out_of_sight_are_not_painted(qtbot, monkeypatch):
    monkeypatch.setattr(raster_tiles, "TURN_S", 0.0)
    dots = Dots(60)
    tiles = RasterTiles(dots, lambda _rect: None, lambda: QRectF(520, 0, 80, 40))
    painted_image(tiles, 600)
    qtbot.waitUntil(lambda: tiles.pending == 1)
    qtbot.wait(20)
    assert tiles.pending == 1
    assert dots.painted < 20


def test_tiles_are_kept_in_a_bounded_number(monkeypatch):
    dots = Dots(0)
    tiles = RasterTiles(dots, lambda _rect: None, QRectF)
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for column in range(200):
        tiles.paint(painter, QRectF(column * raster_tiles.SIDE + 10, 5, 20, 20), 1.0)
    painter.end()
    assert tiles.kept <= 24


def test_few_strokes_are_painted_without_tiles():
    dots = Dots(20, crowded=20)
    tiles = RasterTiles(dots, lambda _rect: None, QRectF)
    painted_image(tiles)
    assert (dots.painted, tiles.kept) == (20, 0)


def test_a_hub_looks_the_same_in_tiles_as_at_once(panel, monkeypatch):
    show(panel, hub(600))
    view = panel.view
    edges = view.graph._layers[1]
    for zoom in (1.0, 0.5, 0.3, 0.1):
        monkeypatch.setattr(raster_tiles, "FEW", 10**9)
        edges.tiles.forget()
        view.look_at(zoom, 160.0, ROW * 200)
        plain = view.viewport().grab().toImage()
        assert not edges.tiles.kept
        monkeypatch.setattr(raster_tiles, "FEW", -1)
        view.viewport().update()
        tiled = view.viewport().grab().toImage()
        assert edges.tiles.kept
        assert not edges.tiles.pending
        assert _alike(plain, tiled), zoom


def _alike(one: QImage, other: QImage) -> bool:
    """Whether no point differs by more than the rounding of a colour that is laid over another."""
    points = [(x, y) for x in range(0, one.width(), 3) for y in range(0, one.height(), 2)]
    for x, y in points:
        a, b = one.pixelColor(x, y), other.pixelColor(x, y)
        if max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue())) > 3:
            return False
    return True


def test_hovering_over_a_hub_paints_no_edge_again(panel, strokes_painted, monkeypatch):
    monkeypatch.setattr(raster_tiles, "FEW", -1)
    show(panel, hub(2000))
    view = panel.view
    view.look_at(0.5, 62.0, ROW * 3)
    view.viewport().repaint()
    assert sum(strokes_painted) > 0
    strokes_painted.clear()
    for name in ("hub", "n1", "n2", "hub"):
        view.graph.hover(view.graph.picture.by_id[name])
        view.viewport().repaint()
    assert strokes_painted == []


def test_the_edges_of_a_selected_hub_are_found_in_turns(panel, qtbot):
    show(panel, hub())
    view = panel.view
    layer = view.graph._selection.edges
    view.look_at(1.0, 200.0, ROW * 100)
    view.graph.select_item(view.graph.picture.by_id["n7"])
    assert layer._growing.is_done
    view.graph.select_item(view.graph.picture.by_id["hub"])
    # One part was taken; the rest has to wait for the event loop.
    assert len(layer._growing.courses.edges) == growing_courses.PART
    assert not layer._growing.is_done
    before = view.viewport().grab().toImage()
    qtbot.waitUntil(lambda: layer._growing.is_done)
    assert len(layer._growing.courses.edges) == USES
    after = view.viewport().grab().toImage()
    lane = view.mapFromScene(QPointF(LANE, ROW * 100))
    assert before.pixelColor(lane) != after.pixelColor(lane)


def test_another_selection_ends_the_search_for_the_edges_of_a_hub(panel, qtbot):
    show(panel, hub())
    view = panel.view
    layer = view.graph._selection.edges
    view.graph.select_item(view.graph.picture.by_id["hub"])
    left = layer._growing
    view.graph.select_item(view.graph.picture.by_id["n7"])
    qtbot.wait(20)
    assert len(left.courses.edges) == growing_courses.PART
    assert [edge.target for edge in layer._growing.courses.edges] == ["n7"]


def test_a_highlighted_hub_is_found_in_turns_and_shown(panel, qtbot):
    view_of_hub = hub()
    show(panel, view_of_hub)
    view = panel.view
    view.look_at(1.0, 200.0, ROW * 100)
    view.viewport().repaint()
    lit = [item.id for item in view_of_hub.items]
    document = panel._document
    document.apply(events.FlowHighlighted(1, "all", lit, [edge.id for edge in view_of_hub.edges]))
    layer = view.graph._highlight
    lane = view.mapFromScene(QPointF(LANE, ROW * 100))
    before = view.viewport().grab().toImage().pixelColor(lane)
    assert not layer._growing.is_done
    qtbot.waitUntil(lambda: layer._growing.is_done)
    assert view.viewport().grab().toImage().pixelColor(lane) != before


def test_a_hub_has_one_label_and_not_one_for_each_use(panel):
    show(panel, hub())
    view = panel.view
    view.look_at(1.0, 62.0, 60.0)
    view.viewport().repaint()
    graph = view.graph
    assert list(graph.picture.start_edges) == [0]
    assert graph.label_of(graph.picture.edges[0]) == "int"
    assert graph.label_of(graph.picture.edges[1]) == ""


def test_values_that_leave_at_one_place_have_one_label(panel):
    box = CanvasItem("a", "root", "node", "unpack", "", 0, 0, 140, 30, [1], "shape", None, "")
    course = course_of([(70.0, 30.0), (70.0, 50.0), (70.0, 70.0), (70.0, 90.0)])
    users_ = [
        CanvasItem(f"u{n}", "root", "node", "relu", "", 28, 90.0, 84, 30, [n + 2], "shape", None, "")
        for n in range(3000)
    ]
    edges = [
        CanvasEdge(f"root|a>u{n}", "a", f"u{n}", course, f"%{n}", "int" if n > 1 else "Tensor")
        for n in range(3000)
    ]
    show(panel, CanvasView(200, 120, [box, *users_], edges))
    graph = panel.view.graph
    assert len(graph.picture.start_edges) == 8
    assert [n for n in range(20) if graph.label_of(graph.picture.edges[n])] == [2]


def test_walking_from_a_hub_finds_all_its_users():
    picture = Picture(hub())
    assert len(users(picture, "hub")) == USES


def test_thousands_of_selected_boxes_are_outlined_as_one_is(panel, monkeypatch):
    monkeypatch.setattr(raster_tiles, "FEW", -1)
    show(panel, hub(3000))
    view = panel.view
    for zoom in (1.0, 0.2):
        view.look_at(zoom, 62.0, ROW * 100)
        view.graph.select_nodes([100])
        alone = view.viewport().grab().toImage()
        view.graph.select_nodes(range(1, 3001))
        together = view.viewport().grab().toImage()
        item = view.graph.picture.by_id["n100"]
        rim = view.mapFromScene(QPointF(item.x + 40, item.y + item.height + 1))
        assert alone.pixelColor(rim) == together.pixelColor(rim)
        neighbour = view.mapFromScene(QPointF(item.x + 40, item.y + ROW + item.height + 1))
        assert alone.pixelColor(neighbour) != together.pixelColor(neighbour)
    layer = view.graph._selection
    assert layer.tiles.kept
    # Another repaint copies them.
    monkeypatch.setattr(outlines, "draw_outline", None)
    view.viewport().repaint()
