"""Decisions in detail: places, what they came from, how often, and that none is kept twice."""

import gc
import importlib.util
import tracemalloc
import warnings
import weakref

import pytest
import torch

import jitcore
from jitcore.tracing import session
from jitcore.tracing.black_box import BlackBox, black_box
from tests.benchmarks.deciding import decide

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])


@pytest.fixture
def program(tmp_path):
    """Makes a module of a text."""

    def make(text: str):
        path = tmp_path / "written.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("written", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return make


def traced(function, *inputs) -> BlackBox:
    with black_box() as box, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jitcore.trace(function, inputs, check_trace=False)
    return box


def test_places_and_arms(program) -> None:
    module = program(
        "def choose(x):\n"
        "    größe = 'é'; y = x * 2 if (\n"
        "        x.mean()\n"
        "        > 100) else x\n"
        "    if x.sum() > 0:\n"
        "        y = y + 1\n"
        "        y = y * 2\n"
        "    elif x.sum() < -5:\n"
        "        y = y - 1\n"
        "    return y, größe and y\n"
    )
    decisions = traced(lambda x: module.choose(x)[0], X).decisions
    first, second, third = decisions
    assert (first.line, first.column, first.end_line, first.end_column) == (3, 8, 4, 13)
    assert (first.expression, first.value, first.lines_not_taken) == ("x.mean() > 100", "False", (2, 2))
    assert (second.line, second.column, second.value) == (5, 7, "True")
    assert second.lines_not_taken == (8, 9)
    assert second.decided.endswith("lines 6 to 7 ran, lines 8 to 9 did not")
    assert second.function == "choose"
    assert (third.expression, third.harmless) == ("größe", True)


def test_rest_of_a_block_that_was_left(program) -> None:
    module = program(
        "def early(x):\n    if x.sum() > 0:\n        return x\n    x = x + 1\n    return x * 2\n"
    )
    (decision,) = traced(module.early, X).decisions
    assert decision.lines_not_taken == (4, 5)
    (decision,) = traced(module.early, -X).decisions
    assert (decision.value, decision.lines_not_taken) == ("False", (3, 3))


def test_numbers_are_followed_to_nodes(program) -> None:
    module = program(
        "class Sizes:\n"
        "    pass\n"
        "def number(x):\n"
        "    return x.max().item()\n"
        "def helper(x, *, factor):\n"
        "    return x * factor\n"
        "def program(x):\n"
        "    held = {'n': number(x)}\n"
        "    sizes = Sizes()\n"
        "    sizes.scale = held['n'] * 0.5 + 1\n"
        "    listed = [sizes.scale, 3]\n"
        "    return helper(x, factor=listed[0])\n"
    )
    (decision,) = [each for each in traced(module.program, X).decisions if each.kind == "constant"]
    assert (decision.line, decision.function, decision.value) == (4, "number", "4.0")
    assert [node.kind for node in decision.nodes] == ["aten::mul"]
    (read,) = decision.reads
    assert (read.what, read.from_inputs, read.library) == ("item", True, False)
    assert read.tensor == "float32[] on cpu"


def test_numbers_are_followed_through_lists_and_generators(program) -> None:
    module = program(
        "def fill(found, x):\n"
        "    found.append(x.max().item())\n"
        "def halves(x):\n"
        "    for row in x.tolist():\n"
        "        yield row[0] / 2\n"
        "def program(x):\n"
        "    found = []\n"
        "    fill(found, x)\n"
        "    y = x + found[0]\n"
        "    for half in halves(x):\n"
        "        if half > 1:\n"
        "            y = y - half\n"
        "    return y\n"
    )
    decisions = traced(module.program, X).decisions
    (number,) = [each for each in decisions if each.line == 2]
    assert [node.kind for node in number.nodes] == ["aten::add"]
    branches = {each.value: each for each in decisions if each.line == 11}
    assert set(branches) == {"True", "False"}
    for each in branches.values():
        assert 4 in {read.line for read in each.reads}


def test_tensors_gone_through_by_libraries(program) -> None:
    module = program(
        "import functools, torch\n"
        "def program(x):\n"
        "    first, second = x\n"
        "    whole = functools.reduce(torch.maximum, x)\n"
        "    return whole + first + sum(part.sum() for part in x.split(1)) + second\n"
    )
    decisions = traced(module.program, X).decisions
    found = {(each.line, each.kind, each.value) for each in decisions if not each.library}
    assert found == {(4, "loop-count", "2"), (5, "loop-count", "2")}


