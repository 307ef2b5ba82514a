"""Groups that are compiled: never a wrong value, never code for other tensors than it was made for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.autograd import forward_ad

from jitcore.exec import Interpreter
from jitcore.exec.compiled.compiled_group import CompiledGroup
from jitcore.exec.compiled.groups import GroupCompiling
from jitcore.exec.compiled.records import VersionRecord
from jitcore.printing import parse_graph
from tests.exec.compiled.uncompiled_code import ImmediateCompiler

TWO_RESULTS = """graph(%x : Tensor, %y : Tensor):
  %1 : int = prim::Constant[value=1]()
  %2 : float = prim::Constant[value=0.5]()
  %a : Tensor = aten::add(%x, %y, %1)
  %b : Tensor = aten::mul(%a, %2)
  %c : Tensor = aten::tanh(%b)
  return (%b, %c)
"""
ONE_RESULT = TWO_RESULTS.replace("(%b, %c)", "(%c)")
WITH_VIEW = """graph(%x : Tensor, %y : Tensor):
  %0 : int = prim::Constant[value=0]()
  %a : Tensor = aten::mul(%x, %y)
  %b : Tensor = aten::unsqueeze(%a, %0)
  return (%a, %b)
"""
OF_INPUT = """graph(%x : Tensor, %y : Tensor):
  %0 : int = prim::Constant[value=0]()
  %a : Tensor = aten::mul(%x, %y)
  %b : Tensor = aten::unsqueeze(%x, %0)
  return (%a, %b)
