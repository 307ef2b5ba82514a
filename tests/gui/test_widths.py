"""No text of a file or of a run decides how wide the window has to be."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from jitviewer.protocol.events import DevicesListed, RunStopped
from jitviewer.protocol.rows import DeviceRow, InputRow
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.banner import Banner
from jitviewer.ui.widgets.constructor_bar import ConstructorBar
from jitviewer.ui.widgets.elided_button import ElidedButton
from jitviewer.ui.widgets.input_field import InputField
from jitviewer.ui.widgets.labels import ElidedLabel, wrapped
from jitviewer.ui.widgets.message_panel import MessagePanel
from jitviewer.ui.widgets.plain import menu_text
from jitviewer.ui.widgets.start_page import StartPage

LONG = "W" * 3000


def least(widget) -> int:
    """The width below which a window with this in it cannot be made."""
    QApplication.processEvents()
    widget.layout().invalidate()
    return widget.layout().minimumSize().width()


def test_a_word_without_end_is_broken_and_read_and_copied_as_it_is(qtbot):
    label = wrapped("x")
    qtbot.addWidget(label)
    narrow = label.minimumSizeHint().width()
    label.setText(f"before {LONG} after\nnext")
    assert label.text() == f"before {LONG} after\nnext"
    assert label.minimumSizeHint().width() <= max(narrow, 48)
    # It takes lines, not width.
    assert label.heightForWidth(300) > 40 * label.fontMetrics().height()
    label.resize(300, 2000)
    label.show()
    label.select_all()
    QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"before {LONG} after\nnext"


def test_the_menu_of_a_label_copies_the_text_as_it_reads(qtbot):
    label = wrapped(LONG)
    qtbot.addWidget(label)
    label.show()
    QTest.mouseClick(label, Qt.MouseButton.LeftButton)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(3, 3), label.mapToGlobal(QPoint(3, 3))
    )
    QApplication.sendEvent(label, event)
    copying, selecting = label.findChild(QMenu).actions()
    assert not copying.isEnabled()
    selecting.trigger()
    assert label.hasSelectedText()
    copying.setEnabled(True)
    copying.trigger()
    assert QGuiApplication.clipboard().text() == LONG
    label.findChild(QMenu).close()


def test_words_of_usual_length_break_where_they_always_did(qtbot):
    words = "torch.nn.modules.conv.Conv2d of the first layer"
    label = wrapped(words)
    qtbot.addWidget(label)
    # What Qt got has no further signs in it.
    assert QLabel.text(label) == label.text() == words


@pytest.mark.parametrize("kind", ["progress", "failure", "question"])
def test_a_page_with_a_message_is_as_wide_as_with_a_short_one(qtbot, kind):
    panel = MessagePanel(ThemeManager("dark"))
    qtbot.addWidget(panel)

    def show(name):
        if kind == "progress":
            panel.show_progress(f"Opening {name}", f"/models/{name}", name, ("Stop",))
        elif kind == "failure":
            panel.show_failure(f"{name} cannot be opened", name, f"/models/{name}", ("Try again",))
        else:
            panel.show_question(f"Run {name}?", name, f"/models/{name}", ("Trust and run it",))
        return least(panel)

    assert show(LONG) == show("a.pt")


def test_a_button_for_a_long_name_shows_its_beginning_and_end(qtbot):
    panel = MessagePanel(ThemeManager("dark"))
    qtbot.addWidget(panel)
    panel.show_progress("Running", "", "", (f"Stop a{LONG}.py",))
    button = panel._buttons.itemAt(0).widget()
    assert button.text().startswith("Stop aWW")
    assert button.text().endswith("WW.py")
    assert len(button.text()) < 70
    assert menu_text("a&b.pt") == "a&&b.pt"
    assert menu_text("x" * 60) == "x" * 60


def test_an_elided_button_gives_way(qtbot):
    button = ElidedButton("a.pt")
    qtbot.addWidget(button)
    narrow = button.minimumSizeHint().width()
    button.set_words(f"a&{LONG}.pt")
    assert button.minimumSizeHint().width() == narrow
    button.resize(200, 30)
    assert button.text().startswith("a&&W")
    assert button.text().endswith(".pt")
    assert "…" in button.text()
    assert button.sizeHint().width() > 3000
    button.set_words("a&b.pt")
    button.resize(button.sizeHint())
    assert button.text() == "a&&b.pt"


def test_an_elided_label_offers_what_it_cuts(qtbot):
    label = ElidedLabel("short")
    qtbot.addWidget(label)
    label.resize(200, 20)
    assert label.toolTip() == ""
    label.setText(LONG)
    assert label.toolTip() == LONG
    label.setText("short")
    assert label.toolTip() == ""


def test_the_start_page_is_as_wide_with_long_names(qtbot, settings, tmp_path):
    page = StartPage(settings)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    body = page.widget()
    before = body.minimumSizeHint().width()
    for number in range(3):
        path = tmp_path / f"{number}{'W' * 230}.pt"
        path.write_bytes(b"x")
        settings.remember_files([str(path)])
    QApplication.processEvents()
    assert page._recent[0].isVisible()
    assert body.minimumSizeHint().width() == before
    assert page._recent[0]._name.text().endswith(".pt")


def test_the_menu_of_recent_files_is_no_wider_than_its_longest_entry_may_be(window, settings):
    settings.remember_files([f"/models/{LONG}.pt"])
    window.actions_.menus["&File"].aboutToShow.emit()
    recent = window.actions_._recent
    recent.aboutToShow.emit()
    entry = recent.actions()[0]
    assert len(entry.text()) <= 60
    assert entry.text().endswith("W.pt")
    assert LONG in entry.toolTip()


def test_a_form_and_bars_are_as_wide_with_long_names(qtbot):
    themes = ThemeManager("dark")

    def field(name):
        made = InputField(InputRow(name, name, "1", "", True), themes)
        qtbot.addWidget(made)
        return least(made)

    assert field("W" * 60) == field("x")
    bar = ConstructorBar()
    qtbot.addWidget(bar)
    bar.ask("Net", "")
    narrow = bar.minimumSizeHint().width()
    bar.ask(LONG, "")
    assert bar.minimumSizeHint().width() <= narrow
    banner = Banner(themes)
    qtbot.addWidget(banner)
    banner.show_message("error", "a.pt changed")
    narrow = least(banner)
    banner.show_message("error", f"{LONG} changed")
    assert least(banner) <= narrow


def test_the_window_is_as_wide_with_long_outputs(qtbot, opened):
    document = opened.current_page().document
    opened.actions_.run.trigger()
    qtbot.waitUntil(lambda: document.result is not None and not document.turns.is_busy)
    result = document.result
    QApplication.processEvents()
    before = opened.minimumSizeHint().width(), opened.run.minimumSizeHint().width()
    output = replace(result.outputs[0], name="o" * 900, type=LONG, text=LONG)
    opened.run.results.show_runs(
        [replace(result, number=result.number + 1, outputs=[output])], document.turns
    )
    assert LONG[:500] in opened.run.results.outputs.text()
    opened.inspector.tensor_title.setText(LONG)
    opened.inspector.problem.setText(LONG)
    opened.inspector.problem.show()
    opened.steps.detail.setText(LONG)
    QApplication.processEvents()
    assert (opened.minimumSizeHint().width(), opened.run.minimumSizeHint().width()) == before


def test_the_form_of_a_run_is_as_wide_as_its_dock_after_a_change_of_theme(qtbot, opened):
    document = opened.current_page().document
    opened.run.take_focus()
    why = "no driver of this device is installed, and so nothing can be run on it"
    rows = [DeviceRow("cpu", "4 threads", ""), DeviceRow("cuda", "", why)]
    document.apply(DevicesListed(document.number, rows))
    form = opened.run.form
    opened.resizeDocks([opened.run], [1], Qt.Orientation.Horizontal)
    for theme in ("light", "dark"):
        opened.choose_theme(theme)
        QApplication.processEvents()
        assert form.device.count() == 2
        assert form.minimumSizeHint().width() <= opened.run.minimumSizeHint().width()
        assert form.width() == form.parentWidget().width()


def test_a_traceback_is_scrolled_through_and_leaves_the_window_its_size(qtbot, opened):
    document = opened.current_page().document
    opened.run.take_focus()
    lines = [f'  File "code/__torch__/net.py", line {n}, in {"forward" * 9}' for n in range(200)]
    document.apply(RunStopped(document.number, "failed", "It failed.", "\n".join(lines), 11))
    QApplication.processEvents()
    before = opened.size(), opened.run.size()
    opened.run.results.trace_button.setChecked(True)
    QApplication.processEvents()
    assert opened.run.results.trace.isVisible()
    assert (opened.size(), opened.run.size()) == before
    assert opened.run.results.trace.text() == "\n".join(lines)
