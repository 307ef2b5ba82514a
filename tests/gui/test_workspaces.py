"""Workspaces: room for each task, kept as a person made them, with nothing lost on the way."""

import base64

import pytest
from PySide6.QtCore import QByteArray, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from jitviewer.protocol.rows import TextView
from jitviewer.ui.canvas.picture import rect_of
from jitviewer.ui.workspaces.catalogue import workspaces
from tests.gui.conftest import open_file
from tests.gui.rooms import (
    canvas_share,
    comparison_share,
    is_on,
    shown_docks,
    start,
    start_again,
    turn_to,
    whole_lines,
)

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NAMES = [workspace.name for workspace in workspaces()]
LONG = "".join(
    f"  %{n} : int = prim::Constant[value={n}]() # far away to the right {'-' * 200}\n" for n in range(400)
)


def view_of(window):
    return window.current_page().view


def switch_passes_on(qtbot, window):
    """Two passes, whose rewrites the slider walks through."""
    document = window.current_page().document
    with qtbot.waitSignal(document.canvas_changed):
        document.set_passes(("inline", "dce"))
    assert document.steps
    return document


# --- room -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_workspace_gives_its_task_the_room(qtbot, opened, name):
    switch_passes_on(qtbot, opened)
    turn_to(opened, name)
    assert (opened.width(), opened.height()) == (1280, 800)
    has_texts_or_canvas = max(whole_lines(opened), default=0) >= 25 or canvas_share(opened) >= 0.5
    # Above it is said what came out, below it are the values.
    assert has_texts_or_canvas or comparison_share(opened) >= 0.4


@pytest.mark.parametrize(
    ("name", "docks", "views"),
    [
        ("read", {"Archive", "Inspector"}, {"code", "graph", "canvas"}),
        ("rewrite", {"Passes", "Rewrites"}, {"graph", "canvas", "scrubber"}),
        ("run", {"Run"}, {"canvas"}),
        ("compare", set(), set()),
    ],
)
def test_what_belongs_to_no_task_at_hand_is_not_on_screen(qtbot, opened, name, docks, views):
    switch_passes_on(qtbot, opened)
    turn_to(opened, name)
    assert shown_docks(opened) == docks
    view = view_of(opened)
    parts = {
        "source": view.source, "code": view.code, "graph": view.graph, "canvas": view.canvas,
        "scrubber": view.scrubber,
    }  # fmt: skip
    assert {part for part, widget in parts.items() if widget.isVisible()} == views


def test_all_texts_of_reading_are_read_at_full_height(opened):
    assert is_on(opened, "read")
    assert min(whole_lines(opened)) >= 25
    assert len(whole_lines(opened)) == 2


def test_a_python_file_has_its_source_at_full_height_beside_what_was_made_of_it(qtbot, window):
    window.open_path("models/net.py")
    document = window.current_page().document
    qtbot.waitUntil(lambda: document.phase == "asking")
    document.trust()
    qtbot.waitUntil(lambda: document.canvas is not None)
    view = view_of(window)
    assert view.source.editor.rows_in_sight() >= 25
    assert view.code.mapTo(view, QPoint(0, 0)).x() > view.source.mapTo(view, QPoint(0, 0)).x()
    assert view.graph.mapTo(view, QPoint(0, 0)).y() > view.code.mapTo(view, QPoint(0, 0)).y()


# --- the switch -------------------------------------------------------------------------------------


def test_keys_and_clicks_turn_to_workspaces(opened):
    for number, name in enumerate(NAMES):
        QTest.keyClick(opened, Qt.Key.Key_1 + number, CONTROL)
        assert is_on(opened, name)
    for button, name in zip(opened.actions_.switch.buttons, NAMES, strict=True):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert is_on(opened, name)


