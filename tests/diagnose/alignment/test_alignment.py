import json

import msgspec
import pytest
import torch
from torch import nn

from jitcore.diagnose.alignment import Alignment, align
from jitcore.printing import parse_graph
from tests.diagnose.alignment import programs
from tests.diagnose.alignment.graphs import Aligned, aligned, script_of, trace_of


def test_the_arm_that_a_trace_kept_is_told_and_the_other_one_is_on_one_side_only():
    kept = aligned(programs.one_arm, torch.ones(3))
    (arm,) = kept.data.arms
    assert (arm.side, arm.arm) == ("left", 0)
    assert arm.line == programs.one_arm.__code__.co_firstlineno + 1
    assert kept.pairs("aten::relu") == [((), "aten::relu")]
    assert "aten::tanh" in kept.only_left()
    assert kept.only_right() == []
    other = aligned(programs.one_arm, -torch.ones(3))
    assert [arm.arm for arm in other.data.arms] == [1]
    assert other.pairs("aten::tanh") == [((), "aten::tanh")]


def test_all_that_stands_in_an_arm_that_was_not_kept_is_one_thing():
    kept = aligned(programs.arms_in_an_arm, torch.ones(3))
    (untaken,) = kept.data.untaken
    inside = [kept.left[node] for node in untaken.nodes]
    assert (untaken.side, kept.left[untaken.node].kind) == ("left", "prim::If")
    assert {"aten::tanh", "aten::exp", "aten::cos", "prim::If"} <= {node.kind for node in inside}
    assert "aten::relu" not in {node.kind for node in inside}
    # Of what only the script has there is left what the trace decided by.
    rest = [kept.left[node].kind for node in kept.data.only_left if node not in untaken.nodes]
    assert rest == ["aten::sum", "aten::gt", "prim::If"]


def test_an_arm_within_the_kept_one_is_told_by_itself():
    kept = aligned(programs.arms_in_an_arm, torch.full((3,), -1.0))
    owners = [kept.left[each.node] for each in kept.data.untaken]
    assert [node.kind for node in owners] == ["prim::If", "prim::If"]
    first, inner = ({kept.left[node].kind for node in each.nodes} for each in kept.data.untaken)
    assert "aten::relu" in first
    assert {"aten::exp", "aten::cos"} <= inner
    assert "aten::tanh" not in first | inner


def test_arms_of_one_line_are_told_apart_by_what_they_read():
    assert [arm.arm for arm in aligned(programs.arms_of_one_line, torch.ones(3)).data.arms] == [0]
    assert [arm.arm for arm in aligned(programs.arms_of_one_line, -torch.ones(3)).data.arms] == [1]


def test_an_arm_in_which_nothing_is_done_is_the_one_that_was_kept_where_nothing_was_done():
    assert [arm.arm for arm in aligned(programs.empty_arm, torch.ones(3)).data.arms] == [1]
    assert [arm.arm for arm in aligned(programs.empty_arm, -torch.ones(3)).data.arms] == [0]


def test_each_turn_of_an_unrolled_loop_has_its_pairs():
    found = aligned(programs.counted, torch.ones(3, 2))
    assert found.pairs("aten::sin") == [((0,), "aten::sin"), ((1,), "aten::sin"), ((2,), "aten::sin")]
    (loop,) = found.data.loops
    assert (loop.side, loop.turns) == ("left", (3,))
    counters = [burnt for burnt in found.data.constants if burnt.origin == "loop counter"]
    assert [burnt.value for burnt in counters] == ["{0}", "{1}", "{2}"]


def test_turns_of_loops_in_loops_are_counted_for_each_entry():
    found = aligned(programs.nested, torch.ones(2, 3))
    assert [turns for turns, _ in found.pairs("aten::cos")] == [(i, j) for i in range(2) for j in range(3)]
    assert [turns for turns, _ in found.pairs("aten::exp")] == [(0,), (1,)]
    assert sorted(loop.turns for loop in found.data.loops) == [(2,), (3, 3)]


