"""Two graphs beside each other: rows, what differs first, and the values, driven by clicks and keys."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from jitviewer.protocol import events, requests
from jitviewer.ui.compare.aligned_rows import ONE_SIDE, aligned_rows, first_row
from jitviewer.ui.compare.comparison_facts import facts_of, row_facts, verdict
from jitviewer.ui.compare.status_brushes import FILL
from tests.gui.comparisons import comparison
from tests.gui.conftest import open_file
from tests.gui.rooms import is_on, turn_to

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(qtbot, opened):
    """The comparison of the second of two open documents, in its workspace."""
    open_file(qtbot, opened, "other.pt")
    QTest.keyClick(opened, Qt.Key.Key_4, CONTROL)
    QApplication.processEvents()
    assert is_on(opened, "compare")
    return opened.current_page().view.comparison


def told(view, transport, *news):
    transport._reply([make(view._document.number) for make in news])
    QApplication.processEvents()
    QApplication.processEvents()


def done(**options):
    return lambda number: events.ComparisonDone(number, comparison(**options))


# --- rows -------------------------------------------------------------------------------------------


def test_rows_have_pairs_beside_each_other_and_the_rest_where_it_stands():
    rows = aligned_rows(comparison())
    told = [
        (row.left.kind if row.left else "", row.right.kind if row.right else "", row.turns) for row in rows
    ]
    assert told == [
        ("aten::sum", "", ""),
        ("prim::If", "", ""),
        ("aten::relu", "aten::relu", ""),
        ("aten::tanh", "", ""),
        ("prim::Loop", "", ""),
        ("aten::sin", "aten::sin", "1"),
        ("aten::sin", "aten::sin", "2"),
        ("aten::mul", "aten::mul", ""),
        ("", "aten::neg", ""),
    ]
    assert [row.status for row in rows if row.status != ONE_SIDE] == [
        "not reached", "identical", "differs", "differs",
    ]  # fmt: skip
    assert [row.flows for row in rows][-4:] == [True, True, True, False]


def test_the_first_difference_is_the_decision_before_the_values():
    told = comparison()
    assert first_row(told, aligned_rows(told)) == 1
    assert first_row(comparison(diverged=False), aligned_rows(comparison(diverged=False))) == -1


def test_facts_name_the_cause_and_measure_the_values():
    told = comparison()
    rows = aligned_rows(told)
    facts = {(fact.group, fact.name): fact.text for fact in facts_of(told)}
    values = {(fact.group, fact.name): fact.text for fact in row_facts(told, rows[6])}
    assert facts["Cause", "place"] == "/home/p/net.py:4"
    assert values["Difference", "max"] == "0.5"
    assert values["Difference", "NaN"] == "1 and 0"
    assert values["Furthest apart", "[1, 2]"] == "0.25 and 0.75"
    assert "starts here" in values["Selected", "values"]
    assert facts["Decided otherwise", "arm"].endswith(
        "the second arm in script.pt, the first arm in trace.pt"
    )
    assert verdict(comparison(diverged=False)) == "Both give the same results."


# --- the view ---------------------------------------------------------------------------------------


def test_a_second_document_is_compared_on_the_inputs_that_are_given(view, transport):
    assert view.other.currentText() == "gate.pt"
    view.fields[0].setText("float32[4,4]")
    QTest.mouseClick(view.button, Qt.MouseButton.LeftButton)
    (asked,) = transport.asked(requests.CompareDocuments)
    assert (asked.document, asked.other) == (view._document.number, view.other.currentData())
    assert asked.inputs[0] == "float32[4,4]"
    assert view.button.text() == "Cancel"
    told(view, transport, lambda number: events.ComparisonMoved(number, "running"))
    assert view.sentence.text() == "Running both…"
    QTest.mouseClick(view.button, Qt.MouseButton.LeftButton)
    assert len(transport.asked(requests.CancelComparison)) == 1
    told(view, transport, lambda number: events.ComparisonStopped(number, "It was cancelled."))
    assert (view.button.text(), view.sentence.text()) == ("Compare", "It was cancelled.")


def test_an_input_that_is_none_is_told_and_nothing_runs(view, transport):
    view.fields[0].setText("float32[4")
    QTest.keyClick(view.fields[0], Qt.Key.Key_Return)
    assert transport.asked(requests.CompareDocuments) == []
    assert "float32[4" in view.sentence.text()


def test_without_a_second_document_it_says_what_to_do(opened):
    turn_to(opened, "compare")
    view = opened.current_page().view.comparison
    assert not view.button.isEnabled()
    assert "Open a second file" in view.sentence.text()


def test_what_differs_first_is_in_the_middle_and_keys_walk_on(view, transport):
    told(view, transport, done())
    graphs = view.graphs
    assert "They differ (branch)" in view.sentence.text()
    assert view.pair.counts.text().startswith("= 1 identical")
    assert graphs.current == 1
    graphs.setFocus()
    QTest.keyClick(graphs, Qt.Key.Key_N)
    assert graphs.current == 6
    QTest.keyClick(graphs, Qt.Key.Key_N)
    assert graphs.current == 7
    QTest.keyClick(graphs, Qt.Key.Key_N)
    assert graphs.current == 6
    QTest.keyClick(graphs, Qt.Key.Key_Down)
    QTest.keyClick(graphs, Qt.Key.Key_Home)
    assert graphs.current == 0
    QTest.keyClick(graphs, Qt.Key.Key_End)
    assert graphs.current == len(graphs.rows) - 1


def test_the_differences_of_a_pair_have_a_histogram_and_a_picture(view, transport):
    values = view.values
    assert not values.histogram.isVisibleTo(view)
    told(view, transport, done())
    assert not values.histogram.isVisibleTo(view)
    view.graphs.setFocus()
    QTest.keyClick(view.graphs, Qt.Key.Key_N)
    assert values.histogram.isVisibleTo(view)
    assert values.picture.isVisibleTo(view)
    assert values.histogram.accessibleName() == "Histogram from 0 to 0.5"
    assert "0.25 and 0.75" in values.facts.toPlainText()
    told(view, transport, done(diverged=False))
    assert not values.histogram.isVisibleTo(view)


def test_a_click_chooses_a_row_on_either_side(view, transport):
    told(view, transport, done())
    for is_left in (True, False):
        at = view.graphs.rect_of(2, is_left=is_left).center().toPoint()
        QTest.mouseClick(view.graphs.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert view.graphs.current == 2
        view.graphs.choose(0)


def test_the_chosen_node_is_selected_in_all_views_of_the_document(opened, view, transport):
    document = opened.current_page().document
    document.passes_on = ("inline",)
    told(view, transport, done())
    view.graphs.choose(7)
    assert document.selection.nodes == (8,)
    view.graphs.choose(8)
    assert document.selection.nodes == (8,)
    document.passes_on = ("inline", "dce")
    view.graphs.choose(5)
    assert document.selection.nodes == (8,)


def test_both_sides_zoom_together(view, transport):
    told(view, transport, done())
    graphs = view.graphs
    before = graphs.rect_of(3, is_left=True).height(), graphs.rect_of(3, is_left=False).height()
    wheel = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CONTROL,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(graphs.viewport(), wheel)
    after = graphs.rect_of(3, is_left=True).height(), graphs.rect_of(3, is_left=False).height()
    assert after[0] == after[1] > before[0] == before[1]
    QTest.keyClick(graphs, Qt.Key.Key_Minus)
    assert graphs.rect_of(3, is_left=True).height() == pytest.approx(before[0])


@pytest.mark.parametrize("name", ["light", "dark"])
def test_agreement_is_painted_on_both_sides(opened, view, transport, name):
    opened.choose_theme(name)
    told(view, transport, done())
    graphs = view.graphs
    theme = graphs._themes.theme

    def color(row, is_left):
        graphs.choose(row, centred=True)
        graphs.graph.select_items([])
        QApplication.processEvents()
        picture = graphs.viewport().grab().toImage()
        ratio = picture.devicePixelRatio()
        box = graphs.rect_of(row, is_left=is_left)
        # Right of the words, left of the bar of what differs.
        return picture.pixelColor(round((box.right() - 40) * ratio), round(box.center().y() * ratio))

    for is_left in (True, False):
        assert color(6, is_left) == theme.mix("error", "box", FILL)
        assert color(5, is_left) == theme.mix("success", "box", FILL)
    assert color(4, True) == theme.mix("warning", "box", FILL)
    assert color(4, False) == theme.color("canvas")


def test_it_is_not_seen_where_it_is_not_wanted(opened):
    page = opened.current_page()
    assert is_on(opened, "read")
    assert not page.view.comparison.isVisible()
    assert page.view.canvas.isVisible()


def test_the_other_workspaces_are_as_they_were(opened, view):
    turn_to(opened, "read")
    page = opened.current_page()
    assert not page.view.comparison.isVisible()
    assert page.view.canvas.isVisible()
    turn_to(opened, "compare")
    assert page.view.comparison.isVisible()
    assert not page.view.canvas.isVisible()
