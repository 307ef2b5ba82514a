"""The stages of the executor, held against torch's on the same runs."""

from __future__ import annotations

import gc
import io
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import torch

import jitcore
from jitcore.exec.executor.executors import Executors
from jitcore.exec.executor.last_executed import LAST_EXECUTED
from jitcore.exec.executor.settings import SETTINGS
from jitcore.exec.interpreter import Interpreter

LOOP = """
def f(x, y, n: int):
    z = x * y + 1
    for i in range(n):
        z = z + torch.relu(x)
    w = torch.sigmoid(z)
    if bool(w.sum() > 0):
        q = w.size(0)
    else:
        q = 2
    return w, q
"""

CHUNKS = """
def f(a, b, c):
    q = torch.addmm(a, b, c)
    y, z = torch.chunk(q, 2, 1)
    w = y * torch.tensor(2.0)
    return y + z + w
"""

OPTIONAL = """
def f(x, w: Optional[Tensor], n: int):
    y = torch.nn.functional.linear(x, x, w)
    z = x if n > 2 else y
    return z.relu()
"""

SUMS = """
def f(x, y):
    return (x.mm(y) + x.mm(x)) + (y.mm(y) + y.mm(x)), x.t().t()
"""


@pytest.fixture(autouse=True)
def _plainly() -> Iterator[None]:
    before = (SETTINGS.strategy, SETTINGS.profiled_runs)
    theirs = torch._C._jit_get_num_profiled_runs()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        strategy = torch.jit.set_fusion_strategy([("STATIC", 2), ("DYNAMIC", 10)])
        yield
        torch.jit.set_fusion_strategy(strategy)
    torch._C._jit_set_num_profiled_runs(theirs)
    SETTINGS.strategy, SETTINGS.profiled_runs = before


def both(source: str) -> tuple[Any, Any]:
    return torch.jit.CompilationUnit(source).f, jitcore.CompilationUnit(source).f


def executed(theirs: Any, ours: Any, *inputs: Any) -> None:
    expected, found = theirs(*inputs), ours(*inputs)
    torch.testing.assert_close(found, expected, rtol=0, atol=0)
    wanted = torch.jit.last_executed_optimized_graph()
    assert str(jitcore.last_executed_optimized_graph()) == str(wanted)


def square(size: int) -> torch.Tensor:
    return torch.rand(size, size)


@pytest.mark.parametrize("source", [LOOP, CHUNKS, OPTIONAL, SUMS], ids=["loop", "chunks", "optional", "sums"])
@pytest.mark.parametrize("runs", [1, 2, 3, 5])
def test_the_graph_of_each_run_is_torchs(source: str, runs: int):
    theirs, ours = both(source)
    for number in range(runs):
        x = square(4 + 2 * number)
        inputs = {LOOP: (x, x, number), CHUNKS: (x, x, x), OPTIONAL: (x, None, 3), SUMS: (x, x)}[source]
        executed(theirs, ours, *inputs)
    assert str(ours.graph_for(*inputs)) == str(theirs.graph_for(*inputs))


def test_what_differs_between_turns_of_a_loop_is_noted_as_unknown():
    source = """
def f(x, n: int):
    for i in range(n):
        x = torch.cat([x, x.t().contiguous().t()], i % 2).relu()
    return x.double() + 1
"""
    theirs, ours = both(source)
    executed(theirs, ours, torch.rand(2, 3, 4)[:, :, 0], 4)
    executed(theirs, ours, torch.rand(2, 3), 2)


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.rand(2, 3, 4, 5).to(memory_format=torch.channels_last),
        lambda: torch.rand(2, 3).expand(4, 2, 3),
        lambda: torch.rand(6)[::2],
        lambda: torch.rand(4, 4).as_strided((2, 2), (1, 1)),
        lambda: torch.rand(3, 1, 2).transpose(0, 2),
        lambda: torch.rand(2, 2).to_sparse().to_dense(),
        lambda: torch.rand(()),
        lambda: torch.rand(0, 3),
        lambda: torch.ones(2, dtype=torch.complex64),
    ],
)
def test_tensors_are_described_as_torch_does_alone_and_merged(make: Any):
    source = "def f(x, y, n: int):\n    for i in range(n):\n        x, y = y.abs(), x.abs()\n    return x\n"
    for other in (make(), torch.rand(2, 3), torch.rand(2, 6, 4, 5).to(memory_format=torch.channels_last)):
        theirs, ours = both(source)
        executed(theirs, ours, make(), other, 3)


def test_several_runs_are_profiled_if_asked_for():
    theirs, ours = both(LOOP)
    torch._C._jit_set_num_profiled_runs(3)
    SETTINGS.profiled_runs = 3
    for size in (2, 3, 4, 5, 6):
        executed(theirs, ours, square(size), square(size), 2)
    assert "prim::profile" not in str(jitcore.last_executed_optimized_graph())


def test_a_run_that_fails_is_noted_and_not_counted():
    source = """
def f(x, n: int):
    y = x.relu()
    if n > 2:
        raise ValueError('no')
    return y
"""
    theirs, ours = both(source)
    for function in (theirs, ours):
        with pytest.raises(Exception, match="no"):
            function(torch.rand(2), 3)
    executed(theirs, ours, torch.rand(3), 1)
    assert "prim::profile" in str(jitcore.last_executed_optimized_graph())