def test_no_key_means_two_things(window):
    keys = [keys.toString() for action in window.actions() for keys in action.shortcuts()]
    keys += [dock.toggleViewAction().shortcut().toString() for dock in window.docks()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_switch_stands_beside_the_menus_with_all_its_words(window, theme):
    window.choose_theme(theme)
    QApplication.processEvents()
    menus, switch = window.menuBar(), window.actions_.switch
    shown = switch.visibleRegion().boundingRect()
    assert shown.size() == switch.size()
    for button in switch.buttons:
        assert button.width() >= button.sizeHint().width()
        assert button.height() >= button.fontMetrics().height()
    titles = [menus.actionGeometry(action) for action in menus.actions()]
    left = switch.mapTo(menus, QPoint(0, 0)).x()
    assert all(0 < title.right() < left for title in titles)
    bar = window.actions_.toolbar
    assert bar.width() >= bar.sizeHint().width()


def test_a_narrow_window_leaves_out_the_words_of_tools_first(window):
    menus, tools = window.menuBar(), window.actions_.toolbar

    def words():
        return [button.toolButtonStyle() for button in tools.findChildren(QToolButton) if button.isVisible()]

    for width, style in ((1280, "TextBesideIcon"), (960, "IconOnly"), (1280, "TextBesideIcon")):
        window.resize(width, 700)
        QApplication.processEvents()
        assert {getattr(Qt.ToolButtonStyle, f"ToolButton{style}")} == set(words())
        left = window.actions_.switch.mapTo(menus, QPoint(0, 0)).x()
        assert all(0 < menus.actionGeometry(action).right() < left for action in menus.actions())
        assert tools.mapTo(menus, tools.rect().bottomRight()).x() <= menus.width()


def test_keys_and_commands_name_the_workspaces(qtbot, opened):
    page = opened.pages.page("keys")
    opened.pages.toggle_page("keys")
    rows = [row for rows in page.rows.values() for row in rows]
    assert ("Ctrl+2", "Workspace Rewrite: passes, what each changed, graph and canvas") in rows
    assert ("Ctrl+Alt+G", "Show or hide Graph") in rows


# --- what a person made of a workspace -----------------------------------------------------------------


def test_sizes_and_docks_are_those_of_one_workspace_and_come_back(qtbot, opened, transport, settings):
    turn_to(opened, "rewrite")
    opened.resizeDocks([opened.passes], [410], Qt.Orientation.Horizontal)
    opened.steps.close()
    view = view_of(opened)
    handle = view.splitter.handle(1)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton)
    QTest.mouseMove(handle, QPoint(90, 50))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=QPoint(90, 50))
    QApplication.processEvents()
    sizes, width = view.splitter.sizes(), opened.passes.width()
    turn_to(opened, "read")
    assert shown_docks(opened) == {"Archive", "Inspector"}
    read = view.splitter.sizes()
    assert read != sizes
    opened.actions_.views["code"].trigger()
    turn_to(opened, "rewrite")
    assert (view.splitter.sizes(), opened.passes.width(), shown_docks(opened)) == (sizes, width, {"Passes"})

    again = start_again(qtbot, opened, transport, settings)
    open_file(qtbot, again, "gate.pt")
    QApplication.processEvents()
    assert is_on(again, "rewrite")
    assert shown_docks(again) == {"Passes"}
    assert (again.passes.width(), view_of(again).splitter.sizes()) == (width, sizes)
    turn_to(again, "read")
    assert not view_of(again).code.isVisible()
    assert view_of(again).graph.isVisible()
    assert shown_docks(again) == {"Archive", "Inspector"}


def test_a_dock_that_was_brought_to_another_side_stays_there(qtbot, opened, transport, settings):
    turn_to(opened, "run")
    opened.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, opened.run)
    turn_to(opened, "read")
    again = start_again(qtbot, opened, transport, settings)
    turn_to(again, "run")
    assert again.dockWidgetArea(again.run) == Qt.DockWidgetArea.LeftDockWidgetArea


def test_all_workspaces_get_their_first_form_back(qtbot, opened, transport, settings):
    for name in NAMES:
        turn_to(opened, name)
        opened.toggle_docks()
        opened.actions_.views["canvas"].trigger()
        assert not shown_docks(opened)
    opened.reset_layout()
    for name, docks in (
        ("run", {"Run"}),
        ("read", {"Archive", "Inspector"}),
        ("rewrite", {"Passes", "Rewrites"}),
    ):
        turn_to(opened, name)
        assert shown_docks(opened) == docks
        assert view_of(opened).canvas.isVisible()
    again = start_again(qtbot, opened, transport, settings)
    assert is_on(again, "rewrite")
    assert shown_docks(again) == {"Passes", "Rewrites"}


def test_docks_come_back_that_were_there(opened):
    turn_to(opened, "rewrite")
    opened.steps.close()
    opened.toggle_docks()
    assert not shown_docks(opened)
    turn_to(opened, "read")
    assert shown_docks(opened) == {"Archive", "Inspector"}
    turn_to(opened, "rewrite")
    opened.toggle_docks()
    QApplication.processEvents()
    assert shown_docks(opened) == {"Passes"}


def test_something_is_always_shown_of_a_document(opened):
    turn_to(opened, "run")
    actions = opened.actions_.views
    actions["canvas"].trigger()
    view = view_of(opened)
    assert view.graph.isVisible()
    assert not view.canvas.isVisible()
    assert actions["graph"].isChecked()
    actions["graph"].trigger()
    assert view.canvas.isVisible()


