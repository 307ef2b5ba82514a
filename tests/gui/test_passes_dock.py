"""The passes dock by clicks and keys: presets, undo and redo, what a pass did, participants."""

from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtTest import QTest

from jitcore.passes.spec import read_spec
from jitviewer.protocol import requests
from jitviewer.protocol.rows import PassOptionRow, PassReportRow, PassRow
from jitviewer.ui.canvas.picture import rect_of
from jitviewer.ui.docks.pass_options import PassOptions
from jitviewer.ui.docks.passes_dock import _story
from jitviewer.ui.models.pass_specs import name_of, spec_of, values_of
from jitviewer.ui.services.pass_history import PassHistory
from tests.gui import fake_engine
from tests.gui.fake_engine import STEPS
from tests.gui.rooms import turn_to

LEFT = Qt.MouseButton.LeftButton


def document(window):
    return window.current_page().document


def view_of(window):
    return window.current_page().view


def switch(qtbot, window, row):
    model, view = window.passes.model, window.passes.view
    steps = document(window).passes_on
    rect = view.visualRect(model.index(row))
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(24, rect.center().y()))
    qtbot.waitUntil(lambda: document(window).passes_on != steps)


def choose(window, row):
    view = window.passes.view
    rect = view.visualRect(window.passes.model.index(row))
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(120, rect.center().y()))


def preset(window, name):
    window.passes.presets.fill()
    return next(action for action in window.passes.presets.menu().actions() if action.text() == name)


def test_a_preset_sets_the_pipeline(qtbot, opened, transport):
    preset(opened, "Tidied").trigger()
    assert transport.asked(requests.SetPasses)[-1].passes == ["inline", "dce"]
    qtbot.waitUntil(lambda: opened.passes.model.pipeline() == ("inline", "dce"))
    preset(opened, "As saved").trigger()
    assert transport.asked(requests.SetPasses)[-1].passes == []
    qtbot.waitUntil(lambda: opened.passes.model.pipeline() == ())


def test_passes_are_saved_under_a_name_and_forgotten(qtbot, opened, transport):
    turn_to(opened, "rewrite")
    switch(qtbot, opened, 2)
    preset(opened, "Save these passes…").trigger()
    field = opened.passes.name
    assert field.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    preset(opened, "Save these passes…").trigger()
    QTest.keyClicks(field, "my passes")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not field.isVisible()
    preset(opened, "As saved").trigger()
    preset(opened, "my passes").trigger()
    assert transport.asked(requests.SetPasses)[-1].passes == ["inline", "cse"]
    preset(opened, "Forget").menu().actions()[0].trigger()
    opened.passes.presets.fill()
    assert "my passes" not in [action.text() for action in opened.passes.presets.menu().actions()]


def test_changes_of_passes_are_undone_and_redone(qtbot, opened, transport):
    assert not opened.passes.undo.isEnabled()
    switch(qtbot, opened, 1)
    switch(qtbot, opened, 2)
    assert document(opened).passes_on == ("inline", "dce", "cse")
    opened.passes.view.setFocus()
    opened.actions_.undo.trigger()
    assert transport.asked(requests.SetPasses)[-1].passes == ["inline", "dce"]
    assert opened.passes.model.pipeline() == ("inline", "dce")
    QTest.mouseClick(opened.passes.undo, LEFT)
    assert opened.passes.model.pipeline() == ("inline",)
    assert not opened.passes.undo.isEnabled()
    QTest.mouseClick(opened.passes.redo, LEFT)
    opened.actions_.redo.trigger()
    assert opened.passes.model.pipeline() == ("inline", "dce", "cse")
    assert not opened.passes.redo.isEnabled()


def test_a_new_change_ends_what_can_be_redone():
    history = PassHistory()
    history.changed(("a",))
    assert history.undo(("a", "b")) == ("a",)
    assert history.can_redo
    history.changed(("a",))
    assert not history.can_redo
    assert history.undo(("c",)) == ("a",)
    assert history.redo(("a",)) == ("c",)


