"""Both layouts place every box once, without overlaps, and end links at their boxes."""

import itertools

import pytest

from jitviewer.layout import Box, Link, place
from jitviewer.layout.dot import place_with_dot
from jitviewer.layout.layers import place_in_layers

BOXES = [
    Box("in", 90, 30, "first"),
    *[Box(f"n{i}", 80 + 10 * (i % 4), 30) for i in range(30)],
    Box("out", 90, 30, "last"),
]
LINKS = [
    Link("first", "in", "n0"),
    *[Link(f"e{i}", f"n{i}", f"n{i + 1}") for i in range(29)],
    *[Link(f"s{i}", f"n{i}", f"n{i + 5}") for i in range(0, 25, 3)],
    Link("last", "n29", "out"),
]


@pytest.mark.parametrize("layout", [place_with_dot, place_in_layers])
def test_boxes_do_not_overlap_and_lie_inside(layout) -> None:
    placed = layout(BOXES, LINKS)
    assert set(placed.boxes) == {box.id for box in BOXES}
    areas = {box.id: (*placed.boxes[box.id], box.width, box.height) for box in BOXES}
    for x, y, w, h in areas.values():
        assert -0.5 <= x <= placed.width - w + 0.5
        assert -0.5 <= y <= placed.height - h + 0.5
    for (_, (ax, ay, aw, ah)), (_, (bx, by, bw, bh)) in itertools.combinations(areas.items(), 2):
        assert ax + aw <= bx + 0.5 or bx + bw <= ax + 0.5 or ay + ah <= by + 0.5 or by + bh <= ay + 0.5


@pytest.mark.parametrize("layout", [place_with_dot, place_in_layers])
def test_links_run_from_box_to_box_downwards(layout) -> None:
    placed = layout(BOXES, LINKS)
    sizes = {box.id: box for box in BOXES}
    for link in LINKS:
        points = placed.links[link.id]
        assert (len(points) - 1) % 3 == 0
        for end, (px, py) in ((link.source, points[0]), (link.target, points[-1])):
            x, y = placed.boxes[end]
            assert x - 2 <= px <= x + sizes[end].width + 2
            assert y - 2 <= py <= y + sizes[end].height + 2
        assert points[0][1] < points[-1][1]


def test_first_stands_above_and_last_below_everything() -> None:
    placed = place(BOXES, LINKS)
    heights = {name: y for name, (_, y) in placed.boxes.items()}
    assert min(heights, key=heights.__getitem__) == "in"
    assert max(heights, key=heights.__getitem__) == "out"


def test_the_same_input_gives_the_same_output() -> None:
    assert place(BOXES, LINKS) == place(BOXES, LINKS)


def test_nothing_and_loops_are_placed() -> None:
    assert place([], []).boxes == {}
    placed = place(
        [Box("a", 80, 30), Box("b", 80, 30)], [Link("1", "a", "b"), Link("2", "b", "a"), Link("3", "a", "a")]
    )
    assert set(placed.links) == {"1", "2", "3"}


def test_a_container_too_big_for_dot_is_laid_out_in_layers() -> None:
    count = 4000
    boxes = [Box(f"n{i}", 80, 30) for i in range(count)]
    links = [Link(f"e{i}", f"n{i}", f"n{i + 1}") for i in range(count - 1)]
    placed = place(boxes, links)
    tops = [placed.boxes[f"n{i}"][1] for i in range(count)]
    assert tops == sorted(tops)
