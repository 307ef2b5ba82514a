"""Labels that give way show something that can be read, or nothing."""

from jitviewer.ui.widgets.labels import ElidedLabel


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
