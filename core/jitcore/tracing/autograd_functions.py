"""Calls of `torch.autograd.Function`s: one node of the graph that calls Python, with what it did beside it.

Follows libtorch's `_trace_pre_record`, `_trace_post_record` and `_append_subgraph` (`python_function.cpp`):
the operators that `forward` calls are recorded too, and are dead once the results of the node stand for
theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

import torch

from jitcore.ir import Graph
from jitcore.printing.graph_text import PYTHON_FUNCTION, SCALAR_ARGUMENTS
from jitcore.slots.torch_names import TORCH
from jitcore.tracing import active
from jitcore.tracing.tensor_values import recorded_type
from jitcore.types import TENSOR, TupleType

if TYPE_CHECKING:
    from jitcore.ir import Node, Value
    from jitcore.tracing.state import TracingState

# What `torch.autograd.Function.apply` goes on to; that one stays, as its line is where the call happens.
_BASE: Any = TORCH.autograd.function._SingleLevelFunction
_APPLY: Any = TORCH._C._FunctionBase.__dict__["apply"]


@contextmanager
def autograd_functions_recorded() -> Generator[None]:
    """Context in which calls of `apply` become nodes."""
    with patch.object(_BASE, "apply", classmethod(_apply), create=True):
        yield


def _apply(kind: Any, *args: Any, **kwargs: Any) -> Any:
    state = active.state()
    if state is None or kwargs:
        return _APPLY.__get__(None, kind)(*args, **kwargs)
    with TORCH._C.DisableTorchFunction():
        node = _begin(state, kind, args)
    result = _APPLY.__get__(None, kind)(*args)
    with TORCH._C.DisableTorchFunction():
        _end(state, node, kind, args, result)
    return result


def _begin(state: TracingState, kind: Any, args: tuple[Any, ...]) -> Node:
    node = state.create(f"^{kind.__name__}")
    node.source_range = state.place()
    for each in args:
        if isinstance(each, torch.Tensor):
            node.add_input(state.value_of(each))
    plain = [each for each in args if not isinstance(each, torch.Tensor)]
    node.attributes[SCALAR_ARGUMENTS] = ", ".join(map(_shown, plain))
    node.attributes[PYTHON_FUNCTION] = _with_plain(kind, args)
    return state.insert(node)


def _shown(plain: Any) -> str:
    """An argument that is no tensor as the graph shows it."""
    if isinstance(plain, tuple):
        return f"({', '.join(map(_shown, cast('tuple[Any, ...]', plain)))})"
    return str(plain)


def _with_plain(kind: Any, args: tuple[Any, ...]) -> Callable[..., Any]:
    """The function as the program calls it again, with other tensors and the same other arguments."""
    is_tensor = [isinstance(each, torch.Tensor) for each in args]
    plain = [None if tensor else each for tensor, each in zip(is_tensor, args, strict=True)]

    def run(*tensors: torch.Tensor) -> Any:
        left = iter(tensors)
        return kind.apply(
            *(next(left) if tensor else each for tensor, each in zip(is_tensor, plain, strict=True))
        )

    run.__name__ = kind.__name__
    return run


def _end(state: TracingState, node: Node, kind: Any, args: tuple[Any, ...], result: Any) -> None:
    results = cast("Sequence[Any]", result) if isinstance(result, tuple) else (result,)
    is_inplace = any(each is given for each in results for given in args if isinstance(given, torch.Tensor))
    node.set_attribute("inplace", int(is_inplace))
    module: Any = vars(kind).get("__module__")
    if isinstance(module, str):
        node.set_attribute("module", module)
    made = [node.add_output()]
    last = node
    if isinstance(result, tuple):
        last = state.create("prim::TupleUnpack", made, len(results))
        last.insert_after(node)
        made = last.outputs
    inner = [state.tensors.get(each) for each in results if isinstance(each, torch.Tensor)]
    node.set_attribute("Subgraph", _subgraph(node, last, [each for each in inner if each is not None]))
    if isinstance(result, tuple):
        kinds = (recorded_type(each) if isinstance(each, torch.Tensor) else TENSOR for each in results)
        node.outputs[0].set_type(TupleType(tuple(kinds)))
    for each, value in zip(results, made, strict=True):
        if isinstance(each, torch.Tensor):
            value.set_type(recorded_type(each))
            state.tensors.put(each, value)


def _subgraph(node: Node, last: Node, results: list[Value]) -> Graph:
    """What `forward` did, as a graph of its own; values of elsewhere are inputs."""
    graph = Graph()
    values: dict[Value, Value] = {}
    for value in node.inputs:
        values[value] = graph.add_input().copy_metadata(value)

    def inside(value: Value) -> Value:
        if value not in values:
            values[value] = graph.add_input().copy_metadata(value)
        return values[value]

    following = last.next
    while following is not None and following.next is not None:
        copied = graph.insert(graph.create_clone(following, inside))
        values.update(zip(following.outputs, copied.outputs, strict=True))
        following = following.next
    for value in results:
        graph.register_output(inside(value))
    return graph
