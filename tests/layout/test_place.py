"""Both layouts place every box once, without overlaps, and end links at their boxes."""

import itertools
import time

import pytest

from jitviewer.layout import Box, Link, place, place_side_by_side
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


def test_a_chain_is_a_column_as_dot_would_draw_it() -> None:
    boxes = [Box("in", 6, 6, "first"), Box("a", 84, 30), Box("b", 120, 44), Box("out", 6, 6, "last")]
    links = [Link("2", "b", "out"), Link("0", "in", "a"), Link("1", "a", "b")]
    ours, dots = place(boxes, links), place_with_dot(boxes, links)
    assert (ours.width, ours.height) == pytest.approx((dots.width, dots.height), abs=1.5)
    for box in boxes:
        assert ours.boxes[box.id] == pytest.approx(dots.boxes[box.id], abs=1.5)
    for link in links:
        for ends in (0, -1):
            # `dot` stops at the outline of a box, give or take its pen.
            assert ours.links[link.id][ends] == pytest.approx(dots.links[link.id][ends], abs=2.5)


def test_blocks_stand_side_by_side_in_their_order_with_aligned_tops() -> None:
    boxes = [Box("in", 6, 6, "first"), Box("then", 200, 500), Box("else", 90, 40), Box("out", 6, 6, "last")]
    links = [
        Link("0", "in", "then"), Link("1", "in", "else"), Link("2", "then", "out"), Link("3", "else", "out"),
    ]  # fmt: skip
    placed = place_side_by_side(boxes, links)
    (then_x, then_y), (else_x, else_y) = placed.boxes["then"], placed.boxes["else"]
    assert then_y == else_y > placed.boxes["in"][1]
    assert then_x + 200 < else_x
    assert placed.boxes["out"][1] > then_y + 500
    assert placed.links["1"][-1] == (else_x + 45, else_y)
    assert placed.links["3"][0] == (else_x + 45, else_y + 40)
    assert place_side_by_side([Box("only", 80, 30)], []).boxes == {"only": (0, 0)}


def test_links_that_reach_far_run_beside_the_boxes() -> None:
    count = 400
    boxes = [Box("x", 90, 30, "first"), *[Box(f"n{i}", 80, 30) for i in range(count)]]
    links = [
        *[Link(f"e{i}", f"n{i}", f"n{i + 1}") for i in range(count - 1)],
        *[Link(f"x{i}", "x", f"n{i}") for i in range(count)],
        *[Link(f"s{i}", f"n{i // 2}", f"n{i}") for i in range(8, count, 4)],
    ]
    started = time.process_time()
    placed = place(boxes, links)
    assert time.process_time() - started < 2.0, "dot would need minutes for this"
    areas = [(*placed.boxes[box.id], box.width, box.height) for box in boxes]
    for link in links:
        points = placed.links[link.id]
        assert all(0 <= x <= placed.width and 0 <= y <= placed.height for x, y in points)
        if len(points) > 4:
            lane = points[3][0]
            assert points[6][0] == lane
            assert all(lane <= x or lane >= x + width for x, _, width, _ in areas)
    # All long links of one box share a lane; lanes of others that are in use at the same time do not.
    lanes_of_x = {placed.links[f"x{i}"][3][0] for i in range(1, count)}
    assert len(lanes_of_x) == 1
    assert {placed.links[f"s{i}"][3][0] for i in range(200, 240, 4)}.isdisjoint(lanes_of_x)


def test_a_huge_picture_is_as_exact_as_a_small_one() -> None:
    boxes = [Box("x", 80, 30), Box("a", 300, 90_000.5), Box("b", 300, 80_000.5), Box("y", 80, 30)]
    links = [Link(str(i), *ends) for i, ends in enumerate([("x", "a"), ("a", "b"), ("b", "y"), ("x", "y")])]
    placed = place(boxes, links)
    sizes = {box.id: box for box in boxes}
    for link in links:
        (_, top), (_, target) = placed.boxes[link.source], placed.boxes[link.target]
        assert placed.links[link.id][0][1] == pytest.approx(top + sizes[link.source].height)
        assert placed.links[link.id][-1][1] == pytest.approx(target)


def test_links_upwards_and_to_the_side_are_drawn_too() -> None:
    boxes = [Box(f"n{i}", 80, 30) for i in range(1600)]
    links = [Link(f"e{i}", f"n{i}", f"n{i + 1}") for i in range(1599)] + [Link("back", "n1200", "n3")]
    placed = place(boxes, links)
    assert placed.links["back"][0][1] > placed.links["back"][-1][1]
    assert len(placed.links["back"]) == 10


def test_a_container_too_big_for_dot_is_laid_out_in_layers() -> None:
    count = 4000
    boxes = [Box(f"n{i}", 80, 30) for i in range(count)]
    links = [Link(f"e{i}", f"n{i}", f"n{i + 1}") for i in range(count - 1)]
    placed = place(boxes, links)
    tops = [placed.boxes[f"n{i}"][1] for i in range(count)]
    assert tops == sorted(tops)


def test_boxes_that_are_all_linked_are_not_left_to_dot(monkeypatch):
    monkeypatch.setattr("jitviewer.layout.dot.place_with_dot", lambda *_: pytest.fail("dot was asked"))
    boxes = [Box(f"{side}{i}", 90.0, 30.0) for side in "ab" for i in range(60)]
    links = [Link(f"{i} {j}", f"a{i}", f"b{j}") for i in range(60) for j in range(60)]
    placement = place(boxes, links)
    assert placement.boxes.keys() == {box.id for box in boxes}
    assert placement.links.keys() == {link.id for link in links}
