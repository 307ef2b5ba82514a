"""What a profiled run tells beside times: operations, bytes, memory, the machine."""

import itertools
import json

import pytest
import torch

from jitcore.exec.metrics.live_storages import MemoryPoint, MemoryProfile
from jitviewer.protocol.runner_messages import RunRequest, RunResult
from jitviewer.runner.memory_rows import memory_row

numbers = itertools.count(1)


class Products(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(32, 16)

    def forward(self, x: torch.Tensor, turns: int) -> torch.Tensor:
        for _ in range(turns):
            x = torch.relu(x @ x)
        return self.layer(x)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("metrics") / "products.pt"
    torch.jit.save(torch.jit.script(Products()), str(path))
    return str(path)


def answer(runner, program, **options):
    options = {"passes": ["inline"], "inputs": ["float32[32,32]", "3"], **options}
    request = RunRequest(next(numbers), program, "", "forward", **options)
    *_, result = runner.ask(request)
    assert isinstance(result, RunResult), result
    return result


def test_operations_and_bytes_of_all_turns(runner, program):
    times = {row.kind: row for row in answer(runner, program, repeats=2).times}
    assert times["aten::matmul"].flops == 3 * 2 * 32**3
    assert times["aten::linear"].flops == 2 * 32 * 32 * 16
    assert times["aten::relu"].flops == -1
    assert times["aten::relu"].moved == 3 * 2 * 32 * 32 * 4
    assert (times["prim::Loop"].flops, times["prim::Loop"].moved) == (-1, -1)
    assert times["aten::relu"].allocated == 3 * 32 * 32 * 4
    assert times["prim::Loop"].peak >= times["aten::relu"].peak == 3 * 32 * 32 * 4


def test_calls_have_what_their_callee_cost(runner, program):
    (call,) = [row for row in answer(runner, program, passes=[]).times if row.kind == "prim::CallMethod"]
    assert call.flops == 2 * 32 * 32 * 16
    assert call.moved == (32 * 32 + 32 * 16 + 16 + 32 * 16) * 4


def test_memory_along_the_run(runner, program):
    result = answer(runner, program, spans=True)
    memory = result.memory
    size = 32 * 32 * 4
    assert memory.peak == 3 * size
    assert memory.inputs == size
    assert memory.weights == (32 * 16 + 16) * 4
    assert memory.allocations == 3 * 2 + 1
    assert sum(row.bytes for row in memory.alive) == memory.peak
    assert memory.alive_count == len(memory.alive) == 3
    kinds = {row.node_id: row.kind for row in result.times}
    assert kinds[memory.peak_node] in ("aten::matmul", "aten::relu")
    assert max(point.bytes for point in memory.points) == memory.peak
    ends = {round(span.start_us + span.us, 6) for span in result.spans}
    assert {round(point.at_us, 6) for point in memory.points} <= ends


def test_keeping_values_does_not_change_the_memory_of_the_run(runner, program):
    plain, kept = (answer(runner, program, keep_bytes=limit).memory for limit in (0, 1 << 30))
    assert (plain.peak, plain.allocated, plain.peak_node) == (kept.peak, kept.allocated, kept.peak_node)


def test_the_machine_is_measured_once_and_where_it_is_asked_for(runner, program):
    assert answer(runner, program).machine.flops == 0
    first, second = (answer(runner, program, measure=True).machine for _ in range(2))
    assert first == second
    assert first.flops > 1e8
    assert first.bytes > 1e7
    assert first.threads >= 1


def test_a_trace_counts_memory(runner, program, tmp_path):
    path = tmp_path / "trace.json"
    answer(runner, program, trace_file=str(path), repeats=2)
    events = json.loads(path.read_text())["traceEvents"]
    counted = [event for event in events if event["ph"] == "C"]
    assert max(event["args"]["bytes alive"] for event in counted) == 3 * 32 * 32 * 4
    last = max(event["ts"] + event["dur"] for event in events if event["ph"] == "X")
    assert all(0 <= event["ts"] <= last + 0.01 for event in counted)


def test_points_stand_where_the_node_ended_that_time():
    points = tuple(MemoryPoint(n, 100 + n, ("", 7), n) for n in range(3))
    memory = MemoryProfile(points, 102, ("", 7), (), 0, 0, 0, 0)
    spans = [(0, 1_000, 2_000), (0, 5_000, 6_000)]
    row = memory_row(memory, spans, [(("", 7), "aten::neg")])
    assert [(p.at_us, p.bytes, p.node_id) for p in row.points] == [(1.0, 100, 7), (5.0, 101, 7)]
    assert [p.at_us for p in memory_row(memory, [], []).points] == [0.0, 0.001, 0.002]


def test_a_long_line_is_told_by_its_highest_points():
    points = tuple(MemoryPoint(n, 10 + (n == 4_321), ("f", 1), n) for n in range(5_000))
    row = memory_row(MemoryProfile(points, 11, ("f", 1), (), 0, 0, 0, 0), [], [])
    assert len(row.points) == 1_000
    assert max(point.bytes for point in row.points) == 11
    assert (row.peak_node, row.points[0].node_id) == (-1, -1)
