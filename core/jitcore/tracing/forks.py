"""Calls of `torch.jit.fork` in a program that is traced: graphs of their own, which are started and awaited.

Follows `fork`, `wait` and `PythonFutureWrapper` of libtorch's `init.cpp` and `pybind_utils.h`. What is forked
runs at once, as it does there.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from jitcore.slots.torch_names import TORCH
from jitcore.tracing import active
from jitcore.tracing.inputs import traceable
from jitcore.tracing.state import TRACED_FORK
from jitcore.types import FutureType

if TYPE_CHECKING:
    from jitcore.ir import Value
    from jitcore.tracing.state import TracingState

_FUTURE: Any = TORCH._C.Future
_FORK: Callable[..., Any] = TORCH._C.fork
_WAIT: Callable[..., Any] = TORCH._C.wait
_WAIT_OF_FUTURE: Callable[..., Any] = _FUTURE.wait


@contextmanager
def forks_recorded() -> Generator[None]:
    """Context in which what is forked, and what is waited for, becomes part of the trace."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(TORCH._C, "fork", _fork))
        stack.enter_context(patch.object(TORCH._C, "wait", _wait))
        stack.enter_context(patch.object(_FUTURE, "wait", _wait))
        yield


def _fork(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    state = active.state()
    if state is None:
        return _FORK(function, *args, **kwargs)
    node = state.insert(state.create(TRACED_FORK, (), 1))
    body = node.add_block()
    # What the body makes is known in it only: others get it by waiting.
    with state.graph.inserting_before(body.return_node), state.tensors.nested():
        result = function(*args, **kwargs)
        with TORCH._C.DisableTorchFunction():
            given, _ = traceable(result)
            value = state.value_of(given)
        body.register_output(value)
    node.outputs[0].set_type(FutureType(value.type))
    future = _FUTURE([])
    with state.paused():
        future.set_result(result)
    state.set_future(future, node.outputs[0])
    return future


def _wait(future: Any) -> Any:
    state = active.state()
    if state is None or not isinstance(future, _FUTURE):
        return _WAIT(future)
    return _awaited(state, future, state.future(future))


def _awaited(state: TracingState, future: Any, value: Value) -> Any:
    kind = value.type
    assert isinstance(kind, FutureType)
    with state.paused():
        result = _WAIT_OF_FUTURE(future)
    with TORCH._C.DisableTorchFunction():
        state.set_value(result, state.insert_value("aten::wait", (value,), kind.element))
    return result
