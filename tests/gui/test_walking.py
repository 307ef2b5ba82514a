"""Walking on pictures that the engine drew: through frames, ports, branches and loops."""

import pytest

from jitviewer.engine.canvas import Canvas
from jitviewer.protocol.rows import CanvasEdge, CanvasItem, CanvasView, course_of
from jitviewer.ui.canvas.edge_words import edge_label, edge_tip, short_type
from jitviewer.ui.canvas.picture import Picture
from jitviewer.ui.canvas.walking import Walker, far_end, producers, users
from tests.engine.test_canvas import build

TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.fixture
def picture() -> Picture:
    canvas = Canvas()
    canvas.show(build())
    return Picture(canvas.draw({}))


def labelled(picture: Picture, label: str) -> CanvasItem:
    return next(item for item in picture.items if item.label == label)


def labels(items: list[CanvasItem]) -> set[str]:
    return {item.label for item in items}


def test_users_and_producers_are_found_through_open_frames(picture):
    neg = labelled(picture, "neg")
    assert labels(users(picture, neg.id)) == {"prelu", "add"}
    assert labels(producers(picture, labelled(picture, "prelu").id)) == {"neg"}
    assert labels(producers(picture, labelled(picture, "add").id)) == {"neg", "prelu"}


def test_branches_are_entered_and_left(picture):
    assert labels(users(picture, labelled(picture, "add").id)) == {"tanh", "sigmoid"}
    assert labels(producers(picture, labelled(picture, "tanh").id)) == {"add"}
    # What both branches give goes into the loop, which calls it otherwise inside.
    assert labels(users(picture, labelled(picture, "tanh").id)) <= {"mul", "Loop"}
    assert users(picture, labelled(picture, "tanh").id)


def test_the_result_and_the_inputs_are_ends(picture):
    assert labels(producers(picture, "root:out")) <= {"mul", "Loop", "body"}
    assert labels(users(picture, "in1")) >= {"neg"}
    assert producers(picture, "in1") == []


def test_a_closed_frame_is_a_box_on_the_way(picture):
    canvas = Canvas()
    canvas.show(build())
    canvas.toggle("root/conv", False)
    closed = Picture(canvas.draw({}))
    assert labels(users(closed, labelled(closed, "neg").id)) == {"conv"}
    edge = next(edge for edge in closed.edges if edge.target == "root/conv")
    assert far_end(closed, edge, forward=False).label == "neg"
    assert far_end(closed, edge, forward=True).label == "conv"


def test_a_walker_goes_back_where_it_came_from_and_through_the_choices(picture):
    walker = Walker()
    neg = labelled(picture, "neg")
    first = walker.along(picture, neg, forward=True)
    other = walker.aside(picture, first, 1)
    assert {first.label, other.label} == {"prelu", "add"}
    assert walker.aside(picture, other, 1).label == first.label
    assert walker.along(picture, other, forward=False).label in ("neg", "prelu")
    assert walker.along(picture, labelled(picture, "%x"), forward=False) is None


def test_without_a_choice_the_nearest_beside_is_taken():
    row = [
        CanvasItem(f"n{n}", "root", "node", str(n), "", x, 0, 84, 30, [n], "other", None, "")
        for n, x in enumerate((0, 100, 300))
    ]
    picture = Picture(CanvasView(400, 30, row, []))
    assert Walker().aside(picture, row[1], 1).id == "n2"
    assert Walker().aside(picture, row[1], -1).id == "n0"
    assert Walker().aside(picture, row[2], 1) is None


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Float(1, 64, 7, 7)", f"1{TIMES}64{TIMES}7{TIMES}7"),
        ("Long(16)", "Long 16"),
        ("Float()", "scalar"),
        ("Half(2, 3, device=cuda:0)", f"Half 2{TIMES}3 cuda:0"),
        ("Tuple[Tensor, int]", "Tuple[Tensor, int]"),
        ("Dict(str, Tensor)", "Dict(str, Tensor)"),
        ("int[]", "int[]"),
    ],
)
def test_types_are_short_beside_edges(told, shown):
    assert short_type(told) == shown


def test_an_edge_of_several_values_says_so():
    course = course_of([(0, 0), (0, 1), (0, 2), (0, 3)])
    edge = CanvasEdge("root|a>b", "a", "b", course, "%x", "Tensor", ["%y"])
    assert edge_label(edge, {}) == ""
    assert edge_label(edge, {"%x": "Float(2)"}) == "2 +1"
    assert edge_tip(edge, {"%y": "Float(3)"}) == "%x : Tensor\n%y : Float(3)"
    assert edge.points == [(0.0, 0.0), (0.0, 1.0), (0.0, 2.0), (0.0, 3.0)]
