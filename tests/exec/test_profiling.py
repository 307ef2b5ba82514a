"""Times of nodes: totals, own times, calls, repeats; and what was seen of their outputs."""

import pytest
import torch

from jitcore.exec import Materializer, Profiler, profile
from jitcore.exec.clocks import CpuClock, CudaClock
from jitcore.exec.profiler import Samples
from jitcore.printing import parse_graph

LOOP = """graph(%x : Tensor, %n : int):
  %t : bool = prim::Constant[value=1]()
  %one : int = prim::Constant[value=1]()
  %r : Tensor = prim::Loop(%n, %t, %x)
    block0(%i : int, %c : Tensor):
      %p : Tensor = aten::matmul(%c, %c)
      %q : Tensor = aten::tanh(%p)
      -> (%t, %q)
  %s : Tensor = aten::sub(%r, %r, %one)
  return (%s)
"""


def by_kind(measured):
    return {node.kind: node for node in measured.nodes.values()}


def test_totals_own_times_and_calls():
    measured = profile(parse_graph(LOOP), [torch.randn(64, 64), 5], repeats=3, warmup=1)
    nodes = by_kind(measured)
    loop, matmul, tanh = nodes["prim::Loop"], nodes["aten::matmul"], nodes["aten::tanh"]
    assert (loop.calls, matmul.calls, tanh.calls) == (1, 5, 5)
    assert len(loop.total.values) == len(measured.wall.values) == 3
    for repeat in range(3):
        inside = matmul.total.values[repeat] + tanh.total.values[repeat]
        assert loop.total.values[repeat] == loop.own.values[repeat] + inside
        assert matmul.own.values[repeat] == matmul.total.values[repeat] > 0
        whole = sum(node.own.values[repeat] for node in nodes.values())
        assert 0 < whole <= measured.wall.values[repeat]


def test_observed_types_and_memory():
    nodes = by_kind(profile(parse_graph(LOOP), [torch.randn(8, 8), 2]))
    assert nodes["aten::matmul"].types == ("Float(8, 8)",)
    assert nodes["aten::matmul"].output_bytes == 256
    assert nodes["prim::Loop"].types == ("Float(8, 8)",)


def test_nodes_that_do_not_run_have_no_times():
    measured = profile(parse_graph(LOOP), [torch.randn(8, 8), 0])
    assert set(by_kind(measured)) == {"prim::Loop", "aten::sub"}


def test_first_nan_is_where_it_arose():
    graph = parse_graph("""graph(%x : Tensor):
  %a : Tensor = aten::neg(%x)
  %b : Tensor = aten::log(%a)
  %c : Tensor = aten::abs(%b)
  return (%c)
""")
    log = next(node for node in graph.nodes() if node.kind == "aten::log")
    measured = profile(graph, [torch.ones(2)], find_nan=True)
    assert measured.first_nan == ("", log.id)
    assert by_kind(measured)["aten::abs"].has_nan is True
    assert by_kind(measured)["aten::neg"].has_nan is False
    assert profile(graph, [-torch.ones(2)], find_nan=True).first_nan is None


def test_calls_are_keyed_by_their_function(agree):
    def callee(x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x)

    compiled = torch.jit.script(callee)

    def caller(x: torch.Tensor) -> torch.Tensor:
        return compiled(compiled(x))

    interpreter, module, _ = agree.load(torch.jit.script(caller))
    profiler = Profiler(module.method("forward"), interpreter.materializer)
    x = torch.randn(4)
    assert torch.equal(profiler.run_once([module, x]), caller(x))
    assert torch.equal(profiler.run_once([module, x]), caller(x))
    nodes = profiler.result().nodes
    calls = [node for key, node in nodes.items() if node.kind == "prim::CallFunction" and not key[0]]
    (inner,) = (node for key, node in nodes.items() if key[0] and node.kind == "aten::tanh")
    assert [node.calls for node in calls] == [1, 1]
    assert inner.calls == 2
    for repeat in range(2):
        total = sum(node.total.values[repeat] for node in calls)
        own = sum(node.own.values[repeat] for node in calls)
        assert total - own == inner.total.values[repeat]


def test_profiled_results_are_those_of_plain_runs(agree):
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.GELU(), torch.nn.LayerNorm(8)).eval()
    interpreter, module, oracle = agree.load(torch.jit.script(model))
    x = torch.randn(3, 4)
    with torch.no_grad():
        result = Profiler(module.method("forward"), interpreter.materializer).run_once([module, x])
        assert torch.equal(result, oracle(x))


def test_samples():
    samples = Samples((4, 1, 3, 2, 100))
    assert (samples.median, samples.minimum, samples.spread) == (3, 1, 2.0)
    assert Samples((7,)).spread == 0.0


def test_nothing_measured_is_an_error():
    with pytest.raises(ValueError, match="no repeat"):
        Profiler(parse_graph(LOOP), Materializer()).result()


class Ticks:
    """A clock that moves only when it is told to."""

    def __init__(self):
        self.time = 0

    def now(self):
        return self.time


def test_cpu_clock_leaves_out_looking_and_splits_own_time():
    ticks = Ticks()
    clock = CpuClock(ticks.now)

    def leaf():
        begin, end = clock.marks(1)
        begin()
        ticks.time += 5
        end()
        clock.left_out(look)()

    def look():
        ticks.time += 1000

    begin, end = clock.marks(0)
    begin()
    ticks.time += 2
    leaf()
    leaf()
    end()
    assert clock.collect() == [(12, 2, 1), (10, 10, 2)]
    assert clock.collect() == [(0, 0, 0), (0, 0, 0)]


def test_a_node_that_fails_leaves_the_clock_ready_for_the_next_run():
    ticks = Ticks()
    clock = CpuClock(ticks.now)
    begin, end = clock.marks(0)
    begin()
    ticks.time += 3
    assert clock.collect() == [(0, 0, 0)]
    begin()
    ticks.time += 4
    end()
    assert clock.collect() == [(4, 4, 1)]


def test_cuda_clock_reads_events_once_the_device_is_idle():
    stream = Ticks()
    waits = []

    class FakeEvent:
        def record(self):
            self.at = stream.time

        def elapsed_time(self, end):
            assert waits, "asked before the device was waited for"
            return (end.at - self.at) / 1e6

    clock = CudaClock(FakeEvent, lambda: waits.append(stream.time))

    def kernel():
        begin, end = clock.marks(1)
        begin()
        stream.time += 7
        end()

    begin, end = clock.marks(0)
    begin()
    stream.time += 1
    kernel()
    kernel()
    end()
    assert clock.collect() == [(15, 1, 1), (14, 14, 2)]


def test_the_clock_of_a_profile_can_be_given():
    stream = Ticks()

    class FakeEvent:
        def record(self):
            stream.time += 10
            self.at = stream.time

        def elapsed_time(self, end):
            return (end.at - self.at) / 1e6

    profiler = Profiler(parse_graph(LOOP), device="cpu", clock=CudaClock(FakeEvent, lambda: None))
    profiler.run_once([torch.randn(4, 4), 2])
    nodes = by_kind(profiler.result())
    assert nodes["aten::matmul"].total.values == (20,)
    assert nodes["prim::Loop"].own.values == (50,)