def test_arms_are_told_turn_by_turn():
    found = aligned(programs.arms_in_turns, torch.ones(3))
    (arm,) = found.data.arms
    assert arm.arm is None
    assert arm.by_turn == (((0,), 0), ((1,), 1), ((2,), 0), ((3,), 1))


def test_a_loop_that_was_not_entered_has_no_turns():
    (loop,) = aligned(programs.never_entered, torch.ones(3)).data.loops
    assert loop.turns == (0,)


def test_calls_that_a_trace_flattened_are_told_with_their_places():
    found = aligned(programs.calls, torch.ones(3))
    first = programs.calls.__code__.co_firstlineno
    assert [(call.side, call.line) for call in found.data.calls] == [("left", first + 1), ("left", first + 2)]
    assert all(call.callee.endswith("doubled") and len(call.nodes) == 1 for call in found.data.calls)
    assert found.only_left() == found.only_right() == []


def test_what_became_a_constant_is_told_with_what_computes_it():
    found = aligned(programs.item, torch.tensor([1.0, 5.0]))
    (burnt,) = found.data.constants
    assert (burnt.side, burnt.value, burnt.argument, burnt.origin) == ("right", "{5}", "other", "value")
    assert found.left[burnt.computed].kind == "aten::item"


def test_sizes_that_stay_sizes_are_no_constants():
    found = aligned(programs.size, torch.ones(2, 6))
    assert found.data.constants == ()
    assert found.pairs("aten::mul") == [((), "aten::mul")]


def test_modules_are_paired_by_their_own_paths():
    found = aligned(programs.Layers().eval(), torch.ones(1, 1, 8, 8))
    assert found.only_right() == []
    assert found.pairs("aten::conv2d") == [((), "aten::_convolution")] * 3
    weights = [
        (found.left[pair.left], found.right[pair.right]) for pair in found.data.pairs if pair.how == "operand"
    ]
    named = [(a.attributes["name"], b.attributes["name"]) for a, b in weights if a.kind == "prim::GetAttr"]
    assert all(a == b for a, b in named)
    assert ("running_mean", "running_mean") in named


_GRAPH = """
graph(%x : Tensor, %y : Tensor):
  %one : int = prim::Constant[value=1]()
  %a : Tensor = aten::sin(%x)
  %b : Tensor = aten::sin(%y)
  %c : Tensor = aten::add(%a, %b, %one)
  return (%c)
"""


def _pairs(left, right):
    left, right = parse_graph(left), parse_graph(right)
    names = {node.id: node.outputs[0].name for node in left.all_nodes()}
    others = {node.id: node.outputs[0].name for node in right.all_nodes()}
    return {(names[pair.left], others[pair.right]) for pair in align(left, right).pairs}


def test_order_in_the_text_decides_nothing():
    swapped = _GRAPH.replace("%a : Tensor = aten::sin(%x)\n  %b : Tensor = aten::sin(%y)", "@").replace(
        "@", "%b : Tensor = aten::sin(%y)\n  %a : Tensor = aten::sin(%x)"
    )
    assert swapped != _GRAPH
    assert _pairs(_GRAPH, swapped) == {("a", "a"), ("b", "b"), ("c", "c"), ("one", "one")}


def test_a_node_that_one_side_has_more_leaves_the_others_in_pairs():
    longer = _GRAPH.replace("aten::sin(%x)", "aten::sin(%z)").replace(
        "  %one", "  %z : Tensor = aten::sin(%x)\n  %one"
    )
    left, right = parse_graph(_GRAPH), parse_graph(longer)
    found = Aligned(left, right)
    assert found.only_left() == []
    assert found.only_right() == ["aten::sin"]


def _compiled(folder, name, text):
    file = folder / f"{name}.py"
    file.write_text(text)
    scope = {"__name__": name}
    code = compile(text, str(file), "exec")
    exec(code, scope)
    return scope["program"]


