"""Constants as boxes, equal parts shown once, and flows that are highlighted."""

from pathlib import Path

import pytest
import torch

from jitcore.archive import open_archive
from jitcore.ir import CallFrame, CallStack, Graph
from jitcore.printing import parse_graph
from jitcore.source import Source, SourceRange
from jitcore.types import FLOAT, ClassType
from jitviewer.engine.canvas import Asked, Canvas, highlight
from jitviewer.engine.canvas.flow import Flow
from jitviewer.engine.canvas.repeats import Repeat, find_repeats
from jitviewer.engine.shown_document import ShownDocument
from jitviewer.protocol import events
from jitviewer.protocol.framing import FrameDecoder, encode
from tests.engine.test_canvas import build, drawn, nested

LOOP = """graph(%x : Tensor,
      %flag : bool):
  %one : int = prim::Constant[value=1]()
  %ten : int = prim::Constant[value=10]()
  %true : bool = prim::Constant[value=1]()
  %a : Tensor = aten::relu(%x)
  %b : Tensor = aten::neg(%x)
  %c : Tensor = prim::Loop(%ten, %true, %a)
    block0(%i : int, %carried : Tensor):
      %d : Tensor = aten::tanh(%carried)
      -> (%true, %d)
  %e : Tensor = prim::If(%flag)
    block0():
      %f : Tensor = aten::sigmoid(%c)
      -> (%f)
    block1():
      %g : Tensor = aten::exp(%b)
      -> (%g)
  return (%e)
"""
WRITES = """graph(%x : Tensor):
  %zero : int = prim::Constant[value=0]()
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::relu(%x)
  %early : Tensor = aten::neg(%a)
  %view : Tensor = aten::select(%a, %zero, %zero)
  %w : Tensor = aten::fill_(%view, %one)
  %late : Tensor = aten::tanh(%a)
  %t : (Tensor, Tensor) = prim::TupleConstruct(%early, %late)
  return (%t)
"""


def node(graph: Graph, kind: str):
    return next(n for n in graph.all_nodes() if n.kind == kind)


def names(graph: Graph, reach) -> set[str]:
    return {n.kind.partition("::")[2] for n in reach.nodes if n.kind != "prim::Constant"}


def shown(graph: Graph) -> Canvas:
    canvas = Canvas()
    canvas.show(graph)
    return canvas


def test_constants_get_boxes_on_demand_and_lose_them_again() -> None:
    graph = build()
    canvas = shown(graph)
    before = {item.id for item in drawn(canvas).items}
    canvas.choose(shows_constants=True, merges_repeats=False)
    view = drawn(canvas)
    assert view.shows_constants
    labels = [item.label for item in view.items]
    assert labels.count("Constant") == 2
    assert "GetAttr" in labels
    weight = node(graph, "prim::GetAttr")
    assert any(e.source == f"n{weight.id}" and e.value == f"%{weight.output.name}" for e in view.edges)
    canvas.choose(shows_constants=False, merges_repeats=False)
    assert {item.id for item in drawn(canvas).items} == before


def test_the_constants_of_one_node_alone() -> None:
    graph = build()
    canvas = shown(graph)
    relu, weight = node(graph, "aten::prelu"), node(graph, "prim::GetAttr")
    canvas.show_constants_of(f"n{relu.id}", is_shown=True)
    view = drawn(canvas)
    boxes = {item.id for item in view.items}
    assert f"n{weight.id}" in boxes
    assert not any(item.label == "Constant" for item in view.items)
    assert next(item for item in view.items if item.id == f"n{relu.id}").node_ids == [relu.id]
    canvas.show_constants_of(f"n{relu.id}", is_shown=False)
    assert f"n{weight.id}" not in {item.id for item in drawn(canvas).items}


def test_equal_parts_are_found_with_their_period() -> None:
    assert find_repeats([1, 1, 1, 2], [3, 3, 3, 3]) == [Repeat(0, 1, 3)]
    assert find_repeats([9, 1, 2, 1, 2, 1, 2, 7], [0] * 8) == [Repeat(1, 2, 3)]
    # Two operators in a row are no layer, nor is a pair that comes twice.
    assert find_repeats([1, 1, 2], [0, 0, 0]) == []
    assert find_repeats([1, 2, 1, 2], [0] * 4) == []
    assert find_repeats([1, 2, 1, 2], [5, 0, 5, 0]) == [Repeat(0, 2, 2)]


def test_equal_layers_are_shown_once_with_a_count() -> None:
    graph = nested(6, 3)
    canvas = shown(graph)
    canvas.set_all(True)
    everything = len(drawn(canvas).items)
    canvas.choose(shows_constants=False, merges_repeats=True)
    canvas.set_all(True)
    view = drawn(canvas)
    group = next(item for item in view.items if item.kind == "repeat" and item.parent == "root")
    assert (group.label, group.detail) == ("m0 … m5", "6 \N{MULTIPLICATION SIGN} M3")
    assert set(group.node_ids) == {n.id for n in graph.nodes()}
    assert len(view.items) < everything / 10
    assert ("in0", group.id) in {(e.source, e.target) for e in view.edges}
    assert (group.id, "root:out") in {(e.source, e.target) for e in view.edges}


