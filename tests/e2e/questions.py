"""Four questions of somebody who sees the window for the first time, and how many clicks the answers take.

Usage: python -m tests.e2e.questions THEME FOLDER. Prints each question with its answer and the clicks
and keys that led to it (a word that is typed counts as one).
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QWidget

from jitviewer.resources import resource
from jitviewer.ui.app import make_application
from jitviewer.ui.main_window import MainWindow
from jitviewer.ui.services.engine_client import EngineClient
from tests.e2e.journey import Hand, picture_of, show_window, until


class CountingHand(Hand):
    """Attributes: `count` is how often something was clicked, pressed or typed."""

    def __init__(self) -> None:
        self.count = 0

    def click(self, widget: QWidget, at: QPoint | None = None, times: int = 1) -> None:
        """Click, and count."""
        self.count += times
        super().click(widget, at, times)

    def press(self, keys: str) -> None:
        """Press keys, and count."""
        self.count += 1
        super().press(keys)

    def type(self, text: str) -> None:
        """Type a word, and count it as one."""
        self.count += 1
        super().type(text)


def rows(view: QAbstractItemView, parent: QModelIndex = QModelIndex()) -> list[QModelIndex]:
    """All rows of a view that a person could scroll to."""
    model = view.model()
    found: list[QModelIndex] = []
    for number in range(model.rowCount(parent)):
        index = model.index(number, 0, parent)
        found += [index, *rows(view, index)]
    return found


def click_row(hand: Hand, view: QAbstractItemView, word: str) -> None:
    """Click the first row that says this."""
    index = next(row for row in rows(view) if str(row.data()) == word)
    rect = view.visualRect(index)
    hand.click(view.viewport(), QPoint(rect.left() + 20, rect.center().y()))


def parameters_of_a_layer(window: MainWindow, hand: Hand) -> str:
    """How many parameters has layer2?"""
    click_row(hand, window.tree.view, "layer2")
    until("the inspector counts", lambda: " in 7 tensors" in window.inspector.view.toPlainText())
    text = window.inspector.view.toPlainText()
    return next(line for line in text.splitlines() if " in 7 tensors" in line)


def longest_operator(window: MainWindow, hand: Hand) -> str:
    """Which operator takes longest?"""
    page = window.current_page()
    assert page is not None
    document = page.document
    button = next(
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and button.text() == "Start"
    )
    hand.click(button)
    until("it has run", lambda: document.result is not None)
    table = window.run.results.table
    until("times are listed", lambda: table.isVisible() and table.model().rowCount() > 0)
    assert document.result is not None
    slowest = max(document.result.times, key=lambda time: time.self_us)
    shown = str(table.model().index(0, 0).data())
    assert shown.split(maxsplit=1)[0] == slowest.kind.partition("::")[2], (shown, slowest.kind)
    return shown


def removed_by_dce(window: MainWindow, hand: Hand) -> str:
    """What did dce remove?"""
    page = window.current_page()
    assert page is not None
    document = page.document
    view = window.passes.view
    index = next(row for row in rows(view) if str(row.data()) == "dce")
    rect = view.visualRect(index)
    hand.click(view.viewport(), QPoint(26, rect.center().y()))
    until("dce ran", lambda: any(r.name == "dce" and r.changed for r in document.reports))
    until("what it did is told", lambda: "rewrite" in window.passes.story.text())
    hand.press("Return")
    until("the texts before and after are shown", page.view.diff.isVisible)
    return window.passes.story.text()


def value_into_the_last_linear(window: MainWindow, hand: Hand) -> str:
    """Which value flows into the last linear?"""
    page = window.current_page()
    assert page is not None
    hand.press("ctrl+p")
    hand.type("aten::linear")
    until("it is found", lambda: window.search.palette.found.counts.get("operators") == 1)
    hand.press("Return")
    until("the inspector tells", lambda: "aten::linear" in window.inspector.view.toPlainText())
    text = window.inspector.view.toPlainText()
    return next(line for line in text.splitlines() if "from aten::" in line)


QUESTIONS = (
    ("resnet_small.pt", parameters_of_a_layer),
    ("resnet_small.pt", value_into_the_last_linear),
    ("resnet_small.pt", longest_operator),
    ("resnet_small.pt", removed_by_dce),
)


def main(theme: str, folder: Path) -> int:
    """Ask all of them in one window."""
    make_application()
    client = EngineClient()
    client.start()
    window = show_window(client, theme, folder)
    for name, ask in QUESTIONS:
        window.open_path(str(resource("samples", name)))
        page = window.current_page()
        assert page is not None
        until(f"{name} is drawn", lambda page=page: page.document.canvas is not None)
        if ask is removed_by_dce:
            window.passes.come_into_sight()
        hand = CountingHand()
        answer = ask(window, hand)
        picture_of(window, folder, ask.__name__)
        print(f"answer: {hand.count} clicks: {ask.__doc__} {answer}", flush=True)
    client.stop()
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
