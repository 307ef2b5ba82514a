"""What was traced on one device runs on another."""

from __future__ import annotations

import re

import pytest
import torch

import jitcore
from jitcore.exec import run
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import graph_text, parse_graph
from jitcore.source import JitError


def windowed(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Makes tensors in all the ways in which a trace keeps a device."""
    start = torch.zeros(x.size(0), 4, device=x.device)
    places = torch.arange(x.size(1), device=x.device)
    mask = torch.full((4,), 2.0).to(x.device)
    return x @ weight + start + places.float() * mask + torch.eye(4, device=x.device)[0]


def moved(text: str, to: str) -> str:
    graph = parse_graph(text)
    run_pipeline(graph, [f"move-device{{to={to}}}"], PassContext())
    return graph_text(graph)


def test_a_trace_of_another_device_runs_here():
    # Tensors of the device `meta` have no values: every machine has one, and nothing can be computed there.
    traced = jitcore.trace(
        windowed, (torch.rand(2, 4, device="meta"), torch.rand(4, 4, device="meta")), check_trace=False
    )
    text = str(traced.graph)
    assert "meta" in text
    x, weight = torch.rand(5, 4), torch.rand(4, 4)
    graph = parse_graph(moved(text, "cpu"))
    assert "meta" not in graph_text(graph)
    found = run(graph, [x, weight])
    torch.testing.assert_close(found, windowed(x, weight), rtol=0, atol=0)


def test_devices_are_moved_there_and_back():
    given = jitcore.trace(windowed, (torch.rand(2, 4), torch.rand(4, 4)), check_trace=False)
    text = graph_text(parse_graph(str(given.graph)))
    there = moved(text, "cuda:1")
    assert 'value="cuda:1"' in there
    numbers = re.findall(r"Long\(device=cpu\) = prim::NumToTensor", there)
    assert there.count("device=cpu") == len(numbers) > 0
    assert moved(there, "cuda:1") == there


def test_a_call_of_cuda_stays_where_that_is_meant():
    text = "graph(%x : Tensor):\n  %1 : Tensor = aten::cuda(%x)\n  return (%1)\n"
    assert "aten::cuda" in moved(text, "cuda")
    assert "aten::cuda" not in moved(text, "cuda:1")


@pytest.mark.parametrize(
    ("to", "said"), [("gpu", "Expected one of cpu"), ("cuda:x", "Invalid device string")]
)
def test_what_is_no_device_is_refused_before_anything_is_moved(to, said):
    graph = parse_graph('graph():\n  %1 : Device = prim::Constant[value="cuda:0"]()\n  return (%1)\n')
    with pytest.raises(JitError, match=said):
        run_pipeline(graph, [f"move-device{{to={to}}}"], PassContext())
    assert 'value="cuda:0"' in graph_text(graph)
