"""Hooks of modules are run around forward as torch runs them, and free functions by their names."""

import itertools

import pytest
import torch

from jitcore.archive import open_archive
from jitcore.diagnose import compare_archives
from jitviewer.commands.command_line import main
from jitviewer.engine.document import Document
from jitviewer.engine.tree_rows import tree_rows
from jitviewer.protocol.runner_messages import RunFailed, RunPrinted, RunRequest, RunResult

numbers = itertools.count(1)


def helper(x):
    return x + 1


class Inner(torch.nn.Module):
    def forward(self, x: torch.Tensor, factor: int):
        return helper(x) * factor


class Outer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()

    def forward(self, x: torch.Tensor):
        return self.inner(x, 2)


def inner_before(self, inputs: tuple[torch.Tensor, int]) -> tuple[torch.Tensor, int]:
    return inputs[0] + 1, inputs[1] + 1


def inner_after(
    self, inputs: tuple[torch.Tensor, int], out: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    return out, inputs[0]


def looks(self, inputs: tuple[torch.Tensor]) -> None:
    print("given", inputs[0].dim())


def doubles(self, inputs: tuple[torch.Tensor]) -> torch.Tensor:
    return inputs[0] * 2


def adds(
    self, inputs: tuple[torch.Tensor], out: tuple[torch.Tensor, torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor]:
    return out[0] + inputs[0], out[1]


def joins(self, inputs: tuple[torch.Tensor], out: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    return torch.stack(out)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    module = Outer()
    module.inner.register_forward_pre_hook(inner_before)
    module.inner.register_forward_hook(inner_after)
    module.register_forward_pre_hook(looks)
    module.register_forward_pre_hook(doubles)
    module.register_forward_hook(adds)
    module.register_forward_hook(joins)
    path = str(tmp_path_factory.mktemp("hooks") / "hooks.pt")
    torch.jit.save(torch.jit.script(module), path)
    return path


def ran(runner, path, *inputs, **options):
    request = RunRequest(
        next(numbers),
        path,
        inputs=list(inputs),
        **{"module_path": "", "method": "forward", "passes": [], **options},
    )
    *before, result = runner.ask(request)
    return "".join(reply.text for reply in before if isinstance(reply, RunPrinted)), result


@pytest.mark.parametrize("passes", [[], ["inline", "lower-all-tuples", "dce"]])
@pytest.mark.parametrize("profile", [False, True])
def test_a_call_of_the_module_runs_its_hooks(runner, program, tmp_path, passes, profile):
    written = str(tmp_path / "out.pt")
    printed, result = ran(
        runner,
        program,
        "float32[2]:0..1",
        passes=passes,
        profile=profile,
        seed=3,
        repeats=2,
        outputs_file=written,
    )
    assert isinstance(result, RunResult)
    assert printed == "given 1\n" * 2
    torch.manual_seed(3)
    expected = torch.jit.load(program)(torch.rand(2))
    assert torch.load(written).shape == expected.shape
    assert "looks, doubles before it" in result.notes[0]
    assert "adds, joins after it" in result.notes[0]


def test_the_values_are_those_of_torch(runner, program, tmp_path):
    written, given = str(tmp_path / "out.pt"), str(tmp_path / "in.pt")
    x = torch.tensor([1.0, -2.0])
    torch.save((x,), given)
    oracle = torch.jit.load(program)
    _, result = ran(runner, program, inputs_file=given, outputs_file=written)
    assert isinstance(result, RunResult)
    assert torch.equal(torch.load(written), oracle(x))
    torch.save((x, 3), given)
    _, result = ran(runner, program, module_path="inner", inputs_file=given, outputs_file=written)
    assert [tensor.tolist() for tensor in torch.load(written)] == [t.tolist() for t in oracle.inner(x, 3)]


def test_a_hook_and_a_free_function_are_run_by_themselves(runner, program, tmp_path):
    written, given = str(tmp_path / "out.pt"), str(tmp_path / "in.pt")
    x = torch.tensor([1.0, -2.0])
    torch.save(((x,), (x, x)), given)
    _, result = ran(runner, program, method="adds", inputs_file=given, outputs_file=written)
    assert not result.notes
    assert torch.equal(torch.load(written)[0], x + x)
    torch.save((x,), given)
    _, result = ran(
        runner, program, method=f"__torch__.{__name__}.helper", inputs_file=given, outputs_file=written
    )
    assert isinstance(result, RunResult)
    assert torch.equal(torch.load(written), x + 1)


@pytest.mark.parametrize("method", ["__torch__.nothing", "nothing"])
def test_what_is_not_there_is_named(runner, program, method):
    _, result = ran(runner, program, method=method)
    assert isinstance(result, RunFailed)
    assert "nothing" in result.sentence
    if "." not in method:
        assert "it has forward, looks, doubles, adds, joins" in result.sentence


def test_hooks_are_listed_and_read(program, capsys):
    document = Document.open(program)
    listed = [(row.kind, row.path, row.name) for row in tree_rows(document) if "hook" in row.kind]
    assert listed == [
        ("pre-hook", "", "looks"), ("pre-hook", "", "doubles"), ("hook", "", "adds"), ("hook", "", "joins"),
        ("pre-hook", "inner", "inner_before"), ("hook", "inner", "inner_after"),
    ]  # fmt: skip
    oracle = torch.jit.load(program)
    for path, module in (("", oracle), ("inner", oracle.inner)):
        for hook in (*module._c._get_forward_pre_hooks(), *module._c._get_forward_hooks()):
            options = [program, "--module", path, "--method", hook.name]
            assert main(["code", *options]) == 0
            assert capsys.readouterr().out.strip() == hook.code.strip()
            assert main(["graph", *options]) == 0
            assert capsys.readouterr().out.strip() == str(hook.graph).strip()


def test_archives_that_differ_in_a_hook_differ(program, tmp_path):
    module = Outer()
    module.inner.register_forward_pre_hook(inner_before)
    module.inner.register_forward_hook(inner_after)
    module.register_forward_hook(adds)
    other = str(tmp_path / "other.pt")
    torch.jit.save(torch.jit.script(module), other)
    found = compare_archives(open_archive(program), open_archive(other))
    assert "(root).looks" in found.methods_removed
