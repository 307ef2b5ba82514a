"""What a person does in the window, by clicks and keys, in front of an engine with canned answers."""

import gc
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from jitviewer.protocol import requests
from jitviewer.protocol.rows import NodeTime
from jitviewer.ui.canvas.picture import toggle_rect
from tests.gui.conftest import open_file
from tests.gui.fake_engine import BROKEN
from tests.gui.rooms import turn_to

LEFT = Qt.MouseButton.LeftButton


def page(window):
    return window.current_page()


def document(window):
    return page(window).document


def view_of(window):
    return page(window).view


def screen_point(window, item_id):
    """The middle of a canvas item on the screen."""
    view = view_of(window).canvas.view
    item = view.graph.picture.by_id[item_id]
    return view.mapFromScene(QPointF(item.x + item.width / 2, item.y + item.height / 2))


def click_line(editor, line):
    top, height = next((top, height) for number, top, height in editor.visible_lines() if number == line)
    QTest.mouseClick(editor.viewport(), LEFT, pos=QPoint(40, int(top + height / 2)))


def click_switch(window, row):
    view = window.passes.view
    rect = view.visualRect(window.passes.model.index(row))
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(24, rect.center().y()))


def test_an_empty_window_offers_samples_that_open(qtbot, window, transport):
    cards = [b for b in window.start_page.findChildren(QPushButton) if b.objectName() == "card"]
    assert len(cards) >= 5
    qtbot.mouseClick(cards[0], LEFT)
    asked = transport.asked(requests.OpenDocument)
    assert Path(asked[0].path).name == "gate.pt"
    assert Path(asked[0].path).exists()
    qtbot.waitUntil(lambda: document(window).phase == "ready")
    assert window.tabs.isVisible()


def test_an_empty_window_offers_python_whose_trace_goes_wrong_under_a_heading_of_its_own(qtbot, window):
    labels = window.start_page.findChildren(QLabel)
    (heading,) = (label for label in labels if label.text().startswith("Python whose trace goes wrong"))
    cards = [b for b in window.start_page.findChildren(QPushButton) if b.objectName() == "card"]
    below = [card for card in cards if card.y() > heading.y()]
    assert len(below) == 4
    qtbot.mouseClick(below[1], LEFT)
    page = window.current_page()
    qtbot.waitUntil(lambda: page.document.phase == "asking")
    assert Path(page.document.path).name == "memory.py"
    assert Path(page.document.path).exists()


def test_an_opened_document_fills_every_view(opened):
    shown = view_of(opened)
    assert shown.code.editor.toPlainText().startswith("def forward")
    assert "aten::relu" in shown.graph.editor.toPlainText()
    assert shown.canvas.view.graph.picture.by_id["n12"].label == "mul"
    assert opened.tree.model.rowCount() == 2
    assert opened.passes.model.pipeline() == ("inline",)
    assert opened.run.form.specs() == ["float32[2,8]"]
    assert opened.windowTitle().startswith("gate.pt")


def test_a_line_selects_its_nodes_everywhere(qtbot, opened, transport):
    shown = view_of(opened)
    click_line(shown.graph.editor, 3)
    assert document(opened).selection.nodes == (11,)
    assert shown.code.editor.selected_lines == {2}
    assert [item.id for item in shown.canvas.view.graph.selected_items()] == ["n11"]
    qtbot.waitUntil(lambda: "aten::relu #11" in opened.inspector.view.toPlainText())


def test_keys_walk_through_the_lines(opened):
    editor = view_of(opened).graph.editor
    click_line(editor, 3)
    QTest.keyClick(editor, Qt.Key.Key_Down)
    assert document(opened).selection.nodes == (12,)
    QTest.keyClick(editor, Qt.Key.Key_Up)
    assert document(opened).selection.nodes == (11,)


def test_a_click_on_the_canvas_selects_lines(opened):
    shown = view_of(opened)
    QTest.mouseClick(shown.canvas.view.viewport(), LEFT, pos=screen_point(opened, "n12"))
    assert document(opened).selection.nodes == (12,)
    assert shown.graph.editor.selected_lines == {4}
    assert shown.code.editor.selected_lines == {3}
    QTest.keyClick(shown.canvas.view, Qt.Key.Key_Escape)
    assert document(opened).selection.nodes == ()