_DAMAGES = {
    "cut": lambda state: state[:-7],
    "zeros": lambda _state: bytes(60),
    "of version 9": lambda state: state[:7] + b"\x09" + state[8:],
    "twice": lambda state: 2 * state,
}


def test_a_damaged_layout_gives_the_first_form(opened, settings):
    key = "workspaces/run/docks"
    turn_to(opened, "run")
    opened.run.close()
    turn_to(opened, "read")
    state = bytes(settings.blob(key).data())
    turn_to(opened, "run")
    assert shown_docks(opened) == set()
    for damage in _DAMAGES.values():
        turn_to(opened, "read")
        settings.set_blob(key, QByteArray(damage(state)))
        turn_to(opened, "run")
        assert shown_docks(opened) == {"Run"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("workspaces/current", ["nonsense"]),
        ("workspaces/current", 7),
        ("workspaces/current", ["read", "run"]),
        ("workspaces/read/docks", "no base64"),
        ("workspaces/read/docks", base64.b64encode(b"\xff" * 400).decode()),
        ("workspaces/read/views", ["nonsense"]),
        ("workspaces/read/views", ["source"]),
        ("workspaces/read/views", []),
        ("workspaces/read/sizes/row+texts+canvas", ["99999", "1"]),
        ("workspaces/read/sizes/row+texts+canvas", ["-1", "x"]),
        ("workspaces/read/sizes/row+texts+canvas", ["1", "2", "3"]),
        ("workspaces/read/sizes/row+texts+canvas", ["0", "0"]),
    ],
)
def test_values_that_mean_nothing_are_ignored(qtbot, transport, settings, key, value):
    settings._put(key, value)
    settings.save()
    again = start(qtbot, transport, settings)
    open_file(qtbot, again, "gate.pt")
    QApplication.processEvents()
    assert is_on(again, "read")
    assert shown_docks(again) == {"Archive", "Inspector"}
    view = view_of(again)
    assert view.canvas.isVisible() or view.graph.isVisible()
    if key != "workspaces/read/views":
        assert min(whole_lines(again)) >= 25
        assert view.texts.width() > view.canvas.width() > 200


# --- nothing is lost -----------------------------------------------------------------------------------


def test_going_to_and_fro_loses_no_place(qtbot, opened):
    document = switch_passes_on(qtbot, opened)
    with qtbot.waitSignal(document.canvas_changed):
        document.go_to_step(1)
    view = view_of(opened)
    for pane in (view.code, view.graph):
        pane.set_view(TextView("Text", "graph", LONG, [[] for _ in range(400)], {}))
    QApplication.processEvents()
    view.graph.editor.setFocus()
    view.graph.editor.pick_line(390)
    view.code.editor.bar.setValue(view.code.editor.bar.maximum())
    view.graph.editor.horizontalScrollBar().setValue(300)
    document.selection.select((12,), "test")
    opened.tree.view.setCurrentIndex(opened.tree.model.index_of(5))
    view.canvas.view.look_at(1.3, 90.0, 200.0)

    def places():
        camera = view.canvas.view
        middle = camera.mapToScene(camera.viewport().rect().center())
        return (
            view.code.editor.bar.value(), view.graph.editor.bar.value(),
            view.graph.editor.horizontalScrollBar().value(), view.graph.editor.caret.place,
            (camera.zoom(), middle.x(), middle.y()), camera.graph.selected_items(),
            view.graph.editor.selected_lines, document.position, view.scrubber.slider.value(),
            opened.tree.view.currentIndex().data(), QApplication.focusWidget(),
        )  # fmt: skip

    before = places()
    for way in (["run", "read"], ["rewrite", "run", "rewrite", "read"], ["run", "rewrite", "read"]):
        for name in way:
            turn_to(opened, name)
        assert places() == before


def test_where_a_person_went_meanwhile_holds(qtbot, opened):
    view = view_of(opened)
    view.graph.set_view(TextView("Text", "graph", LONG, [[] for _ in range(400)], {}))
    QApplication.processEvents()
    view.graph.editor.bar.setValue(200)
    view.canvas.view.look_at(1.3, 90.0, 200.0)
    turn_to(opened, "rewrite")
    assert view.graph.editor.bar.value() == 200
    view.graph.editor.bar.setValue(17)
    view.canvas.view.look_at(2.0, 60.0, 100.0)
    turn_to(opened, "read")
    assert view.graph.editor.bar.value() == 17
    assert view.canvas.view.zoom() == 2.0


