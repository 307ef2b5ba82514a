"""Specialization of graphs of gradients by what was noted, where no text tells what was noted."""

from __future__ import annotations

import re

from jitcore.ir import verify
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.types import TENSOR, TensorType

TEXT = """graph(%g : Tensor, %h : Tensor, %s : int[]?):
  %1 : Tensor = prim::profile[profiled_type=Float(2), seen_none=0](%g)
  %2 : Tensor = prim::profile[profiled_type=Float(2), seen_none=0](%h)
  %3 : int[]? = prim::profile_ivalue(%s)
  %c : bool = prim::AutogradAnyNonZero(%1)
  %4 : Tensor = prim::If(%c)
    block0():
      %5 : Tensor = aten::_grad_sum_to_size(%1, %3)
      -> (%5)
    block1():
      %6 : Tensor = prim::AutogradZero()
      -> (%6)
  %7 : Tensor = prim::AutogradAdd(%4, %2)
  return (%7)
"""


def specialized(noted: dict[str, object], counts: dict[str, int]) -> tuple[str, list[str]]:
    """The text and the rules that fired, where `noted` says which types were noted of inputs."""
    graph = parse_graph(TEXT)
    for node in graph.nodes():
        if node.kind == "prim::profile":
            node.attributes["profiled_type"] = noted[node.inputs[0].name]
        elif node.kind == "prim::profile_ivalue":
            node.attributes["none_counts"] = counts
    journal = graph.attach_journal()
    before = graph_text(graph)
    run_pipeline(graph, ["specialize-autogradzero"], PassContext())
    verify(graph)
    text = graph_text(graph)
    rules = [step.rule.name for step in journal.steps]
    while journal.undo():
        pass
    assert graph_text(graph) == before
    return text, rules


UNDEFINED = TensorType(undefined=True)
DEFINED = TensorType(undefined=False)


def test_a_size_that_was_always_none_is_asked_for_and_gone():
    text, rules = specialized({"g": DEFINED, "h": DEFINED}, {"num_present": 0, "num_none": 2})
    assert rules == ["guard-gradients", "keep-size", "compute-anyway", "add-plainly"]
    assert "aten::__is__(%s" in text
    assert text.count("aten::_grad_sum_to_size") == 1
    # What noted it is read by nobody.
    assert text.count("%25") == text.count("%25 : int[]? = prim::profile_ivalue") == 1


def test_a_size_that_was_there_once_is_used():
    text, rules = specialized({"g": DEFINED, "h": DEFINED}, {"num_present": 1, "num_none": 2})
    assert "keep-size" not in rules
    assert "aten::__is__" not in text
    assert text.count("aten::_grad_sum_to_size") == 2


def test_nothing_is_computed_of_what_was_undefined():
    text, rules = specialized({"g": UNDEFINED, "h": DEFINED}, {"num_present": 1, "num_none": 0})
    assert rules == ["guard-gradients", "give-zero", "drop-zero"]
    assert "prim::AutogradAllZero(%g" in text
    assert "prim::AutogradAllNonZero(%h" in text


def test_what_was_not_seen_counts_as_defined():
    # As in libtorch, where a profile that nothing went through is of a defined tensor.
    text, _ = specialized({"g": TENSOR, "h": TENSOR}, {"num_present": 1, "num_none": 0})
    assert re.search(r"prim::AutogradAllNonZero\(%g\S*, %h", text)
    assert "prim::FallbackGraph" in text
