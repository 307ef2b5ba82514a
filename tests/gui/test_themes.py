"""Themes are complete, legible, and told apart by people who do not see all colours."""

import math
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from jitviewer.resources import resource
from jitviewer.ui.canvas.brushes import MARK_STYLES, Brushes
from jitviewer.ui.editors.gutter import MARK_SIGNS
from jitviewer.ui.theme import load_theme
from jitviewer.ui.theme.manager import style_sheet
from jitviewer.ui.theme.theme import mix

THEMES = ("light", "dark")
UI = Path(__file__).resolve().parents[2] / "jitviewer" / "ui"


def luminance(color):
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    light, dark = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_text_stands_out_from_every_background(name):
    theme = load_theme(name)
    pairs = [
        (text, under)
        for text in ("text", "text_dim", "text_faint")
        for under in ("window", "panel", "raised")
    ]
    pairs += [("text", under) for under in ("hover", "selection", "line_selection", "find", "box", "canvas")]
    pairs += [("text", f"{level}_fill") for level in ("info", "warning", "error")]
    pairs += [
        ("accent", "panel"),
        ("on_accent", "accent_fill"),
        ("on_accent", "accent_hover"),
        ("success", "panel"),
    ]
    pairs += [("error", "panel"), ("warning", "panel"), ("text_faint", "line_selection")]
    low = {pair: contrast(theme.color(pair[0]), theme.color(pair[1])) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", THEMES)
def test_tokens_stand_out_on_plain_selected_and_marked_lines(name):
    theme = load_theme(name)
    panel = theme.color("panel")
    marked = [mix(theme.mark(mark), panel, 0.16) for mark in theme.marks]
    under = [panel, theme.color("line_selection"), *marked]
    low = [
        (kind, where.name(), contrast(color, where))
        for kind, color in theme.syntax.items()
        for where in under
        if contrast(color, where) < 4.5
    ]
    assert low == []


@pytest.mark.parametrize("name", THEMES)
def test_labels_stand_out_on_the_hottest_boxes(qapp, name):
    theme = load_theme(name)
    brushes = Brushes(theme)
    low = [
        (category, share)
        for category in theme.categories
        for share in (0.0, 0.3, 1.0)
        if contrast(brushes.text, brushes.fill(category, share)) < 4.5
    ]
    assert low == []


def test_marks_differ_by_more_than_colour():
    assert len(set(MARK_SIGNS.values())) == len(MARK_SIGNS)
    assert len(set(MARK_STYLES.values())) == len(MARK_STYLES)
    for name in THEMES:
        assert load_theme(name).marks.keys() == MARK_SIGNS.keys()


@pytest.mark.parametrize("name", THEMES)
def test_the_main_categories_differ_for_dichromats(name):
    """Distances after projecting out the red-green axis (deuteranopia, Viénot 1999), in linear RGB."""
    theme = load_theme(name)

    def seen(category):
        red, green, blue, _ = theme.category(category).getRgbF()
        level = 0.29275 * red + 0.70725 * green
        return level, -0.02234 * red + 0.02234 * green + blue

    kinds = ("convolution", "matmul", "normalization", "activation", "reduction")
    close = [
        (one, other)
        for one, other in combinations(kinds, 2)
        if max(abs(a - b) for a, b in zip(seen(one), seen(other), strict=True)) < 0.08
    ]
    assert close == []


def lightness_and_colour(color):
    """CIE L*a*b* under D65, from sRGB (IEC 61966-2-1)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.getRgbF()[:3]
    )
    seen = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in seen)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("name", THEMES)
def test_no_two_categories_of_the_legend_look_alike(name):
    """A distance of 2.3 is just noticed beside each other; small marks that lie apart need far more."""
    theme = load_theme(name)
    seen = {category: lightness_and_colour(theme.category(category)) for category in theme.categories}
    alike = [(a, b) for a, b in combinations(seen, 2) if math.dist(seen[a], seen[b]) < 18]
    assert alike == []
    panel = theme.color("panel")
    assert [c for c in theme.categories if contrast(theme.category(c), panel) < 1.8] == []


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_is_filled_in(qapp, name):
    text = style_sheet(load_theme(name))
    assert "@" not in text.replace("Names after @", "")


def test_both_themes_have_the_same_names():
    light, dark = (load_theme(name) for name in THEMES)
    assert light.colors.keys() == dark.colors.keys()
    assert light.categories.keys() == dark.categories.keys()
    assert light.syntax.keys() == dark.syntax.keys()


def test_every_drawing_is_used_and_has_the_colour_of_the_theme():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in UI.rglob("*.py"))
    for drawing in resource("icons").iterdir():
        assert f'"{drawing.stem}"' in sources or f'"{drawing.name}"' in sources, drawing.name
        if drawing.stem != "jitviewer":
            assert "currentColor" in drawing.read_text(encoding="utf-8")
