"""Labels that give way show something that can be read, or nothing."""

import pytest
from PySide6.QtWidgets import QPushButton

from jitviewer.protocol.rows import TextView
from jitviewer.ui.editors.text_pane import TextPane
from jitviewer.ui.theme import ThemeManager
from jitviewer.ui.widgets.labels import ElidedLabel
from jitviewer.ui.widgets.pane_header import PaneHeader


def shown(qtbot, text, share):
    """What stands there when the label has this share of the width that it wants."""
    label = ElidedLabel(text)
    qtbot.addWidget(label)
    label.resize(round(label.sizeHint().width() * share), 24)
    return label.shown_text()


def test_a_text_in_parts_drops_the_second_where_nothing_of_it_would_be_left(qtbot):
    whole = "Code  ·  forward_features"
    assert shown(qtbot, whole, 1.1) == whole
    assert shown(qtbot, whole, 0.8).startswith("Code  ·  forward_")
    assert shown(qtbot, whole, 0.5) == "Code"
    assert shown(qtbot, whole, 0.1) == ""


def test_a_short_second_part_stands_whole_or_not_at_all(qtbot):
    assert shown(qtbot, "Code  ·  step", 1.0) == "Code  ·  step"
    assert shown(qtbot, "Code  ·  step", 0.9) == "Code"


def test_a_text_of_one_part_ends_in_three_dots(qtbot):
    assert shown(qtbot, "Graph after inline", 0.6).endswith("…")


def test_line_feeds_make_no_label_of_one_line_higher(qtbot):
    plain, long = ElidedLabel("a.pt"), ElidedLabel("a" + "\n" * 200 + ".pt")
    for label in (plain, long):
        qtbot.addWidget(label)
    assert long.sizeHint().height() == plain.sizeHint().height()
    assert "\\n" in long.text()


@pytest.mark.parametrize("width", range(220, 420, 20))
def test_the_title_of_a_pane_is_cut_but_never_to_nothing(qtbot, width):
    pane = TextPane("Code", ThemeManager("dark"), has_forms=True)
    qtbot.addWidget(pane)
    pane.set_view(TextView("Code", "graph", "x\n", [[]], {}), "Code  ·  features.denseblock1.forward")
    pane.resize(max(width, pane.minimumSizeHint().width()), 300)
    pane.show()
    assert pane.title.shown_text().startswith("Code")
    assert pane.title.toolTip() == "Code  ·  features.denseblock1.forward"


def test_a_narrow_header_leaves_out_what_keys_do_as_well(qtbot):
    header = PaneHeader(ElidedLabel("Canvas"), spacing=2)
    qtbot.addWidget(header)
    buttons = [QPushButton(name) for name in ("zoom", "open", "close", "menu")]
    header.line.addWidget(header.title, 1)
    for button in buttons:
        header.line.addWidget(button)
    header.leave_out(buttons[:1], buttons[1:3])
    header.show()
    wide = header.line.minimumSize().width()
    shown = []
    for width in (wide, wide - 1, 220, wide - 1, wide):
        header.resize(width, 32)
        shown.append([button.text() for button in buttons if button.isVisible()])
        assert header.title.shown_text() == "Canvas"
    assert shown[0] == shown[4] == ["zoom", "open", "close", "menu"]
    assert shown[1] == shown[3] == ["open", "close", "menu"]
    assert shown[2] == ["menu"]
