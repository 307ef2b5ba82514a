"""One way through the real window with the real engine and runner, under a virtual X server."""

import pytest
from PySide6.QtGui import QColor, QImage

from jitviewer.ui.theme import load_theme
from tests.e2e.display import REAL_WINDOW, told_by

pytestmark = REAL_WINDOW


def travel(display, folder, theme, journey):
    return told_by(display, "tests.e2e.journey", theme, str(folder), journey)


def test_a_person_keeps_the_window_open_all_day(display, tmp_path):
    said = travel(display, tmp_path, "dark", "day")
    assert said.splitlines()[-1] == "the border is where it was dragged to"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_person_reads_rewrites_and_runs_a_sample(display, tmp_path, theme):
    said = travel(display, tmp_path, theme, "first")
    # The window's process loads neither torch nor the core.
    assert "foreign modules: []" in said
    for name in ("start", "rewrite", "run", "restarted", "message"):
        picture = QImage(str(tmp_path / f"{name}.png"))
        assert (picture.width(), picture.height()) == (1280, 800)
        window, panel = (QColor(load_theme(theme).colors[color]).rgb() for color in ("window", "panel"))
        points = [(x, y) for x in range(0, 1280, 4) for y in range(0, 800, 4)]
        colors = [picture.pixelColor(x, y).rgb() for x, y in points]
        assert window in colors
        assert panel in colors
        # Something other than backgrounds is drawn.
        assert sum(color not in (window, panel) for color in colors) > len(colors) // 50
