"""Runs a program both ways: through torch.jit, and saved, read back and run by the core."""

from pathlib import Path

import pytest
import torch

from jitcore.archive import load
from jitcore.exec import ExecutionError, Interpreter, Materializer, operators
from tests.differential.oracle import undeclare_torchvision


class Agreement:
    """Holds what the core computes against what torch.jit computes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed = ""

    def load(self, program):
        """The program as the core reads it (interpreter and runnable module), and as torch does."""
        path = self.folder / f"program{len(list(self.folder.iterdir()))}.pt"
        is_compiled = isinstance(program, torch.jit.ScriptModule | torch.jit.ScriptFunction)
        torch.jit.save(program if is_compiled else torch.jit.script(program), str(path))
        interpreter = Interpreter(print_text=self._print)
        interpreter.materializer = Materializer("cpu", str(path), interpreter.call)
        return interpreter, interpreter.materializer.object(load(path)), torch.jit.load(path)

    def _print(self, text: str) -> None:
        self.printed += text

    def __call__(self, program, *inputs, times: int = 1):
        """Run `times` times on copies of `inputs` and compare results and what became of the inputs."""
        interpreter, module, oracle = self.load(program)
        result = None
        with torch.no_grad():
            for _ in range(times):
                ours, theirs = copied(inputs), copied(inputs)
                result = interpreter.run(module.method("forward"), [module, *ours])
                assert_same(result, oracle(*theirs))
                assert_same(tuple(ours), tuple(theirs))
        return result

    def fails(self, program, *inputs) -> ExecutionError:
        """The error of the core, where torch.jit raises one with the same message."""
        interpreter, module, oracle = self.load(program)
        with torch.no_grad():
            with pytest.raises((RuntimeError, torch.jit.Error)) as theirs:
                oracle(*copied(inputs))
            with pytest.raises(ExecutionError) as ours:
                interpreter.run(module.method("forward"), [module, *copied(inputs)])
        assert ours.value.reason.strip().partition("\n")[0] in str(theirs.value)
        return ours.value


def copied(value):
    """A copy with tensors of its own."""
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, list | tuple):
        return type(value)(copied(item) for item in value)
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return value


def assert_same(ours, theirs) -> None:
    """Equal to the last bit, types, shapes, strides and devices included; named tuples as tuples."""
    if isinstance(theirs, torch.Tensor):
        assert isinstance(ours, torch.Tensor)
        assert (ours.dtype, ours.shape, ours.stride()) == (theirs.dtype, theirs.shape, theirs.stride())
        assert ours.device == theirs.device
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0, equal_nan=True)
    elif isinstance(theirs, tuple):
        assert isinstance(ours, tuple)
        assert len(ours) == len(theirs)
        for mine, yours in zip(ours, theirs, strict=True):
            assert_same(mine, yours)
    elif isinstance(theirs, list):
        assert isinstance(ours, list)
        assert len(ours) == len(theirs)
        for mine, yours in zip(ours, theirs, strict=True):
            assert_same(mine, yours)
    elif isinstance(theirs, dict):
        assert isinstance(ours, dict)
        assert list(ours) == list(theirs)
        for key in theirs:
            assert_same(ours[key], theirs[key])
    else:
        assert type(ours) is type(theirs)
        assert ours == theirs or (ours != ours and theirs != theirs)


@pytest.fixture
def without_torchvision():
    """Operators of torchvision are unknown, though other tests may have declared them to load archives."""
    undeclare_torchvision()
    operators.find.cache_clear()


@pytest.fixture
def agree(tmp_path: Path) -> Agreement:
    """Compares runs of the core with runs of torch.jit."""
    return Agreement(tmp_path)