def test_the_triangle_closes_a_frame_that_stays_in_place(qtbot, opened, transport):
    view = view_of(opened).canvas.view
    frame = view.graph.picture.by_id["root/warm"]
    before = view.mapFromScene(QPointF(frame.x, frame.y))
    QTest.mouseClick(view.viewport(), LEFT, pos=view.mapFromScene(toggle_rect(frame).center()))
    assert transport.asked(requests.ToggleItem)[-1].is_open is False
    qtbot.waitUntil(lambda: view.graph.picture.by_id["root/warm"].is_open is False)
    closed = view.graph.picture.by_id["root/warm"]
    assert view.mapFromScene(QPointF(closed.x, closed.y)) == before
    QTest.mouseDClick(view.viewport(), LEFT, pos=screen_point(opened, "root/warm"))
    qtbot.waitUntil(lambda: view.graph.picture.by_id["root/warm"].is_open is True)


def test_wheel_zooms_where_the_mouse_is_and_drag_pans(opened):
    view = view_of(opened).canvas.view
    at = QPoint(100, 80)
    before = view.mapToScene(at)
    view.zoom_by(1.5, at)
    after = view.mapToScene(at)
    assert abs(after.x() - before.x()) < 2
    assert abs(after.y() - before.y()) < 2
    origin = view.mapFromScene(QPointF(0, 0))
    QTest.mousePress(view.viewport(), LEFT, pos=QPoint(200, 100))
    QTest.mouseMove(view.viewport(), QPoint(230, 140))
    QTest.mouseMove(view.viewport(), QPoint(250, 150))
    QTest.mouseRelease(view.viewport(), LEFT, pos=QPoint(250, 150))
    moved = view.mapFromScene(QPointF(0, 0)) - origin
    assert (moved - QPoint(50, 50)).manhattanLength() <= 4
    # A drag is not a click.
    assert document(opened).selection.nodes == ()


def test_a_switch_rewrites_and_marks_what_changed(qtbot, opened, transport):
    turn_to(opened, "rewrite")
    click_switch(opened, 1)
    assert transport.asked(requests.SetPasses)[-1].passes == ["inline", "dce"]
    qtbot.waitUntil(lambda: view_of(opened).graph.editor.mark_of(4) == "made")
    assert view_of(opened).canvas.view.graph.picture.by_id["n12"].mark == "made"
    assert view_of(opened).scrubber.isVisible()
    assert opened.steps.model.rowCount() == 2


