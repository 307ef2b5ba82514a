"""Two sides, the pages of settings, keys and versions, and a window that the keyboard alone can drive."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QWidget,
)

from jitviewer.protocol import requests
from jitviewer.ui.editors.text_menu import make_menu
from jitviewer.ui.view_keys import VIEW_KEYS
from tests.gui.conftest import open_file

LEFT = Qt.MouseButton.LeftButton
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip


def names(window, side):
    return [Path(page.document.path).name for page in window.area.pages(side)]


def press(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)


# --- two sides ----------------------------------------------------------------------------------


def test_the_same_file_stands_beside_itself_with_passes_of_its_own(qtbot, opened, transport):
    opened.activateWindow()
    QTest.keyClick(opened, Qt.Key.Key_Backslash, CTRL)
    assert names(opened, 0) == names(opened, 1) == ["gate.pt"]
    right = opened.current_page()
    qtbot.waitUntil(lambda: right.document.canvas is not None)
    right.document.set_passes(("inline", "dce"))
    qtbot.waitUntil(lambda: len(right.document.steps) == 2)
    left = opened.area.pages(0)[0]
    assert left.document.passes_on == ("inline",)
    assert opened.passes.model.pipeline() == ("inline", "dce")
    assert all(tabs.isVisible() for tabs in opened.area.sides)


def test_docks_follow_the_side_that_is_clicked_into(qtbot, opened):
    open_file(qtbot, opened, "loop.pt")
    opened.actions_.move.trigger()
    assert (names(opened, 0), names(opened, 1)) == (["gate.pt"], ["loop.pt"])
    assert opened.windowTitle().startswith("loop.pt")
    left = opened.area.pages(0)[0]
    opened.activateWindow()
    QTest.mouseClick(left.view.graph.editor.viewport(), LEFT)
    qtbot.waitUntil(lambda: opened.windowTitle().startswith("gate.pt"))
    assert opened.tree.document is left.document
    bars = [tabs.tabBar().property("active") for tabs in opened.area.sides]
    assert bars == [True, False]
    opened.actions_.other_side.trigger()
    assert opened.tree.document is opened.area.pages(1)[0].document


def split(qtbot, window):
    """Left and right page of the same file, the left one active."""
    window.activateWindow()
    window.actions_.split.trigger()
    left, right = window.area.pages(0)[0], window.area.pages(1)[0]
    qtbot.waitUntil(lambda: right.document.canvas is not None)
    window.actions_.other_side.trigger()
    assert window.current_page() is left
    return left, right


def test_a_run_from_a_field_of_an_input_shows_results_of_the_same_side(qtbot, opened):
    left, _ = split(qtbot, opened)
    opened.run.take_focus()
    opened.run.form.fields[0].spec.setFocus()
    press(opened, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: left.document.result is not None)
    qtbot.waitUntil(opened.run.results.isVisible)
    assert opened.current_page() is left
    assert opened.run.document is left.document
    assert QApplication.focusWidget() is opened.run.button


def test_what_hides_with_the_focus_does_not_make_the_other_side_active(qtbot, opened):
    left, _ = split(qtbot, opened)
    left.view.canvas.view.setFocus()
    left.view.canvas.hide()
    assert opened.current_page() is left
    opened.run.take_focus()
    opened.run.button.setEnabled(False)
    assert opened.current_page() is left


def test_the_last_tab_of_a_side_closes_the_side(qtbot, opened):
    open_file(qtbot, opened, "loop.pt")
    opened.actions_.move.trigger()
    opened.area.activate_other_side()
    opened.actions_.close.trigger()
    assert (names(opened, 0), names(opened, 1)) == (["loop.pt"], [])
    assert not opened.area.sides[1].isVisible()
    assert opened.tree.document is opened.current_page().document
    opened.actions_.close_all.trigger()
    assert opened.start_page.isVisible()
    assert opened.tree.document is None


def test_a_tab_moves_only_where_something_stays_behind(opened):
    assert not opened.actions_.move.isEnabled()
    opened.area.move_to_other_side()
    assert names(opened, 0) == ["gate.pt"]


def test_tabs_have_a_menu_and_close_with_the_middle_button(qtbot, opened):
    open_file(qtbot, opened, "loop.pt")
    bar = opened.area.tabs.tabBar()
    menu = opened.area.menu_of_tab(opened.area.tabs, 0)
    assert opened.current_page().document.path.endswith("gate.pt")
    words = [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]
    assert words == [
        "Close", "Close the others", "Split: the same file beside", "Move to the other side",
        "Reload from disk", "Copy the path",
    ]  # fmt: skip
    QTest.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(1).center())
    assert names(opened, 0) == ["gate.pt"]
    opened.actions_.copy_path.trigger()
    assert QGuiApplication.clipboard().text().endswith("gate.pt")


def test_keys_walk_through_tabs_and_open_again_what_was_closed(qtbot, opened, transport):
    open_file(qtbot, opened, "loop.pt")
    open_file(qtbot, opened, "lstm.pt")
    opened.actions_.next_tab.trigger()
    assert opened.windowTitle().startswith("gate.pt")
    opened.actions_.previous_tab.trigger()
    assert opened.windowTitle().startswith("lstm.pt")
    opened.actions_.close_others.trigger()
    assert names(opened, 0) == ["lstm.pt"]
    opened.actions_.reopen.trigger()
    qtbot.waitUntil(lambda: opened.current_page().document.phase == "ready")
    assert names(opened, 0) == ["lstm.pt", "loop.pt"]


# --- pages --------------------------------------------------------------------------------------


def test_f1_lists_every_key_and_can_be_filtered(qtbot, opened):
    opened.activateWindow()
    QTest.keyClick(opened, Qt.Key.Key_F1)
    page = opened.pages.currentWidget()
    assert page.isVisible()
    listed = {keys for rows in page.rows.values() for keys, _ in rows}
    for action in opened.actions():
        if action.shortcuts():
            assert any(action.shortcut().toString() in keys for keys in listed), action.text()
    assert "F5" in listed
    QTest.keyClicks(page.filter, "earlier")
    assert page.rows == {"In the view Passes": [("Alt+Up, Alt+Down", "Run the pass earlier or later")]}
    page.filter.setText("no such thing")
    assert page.rows == {}
    QTest.keyClick(page.filter, Qt.Key.Key_Escape)
    assert opened.area.isVisible()
    QTest.keyClick(opened, Qt.Key.Key_Slash, CTRL)
    assert page.isVisible()
    assert page.filter.hasFocus()


def test_keys_of_the_views_are_listed_as_they_are(opened):
    """What a view can do by key has a line in the list; several keys share one."""
    space = opened.current_page().view
    menu = make_menu(space.graph.editor)
    real = {
        "Canvas": [action.shortcut().toString() for action in space.canvas.steering.actions.all],
        "Texts": [action.shortcut().toString() for action in menu.actions() if not action.isSeparator()],
        "Before and after a pass": [button.shortcut().toString() for button in space.diff.buttons],
    }
    listed = {
        view: {key.strip() for keys, _ in rows for key in keys.split(", ")}
        for view, rows in VIEW_KEYS.items()
    }
    for view, keys in real.items():
        assert set(keys) <= listed[view], view


def test_no_two_actions_share_a_key(opened):
    taken = {}
    every = [*opened.actions(), *(dock.toggleViewAction() for dock in opened.docks())]
    for action in every:
        for keys in action.shortcuts():
            assert taken.setdefault(keys.toString(), action) is action, keys.toString()


def test_every_action_has_a_key(opened):
    without = [
        action.text()
        for title, actions in opened.actions_.actions_by_menu().items()
        for action in actions
        if not action.shortcuts() and not action.isCheckable() and "Forget" not in action.text()
    ]
    assert without == []


def test_settings_are_in_force_and_kept_at_once(qtbot, opened, settings):
    QTest.keyClick(opened, Qt.Key.Key_Comma, CTRL)
    page = opened.pages.currentWidget()
    qtbot.mouseClick(page.theme.button(1), LEFT)
    assert not opened._themes.theme.is_dark
    assert settings.theme == "light"
    page.scale.setCurrentIndex(2)
    assert settings.scale == 150
    assert "started again" in page._scale_note.text()
    page.repeats.setValue(9)
    page.memory.setValue(3)
    page.time_limit.setValue(90)
    assert (settings.repeats, settings.memory_gib, settings.time_limit) == (9, 3, 90)
    assert str(settings.path) in page._place.text()
    qtbot.mouseClick(page.back, LEFT)
    assert opened.area.isVisible()


def test_runs_begin_with_the_numbers_of_the_settings(qtbot, window, settings, transport):
    settings.set_number("run/repeats", 7)
    settings.set_number("run/warmup", 2)
    settings.set_number("run/time_limit", 90)
    settings.set_number("run/memory_gib", 3)
    open_file(qtbot, window, "gate.pt")
    window.run.form.use_settings(settings)
    window.actions_.run.trigger()
    asked = transport.asked(requests.Run)[-1]
    assert (asked.repeats, asked.warmup, asked.memory, asked.time_limit) == (7, 2, 3 << 30, 90)
    assert asked.allow_files is False


def test_about_tells_the_versions_that_the_runner_reports(qtbot, window, transport):
    window.actions_.about.trigger()
    page = window.pages.currentWidget()
    assert len(transport.asked(requests.AskVersions)) == 1
    qtbot.waitUntil(lambda: ("torch", "2.9.0") in page.rows)
    told = dict(page.rows)
    assert {"jitviewer", "Python of the window", "Qt", "torch", "Python of the runner"} <= told.keys()
    qtbot.mouseClick(page.copy, LEFT)
    assert "torch: 2.9.0" in QGuiApplication.clipboard().text()


def test_samples_are_offered_while_documents_are_open(qtbot, opened):
    opened.actions_.samples.trigger()
    assert opened.start_page.isVisible()
    opened.actions_.keys.trigger()
    opened.pages.currentWidget().back.click()
    assert opened.area.isVisible()
    opened.actions_.samples.trigger()
    opened.start_page.path_chosen.emit(opened.current_page().document.path)
    assert opened.area.isVisible()


# --- the keyboard alone -------------------------------------------------------------------------


def test_f6_walks_through_every_part_and_comes_back(qtbot, opened):
    opened.activateWindow()
    seen = []
    for _ in range(12):
        QTest.keyClick(opened, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus in seen:
            break
        seen.append(focus)
    space = opened.current_page().view
    for part in (
        space.code.editor, space.graph.editor, space.canvas.view, opened.tree.view, opened.passes.view,
        opened.inspector.view,
    ):  # fmt: skip
        assert part in seen
    assert focus is seen[0]
    QTest.keyClick(opened, Qt.Key.Key_F6, SHIFT)
    assert QApplication.focusWidget() is seen[-1]


def test_keys_go_to_docks_even_if_they_are_hidden(qtbot, opened):
    opened.activateWindow()
    opened.actions_.hide_docks.trigger()
    assert not any(dock.isVisible() for dock in opened.docks())
    QTest.keyClick(opened, Qt.Key.Key_4, ALT)
    assert opened.run.isVisible()
    assert opened.run.button.hasFocus()
    opened.actions_.hide_docks.trigger()
    opened.actions_.hide_docks.trigger()
    assert opened.run.isVisible()
    QTest.keyClick(opened, Qt.Key.Key_4, ALT | CTRL)
    assert not opened.run.isVisible()


def test_whatever_takes_the_focus_has_a_name(qtbot, opened):
    """A screen reader says of every control what it is."""
    for page in ("settings", "keys", "about"):
        opened.pages.toggle_page(page)
    kinds = (
        QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit,
    )  # fmt: skip
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in opened.findChildren(QWidget)
        if isinstance(widget, kinds)
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.isHidden()
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not isinstance(widget.parent(), (QComboBox, QAbstractSpinBox, QLineEdit, QAbstractItemView))
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent().parent(), QComboBox)
    ]
    assert "\n".join(nameless) == ""


@pytest.mark.parametrize("number", range(5))
def test_every_dock_says_in_place_what_it_is_for(qtbot, opened, number):
    dock = opened.docks()[number]
    dock.take_focus()
    assert not dock.help.isVisible()
    qtbot.mouseClick(dock.help_button, LEFT)
    assert dock.help.isVisible()
    assert len(dock.help.text()) > 60
    qtbot.mouseClick(dock.help_button, LEFT)
    assert not dock.help.isVisible()


@contextmanager
def carry(tab_bar, at, target):
    """Drag a tab by hand to a point of the screen, and let go there at the end."""
    start = tab_bar.tabRect(at).center()
    QTest.mousePress(tab_bar, LEFT, pos=start)
    for part in (0.1, 0.5, 1.0):
        way = tab_bar.mapFromGlobal(target) - start
        QTest.mouseMove(tab_bar, start + way * part)
        QTest.qWait(1)
    yield
    QTest.mouseRelease(tab_bar, LEFT, pos=tab_bar.mapFromGlobal(target))


def point_in(area, part):
    return area.mapToGlobal(QPoint(int(area.width() * part), area.height() // 2))


def test_a_tab_is_dragged_to_the_other_side_and_back(qtbot, opened):
    open_file(qtbot, opened, "loop.pt")
    area = opened.area
    with carry(area.sides[0].tabBar(), 1, point_in(area, 0.8)):
        band = opened.area.landing
        assert band.isVisible()
        assert band.mapToGlobal(QPoint(0, 0)) == area.mapToGlobal(QPoint(area.width() // 2, 0))
    assert not opened.area.landing.isVisible()
    assert (names(opened, 0), names(opened, 1)) == (["gate.pt"], ["loop.pt"])
    assert opened.windowTitle().startswith("loop.pt")
    with carry(area.sides[1].tabBar(), 0, point_in(area, 0.2)):
        assert opened.area.landing.isVisible()
    assert (names(opened, 0), names(opened, 1)) == (["gate.pt", "loop.pt"], [])
    assert not area.sides[1].isVisible()


def test_a_tab_that_is_let_go_over_its_own_side_stays(qtbot, opened):
    open_file(qtbot, opened, "loop.pt")
    area = opened.area
    with carry(area.sides[0].tabBar(), 1, point_in(area, 0.3)):
        assert not opened.area.landing.isVisible()
    assert (names(opened, 0), names(opened, 1)) == (["gate.pt", "loop.pt"], [])
    with carry(area.sides[0].tabBar(), 0, opened.tree.mapToGlobal(QPoint(20, 200))):
        assert not opened.area.landing.isVisible()
    assert names(opened, 0) == ["gate.pt", "loop.pt"]


def test_tabs_keep_a_width_that_can_be_read(qtbot, opened):
    for number in range(9):
        open_file(qtbot, opened, f"a_rather_long_name_of_a_model_{number}.pt")
    bar = opened.area.tabs.tabBar()
    assert all(120 <= bar.tabRect(at).width() <= 260 for at in range(1, bar.count()))
    assert bar.tabRect(bar.currentIndex()).intersects(bar.rect())
