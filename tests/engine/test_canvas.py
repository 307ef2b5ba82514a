"""The canvas shows every node once, in the container it belongs to, and connects what flows."""

import pytest

from jitcore.ir import CallFrame, CallStack, Graph
from jitcore.types import BOOL, INT, ClassType
from jitviewer.engine.canvas import Canvas
from jitviewer.protocol.rows import CanvasView


def build() -> Graph:
    """conv scope of two nodes, then an If with a node in each block, then a loop."""
    graph = Graph()
    model = graph.add_input("self", ClassType("__torch__.Net", True))
    x = graph.add_input("x")
    first = graph.insert(graph.create("aten::neg", [x]))
    frame = CallFrame("__torch__.Conv.forward", None, ClassType("__torch__.Conv", True), "conv", ("conv",))
    weight = graph.insert(graph.create("prim::GetAttr", [model]).set_attribute("name", "weight"))
    relu = graph.insert(graph.create("aten::relu", [first.output, weight.output]))
    add = graph.insert(graph.create("aten::add", [relu.output, first.output]))
    for node in (weight, relu, add):
        node.callstack = CallStack(frame)
    condition = graph.insert_constant(True, BOOL)
    branch = graph.insert(graph.create("prim::If", [condition]))
    for kind in ("aten::tanh", "aten::sigmoid"):
        block = branch.add_block()
        with graph.inserting_at_end(block):
            block.register_output(graph.insert(graph.create(kind, [add.output])).output)
    count = graph.insert_constant(3, INT)
    loop = graph.insert(graph.create("prim::Loop", [count, condition, branch.output]))
    body = loop.add_block()
    body.add_input("i", INT)
    carried = body.add_input("y")
    with graph.inserting_at_end(body):
        step = graph.insert(graph.create("aten::mul", [carried, x]))
    body.register_output(condition)
    body.register_output(step.output)
    graph.register_output(loop.output)
    return graph


def drawn(canvas: Canvas) -> CanvasView:
    view = canvas.draw({})
    by_id = {item.id: item for item in view.items}
    assert len(by_id) == len(view.items)
    for item in view.items:
        if item.parent != "root":
            outer = by_id[item.parent]
            assert outer.x <= item.x
            assert item.x + item.width <= outer.x + outer.width + 0.5
            assert outer.y <= item.y
            assert item.y + item.height <= outer.y + outer.height + 0.5
    for edge in view.edges:
        assert edge.source in by_id
        assert edge.target in by_id
        assert by_id[edge.source].parent == by_id[edge.target].parent
    return view


@pytest.fixture
def canvas() -> Canvas:
    made = Canvas()
    made.show(build())
    return made


def test_a_small_graph_is_open_and_complete(canvas: Canvas) -> None:
    view = drawn(canvas)
    labels = sorted(item.label for item in view.items if item.kind in ("node", "frame", "control", "block"))
    assert labels == sorted(
        ["neg", "conv", "relu", "add", "If", "then", "else", "tanh", "sigmoid", "Loop", "body", "mul"]
    )
    parents = {item.label: item.parent for item in view.items}
    assert parents["relu"] == "root/conv"
    assert parents["tanh"].endswith(".b0")
    assert parents["sigmoid"].endswith(".b1")


def test_a_constant_and_an_attribute_have_no_box_but_a_word(canvas: Canvas) -> None:
    relu = next(item for item in drawn(canvas).items if item.label == "relu")
    assert relu.detail == "weight"


def test_flow_crosses_scopes_through_their_ports(canvas: Canvas) -> None:
    edges = {(e.source, e.target) for e in drawn(canvas).edges}
    view = drawn(canvas)
    ids = {item.label: item.id for item in view.items if item.label}
    assert ("root/conv:in", ids["relu"]) in edges
    assert (ids["neg"], "root/conv") in edges
    assert ("root/conv", ids["If"]) in edges
    assert (f"{ids['If']}:in", f"{ids['If']}.b0") in edges
    assert (ids["If"], ids["Loop"]) in edges
    assert (ids["Loop"], "root:out") in edges


def test_closing_hides_what_is_inside_and_keeps_the_flow(canvas: Canvas) -> None:
    canvas.toggle("root/conv", False)
    view = drawn(canvas)
    ids = {item.label: item.id for item in view.items if item.label}
    assert "relu" not in ids
    conv = next(item for item in view.items if item.label == "conv")
    assert conv.is_open is False
    assert len(conv.node_ids) == 3
    assert (ids["neg"], "root/conv") in {(e.source, e.target) for e in view.edges}


def test_closing_everything_and_revealing_a_node(canvas: Canvas) -> None:
    canvas.set_all(False)
    labels = {item.label for item in drawn(canvas).items}
    assert not labels & {"relu", "tanh", "mul"}
    tanh = next(n for n in build().all_nodes() if n.kind == "aten::tanh")
    assert canvas.reveal(tanh.id) == f"n{tanh.id}"
    assert "tanh" in {item.label for item in drawn(canvas).items}
    assert "mul" not in {item.label for item in drawn(canvas).items}
    assert canvas.reveal(10_000) == ""


def test_marks_show_on_nodes_and_on_what_hides_them(canvas: Canvas) -> None:
    relu = next(n for n in build().all_nodes() if n.kind == "aten::relu")
    marks = {relu.id: "made"}
    assert next(i for i in canvas.draw(marks).items if i.label == "relu").mark == "made"
    canvas.toggle("root/conv", False)
    assert next(i for i in canvas.draw(marks).items if i.label == "conv").mark == "made"


def test_an_empty_graph_says_so() -> None:
    canvas = Canvas()
    canvas.show(Graph())
    assert canvas.draw({}).note


def test_a_scope_has_the_colour_of_what_costs_most_inside(canvas: Canvas) -> None:
    view = canvas.draw({})
    categories = {item.label: item.category for item in view.items}
    assert categories["conv"] == categories["relu"] == "activation"
    assert categories["If"] == "control"