"""


def group_of(text: str, compiler: ImmediateCompiler) -> tuple[CompiledGroup, Callable[..., Any]]:
    """A group, and what computes the same uncompiled."""
    graph, interpreter = parse_graph(text), Interpreter()
    plan = interpreter.plan_graph(graph)

    def uncompiled(*values: Any) -> Any:
        return plan.run_for_value([*values])

    group = GroupCompiling(compiler).compiled("group", graph, interpreter.constant, uncompiled)
    assert isinstance(group, CompiledGroup)
    return group, uncompiled


def warmed(text: str, *values: Any, compiler: ImmediateCompiler | None = None) -> CompiledGroup:
    """A group that was called until it computes such values by compiled code, or is not going to."""
    group, _ = group_of(text, compiler or ImmediateCompiler())
    for _ in range(4):
        group(*values)
    return group


def only_version(group: CompiledGroup) -> VersionRecord:
    """The record of a group that was called with values of one description."""
    [version] = group.record().versions
    return version


def test_code_is_asked_for_when_inputs_come_again_and_used_once_it_was_tried():
    compiler, x = ImmediateCompiler(), torch.rand(3, 4)
    group, uncompiled = group_of(TWO_RESULTS, compiler)
    for call, asked, runs in ((1, 0, 0), (2, 1, 0), (3, 1, 0), (4, 1, 1), (5, 1, 2)):
        for wanted, found in zip(uncompiled(x, x), group(x, x), strict=True):
            assert torch.equal(wanted, found)
        assert (compiler.asked, only_version(group).runs) == (asked, runs), call
    assert only_version(group).state == "compiled"
    assert only_version(group).compiled > 0 < only_version(group).uncompiled


@pytest.mark.parametrize(
    "other",
    [
        torch.rand(4, 3),
        torch.rand(4, 3).t(),
        torch.rand(1, 4),
        torch.rand(12)[:0].reshape(0, 4),
        torch.rand(3, 4, dtype=torch.float64),
        torch.ones(3, 4, dtype=torch.int64),
        torch.rand(3, 4, dtype=torch.complex64),
        torch.rand(3, 8)[:, ::2],
        torch.rand(4).expand(3, 4),
        torch.rand(3, 4, dtype=torch.complex64).conj().imag,
        torch.rand(3, 4, requires_grad=True),
    ],
    ids=lambda tensor: f"{tensor.dtype}{list(tensor.shape)}{tensor.stride()}",
)
def test_other_tensors_are_never_given_to_code_that_was_not_made_for_them(other: torch.Tensor):
    x = torch.rand(3, 4)
    group = warmed(ONE_RESULT, x, x)
    _, uncompiled = group_of(ONE_RESULT, ImmediateCompiler())
    for _ in range(4):
        wanted, found = uncompiled(other, other), group(other, other)
        assert torch.equal(wanted, found)
        assert (wanted.dtype, wanted.stride()) == (found.dtype, found.stride())
        assert found.requires_grad is wanted.requires_grad
        assert torch.equal(group(x, x), uncompiled(x, x))


def test_gradients_and_tangents_go_through_uncompiled_operators():
    x = torch.rand(3, 4, requires_grad=True)
    y = torch.rand(3, 4)
    group = warmed(ONE_RESULT, y, y)
    runs = only_version(group).runs
    group(x, y).sum().backward()
    assert x.grad is not None
    with torch.no_grad():
        assert not group(x, y).requires_grad
    with forward_ad.dual_level():
        dual = forward_ad.make_dual(y, torch.ones_like(y))
        assert forward_ad.unpack_dual(group(dual, y)).tangent is not None
    found = torch.vmap(group)(y, y)
    assert torch.equal(found, group(y, y))
    # Tensors that record nothing are computed by compiled code, whoever holds them.
    assert only_version(group).runs == runs + 2


def test_what_watches_operators_sees_them():
    x = torch.rand(3, 4)
    group = warmed(ONE_RESULT, x, x)
    from torch.utils._python_dispatch import TorchDispatchMode

    class Seen(TorchDispatchMode):
        names: list[str]

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            self.names.append(str(func))
            return func(*args, **(kwargs or {}))

    seen = Seen()
    seen.names = []
    with seen:
        group(x, x)
    assert "aten.tanh.default" in seen.names


def test_writing_to_a_result_changes_nothing_else():
    x, y = torch.rand(3, 4), torch.rand(3, 4)
    group = warmed(TWO_RESULTS, x, y)
    before = x.clone(), y.clone()
    b, c = group(x, y)
    kept = c.clone()
    b.zero_()
    assert torch.equal(c, kept)
    assert torch.equal(x, before[0])
    assert torch.equal(y, before[1])
    assert torch.equal(group(x, y)[1], kept)


@pytest.mark.parametrize("text", [WITH_VIEW, OF_INPUT], ids=["of a result", "of an input"])
def test_results_that_share_memory_stay_uncompiled(text: str):
    x = torch.rand(3, 4)
    group = warmed(text, x, x)
    version = only_version(group)
    assert version.state == "refused"
    assert "memory" in version.reason
    a, b = group(x, x)
    (a if text is WITH_VIEW else x).fill_(2)
    assert torch.equal(b, torch.full((1, 3, 4), 2.0))


KEPT = torch.rand(3, 4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda results: [results[0] + 1, results[1]], "differs in more than rounding"),
        (lambda results: [results[0], results[1] / 0], "differs in more than rounding"),
        (lambda results: [results[0].double(), results[1]], "another dtype"),
        (lambda results: [results[0][:1], results[1]], "other sizes"),
        (lambda results: [results[0].t().contiguous().t(), results[1]], "lies otherwise"),
        (lambda results: [*results, results[0]], "gives 3 results"),
        (lambda results: [results[0], KEPT.copy_(results[1])], "share memory"),
    ],
)
def test_code_that_gives_something_else_is_not_used(change: Callable[[list[Any]], list[Any]], said: str):
    x = torch.rand(3, 4)
    group = warmed(TWO_RESULTS, x, x, compiler=ImmediateCompiler(change))
    version = only_version(group)
    assert version.state == "refused"
    assert said in version.reason
    assert torch.equal(group(x, x)[0], (x + x) * 0.5)


def test_code_that_fails_is_not_used():
    def fail(results: list[Any]) -> list[Any]:
        raise RuntimeError("no memory left")

    x = torch.rand(3, 4)
    group = warmed(ONE_RESULT, x, x, compiler=ImmediateCompiler(fail))
    assert only_version(group).reason == "compiled code failed: no memory left"


def test_code_that_is_slower_is_not_used():
    class Slow(ImmediateCompiler):
        def prefers(self, compiled: float, uncompiled: float) -> bool:
            return False

    x = torch.rand(3, 4)
    group = warmed(ONE_RESULT, x, x, compiler=Slow())
    assert only_version(group).state == "slower"
    assert only_version(group).runs == 0


def test_sizes_that_vary_without_end_are_not_compiled_without_end():
    compiler = ImmediateCompiler()
    group, uncompiled = group_of(ONE_RESULT, compiler)
    for size in [*range(1, 9)] * 3:
        x = torch.rand(size)
        assert torch.equal(group(x, x), uncompiled(x, x))
    assert compiler.asked == 4


def test_numbers_that_are_given_are_part_of_what_code_is_made_for():
    text = """graph(%x : Tensor, %n : Scalar):
  %1 : int = prim::Constant[value=1]()
  %a : Tensor = aten::add(%x, %n, %1)
  %b : Tensor = aten::mul(%a, %a)
  return (%b)
"""
    x = torch.rand(3)
    group, uncompiled = group_of(text, ImmediateCompiler())
    for _ in range(5):
        for number in (1, 1.0, True):
            assert torch.equal(group(x, number), uncompiled(x, number))
    assert [version.state for version in group.record().versions] == ["compiled"] * 3
