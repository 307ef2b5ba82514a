"""Which graphs are given to the compiler, and that what it is given computes what they do."""

from __future__ import annotations

import json

import pytest
import torch

from jitcore.exec import Interpreter
from jitcore.exec.compiled.compilable_operators import COMPILABLE, OFF
from jitcore.exec.compiled.fx_graphs import graph_of
from jitcore.exec.compiled.tensor_program import NotCompilableError, TensorProgram, described_input
from jitcore.printing import parse_graph

X = torch.linspace(-2, 2, 24).reshape(2, 3, 4)


def graph_text(*lines: str) -> str:
    """A graph of one tensor that gives %r."""
    return "\n".join(["graph(%x : Tensor):", *(f"  {line}" for line in lines), "  return (%r)", ""])


INT = "%{0} : int = prim::Constant[value={0}]()"
ONE, ZERO, TWO = (INT.format(number) for number in (1, 0, 2))
NONE = "%none : NoneType = prim::Constant()"
FALSE = "%false : bool = prim::Constant[value=0]()"
TRUE = "%true : bool = prim::Constant[value=1]()"
HALF = "%half : float = prim::Constant[value=0.5]()"
CLAMPED = "%r : Tensor = aten::clamp(%x, %half, %none)"


@pytest.mark.parametrize(
    "lines",
    [
        [ONE, "%r : Tensor = aten::add(%x, %x, %1)"],
        [HALF, NONE, CLAMPED],
        [ONE, ZERO, "%l : Tensor[] = prim::ListConstruct(%x, %x)", "%r : Tensor = aten::cat(%l, %1)"],
        [TWO, "%l : Tensor[] = aten::chunk(%x, %2, %2)", "%a : Tensor, %b : Tensor = prim::ListUnpack(%l)",
         "%r : Tensor = aten::mul(%a, %b)"],
        ["%2 : int = prim::Constant[value=2]()", "%m : int = prim::Constant[value=-1]()",
         "%l : int[] = prim::ListConstruct(%2, %m)", "%v : Tensor = aten::reshape(%x, %l)",
         "%r : Tensor = aten::relu(%v)"],
        ["%tanh : str = prim::Constant[value=\"tanh\"]()", "%r : Tensor = aten::gelu(%x, %tanh)"],
        [HALF, FALSE, "%r : Tensor = aten::dropout(%x, %half, %false)"],
        ["%b : Tensor = aten::gt(%x, %x)", "%s : Tensor = aten::sin(%x)",
         "%r : Tensor = aten::where(%b, %x, %s)"],
    ],
)  # fmt: skip
def test_what_is_told_computes_the_same(lines: list[str]):
    graph, interpreter = parse_graph(graph_text(*lines)), Interpreter()
    program = TensorProgram(graph, interpreter.constant)
    inputs = [described_input(tensor) for tensor in (X, *program.constants)]
    module, given = graph_of(json.loads(json.dumps(program.described(inputs))))
    [found] = module(X, *program.constants)
    wanted = interpreter.run(graph, [X])
    assert torch.equal(found, wanted)
    assert found.dtype is wanted.dtype
    assert [(like.shape, like.stride()) for like in given] == [
        (tensor.shape, tensor.stride()) for tensor in (X, *program.constants)
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([ZERO, "%r : Tensor = aten::index_select(%x, %0, %x)"], "aten::index_select is computed by torch"),
        ([HALF, TRUE, "%r : Tensor = aten::dropout(%x, %half, %true)"], "draws random numbers"),
        (["%7 : int = prim::Constant[value=7]()", FALSE, NONE,
          "%r : Tensor = aten::to(%x, %7, %false, %false, %none)"], "aten::to.dtype is computed by torch"),
        (["%r : Tensor = aten::relu_(%x)"], "aten::relu_ is computed by torch alone"),
        (["%r : Tensor = aten::remainder(%x, %x)"], "aten::remainder.Tensor is computed by torch alone"),
        (["%r : Tensor = mine::better(%x)"], "mine::better is computed by torch alone"),
        (["%r : (Tensor) = prim::TupleConstruct(%x)"], "no tensor which it computed"),
        ([ONE, "%b : bool = aten::Bool(%1)", "%r : Tensor = prim::If(%b)", "  block0():", "    -> (%x)",
          "  block1():", "    -> (%x)"], "computed by torch alone|has branches"),
        (["%b : bool = prim::Constant[value=1]()", "%r : Tensor = prim::If(%b)", "  block0():", "    -> (%x)",
          "  block1():", "    -> (%x)"], "prim::If has branches"),
    ],
)  # fmt: skip
def test_other_graphs_are_refused_with_what_is_in_them(lines: list[str], said: str):
    with pytest.raises(NotCompilableError, match=said):
        TensorProgram(parse_graph(graph_text(*lines)), Interpreter().constant)


@pytest.mark.parametrize("key", sorted(COMPILABLE))
def test_what_is_compiled_is_an_operator_that_neither_draws_nor_writes(key: str):
    name, _, overload = key.removeprefix("aten::").partition(".")
    found = getattr(getattr(torch.ops.aten, name), overload or "default")
    assert not found._schema.is_mutable
    assert torch.Tag.nondeterministic_seeded not in found.tags or key in OFF
    assert torch.Tag.data_dependent_output not in found.tags