def test_what_is_selected_on_the_canvas_stays_in_sight_in_a_smaller_room(opened):
    turn_to(opened, "run")
    view = view_of(opened).canvas.view
    item = view.graph.picture.by_id["n12"]
    view.item_picked.emit(item)
    # At the rim of a wide room, where a small one with the same middle does not reach.
    view.look_at(1.0, item.x + 400, item.y)
    assert view.seen().contains(rect_of(item))
    before = view.place()
    turn_to(opened, "read")
    assert view.seen().contains(rect_of(item))
    turn_to(opened, "run")
    assert view.place() == before


def test_another_text_is_not_scrolled_to_the_place_of_the_one_before(opened):
    view = view_of(opened)
    view.code.set_view(TextView("Text", "graph", LONG, [[] for _ in range(400)], {}))
    QApplication.processEvents()
    view.code.editor.bar.setValue(300)
    turn_to(opened, "run")
    view.code.set_view(TextView("Other", "graph", LONG.replace("int", "Int"), [[] for _ in range(400)], {}))
    view.code.editor.bar.setValue(0)
    turn_to(opened, "read")
    assert view.code.editor.bar.value() == 0


def test_what_was_typed_into_the_form_stays(qtbot, opened):
    turn_to(opened, "run")
    typed = opened.run.form.fields[0].spec
    typed.setFocus()
    QTest.keyClicks(typed, "abc")
    text = typed.text()
    assert "abc" in text
    for name in ("read", "rewrite", "run"):
        turn_to(opened, name)
    assert typed.text() == text
    assert typed.hasFocus()


def test_a_picture_that_nobody_moved_is_placed_for_its_room(opened):
    view = view_of(opened).canvas.view
    turn_to(opened, "run")
    assert view.seen().contains(view.graph.picture.bounds.center())
    assert view.place() is None


# --- what is out of sight comes when it is needed --------------------------------------------------------


def test_a_run_leads_to_its_workspace_and_back(qtbot, opened):
    QTest.keyClick(opened, Qt.Key.Key_F5)
    assert is_on(opened, "run")
    document = opened.current_page().document
    qtbot.waitUntil(lambda: document.result is not None and not document.turns.is_busy)
    assert shown_docks(opened) == {"Run"}
    turn_to(opened, "read")
    assert view_of(opened).graph.editor.has_times


def test_a_run_stays_where_its_dock_is(qtbot, opened):
    opened.run.toggleViewAction().trigger()
    QApplication.processEvents()
    assert is_on(opened, "read")
    QTest.keyClick(opened, Qt.Key.Key_F5)
    assert is_on(opened, "read")
    assert "Run" in shown_docks(opened)


@pytest.mark.parametrize(
    ("number", "name", "dock"), [(2, "rewrite", "Passes"), (3, "rewrite", "Rewrites"), (4, "run", "Run")]
)
def test_going_to_a_dock_leads_to_the_workspace_that_has_it(opened, number, name, dock):
    QTest.keyClick(opened, Qt.Key.Key_0 + number, ALT)
    QApplication.processEvents()
    assert is_on(opened, name)
    wanted = next(one for one in opened.docks() if one.windowTitle() == dock)
    assert wanted.isAncestorOf(QApplication.focusWidget())


@pytest.mark.parametrize("name", ["rewrite", "run"])
def test_tree_and_inspector_come_to_every_workspace(opened, name):
    turn_to(opened, name)
    QTest.keyClick(opened, Qt.Key.Key_L, CONTROL)
    QTest.keyClick(opened, Qt.Key.Key_5, ALT)
    QApplication.processEvents()
    assert is_on(opened, name)
    assert {"Archive", "Inspector"} <= shown_docks(opened)
    QTest.keyClick(opened, Qt.Key.Key_L, CONTROL)
    assert opened.tree.filter_field.hasFocus()


def test_finding_in_the_text_leads_to_a_text(opened):
    turn_to(opened, "run")
    QTest.keyClick(opened, Qt.Key.Key_F, CONTROL)
    assert is_on(opened, "read")
    assert view_of(opened).graph.find_bar.isVisible()


def test_stepping_through_rewrites_leads_to_the_slider(qtbot, opened):
    opened.step(-1)
    assert is_on(opened, "read")
    document = switch_passes_on(qtbot, opened)
    last = document.position
    QTest.keyClick(opened, Qt.Key.Key_Comma, ALT)
    assert is_on(opened, "rewrite")
    qtbot.waitUntil(lambda: document.position == last - 1)


