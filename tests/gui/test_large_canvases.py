"""A picture of thousands of boxes is taken in and painted in slices, between which the window lives."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from shiboken6 import delete, isValid

from jitviewer.protocol import events
from jitviewer.protocol.framing import encode
from jitviewer.protocol.rows import CanvasEdge, CanvasItem, CanvasView, course_of
from jitviewer.ui.canvas import far_tiles, growing_courses, raster_tiles
from jitviewer.ui.canvas.layers import EdgeLayer
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.canvas.scene import GraphScene
from jitviewer.ui.services import collector, engine_client
from jitviewer.ui.theme.theme import load_theme
from tests.gui.watchdog import Watchdog

PART = 1000


def chain(count: int) -> tuple[list[CanvasItem], list[CanvasEdge]]:
    """A long chain of boxes."""
    items = [
        CanvasItem(
            f"n{n}", "root", "node", f"relu {n}", "", 20, 60.0 * n, 84, 30, [n], "activation", None, ""
        )
        for n in range(count)
    ]
    edges = [
        CanvasEdge(
            f"root|n{n}>n{n + 1}", f"n{n}", f"n{n + 1}",
            course_of([(62, 60.0 * n + 30), (62, 60.0 * n + 40), (62, 60.0 * n + 50), (62, 60.0 * n + 60)]),
            f"%{n}", "Tensor",
        )
        for n in range(count - 1)
    ]  # fmt: skip
    return items, edges


def parts(count: int) -> list[events.Event]:
    """The events that tell of a long chain."""
    items, edges = chain(count)
    made: list[events.Event] = []
    while len(items) > PART:
        made.append(events.CanvasPart(1, len(made), items[:PART], edges[:PART]))
        items, edges = items[PART:], edges[PART:]
    view = CanvasView(124.0, 60.0 * count, items, edges)
    return [*made, events.CanvasChanged(1, view, "", len(made))]


@pytest.fixture
def panel(opened):
    return opened.current_page().view.canvas


def test_a_picture_in_parts_is_the_whole_picture(panel, opened, transport, qtbot):
    transport.received.emit(b"".join(encode(event) for event in parts(4500)))
    document = opened.current_page().document
    assert len(document.canvas.items) == 4500
    assert len(document.canvas.edges) == 4499
    picture = panel.view.graph.picture
    assert len(picture.boxes) == 4500
    assert picture.bounds.height() == 60.0 * 4500
    assert picture.item_at(30, 60.0 * 4000 + 5).id == "n4000"
    assert len(picture.edges_of("n4000")) == 2


def test_parts_of_a_picture_that_never_ended_are_forgotten(panel, opened, transport):
    document = opened.current_page().document
    for event in parts(3000)[:2]:
        document.apply(event)
    items, edges = chain(3)
    document.apply(events.CanvasChanged(1, CanvasView(124.0, 180.0, items, edges), ""))
    assert len(document.canvas.items) == len(panel.view.graph.picture.boxes) == 3
    for event in parts(3000)[:1] + parts(3000):
        document.apply(event)
    assert len(document.canvas.items) == len(panel.view.graph.picture.boxes) == 3000


def test_events_are_taken_in_a_few_at_a_time(opened, transport, qtbot, monkeypatch):
    monkeypatch.setattr(engine_client, "TURN_S", 0.0)
    document = opened.current_page().document
    seen: list[int] = []
    document.canvas_part_received.connect(lambda part: seen.append(part.number))
    events_of_picture = parts(6000)
    with Watchdog() as watchdog:
        transport.received.emit(b"".join(encode(event) for event in events_of_picture))
        # One event, and the rest in turns of the event loop of their own.
        assert seen == [0]
        qtbot.waitUntil(lambda: len(document.canvas.items) == 6000)
    assert seen == [0, 1, 2, 3, 4]
    assert watchdog.ticks >= len(events_of_picture) - 1


def test_a_watchdog_sees_what_holds_the_window_up(qtbot):
    with Watchdog(noted=0.02) as watchdog:
        qtbot.wait(5)
        QTest.qSleep(60)
        qtbot.wait(5)
    assert watchdog.longest >= 0.06
    assert any(gap >= 0.06 for _, gap in watchdog.gaps)


def test_tiles_that_are_not_in_sight_are_not_recorded(panel, opened):
    document = opened.current_page().document
    for event in parts(3000):
        document.apply(event)
    view = panel.view
    view._set_zoom(0.2)
    view.centerOn(QPointF(62, 400))
    view.viewport().repaint()
    recorded = len(view.graph._layers[2]._far._pictures)
    assert 0 < recorded < len(view.graph.picture.box_tiles.members) / 4


def test_the_map_of_a_large_picture_is_painted_in_slices(panel, opened, qtbot, monkeypatch):
    monkeypatch.setattr(far_tiles, "_TILE", 512.0)
    document = opened.current_page().document
    for event in parts(3000):
        document.apply(event)
    waiting = len(panel.overview._pending)
    assert waiting > 100
    panel.overview._paint_some()
    assert 0 < len(panel.overview._pending) < waiting
    qtbot.waitUntil(lambda: not panel.overview._pending)


def test_a_picture_is_painted_alike_from_parts_and_at_once():
    items, edges = chain(40)
    whole = Picture(CanvasView(124.0, 2400.0, items, edges))
    by_parts = Picture()
    by_parts.add(items[:25], edges[:20])
    by_parts.add(items[25:], edges[20:])
    by_parts.finish(124.0, 2400.0)
    assert by_parts.box_index.within(0, 0, 100, 500) == whole.box_index.within(0, 0, 100, 500)
    assert by_parts.box_tiles.reach == whole.box_tiles.reach
    assert by_parts.edge_tiles.members == whole.edge_tiles.members


def test_closing_a_document_looks_for_garbage(opened, qtbot, monkeypatch):
    looked: list[bool] = []
    monkeypatch.setattr(collector.gc, "unfreeze", lambda: looked.append(True))
    opened.actions_.close.trigger()
    qtbot.waitUntil(lambda: bool(looked))


def test_boxes_far_away_are_painted_without_words():
    items, edges = chain(3)
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    seen: list[int] = []
    tiles = far_tiles.Tiles()
    for item in items:
        tiles.add(item, (item.x, item.y, item.x + item.width, item.y + item.height))
    far_tiles.FarTiles(tiles, lambda _painter, things: seen.append(len(things))).paint(
        painter, Picture(CanvasView(124, 180, items, edges)).bounds
    )
    painter.end()
    assert seen == [3]


def test_what_is_looked_at_stays_where_it_is_when_the_picture_changes(panel, opened):
    document = opened.current_page().document
    items, edges = chain(50)
    document.apply(events.CanvasChanged(1, CanvasView(124.0, 3000.0, items, edges), ""))
    view = panel.view
    view.look_at(1.0, 62.0, 60.0 * 30)
    before = view.mapFromScene(QPointF(20, 60.0 * 30))
    moved = [replace(item, y=item.y + 700.0) for item in items]
    document.apply(events.CanvasChanged(1, CanvasView(124.0, 3700.0, moved, []), ""))
    after = view.mapFromScene(QPointF(20, 60.0 * 30 + 700.0))
    assert (after - before).manhattanLength() <= 2


def test_a_canvas_that_nobody_moved_shows_the_first_sight_of_the_next_picture(panel, opened):
    document = opened.current_page().document
    view = panel.view
    items, edges = chain(3)
    view.place_first()
    document.apply(events.CanvasChanged(1, CanvasView(124.0, 180.0, items, edges), ""))
    narrow = [replace(item, x=item.x + 900.0) for item in items]
    document.apply(events.CanvasChanged(1, CanvasView(1900.0, 180.0, narrow, []), ""))
    assert abs(view.seen().center().x() - 950.0) <= 2
    # What a person has moved to stays.
    view.move_by(QPoint(-40, 0))
    centre = view.seen().center().x()
    document.apply(events.CanvasChanged(1, CanvasView(1900.0, 180.0, narrow, []), ""))
    assert abs(view.seen().center().x() - centre) <= 2


def test_all_of_a_long_chain_is_as_thin_as_can_be_seen(panel, opened, transport, qtbot):
    transport.received.emit(b"".join(encode(event) for event in parts(9000)))
    view = panel.view
    qtbot.waitUntil(lambda: len(view.graph.picture.boxes) == 9000)
    view.fit()
    bounds = view.graph.picture.bounds
    assert bounds.width() * view.zoom() == pytest.approx(6, abs=0.5)
    assert bounds.height() * view.zoom() > view.viewport().height()
    seen = view.seen()
    assert abs(seen.center().x() - bounds.center().x()) < 2 / view.zoom()
    assert seen.top() < bounds.top() + 60 / view.zoom()
    for _ in range(30):
        view.zoom_by(0.8)
    assert bounds.width() * view.zoom() == pytest.approx(6, abs=0.5)


def test_a_highlight_is_painted_from_near_and_from_afar(panel, opened):
    document = opened.current_page().document
    items, edges = chain(200)
    document.apply(events.CanvasChanged(1, CanvasView(124.0, 12000.0, items, edges), ""))
    lit = [item.id for item in items[:100]]
    document.apply(events.FlowHighlighted(1, "100 nodes", lit, [edge.id for edge in edges[:99]]))
    view = panel.view
    for zoom in (1.0, 0.5, 0.1):
        view.look_at(zoom, 62.0, 60.0 * 100)
        image = view.viewport().grab().toImage()
        above = view.mapFromScene(QPointF(90, 60.0 * 99 + 8))
        below = view.mapFromScene(QPointF(90, 60.0 * 101 + 8))
        assert image.pixelColor(above) != image.pixelColor(below), zoom


def test_labels_of_values_that_leave_side_by_side_keep_apart(panel, opened):
    document = opened.current_page().document
    box = CanvasItem("a", "root", "node", "split", "", 0, 0, 140, 30, [1], "shape", None, "")
    users = [
        CanvasItem(f"u{n}", "root", "node", "relu", "", 150.0 * n, 90, 84, 30, [n + 2], "shape", None, "")
        for n in range(2)
    ]
    edges = [
        CanvasEdge(
            f"root|a>u{n}", "a", f"u{n}", course_of([(x, 30), (x, 50), (x, 70), (x, 90)]), f"%{n}",
            "Dict(str, int)",
        )
        for n, x in enumerate((40.0, 90.0))
    ]  # fmt: skip
    document.apply(events.CanvasChanged(1, CanvasView(400, 120, [box, *users], edges), ""))
    layer = panel.view.graph._labels
    first, second = (layer._label(number)[0] for number in range(2))
    assert first.right() <= second.left()


def test_painting_that_was_begun_ends_with_its_canvas(qtbot, monkeypatch):
    """Turns of the event loop may come after the scene and all that is in it were deleted."""
    monkeypatch.setattr(raster_tiles, "TURN_S", 0.0)
    monkeypatch.setattr(raster_tiles, "FEW", 0)
    monkeypatch.setattr(growing_courses, "PART", 1)
    items, edges = chain(400)
    picture = Picture()
    picture.add(items, edges)
    picture.finish(124.0, 60.0 * 400)
    scene = GraphScene(load_theme("dark"))
    scene.set_picture(picture)
    selection = scene._selection
    selection.set_selected(items[:90])
    tiles = next(layer for layer in scene._layers if isinstance(layer, EdgeLayer)).tiles
    image = QImage(400, 900, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    near = QRectF(0, 0, 400, 900)
    scene.render(painter, near, near)
    painter.end()
    assert tiles.pending
    assert not selection.edges._growing.is_done
    delete(scene)
    assert not isValid(selection.edges)
    left = tiles.pending
    qtbot.waitUntil(lambda: selection.edges._growing.is_done)
    assert tiles.pending == left
