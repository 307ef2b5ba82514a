"""A problem with many frames is folded in its tip, and copied whole."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from jitviewer.protocol.rows import ProblemRow
from jitviewer.ui.widgets.problem_list import ProblemList


def test_a_tip_folds_frames_and_copying_gives_them_all(qtbot):
    excerpt = "\n".join(f"def f{n}(x):\n    return g(x)\n           ~ <--- HERE" for n in range(8))
    shown = ProblemList()
    qtbot.addWidget(shown)
    shown.show_problems([ProblemRow("M", "/a/net.py", 3, 4, "no attribute 'foo'.", excerpt)])
    shown.show()
    index = shown.model.index(0, 0)
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "… and 6 more frames" in tip
    assert "def f0(x)" in tip
    assert "def f7(x)" in tip
    assert "def f3(x)" not in tip
    shown.view.setCurrentIndex(index)
    QTest.keyClick(shown.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"no attribute 'foo'.\n\n{excerpt}"