def test_a_pass_is_dragged_to_another_place(opened, transport):
    model = opened.passes.model
    model.switch_all(True)
    data = model.mimeData([model.index(2)])
    assert isinstance(data, QMimeData)
    model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, model.index(-1))
    assert transport.asked(requests.SetPasses)[-1].passes == ["cse", "inline", "dce"]


def test_what_a_pass_did_is_told_and_compared_side_by_side(qtbot, opened, transport):
    switch(qtbot, opened, 1)
    qtbot.waitUntil(lambda: len(document(opened).steps) == 2)
    choose(opened, 0)
    assert "nothing to change" in opened.passes.story.text()
    assert not opened.passes.compare.isVisible()
    choose(opened, 1)
    assert opened.passes.story.text().startswith("2 rewrites took 12 nodes to 10")
    QTest.mouseClick(opened.passes.compare, LEFT)
    diff = view_of(opened).diff
    qtbot.waitUntil(diff.isVisible)
    assert not view_of(opened).graph.isVisible()
    assert diff.title.text() == "Before and after dce"
    assert diff.count.text() == "1 of 2"
    assert diff.before.mark_of(3) == "removed"
    assert diff.after.mark_of(4) == "made"
    qtbot.waitUntil(lambda: diff.buttons[1].width() > 8)
    QTest.mouseClick(diff.buttons[1], LEFT)
    assert diff.count.text() == "2 of 2"
    assert diff.before.verticalScrollBar().value() == diff.after.verticalScrollBar().value() > 0
    diff.after.verticalScrollBar().setValue(1)
    assert diff.before.verticalScrollBar().value() == 1
    diff.after.pick_line(3)
    assert document(opened).selection.nodes == (11,)
    assert 3 in diff.before.selected_lines
    opened.passes.view.setFocus()
    switch(qtbot, opened, 2)
    qtbot.waitUntil(lambda: not diff.isVisible())
    assert view_of(opened).graph.isVisible()


def test_enter_compares_the_chosen_pass(qtbot, opened, transport):
    switch(qtbot, opened, 1)
    qtbot.waitUntil(lambda: len(document(opened).steps) == 2)
    opened.passes.view.setFocus()
    opened.passes.view.setCurrentIndex(opened.passes.model.index(1))
    QTest.keyClick(opened.passes.view, Qt.Key.Key_Return)
    assert transport.asked(requests.ShowPassDiff)[-1].name == "dce"
    qtbot.waitUntil(view_of(opened).diff.isVisible)
    view_of(opened).diff.closed.emit()
    assert view_of(opened).code.isVisible()


def test_the_story_of_a_pass():
    failed = PassReportRow("x", False, 0, 0, 5, 5, 0.0, "Cannot rewrite this graph: why", True)
    assert _story(failed) == "Cannot rewrite this graph: why"
    noted = PassReportRow("x", True, 0, 1, 5, 4, 0.002, "Left out one.")
    assert _story(noted) == "1 rewrite took 5 nodes to 4, in 2.00 ms. Left out one."


def test_the_participants_of_a_rewrite_are_what_is_highlighted(qtbot, opened, transport):
    switch(qtbot, opened, 1)
    qtbot.waitUntil(lambda: len(document(opened).steps) == 2)
    document(opened).selection.select((12,), "graph")
    document(opened).go_to_step(1)
    qtbot.waitUntil(lambda: document(opened).selection.nodes == (11,))
    assert view_of(opened).graph.editor.selected_lines == {3}
    document(opened).go_to_step(0)
    qtbot.waitUntil(lambda: document(opened).selection.nodes == ())
    assert isinstance(transport.asked(requests.GoToStep)[-1], requests.GoToStep)