def test_a_part_that_is_not_shown_is_found_by_its_repeat_and_can_be_unrolled() -> None:
    graph = nested(6, 3)
    canvas = shown(graph)
    canvas.choose(shows_constants=False, merges_repeats=True)
    last = list(graph.nodes())[-1]
    assert canvas.reveal(last.id) == "root/m0*"
    canvas.unroll("root/m0*")
    labels = {item.label for item in drawn(canvas).items if item.parent == "root"}
    assert {"m0", "m5"} <= labels


@pytest.mark.parametrize("count", [200, 2000])
def test_looking_for_repeats_takes_time_in_proportion(count: int) -> None:
    # A row that never repeats is looked through once for each period.
    assert find_repeats(list(range(count)), [0] * count) == []


def test_what_depends_on_a_node_goes_through_loops_and_branches() -> None:
    graph = parse_graph(LOOP)
    flow = Flow(graph)
    assert names(graph, flow.downstream([node(graph, "aten::relu")])) == {
        "relu", "Loop", "tanh", "sigmoid", "If",
    }  # fmt: skip
    assert names(graph, flow.upstream([node(graph, "aten::exp")])) == {"exp", "neg"}
    assert names(graph, flow.upstream([node(graph, "aten::sigmoid")])) == {"sigmoid", "Loop", "tanh", "relu"}
    # The condition decides about both branches.
    assert names(graph, flow.downstream([graph.inputs[1]])) == {"If", "sigmoid", "exp"}


def test_what_was_written_reaches_only_later_readers_of_the_same_memory() -> None:
    graph = parse_graph(WRITES)
    flow = Flow(graph)
    assert names(graph, flow.downstream([node(graph, "aten::fill_")])) == {"fill_", "tanh", "TupleConstruct"}
    assert "fill_" in names(graph, flow.upstream([node(graph, "aten::tanh")]))
    assert "fill_" not in names(graph, flow.upstream([node(graph, "aten::neg")]))


def test_a_path_is_a_shortest_one_in_either_direction() -> None:
    graph = parse_graph(LOOP)
    canvas = shown(graph)
    relu, sigmoid, exp = (node(graph, f"aten::{name}") for name in ("relu", "sigmoid", "exp"))
    found = highlight(canvas, Asked("path", f"n{relu.id}", f"n{sigmoid.id}"))
    assert found is not None
    assert found.sentence == "relu (%a) reaches sigmoid (%f) in 2 steps."
    back = highlight(canvas, Asked("path", f"n{sigmoid.id}", f"n{relu.id}"))
    assert back is not None
    assert back.items == found.items
    none = highlight(canvas, Asked("path", f"n{relu.id}", f"n{exp.id}"))
    assert none is not None
    assert none.items == []
    assert none.sentence.startswith("No value flows")


def test_a_highlight_shows_on_what_is_there_closed_or_open() -> None:
    graph = build()
    canvas = shown(graph)
    neg = node(graph, "aten::neg")
    found = highlight(canvas, Asked("users", f"n{neg.id}"))
    assert found is not None
    view = drawn(canvas)
    assert set(found.items) <= {item.id for item in view.items}
    assert set(found.edges) <= {edge.id for edge in view.edges}
    assert f"n{node(graph, 'aten::prelu').id}" in found.items
    assert "in1" not in found.items
    canvas.toggle("root/conv", False)
    closed = highlight(canvas, Asked("users", f"n{neg.id}"))
    assert closed is not None
    assert "root/conv" in closed.items
    assert set(closed.items) <= {item.id for item in drawn(canvas).items}
    assert highlight(canvas, Asked("users", "n99999")) is None


def test_a_toggle_lays_out_only_what_is_around_it(monkeypatch) -> None:
    from jitviewer.engine.canvas import measuring

    canvas = shown(nested(6, 3))
    canvas.set_all(True)
    drawn(canvas)
    seen = []
    monkeypatch.setattr(
        measuring, "_lay_out", lambda c, *rest, real=measuring._lay_out: seen.append(c.id) or real(c, *rest)
    )
    canvas.toggle("root/m3/m2", False)
    drawn(canvas)
    assert seen == ["root", "root/m3"]