def test_numbers_in_subscripts(program) -> None:
    module = program(
        "def program(x):\n"
        "    chosen = [place for place, each in enumerate(x[0].tolist()) if each > 1]\n"
        "    y = x[:, chosen]\n"
        "    y[0] = x.max().item()\n"
        "    y[1:] = 0\n"
        "    return y + x[[0, 1]][:1]\n"
    )
    box = traced(module.program, X)
    numbers = {each.line: each for each in box.decisions if each.kind == "constant"}
    assert set(numbers) == {2, 4}
    assert [node.kind for node in numbers[2].nodes] == ["aten::to", "aten::index"]
    assert numbers[4].nodes
    assert {(each.line, each.expression) for each in box.captured if not each.harmless} == {
        (3, "x[:, chosen]"),
        (4, "y[0]"),
    }


def test_libraries_that_know_no_tensors_read_for_who_calls_them(program) -> None:
    module = program(
        "import numpy as np\n"
        "import statistics\n"
        "def program(x):\n"
        "    area = np.prod(x.shape)\n"
        "    middle = statistics.fmean(x[0])\n"
        "    return x * float(area) + middle + min(x.sum(), 100.0)\n"
    )
    found = {(each.line, each.kind) for each in traced(module.program, X).decisions if not each.library}
    assert {(4, "shape"), (6, "branch")} <= found
    assert any(line == 5 for line, _ in found)


def test_type_of_another_tensor(program) -> None:
    module = program("def program(x, other):\n    return x.to(other) + 1\n")
    (decision,) = traced(module.program, X, X.double()).decisions
    assert (decision.kind, decision.line, decision.value) == ("device-or-dtype", 2, "torch.float64")


def test_nodes_of_modules(program) -> None:
    module = program(
        "from torch import nn\n"
        "class Inner(nn.Module):\n"
        "    def forward(self, x):\n"
        "        return x * x.max().item()\n"
        "class Outer(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.inner = Inner()\n"
        "    def forward(self, x):\n"
        "        return self.inner(x) + 1\n"
    )
    with black_box() as box, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = jitcore.trace(module.Outer(), X, check_trace=False)
    (decision,) = box.decisions
    (node,) = decision.nodes
    inner = made.inner._script_object.type.methods["forward"].graph
    assert node in list(inner.nodes())


def test_truth_that_travels(program) -> None:
    module = program(
        "def is_bright(x):\n"
        "    return (x > 2).any().item()\n"
        "def program(x):\n"
        "    flags = {'bright': is_bright(x)}\n"
        "    if flags['bright'] and x.dim() == 2:\n"
        "        return x + 1\n"
        "    return x\n"
    )
    decisions = traced(module.program, X).decisions
    whole = next(each for each in decisions if each.expression == "flags['bright'] and x.dim() == 2")
    assert {read.line for read in whole.reads} == {2, 5}
    read = next(each for each in decisions if each.line == 2)
    assert (read.kind, read.decided) == ("branch", "True decided at line 5, and became nothing else")


def test_harmless(program) -> None:
    module = program(
        "import torch\n"
        "from torch import nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.scale = nn.Parameter(torch.ones(3))\n"
        "        self.config = {'depth': 2}\n"
        "    def forward(self, x):\n"
        "        for _ in range(self.config['depth']):\n"
        "            x = x + 1\n"
        "        if self.scale.sum() > 0 and len(self.scale) == 3:\n"
        "            x = x * self.scale.max().item()\n"
        "        return x\n"
    )
    decisions = traced(module.Net(), X).decisions
    assert {each.kind for each in decisions} == {"loop-count", "branch", "constant"}
    assert all(each.harmless for each in decisions)


def test_writes_carry_origins(program) -> None:
    module = program(
        "import torch\n"
        "def program(x):\n"
        "    held = torch.zeros(2, 2)\n"
        "    held[0] = x[1]\n"
        "    total = held.t() + 1\n"
        "    if total.sum() > 3:\n"
        "        return x + 1\n"
        "    return x\n"
    )
    (decision,) = [each for each in traced(module.program, X).decisions if each.kind == "branch"]
    assert not decision.harmless


