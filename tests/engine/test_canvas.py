"""The canvas shows every node once, in the container it belongs to, and connects what flows."""

import time

import pytest

from jitcore.ir import CallFrame, CallStack, Graph
from jitcore.types import BOOL, INT, NONE, ClassType
from jitviewer.engine.canvas import Canvas, layout_cache, measuring
from jitviewer.layout import Box, place
from jitviewer.protocol.rows import CanvasView


def build() -> Graph:
    """conv scope of two nodes, then an If with a node in each block, then a loop."""
    graph = Graph()
    model = graph.add_input("self", ClassType("__torch__.Net", True))
    x = graph.add_input("x")
    first = graph.insert(graph.create("aten::neg", [x]))
    frame = CallFrame("__torch__.Conv.forward", None, ClassType("__torch__.Conv", True), "conv", ("conv",))
    weight = graph.insert(graph.create("prim::GetAttr", [model]).set_attribute("name", "weight"))
    relu = graph.insert(graph.create("aten::prelu", [first.output, weight.output]))
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
        ["neg", "conv", "prelu", "add", "If", "then", "else", "tanh", "sigmoid", "Loop", "body", "mul"]
    )
    parents = {item.label: item.parent for item in view.items}
    assert parents["prelu"] == "root/conv"
    assert parents["tanh"].endswith(".b0")
    assert parents["sigmoid"].endswith(".b1")


def test_a_constant_and_an_attribute_have_no_box_but_a_word(canvas: Canvas) -> None:
    relu = next(item for item in drawn(canvas).items if item.label == "prelu")
    assert relu.detail == "weight"


def test_flow_crosses_scopes_through_their_ports(canvas: Canvas) -> None:
    edges = {(e.source, e.target) for e in drawn(canvas).edges}
    view = drawn(canvas)
    ids = {item.label: item.id for item in view.items if item.label}
    assert ("root/conv:in", ids["prelu"]) in edges
    assert (ids["neg"], "root/conv") in edges
    assert ("root/conv", ids["If"]) in edges
    assert (f"{ids['If']}:in", f"{ids['If']}.b0") in edges
    assert (ids["If"], ids["Loop"]) in edges
    assert (ids["Loop"], "root:out") in edges


def test_closing_hides_what_is_inside_and_keeps_the_flow(canvas: Canvas) -> None:
    canvas.toggle("root/conv", False)
    view = drawn(canvas)
    ids = {item.label: item.id for item in view.items if item.label}
    assert "prelu" not in ids
    conv = next(item for item in view.items if item.label == "conv")
    assert conv.is_open is False
    assert len(conv.node_ids) == 3
    assert (ids["neg"], "root/conv") in {(e.source, e.target) for e in view.edges}


def test_closing_everything_and_revealing_a_node(canvas: Canvas) -> None:
    canvas.set_all(False)
    labels = {item.label for item in drawn(canvas).items}
    assert not labels & {"prelu", "tanh", "mul"}
    tanh = next(n for n in build().all_nodes() if n.kind == "aten::tanh")
    assert canvas.reveal(tanh.id) == f"n{tanh.id}"
    assert "tanh" in {item.label for item in drawn(canvas).items}
    assert "mul" not in {item.label for item in drawn(canvas).items}
    assert canvas.reveal(10_000) == ""


def test_marks_show_on_nodes_and_on_what_hides_them(canvas: Canvas) -> None:
    relu = next(n for n in build().all_nodes() if n.kind == "aten::prelu")
    marks = {relu.id: "made"}
    assert next(i for i in canvas.draw(marks).items if i.label == "prelu").mark == "made"
    canvas.toggle("root/conv", False)
    assert next(i for i in canvas.draw(marks).items if i.label == "conv").mark == "made"


def test_an_empty_graph_says_so() -> None:
    canvas = Canvas()
    canvas.show(Graph())
    assert canvas.draw({}).note


def test_a_scope_has_the_colour_of_what_costs_most_inside(canvas: Canvas) -> None:
    view = canvas.draw({})
    categories = {item.label: item.category for item in view.items}
    assert categories["conv"] == categories["prelu"] == "activation"
    assert categories["If"] == "control"


def test_a_folded_node_is_shown_by_what_uses_it(canvas: Canvas) -> None:
    graph = build()
    weight = next(n for n in graph.all_nodes() if n.kind == "prim::GetAttr")
    relu = next(n for n in graph.all_nodes() if n.kind == "aten::prelu")
    canvas.set_all(False)
    assert canvas.reveal(weight.id) == f"n{relu.id}"
    item = next(item for item in drawn(canvas).items if item.label == "prelu")
    assert item.node_ids == [relu.id, weight.id]
    assert next(i for i in canvas.draw({weight.id: "made"}).items if i.label == "prelu").mark == "changed"