def test_the_box_of_a_rewrite_is_brought_into_view(qtbot, opened, transport, monkeypatch):
    turn_to(opened, "rewrite")
    # The second rewrite changed the same node as the first; the third one's nodes do not fit in the view.
    both = replace(STEPS[1], changed=[12], matched=[11])
    monkeypatch.setattr(fake_engine, "STEPS", [STEPS[0], STEPS[0], both])
    switch(qtbot, opened, 1)
    qtbot.waitUntil(lambda: len(document(opened).steps) == 3)
    view = view_of(opened).canvas.view

    def step(position, node):
        asked = len(transport.asked(requests.GoToStep))
        document(opened).go_to_step(position)
        qtbot.waitUntil(lambda: len(transport.asked(requests.GoToStep)) > asked)
        qtbot.waitUntil(lambda: not document(opened).is_busy)
        assert document(opened).selection.nodes[0] == node
        return view.seen().contains(rect_of(view.graph.picture.by_id[f"n{node}"]))

    view.look_at(4.0, 82, 300)
    assert step(1, 11)
    view.look_at(4.0, 82, 300)
    assert step(2, 11)
    view.look_at(4.0, 82, 155)
    before = view.seen()
    assert step(1, 11)
    assert view.seen() == before
    assert step(3, 12)


def test_options_of_a_pass_are_chosen_by_check_boxes(qtbot, opened, transport):
    turn_to(opened, "rewrite")
    assert opened.passes.options.isHidden()
    choose(opened, 1)
    (box,) = opened.passes.options.boxes.values()
    assert box.isVisible()
    assert not box.isChecked()
    # What is chosen of a pass that is off is kept for later.
    asked = len(transport.asked(requests.SetPasses))
    box.click()
    assert len(transport.asked(requests.SetPasses)) == asked
    switch(qtbot, opened, 1)
    wanted = "dce{allow_deleting_nodes_with_side_effects=true}"
    assert transport.asked(requests.SetPasses)[-1].passes == ["inline", wanted]
    qtbot.waitUntil(lambda: opened.passes.model.pipeline() == ("inline", wanted))
    choose(opened, 1)
    (box,) = opened.passes.options.boxes.values()
    assert box.isChecked()
    box.click()
    assert transport.asked(requests.SetPasses)[-1].passes == ["inline", "dce"]
    opened.passes.undo.click()
    qtbot.waitUntil(lambda: opened.passes.model.pipeline() == ("inline", wanted))
    qtbot.waitUntil(box.isChecked)
    choose(opened, 0)
    assert opened.passes.options.isHidden()


def test_texts_are_chosen_in_fields(qtbot):
    options = PassOptions()
    qtbot.addWidget(options)
    row = PassRow(
        "pattern-rewrite", "", "", "",
        [
            PassOptionRow("from", "str", '"graph(%a):\\n  return (%a)"', ""),
            PassOptionRow("to", "str", "", ""),
        ],
    )  # fmt: skip
    heard: list[tuple[str, str]] = []
    options.chosen.connect(lambda name, value: heard.append((name, value)))
    options.show_pass(row, {"to": "x"})
    first, second = options.fields.values()
    assert (first.text(), second.text()) == ("graph(%a):\\n  return (%a)", "x")
    first.editingFinished.emit()
    assert heard == []
    first.setText("")
    qtbot.keyClicks(first, 'graph(%b, %c):\\n  "{d}" \\\\')
    first.editingFinished.emit()
    assert heard == [("from", '"graph(%b, %c):\\n  \\"{d}\\" \\\\"')]
    spec = spec_of(row, {"from": heard[0][1], "to": "y"})
    assert values_of(spec) == {"from": heard[0][1], "to": "y"}
    options.show_pass(row, values_of(spec))
    assert (first.text(), second.text()) == ('graph(%b, %c):\\n  "{d}" \\\\', "y")
    assert read_spec(spec)[1] == {"from": 'graph(%b, %c):\n  "{d}" \\', "to": "y"}


def test_specs_are_taken_apart_and_put_together():
    row = PassRow(
        "dce", "", "", "", [PassOptionRow("a", "bool", "false", ""), PassOptionRow("b", "bool", "true", "")]
    )
    assert name_of("dce{a=true,b=false}") == name_of("dce") == "dce"
    assert values_of("dce{a=true,b=false}") == {"a": "true", "b": "false"}
    assert values_of("dce") == {}
    assert spec_of(row, {}) == spec_of(row, {"a": "false", "b": "true"}) == "dce"
    assert spec_of(row, {"a": "true", "b": "false"}) == "dce{a=true,b=false}"