def test_long_loops_are_one_decision(program) -> None:
    module = program(
        "def program(x, steps=100_000):\n"
        "    count = 0\n"
        "    limit = x.sum().item()\n"
        "    for i in range(steps):\n"
        "        if limit > 3:\n"
        "            count += 1\n"
        "        values = [count]\n"
        "        values.append(i)\n"
        "    return x + count\n"
        "def shorter(x):\n"
        "    return program(x, 10_000)\n"
        "def short(x):\n"
        "    return program(x, 10)\n"
    )
    box = traced(module.program, X)
    (loop,) = [each for each in box.decisions if each.kind == "loop-count"]
    (branch,) = [each for each in box.decisions if each.line == 5]
    assert (loop.value, loop.times, branch.times) == ("100000", 100_000, 100_000)

    def peak(function) -> int:
        tracemalloc.start()
        try:
            traced(function, X)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(module.short)
    # Less than twenty bytes a step.
    assert peak(module.shorter) < peak(module.short) + 200_000


def test_values_of_one_place_are_bounded(program) -> None:
    module = program(
        "def inner(n):\n"
        "    for _ in range(n):\n"
        "        pass\n"
        "def program(x):\n"
        "    for n in range(100):\n"
        "        inner(n)\n"
        "        (x.sum() + n).item()\n"
        "    return x + 1\n"
    )
    decisions = traced(module.program, X).decisions
    assert len(decisions) < 25
    assert sum(each.times for each in decisions if each.line == 7) == 100
    assert "other values" in {each.value for each in decisions if each.line == 2}


def test_run_without_a_trace(program) -> None:
    module = program(
        "def program(x):\n"
        "    rows = x.shape[0]\n"
        "    if rows > 1:\n"
        "        x = x[:1]\n"
        "    for row in x:\n"
        "        if row.sum() > 100:\n"
        "            x = x + 1\n"
        "    return x, float(x.sum())\n"
    )
    with black_box() as box:
        given, total = box.run(module.program, X)
    assert torch.equal(given, X[:1])
    assert total == 3.0
    found = {(each.line, each.kind, each.value) for each in box.decisions if not each.harmless}
    assert {(3, "branch", "True"), (5, "loop-count", "1"), (6, "branch", "False")} <= found
    assert (8, "constant", "3.0") in found


def test_code_that_is_no_longer_that_of_its_file(program, tmp_path) -> None:
    module = program("def program(x):\n    if x.sum() > 0:\n        return x + 1\n    return x\n")
    kept = (tmp_path / "written.py").read_text(encoding="utf-8")
    code = module.program.__code__
    module.program.__code__ = code.replace(co_consts=(*code.co_consts, "another"))
    module.program.__code__ = module.program.__code__.replace(co_flags=code.co_flags | 0x20000)
    (decision,) = traced(module.program, X).decisions
    assert (decision.kind, decision.line, decision.value) == ("branch", 2, "True")
    assert not decision.harmless
    (tmp_path / "written.py").write_text("\n" * 3 + kept, encoding="utf-8")
    assert traced(module.program, X).decisions[0].line == 2


def test_libraries_are_told_apart(program) -> None:
    module = program(
        "import torch\n"
        "from torch.nn import functional\n"
        "def program(x):\n"
        "    x = x[None, None]\n"
        "    return functional.interpolate(x, scale_factor=1.5, mode='nearest')\n"
    )
    decisions = traced(module.program, X).decisions
    assert decisions
    assert all(each.library and each.line == 5 for each in decisions)


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_a_box_keeps_no_more_of_many_steps_than_of_few(monkeypatch):
    states = []

    class Watched(session.TracingState):
        def __init__(self, *args):
            super().__init__(*args)
            states.append(weakref.ref(self))

    monkeypatch.setattr(session, "TracingState", Watched)

    def found(steps):
        with black_box() as box:
            jitcore.trace(lambda x: decide(x, steps), (torch.tensor(5.5),), check_trace=False)
        gc.collect()
        # How tensors came to be is let go of with the trace; only what was found stays.
        assert states[-1]() is None
        return [(each.kind, each.line) for each in box.decisions]

    assert found(20) == found(200)
