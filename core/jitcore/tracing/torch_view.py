"""What torch's own Python, and the program, see of a trace: that there is one, and where scopes are noted.

torch has one place for each of these, which is asked at every call of a module; they are put back however the
trace ends.
"""

from __future__ import annotations

import inspect
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import torch

from jitcore.slots.builtin_table import know_operators, standing_for, stood_for
from jitcore.slots.torch_names import TORCH
from jitcore.tracing import active, tracer_warnings
from jitcore.tracing.argument_stash import ArgumentStash
from jitcore.tracing.torch_imports import TorchImports
from jitcore.tracing.traced_size import TracedSize

if TYPE_CHECKING:
    from jitcore.tracing.python_calls import PythonCalls
    from jitcore.tracing.state import TracingState

_ASKED = (
    "has_torch_function", "has_torch_function_unary", "has_torch_function_variadic",
)  # fmt: skip
"""By these functions written in Python find out whether somebody else answers them."""


_ONE_AT_A_TIME = threading.RLock()
"""What is exchanged is exchanged for the whole process, so another thread's trace waits."""


@contextmanager
def shown_to_torch(state: TracingState, modules: Mapping[Any, Any] | None) -> Generator[None]:
    """Context in which torch says that something is traced.

    `modules` are the names of modules by which calls of them become scopes; None notes no scopes.
    """
    know_operators()
    with _ONE_AT_A_TIME, ExitStack() as stack:
        exchanged = [
            patch.object(TORCH._C, "_get_tracing_state", _STATE),
            patch.object(TORCH._C, "_is_tracing", active.is_tracing),
            patch.object(TORCH.jit._trace, "_trace_module_map", modules),
            patch.object(TORCH.utils._python_dispatch, "_disable_current_modes", _others_disabled),
            *(patch.object(module, name, _unmoded(original)) for module, name, original in _askers()),
            patch.object(TORCH.jit._builtins, "_find_builtin", _find_builtin),
            patch.object(torch, "from_numpy", _from_numpy),
            patch.object(torch, "Size", TracedSize),
            patch.object(torch.Tensor, "_make_subclass", _make_subclass),
            patch.object(torch.Tensor, "__new__", staticmethod(_new_tensor)),
        ]
        for each in exchanged:
            stack.enter_context(each)

        @contextmanager
        def as_it_was() -> Generator[None]:
            with ExitStack() as back, state.paused():
                for each in reversed(exchanged):
                    each.__exit__(None, None, None)
                    back.callback(each.__enter__)
                yield

        stack.enter_context(TorchImports(as_it_was))
        stack.enter_context(active.entered(state))
        yield


_STATE = standing_for(active.state, TORCH._C._get_tracing_state)
_DISABLE_MODES = TORCH.utils._python_dispatch._disable_current_modes


def _others_disabled() -> AbstractContextManager[Any]:
    """Context without other modes: what shows a tensor is part of the program, and is recorded as such."""
    return _DISABLE_MODES() if TORCH._C._len_torch_dispatch_stack() else nullcontext([])


_FIND_BUILTIN: Callable[[Any], str | None] = TORCH.jit._builtins._find_builtin


def _find_builtin(function: Any) -> str | None:
    """The operator that torch's compiler takes a function for: a program may call it while it is traced."""
    return _FIND_BUILTIN(stood_for(function))


_FROM_NUMPY = torch.from_numpy


def _from_numpy(array: Any) -> torch.Tensor:
    """`torch.from_numpy`, which no mode is asked for."""
    state = active.state()
    if state is None:
        return _FROM_NUMPY(array)
    tracer_warnings.warn(state.frame(), f"torch.from_numpy{tracer_warnings.CONSTRUCTOR}")
    state.is_from_numpy = True
    try:
        return _FROM_NUMPY(array)
    finally:
        state.is_from_numpy = False


_MAKE_SUBCLASS: Callable[..., Any] = TORCH.Tensor._make_subclass


def _make_subclass(cls: Any, data: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
    """What constructors of parameters call: as libtorch does it, the tensor detached."""
    made = _MAKE_SUBCLASS(cls, data, *args, **kwargs)
    state = active.state()
    if state is not None:
        state.tensors.put(made, state.value_of(data.detach()))
    return made


_NEW_TENSOR: Callable[..., Any] = TORCH._C.TensorBase.__new__


def _new_tensor(cls: Any, *args: Any, **kwargs: Any) -> Any:
    """`torch.Tensor(...)`, which no mode is asked for; what it calls is recorded as ever."""
    state = active.state()
    if state is not None:
        tracer_warnings.warn(state.frame(), f"torch.Tensor{tracer_warnings.CONSTRUCTOR}")
        if len(args) == 1 and isinstance(args[0], TracedSize):
            # What is no size of torch's own would be taken for a list of values.
            args = (ArgumentStash(state).plain_size(args[0]),)
    return _NEW_TENSOR(cls, *args, **kwargs)


def _askers() -> list[tuple[Any, str, Callable[..., bool]]]:
    """Modules of torch whose functions ask, with the name and the function."""
    originals = {name: getattr(torch.overrides, name) for name in _ASKED}
    return [
        (module, name, original)
        for key, module in list(sys.modules.items())
        if key.startswith("torch.")
        for name, original in originals.items()
        if vars(module).get(name) is original
    ]


def _unmoded(original: Callable[..., bool]) -> Callable[..., bool]:
    """The question without the mode of the tracer, which wants what the function itself calls."""

    def asked(*args: Any) -> bool:
        if not TORCH._C._len_torch_function_stack():
            return original(*args)
        with TORCH.overrides._pop_mode_temporarily():
            return original(*args)

    return standing_for(asked, original)


_TAKING_SIZES = ("adaptive_avg_pool", "adaptive_max_pool", "upsample_", "_upsample_")
"""How functions are called that torch's Python gives sizes which it computed with floating point numbers."""


@contextmanager
def sizes_taken(calls: PythonCalls) -> Generator[None]:
    """Context in which these functions take them as libtorch does while it traces."""
    with ExitStack() as stack:
        for home in (TORCH._C._nn, TORCH.nn.functional):
            for name, function in list(vars(home).items()):
                if name.startswith(_TAKING_SIZES) and inspect.isbuiltin(function):
                    stack.enter_context(
                        patch.object(home, name, standing_for(calls.with_numbers(function), function))
                    )
        yield
