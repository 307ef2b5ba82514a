"""Walking, choosing edges, highlighting, and what else the canvas does by keys, clicks and menus."""

import json

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from jitviewer.protocol import requests
from jitviewer.ui.canvas.exports import kind_of, png_size
from jitviewer.ui.view_keys import VIEW_KEYS

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(opened):
    made = opened.current_page().view.canvas
    made.view.setFocus()
    return made


def press(panel, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(panel.view, key, modifiers)


def point_of(panel, item_id):
    item = panel.view.graph.picture.by_id[item_id]
    return panel.view.mapFromScene(QPointF(item.x + item.width / 2, item.y + item.height / 2))


def click(panel, item_id):
    QTest.mouseClick(panel.view.viewport(), LEFT, pos=point_of(panel, item_id))


def selected(panel):
    return [item.id for item in panel.view.graph.selected_items()]


def on_edge(panel, edge_id, part):
    """A point on the screen, a part of the way along an edge."""
    edge = next(edge for edge in panel.view.graph.picture.edges if edge.id == edge_id)
    (x, y), (to_x, to_y) = edge.points[0], edge.points[-1]
    return panel.view.mapFromScene(QPointF(x + (to_x - x) * part, y + (to_y - y) * part))


def open_menu(panel, at):
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, panel.view.mapToGlobal(at))
    QApplication.sendEvent(panel.view.viewport(), event)
    menus = [menu for menu in panel.view.findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1
    return menus[0]


def choose(menu, words):
    action = next(action for action in menu.actions() if words in action.text().replace("&", ""))
    menu.close()
    action.trigger()


def test_arrows_walk_to_users_and_back(panel, opened):
    click(panel, "in1")
    press(panel, Qt.Key.Key_Down)
    assert selected(panel) == ["n11"]
    press(panel, Qt.Key.Key_Down)
    assert selected(panel) == ["n12"]
    assert opened.current_page().document.selection.nodes == (12,)
    press(panel, Qt.Key.Key_Up)
    press(panel, Qt.Key.Key_Up)
    assert selected(panel) == ["in1"]
    assert "%x" in panel.view.accessibleDescription()


def test_arrows_move_the_picture_without_a_selection_and_with_shift(panel):
    before = panel.view.mapToScene(QPoint(0, 0))
    press(panel, Qt.Key.Key_Down)
    moved = panel.view.mapToScene(QPoint(0, 0))
    assert moved.y() > before.y()
    click(panel, "n12")
    press(panel, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert panel.view.mapToScene(QPoint(0, 0)).y() < moved.y()
    assert selected(panel) == ["n12"]


def test_a_click_on_an_edge_tells_about_it_and_two_follow_it(panel, opened, qtbot):
    viewport = panel.view.viewport()
    QTest.mouseClick(viewport, LEFT, pos=on_edge(panel, "e2", 0.8))
    assert panel.view.graph.chosen_edge.id == "e2"
    text = opened.inspector.view.toPlainText()
    assert "Edge %y" in text
    assert "relu" in text
    # Nearer to its end: the other end is where it comes from.
    QTest.mouseDClick(viewport, LEFT, pos=on_edge(panel, "e2", 0.8))
    assert selected(panel) == ["n11"]
    QTest.mouseDClick(viewport, LEFT, pos=on_edge(panel, "e2", 0.2))
    assert selected(panel) == ["n12"]


def test_keys_choose_an_edge_and_follow_it(panel):
    click(panel, "n11")
    press(panel, Qt.Key.Key_E)
    assert panel.view.graph.chosen_edge.id == "e1"
    press(panel, Qt.Key.Key_E)
    assert panel.view.graph.chosen_edge.id == "e2"
    press(panel, Qt.Key.Key_Return)
    assert selected(panel) == ["n12"]
    assert panel.view.graph.chosen_edge is None


def test_after_a_run_edges_say_what_flowed_and_show_it(panel, opened, transport, qtbot):
    edges = {edge.id: edge for edge in panel.view.graph.picture.edges}
    assert panel.view.graph.label_of(edges["e1"]) == ""
    opened.actions_.run.trigger()
    qtbot.waitUntil(lambda: panel.view.graph.label_of(edges["e1"]) != "")
    times = "\N{MULTIPLICATION SIGN}"
    assert panel.view.graph.label_of(edges["e1"]) == f"2{times}8"
    assert panel.view.graph.label_of(edges["e2"]) == f"Long 2{times}4"
    assert panel.view.graph.tip_of(edges["e2"]) == "%y : Long(2, 4)"
    QTest.mouseClick(panel.view.viewport(), LEFT, pos=on_edge(panel, "e2", 0.5))
    assert transport.asked(requests.LookAtValue)[-1].value == "%y"
    press(panel, Qt.Key.Key_T)
    assert panel.view.graph.label_of(edges["e1"]) == ""


def test_d_highlights_what_depends_and_escape_ends_it(panel, transport, qtbot):
    click(panel, "n11")
    press(panel, Qt.Key.Key_D)
    assert transport.asked(requests.HighlightFlow)[-1] == requests.HighlightFlow(1, "users", "n11")
    qtbot.waitUntil(panel.flow.isVisible)
    assert "depends on n11" in panel.flow.sentence.text()
    assert panel.view.graph.highlighted == {"n11", "n12"}
    # A veil lies over what does not depend on it.
    image = panel.view.viewport().grab().toImage()
    assert image.pixelColor(point_of(panel, "n12")) != image.pixelColor(point_of(panel, "in1"))
    press(panel, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not panel.flow.isVisible())
    assert panel.view.graph.highlighted == frozenset()
    assert selected(panel) == ["n11"]
    press(panel, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    assert transport.asked(requests.HighlightFlow)[-1].kind == "producers"
    qtbot.waitUntil(panel.flow.isVisible)
    panel.flow.action_triggered.emit()
    qtbot.waitUntil(lambda: not panel.flow.isVisible())


def test_another_method_is_shown_without_the_highlight(panel, opened, qtbot):
    click(panel, "n11")
    press(panel, Qt.Key.Key_D)
    qtbot.waitUntil(panel.flow.isVisible)
    opened.current_page().document.show_method("warm", "forward")
    qtbot.waitUntil(lambda: not panel.flow.isVisible())
    assert panel.view.graph.highlighted == frozenset()


def test_a_highlight_is_lost_with_its_engine(panel, transport, qtbot):
    click(panel, "n11")
    press(panel, Qt.Key.Key_D)
    qtbot.waitUntil(panel.flow.isVisible)
    transport.die("the machine is on fire")
    assert not panel.flow.isVisible()


def test_a_path_begins_at_one_box_and_ends_at_another(panel, transport, qtbot):
    click(panel, "in1")
    press(panel, Qt.Key.Key_P)
    assert "%x" in panel.flow.sentence.text()
    click(panel, "n12")
    assert panel.steering.actions.path.text() == "&Path from %x to here"
    press(panel, Qt.Key.Key_P)
    assert transport.asked(requests.HighlightFlow)[-1] == requests.HighlightFlow(1, "path", "in1", "n12")
    qtbot.waitUntil(lambda: "depends" in panel.flow.sentence.text())


def test_a_path_that_was_begun_can_be_given_up(panel, transport):
    click(panel, "in1")
    press(panel, Qt.Key.Key_P)
    press(panel, Qt.Key.Key_Escape)
    assert not panel.flow.isVisible()
    assert panel.steering.path_start is None
    assert transport.asked(requests.HighlightFlow) == []


def test_constants_and_repeats_are_shown_on_demand(panel, transport, qtbot):
    press(panel, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    assert transport.asked(requests.ChooseCanvas)[-1].shows_constants
    qtbot.waitUntil(lambda: "n10" in panel.view.graph.picture.by_id)
    assert panel.steering.actions.constants.isChecked()
    press(panel, Qt.Key.Key_R)
    asked = transport.asked(requests.ChooseCanvas)[-1]
    assert (asked.shows_constants, asked.merges_repeats) == (True, True)
    qtbot.waitUntil(lambda: "r*" in panel.view.graph.picture.by_id)
    panel.view.show_rect(panel.view.graph.picture.bounds)
    panel.view.fit()
    choose(open_menu(panel, point_of(panel, "r*")), "Show every repetition")
    assert transport.asked(requests.UnrollItem)[-1].item == "r*"


def test_the_constants_of_one_box(panel, transport, qtbot):
    click(panel, "n12")
    press(panel, Qt.Key.Key_C)
    assert transport.asked(requests.ShowConstants)[-1] == requests.ShowConstants(1, "n12", True)
    qtbot.waitUntil(lambda: "n10" in panel.view.graph.picture.by_id)
    assert selected(panel) == ["n12"]
    press(panel, Qt.Key.Key_C)
    assert transport.asked(requests.ShowConstants)[-1].is_shown is False


def test_a_menu_names_the_keys_of_what_it_offers(panel, transport, qtbot):
    menu = open_menu(panel, point_of(panel, "n12"))
    keys = {a.text().replace("&", ""): a.shortcut().toString() for a in menu.actions() if a.text()}
    assert keys["Highlight what depends on it"] == "D"
    assert keys["Go to what gives its input"] == "Up"
    assert all(keys.values())
    assert selected(panel) == ["n12"]
    assert menu.accessibleName() == "Menu of mul"
    choose(menu, "Highlight what it depends on")
    assert transport.asked(requests.HighlightFlow)[-1].kind == "producers"


def test_the_menu_key_opens_the_menu_of_the_selection(panel):
    panel.view.item_picked.emit(panel.view.graph.picture.by_id["root/warm"])
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(panel.view.viewport(), event)
    menu = next(menu for menu in panel.view.findChildren(QMenu) if menu.isVisible())
    assert menu.actions()[0].text() == "&Close"
    menu.close()


def test_the_background_has_a_menu_of_the_view(panel, qtbot):
    menu = open_menu(panel, QPoint(3, 3))
    checked = {a.text(): a.isChecked() for a in menu.actions() if a.isCheckable()}
    assert checked == {
        "All constants as boxes": False,
        "Repeated layers once, with a count": False,
        "Types on edges": True,
        "Overview map": True,
    }
    menu.close()


def test_letters_open_and_close_every_frame(panel, transport):
    press(panel, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert transport.asked(requests.SetAllItems)[-1].is_open is False
    press(panel, Qt.Key.Key_O)
    assert transport.asked(requests.SetAllItems)[-1].is_open is True


def test_enter_opens_and_closes_what_is_selected(panel, transport, qtbot):
    panel.view.item_picked.emit(panel.view.graph.picture.by_id["root/warm"])
    press(panel, Qt.Key.Key_Return)
    assert transport.asked(requests.ToggleItem)[-1].is_open is False
    qtbot.waitUntil(lambda: panel.view.graph.picture.by_id["root/warm"].is_open is False)
    assert selected(panel) == ["root/warm"]


def test_the_map_shows_where_one_is_and_moves_there(panel, qtbot):
    view, overview = panel.view, panel.overview
    assert not overview.isVisible()
    view.zoom_by(4.0 / view.zoom())
    qtbot.waitUntil(overview.isVisible)
    assert overview.accessibleName()
    QTest.mouseClick(overview, LEFT, pos=QPoint(overview.width() // 2, overview.height() - 12))
    low = view.seen().center().y()
    QTest.mousePress(overview, LEFT, pos=QPoint(overview.width() // 2, overview.height() - 12))
    QTest.mouseMove(overview, QPoint(overview.width() // 2, 12))
    QTest.mouseRelease(overview, LEFT, pos=QPoint(overview.width() // 2, 12))
    high = view.seen().center().y()
    assert high < low - 100
    assert overview.seen_on_map().top() < overview.height() / 2
    QTest.keyClick(overview, Qt.Key.Key_Down)
    assert view.seen().center().y() > high
    press(panel, Qt.Key.Key_M)
    assert not overview.isVisible()


def test_there_is_no_map_while_most_of_the_graph_is_in_sight(panel, qtbot):
    view, bounds = panel.view, panel.view.graph.picture.bounds
    view.zoom_by(4.0 / view.zoom())
    qtbot.waitUntil(panel.overview.isVisible)
    view.zoom_by(0.9 * view.viewport().height() / bounds.height() / view.zoom())
    view.centerOn(bounds.center())
    assert view.seen().contains(bounds)
    assert not panel.overview.isVisible()
    view.centerOn(bounds.center().x(), bounds.top() + bounds.height() * 0.2)
    assert not view.seen().contains(bounds)
    assert not panel.overview.isVisible()


def test_the_map_is_painted_some_tiles_at_a_time(panel, qtbot):
    overview = panel.overview
    panel.view.zoom_by(4.0 / panel.view.zoom())
    qtbot.waitUntil(lambda: overview.isVisible() and not overview._pending)
    image = overview.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert len(colors) > 3


def test_a_pinch_zooms(panel):
    view = panel.view
    before = view.zoom()
    at = QPointF(view.viewport().rect().center())
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, at, at,
        QPointF(view.viewport().mapToGlobal(at.toPoint())), 0.25, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), pinch)
    assert view.zoom() == pytest.approx(before * 1.25)


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "dot", "json"])
def test_what_is_shown_is_exported(panel, qtbot, tmp_path, monkeypatch, kind):
    file = tmp_path / f"canvas.{kind}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    with qtbot.waitSignal(panel.exporter.finished):
        press(panel, Qt.Key.Key_X)
    data = file.read_bytes()
    if kind == "json":
        boxes = {box["id"]: box for box in json.loads(data)["boxes"]}
        assert boxes["n12"]["label"] == "mul"
        assert boxes["root/warm"]["open"] is True
    elif kind == "dot":
        assert b'subgraph "cluster_root/warm"' in data
        assert b'"in1" -> "n11" [label="%x"]' in data
    else:
        start = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[kind]
        assert data.startswith(start)
        assert len(data) > 1000
    assert "Saved" in panel.note.sentence.text()


def test_a_place_that_cannot_be_written_is_named(panel, qtbot, tmp_path):
    with qtbot.waitSignal(panel.exporter.finished):
        panel.exporter.write(str(tmp_path / "no" / "such.dot"))
    assert panel.note.level == "error"
    assert "no/such.dot" in panel.note.sentence.text()


def test_a_picture_too_small_to_read_says_so(panel, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(png_size, "LONGEST", 100)
    with qtbot.waitSignal(panel.exporter.finished):
        panel.exporter.write(str(tmp_path / "small.png"))
    assert panel.note.level == "warning"
    assert "too small to read. SVG and PDF keep every word" in panel.note.sentence.text()
    assert max(QImage(str(tmp_path / "small.png")).size().toTuple()) == 100


def test_the_file_menu_exports_too(opened, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda _parent, title, *_: asked.append(title) or ("", "")
    )
    opened.actions_.export.trigger()
    assert asked == ["Export what is shown"]


def test_the_suffix_says_what_is_written():
    assert kind_of("/a/b.SVG") == "svg"
    assert kind_of("/a/b.txt") == ""


def test_every_button_has_a_name_and_a_tip(panel):
    from jitviewer.ui.widgets.tool_button import IconButton

    buttons = panel.findChildren(IconButton)
    assert len(buttons) >= 9
    for button in buttons:
        assert button.accessibleName()
        assert button.toolTip()
    shortcuts = [action.shortcut().toString() for action in panel.steering.actions.all]
    assert len(set(shortcuts)) == len(shortcuts)
    assert {key for key, _ in VIEW_KEYS["Canvas"]} >= set(shortcuts)