def test_space_switches_the_current_pass(qtbot, opened, transport):
    turn_to(opened, "rewrite")
    opened.passes.view.setFocus()
    opened.passes.view.setCurrentIndex(opened.passes.model.index(2))
    QTest.keyClick(opened.passes.view, Qt.Key.Key_Space)
    assert transport.asked(requests.SetPasses)[-1].passes == ["inline", "cse"]
    QTest.keyClick(opened.passes.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [opened.passes.model.index(row).data() for row in range(3)] == ["inline", "cse", "dce"]


def test_the_scrubber_walks_through_rewrites(qtbot, opened, transport):
    turn_to(opened, "rewrite")
    click_switch(opened, 1)
    scrubber = view_of(opened).scrubber
    qtbot.waitUntil(scrubber.isVisible)
    assert scrubber.sentence.text() == "nobody reads %8"
    assert "dce.py:40" in scrubber.rule.text()
    qtbot.mouseClick(scrubber.buttons[1], LEFT)
    qtbot.waitUntil(lambda: bool(transport.asked(requests.GoToStep)))
    assert transport.asked(requests.GoToStep)[-1].position == 1
    assert scrubber.sentence.text() == "nobody reads %7"
    qtbot.waitUntil(lambda: view_of(opened).graph.editor.mark_of(4) == "changed")
    qtbot.mouseClick(scrubber.buttons[0], LEFT)
    assert scrubber.sentence.text() == "Before the first rewrite"
    assert not scrubber.buttons[0].isEnabled()


def test_quick_scrubbing_asks_for_the_last_place_only(qtbot, opened, transport):
    click_switch(opened, 1)
    qtbot.waitUntil(lambda: len(document(opened).steps) == 2)
    for position in (1, 0, 1, 0, 1):
        document(opened).go_to_step(position)
    qtbot.waitUntil(lambda: bool(transport.asked(requests.GoToStep)))
    qtbot.wait(80)
    assert [request.position for request in transport.asked(requests.GoToStep)] == [1]


def test_code_is_shown_after_the_passes_too(qtbot, opened, transport):
    pane = view_of(opened).code
    qtbot.mouseClick(pane.form.button(1), LEFT)
    qtbot.waitUntil(lambda: "0.25" in pane.editor.toPlainText())
    assert transport.asked(requests.SetCodeForm)[-1].after_passes is True


def test_the_tree_opens_methods_and_records(qtbot, opened, transport):
    tree = opened.tree
    root = tree.model.index(0, 0)
    warm = tree.model.index(1, 0, root)
    tree.view.setCurrentIndex(warm)
    assert transport.asked(requests.InspectTreeRow)[-1].row == 3
    QTest.keyClick(tree.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: document(opened).module_path == "warm")
    assert view_of(opened).code.title.text() == "Code  ·  warm.forward"
    records = tree.model.index(1, 0)
    tree.view.expand(records)
    rect = tree.view.visualRect(tree.model.index(0, 0, records))
    QTest.mouseClick(tree.view.viewport(), LEFT, pos=rect.center())
    QTest.mouseDClick(tree.view.viewport(), LEFT, pos=rect.center())
    qtbot.waitUntil(view_of(opened).record.isVisible)
    assert view_of(opened).record.editor.toPlainText().startswith("class Gate")
    assert not view_of(opened).code.isVisible()
    view_of(opened).record.closed.emit()
    assert view_of(opened).code.isVisible()


def test_the_tree_is_filtered_while_typing(qtbot, opened):
    opened.actions_.filter.trigger()
    QTest.keyClicks(opened.tree.filter_field, "weight")
    qtbot.waitUntil(lambda: opened.tree.model.rowCount() == 1)
    root = opened.tree.model.index(0, 0)
    assert opened.tree.view.isExpanded(root)
    assert opened.tree.model.rowCount(root) == 1


def test_a_run_paints_times_everywhere(qtbot, opened, transport):
    opened.actions_.run.trigger()
    asked = transport.asked(requests.Run)[-1]
    assert (asked.inputs, asked.device, asked.repeats) == (["float32[2,8]"], "cpu", 5)
    results = opened.run.results
    qtbot.waitUntil(lambda: results.table.isVisible() and not document(opened).turns.is_busy)
    assert results.summary.text() == "4.20 ms on cpu"
    assert results.model.index(0, 0).data() == "relu"
    shown = view_of(opened)
    assert shown.graph.editor.time_of(3) == 3000.0
    assert shown.code.editor.time_of(2) == 3000.0
    assert shown.canvas.view.graph.picture.heat == {"root/warm": 3000.0, "n11": 3000.0, "n12": 1000.0}
    rect = results.table.visualRect(results.model.index(1, 0))
    QTest.mouseClick(results.table.viewport(), LEFT, pos=rect.center())
    assert document(opened).selection.nodes == (12,)
    assert transport.asked(requests.RevealNode)[-1].node_id == 12


def test_a_run_is_cancelled(qtbot, opened, transport):
    transport.engine.holds_runs = True
    opened.run.raise_()
    qtbot.mouseClick(opened.run.button, LEFT)
    qtbot.waitUntil(lambda: document(opened).progress is not None)
    assert opened.run.button.text() == "Cancel"
    assert "Running" in opened.run.stage.text()
    qtbot.mouseClick(opened.run.button, LEFT)
    qtbot.waitUntil(lambda: not document(opened).is_running)
    assert opened.run.results.banner.sentence.text() == "The run was cancelled."
    assert opened.run.button.text() == "Run"
    assert opened.run.button.isEnabled()


def test_a_failed_run_says_why_in_place(qtbot, opened, transport):
    transport.engine.fails_runs = True
    opened.actions_.run.trigger()
    results = opened.run.results
    qtbot.waitUntil(results.banner.isVisible)
    assert "out of memory" in results.banner.sentence.text()
    assert not results.trace.isVisible()
    qtbot.mouseClick(results.trace_button, LEFT)
    assert results.trace.isVisible()


def test_a_failed_run_marks_where_and_shows_the_times_until_then(qtbot, opened, transport):
    engine = transport.engine
    engine.fails_runs = True
    engine.failed_times = [NodeTime(12, "aten::mul", 1000.0, 1000.0, 900.0, 50.0, 1, ["Float(2, 8)"])]
    opened.actions_.run.trigger()
    results = opened.run.results
    qtbot.waitUntil(lambda: results.model.rowCount() == 1 and results.table.isVisible())
    assert "1 node ran before" in results.detail.text()
    shown = view_of(opened)
    failed = shown.canvas.view.graph.failed_item
    assert failed is not None
    assert 11 in failed.node_ids
    lines = {line for line, nodes in enumerate(shown.graph.editor.view.line_nodes) if 11 in nodes}
    assert shown.graph.editor.failed_lines == lines
    assert shown.code.editor.failed_lines
    assert 12 in document(opened).times
    results.save_trace("nowhere.json")
    assert "no timeline" in results.saved.sentence.text()
    results.banner.action_triggered.emit()
    qtbot.waitUntil(lambda: document(opened).selection.nodes == (11,))
    engine.fails_runs = False
    opened.actions_.run.trigger()
    qtbot.waitUntil(lambda: 11 in document(opened).times)
    assert shown.canvas.view.graph.failed_item is None
    assert not shown.graph.editor.failed_lines


def test_devices_that_are_absent_say_why(qtbot, opened, transport):
    opened.run.come_into_sight()
    qtbot.waitUntil(lambda: opened.run.form.device.count() == 2)
    model = opened.run.form.device.model()
    assert model.item(0).isEnabled()
    assert not model.item(1).isEnabled()
    assert "no NVIDIA driver" in model.item(1).text()


def test_typed_inputs_survive_a_switched_pass_and_can_be_reset(qtbot, opened):
    opened.run.raise_()
    field = opened.run.form.fields[0]
    field.spec.setText("float32[9,8]")
    click_switch_model(opened, 1)
    qtbot.waitUntil(lambda: len(document(opened).steps) == 2)
    assert opened.run.form.specs() == ["float32[9,8]"]
    opened.run.form.fields[0].reset.click()
    assert opened.run.form.specs() == ["float32[2,8]"]


def click_switch_model(window, row):
    model = window.passes.model
    model.setData(model.index(row), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)


def test_find_counts_and_walks(qtbot, opened):
    editor = view_of(opened).graph.editor
    editor.setFocus()
    opened.actions_.find.trigger()
    bar = view_of(opened).graph.find_bar
    QTest.keyClicks(bar.field, "aten")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert len(bar.matches) == 2
    assert bar.count.text() == "1 of 2"
    assert editor.selected_text() == "aten"
    assert editor.bar.marks["found"] == {3, 4}
    bar.regex.click()
    bar.field.setText("%[")
    qtbot.waitUntil(lambda: bar.matches == [])
    assert "]" in bar.count.text()
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_a_file_that_cannot_be_opened_says_so_in_its_tab(qtbot, window):
    open_file(qtbot, window, BROKEN)
    message = page(window).message
    assert message.isVisible()
    assert message.sentence.text().endswith("is not a zip file.")
    buttons = message.findChildren(QPushButton)
    qtbot.waitUntil(lambda: all(button.isVisible() for button in buttons))
    assert [button.text() for button in buttons] == ["Open another file…", "Try again"]
    message.sentence.clear()
    qtbot.mouseClick(buttons[1], LEFT)
    qtbot.waitUntil(lambda: message.sentence.text() != "")


def test_a_method_that_cannot_be_shown_leaves_the_views(qtbot, opened):
    text = view_of(opened).graph.editor.toPlainText()
    document(opened).show_method("", "missing")
    qtbot.waitUntil(view_of(opened).banner.isVisible)
    assert view_of(opened).banner.sentence.text() == "There is no such method."
    assert view_of(opened).graph.editor.toPlainText() == text


def test_documents_are_tabs_with_their_own_state(qtbot, opened, transport):
    click_switch(opened, 1)
    qtbot.waitUntil(lambda: len(document(opened).steps) == 2)
    open_file(qtbot, opened, "loop.pt")
    assert opened.tabs.count() == 2
    assert opened.passes.model.pipeline() == ("inline",)
    opened.tabs.setCurrentIndex(0)
    assert opened.passes.model.pipeline() == ("inline", "dce")
    opened.open_path("models/loop.pt")
    assert opened.tabs.count() == 2
    assert opened.tabs.currentIndex() == 1
    opened.actions_.close.trigger()
    opened.actions_.close.trigger()
    assert opened.tabs.count() == 0
    assert opened.start_page.isVisible()
    assert len(transport.asked(requests.CloseDocument)) == 2


def test_dropped_files_are_opened(qtbot, window, transport):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(Path("models/gate.pt").absolute()))])
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.tabs.count() == 1)
    assert transport.asked(requests.OpenDocument)[0].path.endswith("gate.pt")