def test_a_block_says_which_constants_it_gives() -> None:
    graph = Graph()
    x = graph.add_input("x")
    yes = graph.insert_constant(True, BOOL)
    branch = graph.insert(graph.create("prim::If", [yes], 2))
    for value, kind in ((1, INT), (None, NONE)):
        block = branch.add_block()
        with graph.inserting_at_end(block):
            block.register_output(x)
            block.register_output(graph.insert_constant(value, kind))
    graph.register_output(branch.outputs[0])
    canvas = Canvas()
    canvas.show(graph)
    details = {item.label: item.detail for item in drawn(canvas).items if item.kind == "block"}
    assert details == {"then": "gives %x, 1", "else": "gives %x, None"}


def test_a_constant_that_is_the_result_has_a_box() -> None:
    graph = Graph()
    graph.register_output(graph.insert_constant(7, INT))
    canvas = Canvas()
    canvas.show(graph)
    labels = [(item.label, item.detail) for item in drawn(canvas).items if item.kind == "node"]
    assert labels == [("Constant", "7")]


def nested(width: int, depth: int) -> Graph:
    """`width` modules, each holding one module less deep, the innermost with one node."""
    graph = Graph()
    x = graph.add_input("x")

    def add(frames: tuple[CallFrame, ...], below: int) -> None:
        nonlocal x
        if below:
            for index in range(width):
                kind = ClassType(f"__torch__.M{below}", True)
                name = f"m{index}"
                add((*frames, CallFrame("__torch__.M.forward", None, kind, name, (name,))), below - 1)
            return
        x = graph.insert(graph.create("aten::relu", [x])).output
        stack = None
        for frame in reversed(frames):
            stack = CallStack(frame, stack)
        x.node.callstack = stack

    add((), depth)
    graph.register_output(x)
    return graph


def test_as_many_levels_are_open_as_make_a_picture_of_some_size() -> None:
    canvas = Canvas()
    canvas.show(nested(6, 3))
    kinds = [(item.kind, item.is_open) for item in drawn(canvas).items]
    assert kinds.count(("frame", True)) == 6
    assert kinds.count(("frame", False)) == 36
    assert kinds.count(("node", None)) == 0
    canvas = Canvas()
    canvas.show(nested(70, 1))
    assert not any(item.is_open for item in drawn(canvas).items)


def test_a_picture_of_next_to_nothing_is_opened_whatever_is_inside() -> None:
    graph = nested(90, 1)
    outer = CallFrame("__torch__.All.forward", None, ClassType("__torch__.All", True), "all", ("all",))
    for node in graph.nodes():
        node.callstack = CallStack(outer, node.callstack)
    canvas = Canvas()
    canvas.show(graph)
    view = drawn(canvas)
    assert next(item for item in view.items if item.id == "root/all").is_open
    assert sum(item.parent == "root/all" and item.kind == "frame" for item in view.items) == 90


def test_control_nodes_nest_as_deep_as_they_like() -> None:
    graph = Graph()
    flag = graph.insert_constant(True, BOOL)
    block = graph.block
    for _ in range(40):
        with graph.inserting_at_end(block):
            branch = graph.insert(graph.create("prim::If", [flag], 0))
        block, _ = branch.add_block(), branch.add_block()
    canvas = Canvas()
    started = time.process_time()
    canvas.show(graph)
    assert time.process_time() - started < 1.0
    depths = sum(item.kind == "control" for item in drawn(canvas).items)
    assert 10 < depths < 40


def test_what_was_opened_stays_open_when_the_graph_changes() -> None:
    graph = nested(70, 1)
    canvas = Canvas()
    canvas.show(graph)
    canvas.toggle("root/m3", True)
    next(iter(graph.nodes())).set_attribute("k", 1)
    canvas.show(graph)
    assert [item.id for item in drawn(canvas).items if item.is_open] == ["root/m3"]
    canvas.reset()
    canvas.show(graph)
    assert not any(item.is_open for item in drawn(canvas).items)


def test_containers_of_equal_shape_are_laid_out_once(monkeypatch) -> None:
    calls = []
    monkeypatch.setattr(
        measuring, "place", lambda boxes, links: calls.append(len(boxes)) or place(boxes, links)
    )
    canvas = Canvas()
    canvas.show(nested(8, 2))
    canvas.set_all(True)
    drawn(canvas)
    assert len(calls) == 3
    canvas.toggle("root/m3", False)
    drawn(canvas)
    assert len(calls) == 4


def test_a_cache_of_layouts_forgets_the_oldest(monkeypatch) -> None:
    monkeypatch.setattr(layout_cache, "KEPT_BOXES", 10)
    cache = layout_cache.LayoutCache()
    calls = []

    def layout(boxes, links):
        calls.append(len(boxes))
        return place(boxes, links)

    for count in (4, 5, 4, 6, 4, 5):
        placed = cache.place(layout, [Box(f"b{i}", 80, 30) for i in range(count)], [])
        assert set(placed.boxes) == {f"b{i}" for i in range(count)}
    assert calls == [4, 5, 6, 5]