def test_without_optimization_the_graph_runs_as_it_is_until_something_is_optimized():
    theirs, ours = both(CHUNKS)
    x = square(4)
    with torch.jit.optimized_execution(False), jitcore.optimized_execution(False):
        executed(theirs, ours, x, x, x)
        executed(theirs, ours, x, x, x)
        assert str(ours.graph_for(x, x, x)) == str(theirs.graph_for(x, x, x))
    for _ in range(3):
        executed(theirs, ours, x, x, x)
    with torch.jit.optimized_execution(False), jitcore.optimized_execution(False):
        executed(theirs, ours, x, x, x)


def test_with_no_specializations_the_simple_executor_runs():
    torch.jit.set_fusion_strategy([])
    jitcore.set_fusion_strategy([])
    theirs, ours = both(CHUNKS)
    x = square(4)
    executed(theirs, ours, x, x, x)
    assert str(ours.graph_for(x, x, x)) == str(theirs.graph_for(x, x, x))


def test_a_function_keeps_the_strategy_that_it_began_with():
    theirs, ours = both(CHUNKS)
    x = square(4)
    executed(theirs, ours, x, x, x)
    torch.jit.set_fusion_strategy([])
    jitcore.set_fusion_strategy([])
    executed(theirs, ours, x, x, x)
    executed(theirs, ours, x, x, x)


@pytest.mark.parametrize("name", ["fuser0", "none"])
def test_without_tensor_expressions_what_was_noted_stays(name: str):
    theirs, ours = both(LOOP)
    with torch.jit.fuser(name), jitcore.fuser(name):
        for _ in range(3):
            executed(theirs, ours, square(3), square(3), 2)


class Layers(torch.nn.Module):
    """Calls of submodules, an exported method and a branch on the mode."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Linear(3, 4)
        self.norm = torch.nn.BatchNorm1d(4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """What the layers give."""
        return self.twice(torch.relu(self.norm(self.first(x))))

    @torch.jit.export
    def twice(self, x: torch.Tensor) -> torch.Tensor:
        """Both."""
        return x + x


def test_modules_and_methods():
    # As archives, so that no names are mangled.
    archive = io.BytesIO()
    torch.jit.save(torch.jit.script(Layers().eval()), archive)
    theirs, ours = (side.load(io.BytesIO(archive.getvalue())) for side in (torch.jit, jitcore))
    for size in (2, 5, 3):
        executed(theirs, ours, torch.rand(size, 3))
    assert str(ours.graph_for(torch.rand(2, 3))) == str(theirs.graph_for(torch.rand(2, 3)))
    # As in torch it is the state of the module's forward that is asked for.
    x = torch.rand(2, 4)
    assert str(ours.twice.graph_for(ours, x)) == str(theirs.twice.graph_for(theirs, x))
    for side in (theirs, ours):
        with pytest.raises(RuntimeError, match=r"twice\(\) is missing value for argument 'x'"):
            side.twice.graph_for(x)


def test_a_module_without_forward_has_no_state():
    class Exported(torch.nn.Module):
        """One method alone."""

        @torch.jit.export
        def once(self, x: torch.Tensor) -> torch.Tensor:
            """The same."""
            return x + 1

    theirs, ours = torch.jit.script(Exported()), jitcore.script(Exported())
    for side in (theirs, ours):
        with pytest.raises(RuntimeError, match=r"get_debug_state on a Module without a compiled forward\(\)"):
            side.get_debug_state()
        with pytest.raises(AttributeError, match="has no attribute 'forward'"):
            side.graph_for(torch.rand(2))
    x = torch.rand(2)
    assert str(ours.once.graph_for(ours, x)) == str(theirs.once.graph_for(theirs, x))


def test_the_state_is_there_once_something_is_optimized():
    ours = jitcore.CompilationUnit(SUMS).f
    x = square(3)
    ours(x, x)
    with pytest.raises(RuntimeError, match="call the function more often"):
        ours.get_debug_state()
    ours(x, x)
    (plan,) = ours.get_debug_state().execution_plans.values()
    assert "prim::MMTreeReduce" in str(plan.graph)


def test_chunks_that_are_missing_are_told():
    theirs, ours = both("def f(x):\n    a, b, c = torch.chunk(x, 3, 0)\n    return a + c\n")
    messages: list[str] = []
    for side in (theirs, ours):
        with pytest.raises(RuntimeError) as failure:
            side(torch.rand(2))
        messages.append(str(failure.value).splitlines()[-1])
    assert messages[0] == messages[1]
    assert "Expected chunk to return at least 3 outputs" in messages[0]


def test_the_last_graph_is_not_kept_alive_by_having_run():
    interpreter = Interpreter()
    function = jitcore.CompilationUnit("def f(x):\n    return x + 1\n").f.compiled
    executors = Executors(interpreter)
    executors.run(function, [torch.rand(2)])
    assert LAST_EXECUTED.graph is not None
    del executors
    gc.collect()
    assert LAST_EXECUTED.graph is None
