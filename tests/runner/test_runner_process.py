"""The runner process: requests and replies over its pipes, prints, failures, death."""

import itertools
import os
import signal
import time

import pytest
import torch

from jitviewer.protocol.constants import TensorParts, decode_constant, encode_constant
from jitviewer.protocol.runner_messages import (
    Devices,
    Evaluated,
    EvaluateRequest,
    ListDevices,
    Ping,
    Pong,
    RunFailed,
    RunPrinted,
    RunProgress,
    RunRequest,
    RunResult,
)  # fmt: skip

numbers = itertools.count(1)


def saved(path, program):
    torch.jit.save(torch.jit.script(program), str(path))
    return str(path)


def request(path, *inputs, **options):
    options = {"module_path": "", "method": "forward", "passes": [], **options}
    return RunRequest(next(numbers), path, inputs=list(inputs), **options)


class Gate(torch.nn.Module):
    def forward(self, x: torch.Tensor, scale: float = 2.0) -> torch.Tensor:
        print("sum", x.sum().dim())
        if bool(x.sum() > 0):
            return x * scale
        return -x


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("runner") / "gate.pt", Gate())


def test_ping_and_devices(runner):
    (pong,) = runner.ask(Ping(next(numbers)))
    assert isinstance(pong, Pong)
    assert pong.torch_version == str(torch.__version__)
    (devices,) = runner.ask(ListDevices(next(numbers)))
    assert isinstance(devices, Devices)
    rows = {row.name.partition(":")[0]: row for row in devices.devices}
    assert not rows["cpu"].why_absent
    assert bool(rows["cuda"].why_absent) is not torch.cuda.is_available()


def test_a_run_with_profile_and_passes(runner, program):
    *before, result = runner.ask(
        request(program, "float32[2,3]:1..2", passes=["inline", "dce"], repeats=3, warmup=1)
    )
    assert isinstance(result, RunResult)
    assert next(reply.stage for reply in before if isinstance(reply, RunProgress)) == "loading"
    assert "".join(reply.text for reply in before if isinstance(reply, RunPrinted)) == "sum 0\n" * 4
    assert [row.type for row in result.outputs] == ["Float(2, 3)"]
    assert [(row.name, row.type) for row in result.inputs] == [("x", "Float(2, 3)"), ("scale", "float")]
    assert len(result.wall_us) == 3
    times = {row.kind: row for row in result.times}
    assert times["prim::If"].calls == 1
    assert times["prim::If"].total_us >= times["aten::mul"].total_us > 0
    assert times["aten::mul"].types == ["Float(2, 3)"]
    assert times["aten::mul"].parent == times["prim::If"].node_id
    assert times["prim::If"].parent == -1
    assert "aten::neg" not in times


def test_outputs_equal_torchs_and_repeat_by_seed(runner, program, tmp_path):
    out = tmp_path / "out.pt"
    inputs = tmp_path / "in.pt"
    x = torch.randn(4)
    torch.save((x, 3.0), inputs)
    result = runner.ask(request(program, inputs_file=str(inputs), outputs_file=str(out), profile=False))[-1]
    assert isinstance(result, RunResult)
    assert result.times == []
    assert torch.equal(torch.load(out, weights_only=True), torch.jit.load(program)(x, 3.0))
    first, second = (runner.ask(request(program, "float32[4]", seed=7))[-1] for _ in range(2))
    assert first.outputs == second.outputs
    assert first.outputs != runner.ask(request(program, "float32[4]", seed=8))[-1].outputs


def test_a_submodule_and_its_method(runner, tmp_path):
    class Inner(torch.nn.Module):
        def forward(self, x):
            return x + 1

        @torch.jit.export
        def twice(self, x):
            return x * 2

    class Outer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def forward(self, x):
            return self.inner(x)

    path = saved(tmp_path / "outer.pt", Outer())
    result = runner.ask(request(path, "int64[1]:4..5", module_path="inner", method="twice"))[-1]
    assert [row.text for row in result.outputs] == ["8"]


