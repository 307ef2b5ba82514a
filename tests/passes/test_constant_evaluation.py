"""What constant propagation asks of the evaluator, and what it says where it cannot compute."""

from __future__ import annotations

import torch

from jitcore.passes import EvaluationError, PassContext, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.requests.graph_file import read_graph

TEXT = """graph(%x : Tensor):
  %1 : int = prim::Constant[value=2]()
  %2 : int[] = prim::ListConstruct(%1, %1)
  %3 : NoneType = prim::Constant()
  %4 : Tensor = aten::ones(%2, %3, %3, %3, %3)
  %5 : Tensor = aten::add(%4, %1, %1)
  %6 : Tensor = aten::mul(%x, %5)
  return (%6)
"""


def propagate(evaluate) -> tuple[str, PassContext]:
    graph = parse_graph(TEXT)
    context = PassContext(evaluate)
    run_pipeline(graph, ["constant-propagation"], context)
    return graph_text(graph), context


def test_without_an_evaluator_tensor_operators_stay_and_are_counted():
    text, context = propagate(None)
    assert "aten::ones" in text
    assert "prim::ListConstruct" not in text
    assert context.notes == ["without torch, 1 node with constant inputs stayed"]


def test_the_evaluator_gets_node_schema_and_values():
    asked = []

    def evaluate(node, schema, inputs):
        asked.append((node.kind, schema.name, list(inputs)))
        return [torch.ones(2, 2)] if node.kind == "aten::ones" else [inputs[0] + 4]

    text, context = propagate(evaluate)
    assert [kind for kind, _, _ in asked] == ["aten::ones", "aten::add"]
    assert asked[0][1:] == ("aten::ones", [[2, 2], None, None, None, None])
    assert asked[1][2][1:] == [2, 2]
    assert "Float(2, 2, strides=[2, 1], requires_grad=0, device=cpu) = prim::Constant[value= 5  5" in text
    assert context.notes == []


def test_a_refusal_is_told_and_the_node_stays():
    def refuse(node, schema, inputs):
        raise EvaluationError("it would need 3 GB")

    text, context = propagate(refuse)
    assert "aten::ones" in text
    assert context.notes == ["1 node could not be computed: it would need 3 GB"]


def test_what_requires_a_gradient_is_no_constant():
    text, _ = propagate(lambda *_: [torch.ones(2, 2, requires_grad=True)])
    assert "aten::ones" in text


def test_an_operator_that_fails_is_left_for_the_run():
    graph = parse_graph(
        "graph():\n  %1 : int = prim::Constant[value=1]()\n  %0 : int = prim::Constant[value=0]()\n"
        "  %2 : int = aten::floordiv(%1, %0)\n  return (%2)\n"
    )
    run_pipeline(graph, ["constant-propagation"], PassContext())
    assert "aten::floordiv" in graph_text(graph)


def test_what_is_cast_from_none_is_not_computed_with():
    """It may stand where no run ever comes, and is a constant of its type without a value."""
    text = """graph(%x : Tensor):
  %1 : NoneType = prim::Constant()
  %2 : int = prim::unchecked_cast(%1)
  return (%2)
"""
    theirs, ours = torch._C.parse_ir(text), parse_graph(text).copy()
    torch._C._jit_pass_constant_propagation(theirs)
    run_pipeline(ours, ["constant-propagation"], PassContext())
    assert graph_text(ours) == str(theirs)
    assert graph_text(read_graph(graph_text(ours), "folded.ir")) == graph_text(ours)
    used = parse_graph(text.replace("  return (%2)", "  %3 : bool = aten::gt(%2, %2)\n  return (%3)"))
    run_pipeline(used, ["constant-propagation"], PassContext())
    assert "aten::gt" in graph_text(used)
