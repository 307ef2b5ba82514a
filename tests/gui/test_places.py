"""Which method is shown and run, the way back to others, and where a module of the tree stands."""

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from jitviewer.protocol import requests
from jitviewer.protocol.rows import CanvasItem
from jitviewer.ui.canvas.module_frames import module_frames
from jitviewer.ui.canvas.picture import Picture, rect_of
from jitviewer.ui.services.place_history import PlaceHistory
from tests.gui.conftest import open_file
from tests.gui.rooms import turn_to

ALT = Qt.KeyboardModifier.AltModifier


def document(window):
    return window.current_page().document


def go_to(qtbot, window, *place):
    document(window).show_method(*place)
    qtbot.waitUntil(lambda: (document(window).module_path, document(window).method) == place)
    qtbot.waitUntil(lambda: not document(window).is_busy)


def test_places_are_gone_back_to_and_forward_again():
    places, a, b, c = PlaceHistory(), ("", "forward"), ("a", "forward"), ("b", "forward")
    assert places.aim(-1) is None
    places.moved(a, b)
    places.moved(b, c)
    assert places.aim(-1) == b
    places.moved(c, b)
    assert places.aim(-1) == a
    # It cannot be shown any more, and another is opened.
    places.give_up()
    assert places.aim(1) == c
    places.moved(b, c)
    assert not places.can_go_forward
    assert places.aim(-1) == b
    places.moved(c, b)
    assert places.can_go_forward
    places.moved(b, ("d", "forward"))
    assert not places.can_go_forward
    assert places.aim(-1) == b


def test_keys_and_buttons_lead_back_to_the_method_before(qtbot, opened):
    back, forward = opened.current_page().view.canvas.places
    opened.activateWindow()
    assert not back.isVisible()
    assert not opened.actions_.previous_place.isEnabled()
    go_to(qtbot, opened, "warm", "forward")
    assert back.isVisible()
    assert back.isEnabled()
    assert not forward.isEnabled()
    QTest.keyClick(opened, Qt.Key.Key_Left, ALT)
    qtbot.waitUntil(lambda: document(opened).module_path == "")
    assert forward.isEnabled()
    assert not back.isEnabled()
    forward.click()
    qtbot.waitUntil(lambda: document(opened).module_path == "warm")
    document(opened).go_to_place(-1)
    document(opened).show_method("warm", "missing")
    qtbot.waitUntil(lambda: not document(opened).is_busy)
    assert document(opened).module_path == ""


def test_the_form_says_which_method_is_run(qtbot, opened, transport):
    dock = opened.run
    dock.take_focus()
    assert dock.stage.text() == "(root).forward"
    # A line of the tree is chosen, and not shown: what is shown is run.
    opened.tree.view.setCurrentIndex(opened.tree.model.index_of(4))
    assert dock.stage.text() == "(root).forward"
    go_to(qtbot, opened, "warm", "forward")
    assert dock.stage.text() == "warm.forward"
    assert dock.button.toolTip() == "Run warm.forward (F5)"
    transport.engine.holds_runs = True
    dock.button.click()
    qtbot.waitUntil(lambda: "Running" in dock.stage.text())
    document(opened).cancel_run()
    qtbot.waitUntil(lambda: dock.stage.text() == "warm.forward")


def test_what_was_asked_for_last_is_run_and_not_what_was_shown_before(qtbot, opened, transport):
    shown = document(opened)
    shown.show_method("warm", "forward")
    opened.run.toggle_run()
    assert not transport.asked(requests.Run)
    qtbot.waitUntil(lambda: bool(transport.asked(requests.Run)))
    assert shown.module_path == "warm"
    qtbot.waitUntil(lambda: not shown.is_running)
    shown.show_method("warm", "missing")
    opened.run.toggle_run()
    qtbot.waitUntil(lambda: not shown.is_busy)
    assert len(transport.asked(requests.Run)) == 1


def test_a_module_of_the_tree_is_shown_on_the_canvas(qtbot, opened, transport):
    view = opened.current_page().view.canvas.view
    view.look_at(2.0, 82, 900)
    opened.tree.view.setCurrentIndex(opened.tree.model.index_of(3))
    assert [item.id for item in view.graph.selected_items()] == ["root/warm"]
    assert view.seen().intersects(rect_of(view.graph.picture.by_id["root/warm"]))
    assert opened.current_page().view.graph.editor.selected_lines == {3}
    # The facts are those of the line of the tree.
    assert transport.asked(requests.InspectTreeRow)[-1].row == 3
    assert not transport.asked(requests.InspectNode)


def test_frames_of_a_module_or_of_the_nearest_one_around_it():
    box = CanvasItem("r/a", "r", "frame", "a", "", 0, 0, 9, 9, [], "other", True, "")
    items = [
        box,
        replace(box, id="r/a/0.b", parent="r/a", label="0.b"),
        replace(box, id="r/a/0.b#1", parent="r/a", label="0.b"),
        replace(box, id="n1", parent="r/a", kind="control", label="If"),
        replace(box, id="r/a/c", parent="n1", label="c", is_open=False),
    ]
    picture = Picture()
    picture.add(items, [])
    picture.finish(9, 9)

    def found(shown, wanted):
        return [item.id for item in module_frames(picture, shown, wanted)]

    assert found("", "a.0.b") == ["r/a/0.b", "r/a/0.b#1"]
    assert found("", "a.c.deeper") == ["r/a/c"]
    assert found("Net:", "Net:a.c") == ["r/a/c"]
    assert found("x", "x.a") == ["r/a"]
    assert found("x", "a") == found("", "") == found("", "z") == []


def test_what_is_selected_behind_another_tab_stays_in_sight_where_there_is_less_room(qtbot, opened):
    turn_to(opened, "run")
    page = opened.current_page()
    view = page.view.canvas.view
    item = next(box for box in view.graph.picture.boxes if box.id == "n12")
    rect = rect_of(item)
    # In a wide room it stands near the rim.
    view.look_at(1.0, rect.center().x() - view.viewport().width() / 2 + 70, rect.center().y())
    page.document.selection.select(item.node_ids[:1], "search")
    assert view.seen().contains(view.graph.selected_rect())
    wide = view.viewport().width()
    open_file(qtbot, opened, "loop.pt")
    turn_to(opened, "read")
    opened.area.show_page(page)
    qtbot.waitUntil(lambda: view.viewport().width() < wide - 150)
    qtbot.waitUntil(lambda: view.seen().contains(view.graph.selected_rect()))


def test_what_is_selected_no_more_when_the_room_has_its_size_is_not_gone_to(qtbot, opened):
    page = opened.current_page()
    view = page.view.canvas.view
    item = next(box for box in view.graph.picture.boxes if box.id == "n12")
    page.document.selection.select(item.node_ids[:1], "search")
    assert view.seen().contains(view.graph.selected_rect())
    view.resize(view.width() - 20, view.height())
    view.graph.select_nodes(())
    view.look_at(1.0, 5000.0, 5000.0)
    before = view.place()
    qtbot.waitUntil(lambda: not view._settling.isActive())
    assert view.place() == before