def test_runs_do_not_see_what_others_left(runner, tmp_path):
    class Counts(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("n", torch.zeros(1, dtype=torch.int64))

        def forward(self, x):
            self.n += 1
            x += 1
            return x, self.n

    path = saved(tmp_path / "counts.pt", Counts())
    for _ in range(2):
        result = runner.ask(request(path, "int64[1]:4..5", repeats=3))[-1]
        assert [row.text for row in result.outputs] == ["5", "1"]
    assert torch.jit.load(path).n.item() == 0


def test_named_tuples_come_back_as_tuples(runner, tmp_path):
    def extremes(x: torch.Tensor):
        return torch.max(x, 0), [1, 2], {"a": x.sum()}

    out = tmp_path / "out.pt"
    path = saved(tmp_path / "extremes.pt", extremes)
    runner.ask(request(path, "int64[3]:0..9", outputs_file=str(out)))
    (values, indices), plain, table = torch.load(out, weights_only=True)
    assert (values.dim(), indices.dtype, plain, list(table)) == (0, torch.int64, [1, 2], ["a"])


def test_graph_text_runs(runner, tmp_path):
    path = tmp_path / "graph.ir"
    path.write_text("""graph(%x : Tensor):
  %y : Tensor = aten::neg(%x)
  return (%y)
""")
    result = runner.ask(request(str(path), "int64[1]:4..5"))[-1]
    assert [row.text for row in result.outputs] == ["-4"]


@pytest.mark.parametrize(
    ("options", "inputs", "part"),
    [
        ({"device": "cuda:9"}, ["float32[2]"], "cuda:9 cannot be used"),
        ({"device": "toaster"}, ["float32[2]"], "is not a device"),
        ({"method": "backward"}, ["float32[2]"], "has no method 'backward'; it has forward"),
        ({"module_path": "a.b"}, ["float32[2]"], "there is no module 'a.b' (nothing called 'a')"),
        ({"passes": ["no-such-pass"]}, ["float32[2]"], "no pass"),
        ({"repeats": 0}, ["float32[2]"], "at least one repeat"),
        ({}, [], "argument 'x' of forward is missing"),
        ({}, ["3", "4", "5"], "takes 2 arguments, got 3"),
        ({}, ["float32["], "cannot be read"),
        ({"inputs_file": "absent.pt"}, [], "absent.pt cannot be read"),
        ({"outputs_file": "no/such/folder/x.pt"}, ["float32[2]"], "cannot be written"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_sentence(runner, program, options, inputs, part):
    answer = runner.ask(request(program, *inputs, **options))[-1]
    assert isinstance(answer, RunFailed)
    assert part in answer.sentence
    assert "\n" not in answer.sentence


def test_bad_files(runner, tmp_path):
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"PK not really")
    for path in (str(broken), str(tmp_path), str(tmp_path / "absent.pt")):
        answer = runner.ask(request(path, "float32[2]"))[-1]
        assert isinstance(answer, RunFailed)
        assert path in answer.sentence


def fails(x: torch.Tensor) -> torch.Tensor:
    y = x + 1
    return y.view(99)


def test_failure_names_node_and_source(runner, tmp_path):
    path = saved(tmp_path / "fails.pt", fails)
    answer = runner.ask(request(path, "float32[2]"))[-1]
    assert isinstance(answer, RunFailed)
    assert answer.sentence.startswith("aten::view at ")
    assert "return y.view(99)" in answer.traceback
    assert answer.node_id >= 0


def endless(x: torch.Tensor) -> torch.Tensor:
    while bool(x.sum() > -1):
        x = x * 1
    return x


def test_an_endless_run_reports_and_can_be_killed(start, tmp_path):
    path = saved(tmp_path / "endless.pt", endless)
    runner = start()
    runner.send(request(path, "float32[2]:1..2"))
    seen = []
    for reply in runner.replies:
        assert isinstance(reply, RunProgress)
        if reply.stage == "running":
            seen.append(reply.elapsed_s)
        if len(seen) == 4:
            break
    assert seen[-1] - seen[1] < 5
    began = time.monotonic()
    runner.process.kill()
    assert runner.process.wait(timeout=10) == -signal.SIGKILL
    assert time.monotonic() - began < 5


def test_a_crash_is_seen_as_death(start, program):
    source = (
        "import os, sys\n"
        "from jitcore.exec import tensor_kernels\n"
        "tensor_kernels.TENSOR_KERNELS['aten::neg'] = lambda x: os.abort()\n"
        "from jitviewer.runner.__main__ import main\n"
        "sys.exit(main())\n"
    )
    runner = start("-c", source)
    runner.send(request(program, "float32[2]:-2..-1"))
    for reply in runner.replies:
        assert isinstance(reply, RunProgress | RunPrinted)
    assert runner.process.wait(timeout=60) == -signal.SIGABRT


def test_prints_of_python_and_c_do_not_disturb_the_protocol(start):
    source = (
        "import os, sys\n"
        "from jitviewer.runner import server\n"
        "inner = server._Server.answer\n"
        "def noisy(self, request):\n"
        "    print('from python', flush=True)\n"
        "    os.write(1, b'from c\\n')\n"
        "    assert sys.stdin.read() == ''\n"
        "    inner(self, request)\n"
        "server._Server.answer = noisy\n"
        "from jitviewer.runner.__main__ import main\n"
        "sys.exit(main())\n"
    )
    runner = start("-c", source)
    (pong,) = runner.ask(Ping(next(numbers)))
    assert isinstance(pong, Pong)
    runner.process.stdin.close()
    assert runner.process.wait(timeout=60) == 0
    assert runner.process.stderr.read().decode().splitlines() == ["from python", "from c"]


def test_the_end_of_the_pipe_ends_the_runner(start):
    runner = start()
    runner.process.stdin.close()
    assert runner.process.wait(timeout=60) == 0


def no_tensor(_value):
    return None


def parts_of(tensor):
    return TensorParts(str(tensor.dtype)[6:], tuple(tensor.shape), tensor.numpy().tobytes())


def test_constants_are_computed_for_the_engine(runner):
    x = torch.arange(6.0).view(2, 3)
    arguments = encode_constant([x, 1, 0], lambda v: parts_of(v) if isinstance(v, torch.Tensor) else None)
    (answer,) = runner.ask(EvaluateRequest(next(numbers), "aten::transpose.int", arguments, 1 << 20))
    assert isinstance(answer, Evaluated)
    assert not answer.why_not
    ((dtype, shape, data),) = decode_constant(answer.result, lambda parts: parts)
    assert (dtype, shape) == ("float32", (3, 2))
    assert data == x.t().contiguous().numpy().tobytes()


def test_several_results_and_scalars(runner):
    x = torch.tensor([3, 1, 2])
    arguments = encode_constant(
        [x, -1, False], lambda v: parts_of(v) if isinstance(v, torch.Tensor) else None
    )
    (answer,) = runner.ask(EvaluateRequest(next(numbers), "aten::sort", arguments, 1 << 20))
    values, indices = decode_constant(answer.result, lambda parts: parts)
    assert torch.frombuffer(bytearray(values.data), dtype=torch.int64).tolist() == [1, 2, 3]
    assert torch.frombuffer(bytearray(indices.data), dtype=torch.int64).tolist() == [1, 2, 0]
    arguments = encode_constant([2, 5], no_tensor)
    (answer,) = runner.ask(EvaluateRequest(next(numbers), "aten::add.int", arguments, 1 << 20))
    assert decode_constant(answer.result, lambda parts: parts) == [7]


@pytest.mark.parametrize(
    ("operator", "arguments", "part"),
    [
        ("aten::zeros", [[1 << 40], None, None, None, None], "are allowed"),
        ("aten::nothing", [], "no operator"),
        ("aten::floordiv.int", [1, 0], "failed"),
    ],
)
def test_why_a_constant_is_not_computed(runner, operator, arguments, part):
    encoded = encode_constant(arguments, no_tensor)
    (answer,) = runner.ask(EvaluateRequest(next(numbers), operator, encoded, 1 << 20))
    assert part in answer.why_not


def test_starting_imports_neither_torch_nor_qt(start):
    source = (
        "import sys\n"
        "from jitviewer.runner import server\n"
        "assert 'torch' not in sys.modules, 'torch'\n"
        "import jitviewer.runner.running\n"
        "assert not any(name.startswith('PySide6') for name in sys.modules), 'Qt'\n"
    )
    runner = start("-c", source)
    assert runner.process.wait(timeout=60) == 0, os.fsdecode(runner.process.stderr.read())


def test_deeply_nested_branches_run(runner, tmp_path):
    depth = 300
    lines = ["graph(%x : Tensor, %c : bool):"]
    for level in range(depth):
        pad = "  " * (2 * level + 1)
        lines += [f"{pad}%r{level} : Tensor = prim::If(%c)", f"{pad}  block0():"]
    pad = "  " * (2 * depth + 1)
    lines.append(f"{pad}%deep : Tensor = aten::neg(%x)")
    names = ["deep", *(f"r{level}" for level in reversed(range(depth)))]
    for level in reversed(range(depth)):
        pad = "  " * (2 * level + 2)
        lines += [f"{pad}  -> (%{names[depth - 1 - level]})", f"{pad}block1():", f"{pad}  -> (%x)"]
    lines.append("  return (%r0)")
    path = tmp_path / "deep.ir"
    path.write_text("\n".join(lines) + "\n")
    result = runner.ask(request(str(path), "int64[1]:4..5", "True"))[-1]
    assert isinstance(result, RunResult), result
    assert [row.text for row in result.outputs] == ["-4"]
