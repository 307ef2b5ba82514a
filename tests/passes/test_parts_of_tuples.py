"""Parts of tuples that ifs and loops give keep their types, and are printed as libtorch prints them."""

import pytest
import torch
from torch import Tensor

from jitcore.exec import run
from jitcore.ir import verify
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import code_of_graph, graph_text, parse_graph
from jitcore.source import JitError


# libtorch then finds no operator for a sum of numbers, so the parts are multiplied with tensors here.
def counted(x: Tensor, n: int) -> Tensor:
    pair = (x, n)
    for i in range(n):
        pair = (pair[0] * pair[1], i + n)
    return pair[0] * pair[1]


def chosen(x: Tensor, n: int) -> Tensor:
    if n > 2:
        pair = (x, n // 2)
    else:
        pair = (x + 1, n - 7)
    return pair[0] * pair[1]


def test_numbers_are_called_tensors_and_computed_as_numbers():
    for program in (counted, chosen):
        theirs = torch.jit.script(program).inlined_graph
        ours = parse_graph(str(theirs)).copy()
        theirs = theirs.copy()
        torch._C._jit_pass_lower_all_tuples(theirs)
        journal = ours.attach_journal()
        before = graph_text(ours)
        run_pipeline(ours, ["lower-all-tuples"], PassContext())
        verify(ours)
        after = graph_text(ours)
        assert after == str(theirs) != before
        for n in (1, 5):
            for graph in (ours, ours.copy()):
                assert torch.equal(run(graph, [torch.ones(2), n]), program(torch.ones(2), n))
        theirs = theirs.copy()
        assert graph_text(ours.copy()) == str(theirs)
        journal.go_to(0)
        assert graph_text(ours) == before
        journal.go_to(len(journal.steps))
        assert graph_text(ours) == after


def test_code_between_two_steps_computes_what_the_graph_does():
    """When a loop carries the parts of a tuple already, it still gives the tuple until a later step."""
    graph = parse_graph(str(torch.jit.script(counted).inlined_graph)).copy()
    journal = graph.attach_journal()
    run_pipeline(graph, ["lower-all-tuples"], PassContext())
    halfway = 0
    for position in range(len(journal.steps) + 1):
        journal.go_to(position)
        loop = next(node for node in graph.all_nodes() if node.kind == "prim::Loop")
        halfway += len(loop.outputs) != len(loop.inputs) - 2
        function = torch.jit.CompilationUnit(code_of_graph(graph, "counted").text).counted
        assert torch.equal(function(torch.ones(2), 5), counted(torch.ones(2), 5))
    assert halfway


def test_a_tuple_that_may_be_none_is_not_taken_apart():
    text = """graph(%x : Tensor, %c : bool):
  %n : NoneType = prim::Constant()
  %t : (Tensor, Tensor) = prim::TupleConstruct(%x, %x)
  %u : (Tensor, Tensor)? = prim::If(%c)
    block0():
      -> (%t)
    block1():
      -> (%n)
  return (%u)
"""
    with pytest.raises(RuntimeError, match="INTERNAL ASSERT"):
        torch._C._jit_pass_lower_all_tuples(torch._C.parse_ir(text))
    with pytest.raises(JitError, match=r"prim::If is given a tuple where its result"):
        run_pipeline(parse_graph(text), ["lower-all-tuples"], PassContext())


def test_a_carried_tuple_that_may_be_none_is_not_taken_apart():
    text = """graph(%x : Tensor, %n : int):
  %k : bool = prim::Constant[value=1]()
  %t : (Tensor, Tensor) = prim::TupleConstruct(%x, %x)
  %u : (Tensor, Tensor)? = prim::Loop(%n, %k, %t)
    block0(%i : int, %v : (Tensor, Tensor)?):
      -> (%k, %v)
  return (%u)
"""
    with pytest.raises(JitError, match=r"%t is a tuple, and cannot be handed over by its parts where %v"):
        run_pipeline(parse_graph(text), ["lower-all-tuples"], PassContext())


def test_a_tuple_that_was_cast_from_none_has_no_parts():
    text = """graph(%x : Tensor):
  %t : (Tensor, Tensor) = prim::Constant()
  %a : Tensor, %b : Tensor = prim::TupleUnpack(%t)
  return (%a)
"""
    with pytest.raises(JitError, match=r"prim::TupleUnpack of %t: the tuple is not built in this graph"):
        run_pipeline(parse_graph(text), ["lower-all-tuples"], PassContext())
