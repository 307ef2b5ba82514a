"""What a program gives as Python and compiled by torch: both made anew, from equal state and equal seeds."""

from __future__ import annotations

import importlib.util
import inspect
import itertools
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import deepcopy
from typing import Any

import numpy as np
import torch

from jitviewer.runner.inputs import make_inputs
from tests.divergence.program import Program, told_apart
from tests.optimized_bodies import optimize_bodies

SEED = 0
_EXECUTIONS = itertools.count()
_MODES: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "": nullcontext,
    "autocast": lambda: torch.autocast("cpu", torch.bfloat16),
    "inference mode": torch.inference_mode,
}


class Call:
    """A call that both sides are given: specifications of its arguments, and how it is called."""

    def __init__(
        self,
        inputs: Sequence[str],
        seed: int = SEED,
        training: bool | None = None,
        grad: bool = True,
        within: str = "",
    ):
        self.inputs, self.seed, self.training, self.grad = inputs, seed, training, grad
        self.within = within

    def outcome(self, subject: Any) -> Any:
        """What the subject gives and makes of its arguments, or which kind of problem it has with them."""
        if self.training is not None:
            subject.train(self.training)
        given = arguments(self.inputs)
        seed_all(self.seed)
        try:
            with torch.set_grad_enabled(self.grad), _MODES[self.within]():
                returned = subject(*given)
        except Exception as error:  # noqa: BLE001  # whatever a program raises is its outcome
            return Raised(error)
        return returned, given


class NoCallError(AssertionError):
    """A call that all sides refuse, and that therefore tells nothing of them."""


class Raised:
    """A call that raised. What it says is no outcome: a compiled program wraps errors in its own."""

    def __init__(self, error: Exception):
        self.error = error


def arguments(inputs: Sequence[str]) -> list[Any]:
    """The arguments that specifications mean, equal ones each time."""
    return make_inputs(list(inputs), SEED, torch.device("cpu"))


def calls_apart(program: Program) -> tuple[str, list[Call]]:
    """Against which side a divergent program is held, and the calls in a row that set them apart."""
    data = told_apart()[program.name]
    rows = data.get("calls") or [data["inputs"]] * data.get("times", 1)
    seed, training, grad = data.get("seed", SEED), data.get("training"), data.get("grad", True)
    within = data.get("within", "")
    return data.get("against", "trace"), [Call(inputs, seed, training, grad, within) for inputs in rows]


def seed_all(seed: int) -> None:
    """Begin the draws of torch, numpy and Python anew."""
    torch.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


def made(program: Program) -> Any:
    """What is traced, of a file that is executed anew."""
    # TorchScript knows classes by their names, so each execution has one of its own.
    name = f"{program.path.stem}_{next(_EXECUTIONS)}"
    spec = importlib.util.spec_from_file_location(name, program.path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    seed_all(SEED)
    spec.loader.exec_module(module)
    seed_all(SEED)
    subject = getattr(module, program.subject)
    return subject() if inspect.isclass(subject) else subject


def traced(program: Program) -> Any:
    """The program as torch traces it, with the parameters and buffers that it had before."""
    subject = made(program)
    state = deepcopy(dict(tensors_of(subject)))
    given = arguments(program.inputs)
    seed_all(SEED)
    # As the diagnosis does, which is asked for programs that give dicts as well.
    with torch.jit.optimized_execution(True):  # for the scripts that it calls, see `optimize_bodies`
        compiled = torch.jit.trace(subject, tuple(given), check_trace=False, strict=False)
    with torch.no_grad():
        for name, tensor in tensors_of(subject):
            if name in state:
                # What grows from call to call is led back to its first memory.
                tensor.set_(state[name])  # pyright: ignore[reportArgumentType]
    return compiled


def scripted(program: Program) -> Any:
    """The program as torch compiles it."""
    compiled = torch.jit.script(made(program))
    optimize_bodies(compiled)
    return compiled


def tensors_of(subject: Any) -> Iterator[tuple[str, torch.Tensor]]:
    """Parameters and buffers, with their names."""
    if isinstance(subject, torch.nn.Module):
        yield from subject.named_parameters()
        yield from subject.named_buffers()


def apart(program: Program, make: Callable[[Program], Any], calls: Sequence[Call]) -> str:
    """How Python and what `make` makes of the program differ over calls in a row; nothing if they do not.

    Raises `NoCallError` for a call that fails on both.
    """
    with quiet():
        eager, other = made(program), make(program)
        for number, call in enumerate(calls, 1):
            ours, theirs = call.outcome(eager), call.outcome(other)
            if isinstance(ours, Raised) and isinstance(theirs, Raised):
                raise NoCallError(f"call {number} fails on both sides: {ours.error!r}") from theirs.error
            if isinstance(ours, Raised):
                return f"call {number} of eager raises {ours.error!r}"
            if isinstance(theirs, Raised):
                return f"call {number} of the other raises {type(theirs.error).__name__}: {theirs.error}"
            found = difference(ours, theirs)
            if found:
                return f"call {number}: {found}"
    return ""


def difference(ours: Any, theirs: Any) -> str:
    """How two outcomes differ, which are tensors, numbers and containers of them."""
    if isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
        if len(ours) != len(theirs):
            return f"{len(ours)} and {len(theirs)} values"
        return next((found for pair in zip(ours, theirs, strict=True) if (found := difference(*pair))), "")
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return difference(list(ours.items()), list(theirs.items()))
    if isinstance(ours, torch.Tensor) and isinstance(theirs, torch.Tensor):
        try:
            torch.testing.assert_close(theirs, ours, equal_nan=True)
        except AssertionError as error:
            return str(error).partition("\n")[0]
        return ""
    return "" if ours == theirs else f"{ours!r} and {theirs!r}"


@contextmanager
def quiet() -> Iterator[None]:
    """Without what a tracer and programs warn of, and without compiling anew for each kind of input."""
    with warnings.catch_warnings(), torch.jit.optimized_execution(False):
        warnings.simplefilter("ignore")
        yield