def test_the_theme_changes_at_once_and_is_remembered(opened, settings):
    before = opened.grab().toImage().pixelColor(5, 300)
    opened.actions_.theme.trigger()
    after = opened.grab().toImage().pixelColor(5, 300)
    assert before.lightness() < 80
    assert after.lightness() > 200
    assert settings.theme == "light"


def test_layout_is_remembered(qtbot, opened, settings, transport):
    from jitviewer.ui.app import make_window
    from jitviewer.ui.services.engine_client import EngineClient
    from tests.gui.conftest import FakeTransport

    opened.inspector.close()
    view_of(opened).canvas.arrange.click()
    opened.close()
    again = make_window(EngineClient(FakeTransport()), settings=settings, theme="dark")
    qtbot.addWidget(again)
    again.show()
    assert not again.inspector.isVisible()
    assert again.tree.isVisible()
    assert not again.arrangement.is_beside


def test_recent_files_are_offered(opened, settings):
    assert Path(settings.recent()[0]).name == "gate.pt"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_canvas_is_painted_at_every_distance(opened, theme):
    opened.choose_theme(theme)
    view = view_of(opened).canvas.view
    background = view.graph.views()[0].backgroundBrush().color()
    for zoom in (0.03, 0.2, 0.3, 0.5, 1.0):
        view._set_zoom(zoom)
        view.centerOn(view.graph.picture.bounds.center())
        image = view.viewport().grab().toImage()
        colors = {
            image.pixelColor(x, y).name()
            for x in range(0, image.width(), 3)
            for y in range(0, image.height(), 3)
        }
        assert background.name() in colors
        assert len(colors) > 1, zoom


