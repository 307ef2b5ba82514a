"""Groups, guards and sizes of parts, run from texts of graphs."""

from __future__ import annotations

import pytest
import torch

from jitcore.exec import Interpreter
from jitcore.printing import parse_graph
from jitcore.source import JitError

CHUNKS = """graph(%s : int[]):
  %a : int[], %b : int[] = prim::ChunkSizes[chunks={chunks}, dim={dim}](%s)
  return (%a, %b)
"""

GUARDED = """graph(%x : Tensor):
  %y : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu), %fits : bool = prim::TypeCheck[types=[Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)]](%x)
  %r : Tensor = prim::If(%fits)
    block0():
      %g : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = prim::TensorExprGroup_0(%y)
      -> (%g)
    block1():
      %f : Tensor = prim::FallbackGraph_1(%x)
      -> (%f)
  return (%r, %fits)
with prim::TensorExprGroup_0 = graph(%x : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %1 : Float(2, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::neg(%x)
  return (%1)
with prim::FallbackGraph_1 = graph(%x : Tensor):
  %1 : Tensor = aten::neg(%x)
  return (%1)
"""  # noqa: E501


@pytest.mark.parametrize("size", range(1, 13))
@pytest.mark.parametrize(("chunks", "dim"), [(1, 0), (2, 0), (3, -1), (4, 1)])
def test_sizes_of_parts_are_those_of_the_parts(size: int, chunks: int, dim: int):
    given = [size, size + 1]
    parts = torch.zeros(given).chunk(chunks, dim)
    graph = parse_graph(CHUNKS.replace("{chunks}", str(chunks)).replace("{dim}", str(dim)))
    regular, last = Interpreter().run(graph, [given])
    assert regular == [*parts[0].shape]
    assert last == [*parts[-1].shape]


def test_a_graph_that_was_read_is_run_by_its_guard():
    graph = parse_graph(GUARDED)
    for x, fits in ((torch.rand(2, 3), True), (torch.rand(3, 2).t(), False), (torch.rand(4), False)):
        result, passed = Interpreter().run(graph, [x])
        assert torch.equal(result, -x)
        assert passed is fits


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("%1 : bool = prim::TensorExprDynamicGuard[types=[Float(*)]](%x)", "how its tensors lie"),
        ("%1 : bool = prim::TensorExprDynamicGuard[types=[int]](%x)", "a type for each of its tensors"),
        ("%1 : bool = prim::TypeCheck[types=[Float(*)]](%x)", "gives its tensors and whether they fit"),
    ],
)
def test_guards_that_are_not_whole_are_refused(text: str, said: str):
    graph = parse_graph(f"graph(%x : Tensor):\n  {text}\n  return (%1)\n")
    with pytest.raises(JitError, match=said):
        Interpreter().run(graph, [torch.rand(2)])


def test_an_undefined_tensor_requires_no_gradient():
    graph = parse_graph(
        "graph(%x : Tensor):\n"
        "  %z : Tensor = prim::AutogradZero()\n"
        "  %a : Tensor, %b : Tensor, %fits : bool = prim::RequiresGradCheck"
        "[types=[Float(2, requires_grad=1), Float(2, requires_grad=0)]](%x, %z)\n"
        "  return (%fits)\n"
    )
    assert Interpreter().run(graph, [torch.ones(2, requires_grad=True)]) is True
    assert Interpreter().run(graph, [torch.ones(2)]) is False
