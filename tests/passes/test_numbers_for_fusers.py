"""Constant tensors without dimensions become numbers where fusers want them, as in libtorch."""

from __future__ import annotations

import io
import warnings

import torch

import jitcore
from jitcore.exec import evaluator
from jitcore.passes import PassContext, run_pipeline
from jitcore.passes.inline import inlined_graph
from jitcore.printing import graph_text


def computed(x: torch.Tensor) -> torch.Tensor:
    """Constants of several types, with and without dimensions, on either side."""
    y = x * torch.tensor(2.5) + torch.tensor(3)
    y = (y - torch.tensor([1.0])) / torch.tensor(4.0, dtype=torch.float64)
    return torch.tensor(2.0) - y


def test_numbers_are_those_of_libtorch():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(computed, torch.rand(2, 3))
    stored = io.BytesIO()
    torch.jit.save(traced, stored)
    theirs = torch.jit.load(io.BytesIO(stored.getvalue())).inlined_graph
    torch._C._jit_pass_constant_propagation(theirs)
    torch._C._jit_pass_canonicalize_graph_fuser_ops(theirs)
    function = jitcore.load(io.BytesIO(stored.getvalue())).forward._function
    ours = inlined_graph(function)
    run_pipeline(ours, ["constant-propagation"], PassContext(evaluator()))
    before = graph_text(ours)
    run_pipeline(ours, ["canonicalize-graph-fuser-ops"], PassContext(evaluator()))
    assert graph_text(ours) == str(theirs)
    assert before.count(": float = ") < graph_text(ours).count(": float = ")


def test_a_tensor_that_is_only_mentioned_stays():
    from jitcore.printing import parse_graph

    graph = parse_graph(
        "graph(%x : Tensor):\n"
        "  %t : Float(requires_grad=0, device=cpu) = prim::Constant[value={3.5}]()\n"
        "  %1 : Tensor = aten::mul(%x, %t)\n"
        "  return (%1)\n"
    )
    before = graph_text(graph)
    run_pipeline(graph, ["canonicalize-graph-fuser-ops"], PassContext(evaluator()))
    assert graph_text(graph) == before