def test_a_closed_document_leaves_no_object_behind(qtbot, opened):
    """A function that is connected to what lives as long as the window would keep its document alive."""
    page = opened.current_page()
    space = page.view
    # What workspaces remember of places and of the focus is not kept for a document that is gone.
    space.canvas.view.look_at(1.3, 90, 200)
    for name in ("run", "rewrite", "read"):
        space.graph.editor.setFocus()
        turn_to(opened, name)
    parts = [
        page, page.document, space, space.canvas, space.canvas.view, space.canvas.view.graph, space.code,
        space.graph.editor, space.graph.editor.lines, space.diff, space.scrubber,
    ]  # fmt: skip
    left = [(type(part).__name__, weakref.ref(part)) for part in parts]
    del page, space, parts
    opened.actions_.close.trigger()

    def remaining():
        gc.unfreeze()
        gc.collect()
        return [name for name, part in left if part() is not None]

    qtbot.waitUntil(lambda: not remaining())


def test_the_engine_is_renewed_once_nothing_is_open(qtbot, opened, transport):
    open_file(qtbot, opened, "loop.pt")
    starts = transport.starts
    opened.actions_.close.trigger()
    assert transport.starts == starts
    opened.actions_.close.trigger()
    qtbot.waitUntil(lambda: transport.starts == starts + 1)
    open_file(qtbot, opened, "gate.pt")
    assert opened.current_page().document.phase == "ready"
    assert not opened.banner.isVisible()


def test_devices_are_listed_even_if_another_tab_comes_to_the_front_before(qtbot, opened, transport):
    opened.run.raise_()
    opened.run.show()
    open_file(qtbot, opened, "loop.pt")
    qtbot.waitUntil(lambda: opened.run.form.device.count() == 2)
    asked = len(transport.asked(requests.AskDevices))
    open_file(qtbot, opened, "lstm.pt")
    assert len(transport.asked(requests.AskDevices)) == asked