_PROGRAM = """import torch
def program(x: torch.Tensor):
    x = torch.sin(x)
    x = torch.cos(x)
    x = torch.sin(x)
    return torch.cos(x) * 2
"""


def test_lines_that_moved_do_not_mislead(tmp_path):
    x = torch.ones(3)
    before = trace_of(_compiled(tmp_path, "m", _PROGRAM), x)
    moved = _PROGRAM.replace("def program", "# moved\n\ndef program")
    after = trace_of(_compiled(tmp_path, "m", moved), x)
    kinds = {node.id: node.kind for node in before.all_nodes()}
    pairs = [pair for pair in align(before, after).pairs if kinds[pair.left] in ("aten::sin", "aten::cos")]
    assert [(pair.left, pair.right) for pair in pairs] == [
        (a.id, b.id)
        for a, b in zip(before.all_nodes(), after.all_nodes(), strict=True)
        if a.kind in ("aten::sin", "aten::cos")
    ]


@pytest.mark.parametrize(
    "program", [programs.one_arm, programs.nested, programs.arms_in_turns, programs.calls, programs.Layers()]
)
def test_a_graph_is_paired_with_itself_node_by_node(program):
    left, right = script_of(program), script_of(program)
    found = align(left, right)
    assert found.only_left == found.only_right == ()
    assert all(pair.left_turns == pair.right_turns == () for pair in found.pairs)
    places = {node.id: index for index, node in enumerate(left.all_nodes())}
    others = {node.id: index for index, node in enumerate(right.all_nodes())}
    assert all(places[pair.left] == others[pair.right] for pair in found.pairs if pair.how != "operand")
    assert found.arms == found.loops == found.calls == found.constants == ()


def test_both_ways_round_give_the_same_pairs():
    script = script_of(programs.nested)
    trace = trace_of(programs.nested, torch.ones(2, 2))
    there, back = align(script, trace), align(trace, script)
    assert {(p.left, p.right, p.left_turns) for p in there.pairs} == {
        (p.right, p.left, p.right_turns) for p in back.pairs
    }
    assert [loop.turns for loop in there.loops] == [loop.turns for loop in back.loops]


def test_a_long_chain_without_places_is_paired_throughout():
    count = 3_000
    lines = [f"  %v{i + 1} : Tensor = aten::neg(%v{i})" for i in range(count)]
    text = "\n".join(["graph(%v0 : Tensor):", *lines, f"  return (%v{count})"])
    found = align(parse_graph(text), parse_graph(text))
    assert len(found.pairs) == count
    assert all(pair.left == pair.right for pair in found.pairs)


def test_an_alignment_travels_as_plain_data():
    found = aligned(programs.nested, torch.ones(2, 2)).data
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Alignment) == found
    assert json.loads(msgspec.json.encode(found))["only_right"] == []


def test_a_traced_module_within_a_larger_one_is_paired_with_its_script():
    model = nn.Sequential(programs.Layers(), nn.ReLU()).eval()
    found = aligned(model, torch.ones(1, 1, 8, 8))
    assert found.only_right() == []
    assert len(found.pairs("aten::relu")) == 3


def test_expressions_of_several_lines_are_paired_and_distant_lines_are_not():
    found = aligned(programs.Spread(), torch.ones(2, 4))
    assert found.only_right() == []
    assert found.data.constants == ()
    names = [(found.left[p.left].kind, found.right[p.right].kind) for p in found.data.pairs]
    assert ("aten::softmax", "aten::softmax") in names


def test_a_product_of_numbers_is_no_partner_for_one_of_tensors():
    found = aligned(programs.scaled, torch.ones(2, 3))
    assert found.pairs("aten::mul")[-1:] == [((), "aten::mul")]
    (pair,) = [pair for pair in found.data.pairs if found.right[pair.right].kind == "aten::mul"]
    assert found.left[pair.left].outputs[0].type.kind == "TensorType"