def test_a_closed_canvas_comes_back_where_it_belongs(opened):
    opened.actions_.views["canvas"].trigger()
    assert not view_of(opened).canvas.isVisible()
    opened.fit_canvas()
    assert is_on(opened, "read")
    assert view_of(opened).canvas.isVisible()


def test_a_pass_that_is_picked_by_its_name_is_seen(qtbot, opened):
    opened.search_everywhere(">")
    opened.search.palette.field.setText("Switch dce on")
    QTest.keyClick(opened.search.palette.field, Qt.Key.Key_Return)
    assert is_on(opened, "rewrite")
    qtbot.waitUntil(lambda: "dce" in opened.current_page().document.passes_on)


def test_a_record_is_read_in_any_workspace(qtbot, opened):
    turn_to(opened, "run")
    document = opened.current_page().document
    document.show_record("code/gate.py")
    view = view_of(opened)
    qtbot.waitUntil(view.record.isVisible)
    assert view.canvas.isVisible()
    view.record.closed.emit()
    assert not view.texts.isVisible()


def test_two_texts_beside_each_other_have_the_room_of_the_canvas_as_well(qtbot, opened):
    document = switch_passes_on(qtbot, opened)
    turn_to(opened, "rewrite")
    document.show_pass_diff("dce")
    view = view_of(opened)
    qtbot.waitUntil(view.diff.isVisible)
    QApplication.processEvents()
    assert not view.canvas.isVisible()
    assert view.diff.width() > 900
    turn_to(opened, "read")
    assert view.diff.isVisible()
    view.diff.closed.emit()
    assert view.canvas.isVisible()


def test_the_slider_is_shown_and_hidden_like_any_view(qtbot, opened):
    switch_passes_on(qtbot, opened)
    scrubber = view_of(opened).scrubber
    assert not scrubber.isVisible()
    opened.actions_.views["scrubber"].trigger()
    assert is_on(opened, "read")
    assert scrubber.isVisible()
    opened.actions_.views["scrubber"].trigger()
    assert not scrubber.isVisible()


def test_texts_have_the_sizes_of_last_time_after_a_comparison(qtbot, opened):
    document = switch_passes_on(qtbot, opened)
    view = view_of(opened)
    opened.arrangement.keep_sizes("row+code+graph", [200, 400])
    opened.arrangement.keep_sizes("row+texts+canvas", [600, 400])
    turn_to(opened, "run")
    turn_to(opened, "read")
    before = view.made.sizes(), view.splitter.sizes()
    assert view.splitter.sizes()[1] > 380
    document.show_pass_diff("dce")
    qtbot.waitUntil(view.diff.isVisible)
    view.diff.closed.emit()
    QApplication.processEvents()
    assert (view.made.sizes(), view.splitter.sizes()) == before


# --- documents --------------------------------------------------------------------------------------


def test_both_sides_of_a_split_window_follow(qtbot, opened):
    opened.actions_.split.trigger()
    qtbot.waitUntil(lambda: all(page.document.canvas is not None for page in opened.area.pages_in_front()))
    views = [page.view for page in opened.area.pages_in_front()]
    assert len(views) == 2
    for name, is_read in (("run", False), ("read", True)):
        turn_to(opened, name)
        assert [view.code.isVisible() for view in views] == [is_read] * 2
        assert all(view.canvas.isVisible() for view in views)
    assert opened.area.is_split


def test_a_tab_that_comes_to_the_front_is_as_the_workspace_has_it(qtbot, opened):
    first = view_of(opened)
    open_file(qtbot, opened, "other.pt")
    turn_to(opened, "run")
    opened.area.step(-1)
    QApplication.processEvents()
    assert first.isVisible()
    assert not first.code.isVisible()
    turn_to(opened, "read")
    assert first.code.isVisible()


def test_workspaces_can_be_changed_while_nothing_is_open(window):
    for name in NAMES:
        turn_to(window, name)
        assert is_on(window, name)
        assert window.start_page.isVisible()


def test_a_dock_alone_is_called_by_its_name(opened):
    turn_to(opened, "run")
    assert opened.run._title._label.text() == "Run"
    opened.passes.toggleViewAction().trigger()
    QApplication.processEvents()
    assert opened.run._title._label.text() != "Run"
    opened.passes.close()
    QApplication.processEvents()
    assert opened.run._title._label.text() == "Run"


def test_every_workspace_has_docks_that_there_are(window):
    names = {dock.objectName() for dock in window.docks()}
    for workspace in workspaces():
        assert {place.dock for place in workspace.docks} <= names
        assert workspace.views
    assert len(set(NAMES)) == len(NAMES)