def test_the_engine_sends_large_pictures_in_parts(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("jitviewer.engine.shown_document.PART", 10)
    lines = [f"  %{n + 1} : Tensor = aten::relu(%{n})" for n in range(1, 60)]
    file = tmp_path / "chain.ir"
    file.write_text("\n".join(["graph(%1 : Tensor):", *lines, "  return (%60)"]))
    document = ShownDocument(1, str(file), None)
    sent = list(document.open())
    first = [event for event in sent if isinstance(event, events.CanvasPart)]
    last = next(event for event in sent if isinstance(event, events.CanvasChanged))
    assert [part.number for part in first] == list(range(len(first)))
    assert last.parts == len(first) == 6
    items = [item for part in first for item in part.items] + last.view.items
    assert len({item.id for item in items}) == len(items) == 61
    decoder = FrameDecoder(events.AnyEvent)
    assert [type(event) for event in decoder.feed(b"".join(map(encode, sent)))] == [type(e) for e in sent]


def test_layers_with_branches_are_equal_whatever_their_values_are_called() -> None:
    lines = ["graph(%x : Tensor):", "  %true : bool = prim::Constant[value=1]()"]
    value = "%x"
    for n in range(4):
        lines += [
            f"  %a{n} : Tensor = prim::If(%true)",
            "    block0():",
            f"      %b{n} : Tensor = aten::relu({value})",
            f"      -> (%b{n})",
            "    block1():",
            f"      -> ({value})",
            f"  %c{n} : Tensor = aten::neg(%a{n})",
        ]
        value = f"%c{n}"
    graph = parse_graph("\n".join([*lines, f"  return ({value})"]))
    canvas = shown(graph)
    canvas.choose(shows_constants=False, merges_repeats=True)
    repeat = next(item for item in drawn(canvas).items if item.kind == "repeat")
    assert repeat.detail == "4 \N{MULTIPLICATION SIGN} If, neg"


def test_a_call_is_one_container_though_its_nodes_have_frames_of_their_own() -> None:
    graph = Graph()
    x = graph.add_input("x")
    place = SourceRange(Source("self.norm.forward(x)", "code"), 0, 20)
    for _ in range(3):
        kind = ClassType("__torch__.Norm", True)
        frame = CallFrame("__torch__.Norm.forward", place, kind, "norm", ("norm",))
        x = graph.insert(graph.create("aten::relu", [x])).output
        x.node.callstack = CallStack(frame)
    graph.register_output(x)
    frames = [item for item in drawn(shown(graph)).items if item.kind == "frame"]
    assert [(item.label, len(item.node_ids)) for item in frames] == [("norm", 3)]


def test_constants_in_a_row_are_no_layers() -> None:
    graph = Graph()
    values = [graph.insert_constant(float(n), FLOAT) for n in range(6)]
    graph.register_output(graph.insert(graph.create("prim::ListConstruct", values)).output)
    canvas = shown(graph)
    canvas.choose(shows_constants=True, merges_repeats=True)
    assert [item.label for item in drawn(canvas).items].count("Constant") == 6


MUTATED = """
def f(x: Tensor, flag: bool) -> Tuple[Tensor, int]:
    parts: List[Tensor] = []
    kept = [1]
    for i in range(3):
        if flag:
            parts.append(x * i)
        else:
            parts.append(x)
    return torch.stack(parts), len(kept)
"""


class Counting(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = 0
        self.register_buffer("total", torch.zeros(1))
        self.register_buffer("bias", torch.ones(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.total[0].add_(1)
        self.steps = self.steps + 1
        return x * self.total + self.bias + self.steps


def flat_links(graph: Graph) -> set[tuple[str, str]]:
    """Links between labels of boxes, with all frames open; ports are called like their frames."""
    canvas = shown(graph)
    canvas.set_all(True)
    view = drawn(canvas)
    labels = {
        item.id: item.label or next(i.label for i in view.items if i.id == item.parent) for item in view.items
    }
    return {(labels[edge.source], labels[edge.target]) for edge in view.edges}


def test_a_list_that_is_appended_to_is_a_box_between_who_writes_and_reads_it() -> None:
    graph = parse_graph(str(torch.jit.CompilationUnit(MUTATED).f.graph))
    links = flat_links(graph)
    assert {("ListConstruct", "Loop"), ("Loop", "stack"), ("ListConstruct", "stack")} <= links
    assert {("then", "append"), ("else", "append"), ("append", "then"), ("append", "else")} <= links
    # One that nobody writes to stays a word, and of the other no box says what it was at first.
    details = {item.label: item.detail for item in drawn(shown(graph)).items}
    assert details["stack"] == "0"
    assert details["len"] == "[1]"
    assert not any("[]" in detail for detail in details.values())


def test_an_attribute_that_is_written_to_is_linked_to_its_readers(tmp_path: Path) -> None:
    path = tmp_path / "counting.pt"
    torch.jit.save(torch.jit.script(Counting()), str(path))
    graph = open_archive(path).root.method("forward").graph
    view = drawn(shown(graph))
    labels = {item.id: f"{item.label} {item.detail}".strip() for item in view.items}
    links = {(labels[edge.source], labels[edge.target]) for edge in view.edges}
    assert ("GetAttr total", "select 0, 0") in links
    assert ("add_ 1, 1", "GetAttr total") in links
    assert ("SetAttr steps", "GetAttr steps") in links
    assert ("GetAttr total", "mul") in links
    # What is only read is a word.
    assert "GetAttr bias" not in labels.values()
    assert "add bias, 1" in labels.values()
