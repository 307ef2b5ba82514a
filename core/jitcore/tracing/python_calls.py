"""What Python asks of tensors beside operators: sizes, subscripts, numbers; and calls given sizes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch
from torch._ops import OpOverload, OpOverloadPacket
from torch.overrides import TorchFunctionMode

from jitcore.slots.torch_names import TORCH
from jitcore.tracing import indexing, tracer_warnings
from jitcore.tracing.argument_stash import ArgumentStash
from jitcore.tracing.black_box.torch_reads import KINDS
from jitcore.tracing.constructed import record_conversion
from jitcore.tracing.places import program_frame
from jitcore.tracing.traced_size import TracedSize

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.tracing.state import TracingState

_Handler = "Callable[[PythonCalls, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]"
_TENSOR = torch.Tensor


class PythonCalls(TorchFunctionMode):
    """The mode that torch asks before Python's calls of it reach C++."""

    def __init__(self, state: TracingState) -> None:
        super().__init__()
        self.state = state
        self.stash = ArgumentStash(state)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Answer the call, or have torch answer it."""
        given = kwargs or {}
        state = self.state
        if not state.is_recording or isinstance(func, OpOverload | OpOverloadPacket):
            return func(*args, **given)
        with state.called_from(program_frame(inspect.currentframe())):
            result = self._answered(func, args, given)
            if state.notes is not None:
                asked = KINDS.get(func)
                if asked is not None and args and isinstance(args[0], _TENSOR):
                    state.notes.read(*asked, args[0], result)
                elif func is _TENSOR.to and len(args) > 1 and isinstance(args[1], _TENSOR):
                    # Of another tensor this takes what it is made of, and where.
                    state.notes.read("dtype", "device-or-dtype", args[1], args[1].dtype)
            return result

    def _answered(self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        handler = _HANDLERS.get(func)
        if handler is not None:
            return handler(self, func, args, kwargs)
        args, kwargs = self.stash.replaced(func, args, kwargs)
        return func(*args, **kwargs)

    def with_numbers(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """A function of C++ that takes tensors for sizes, also such as C++ refuses before a mode is asked."""

        def call(*args: Any, **kwargs: Any) -> Any:
            if not self.state.is_recording:
                return func(*args, **kwargs)
            with (
                self.state.called_from(program_frame(inspect.currentframe())),
                TORCH._C.DisableTorchFunction(),
            ):
                args, kwargs = self.stash.replaced(func, args, kwargs)
                return func(*args, **kwargs)

        return call

    def warn_of_floats(self, items: Any, made: torch.Tensor) -> None:
        """Warn of tensors that became numbers of a tensor that was made of a nested list."""
        if made.is_floating_point() or made.is_complex():
            self.stash.warn_of_floats(items, "complex" if made.is_complex() else "float")

    def warn(self, message: str) -> None:
        """Warn at the line of the program that called."""
        tracer_warnings.warn(self.state.frame(), message)


def _size(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    tensor = args[0]
    dim = args[1] if len(args) > 1 else kwargs.get("dim")
    if dim is None:
        return TracedSize.of(calls.state.size_of(tensor, place) for place in range(tensor.dim()))
    if isinstance(dim, torch.Tensor):
        dim = calls.stash.plain(dim)
    return calls.state.size_of(tensor, dim)


def _numel(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return calls.state.numel_of(args[0] if args else kwargs["input"])


def _read(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    tensor, index = args
    if not _is_taken_apart(index):
        return func(tensor, index)
    return indexing.read(calls.stash, tensor, index)


def _write(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return indexing.write(calls.stash, *args)


def _index(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    # Nothing is warned of: what is indexed is a list of the program, or how long it loops.
    with calls.state.paused():
        return func(*args, **kwargs)


def _is_taken_apart(index: Any) -> bool:
    """Whether libtorch does something else with a subscript while it traces."""
    return any(
        isinstance(part, slice | list | tuple | range) or (isinstance(part, torch.Tensor) and part.dim() == 0)
        for part in indexing.parts_of(index)
    )


def _contiguous(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    # In Python a tensor that is contiguous is given back at once.
    return torch.ops.aten.contiguous.default(*args, **kwargs)


def _leaving(what: str) -> Any:
    """What leaves the trace as a value of Python."""

    def leave(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        calls.warn(f"Converting a tensor to a {what}{tracer_warnings.PYTHON_DATAFLOW}")
        return func(*args, **kwargs)

    return leave


def _new(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`x.new(...)`, for which a size and a list of numbers are not the same."""
    tensor, *given = args
    if len(given) != 1 or not isinstance(given[0], list | tuple):
        return func(*args, **kwargs)
    if isinstance(given[0], TracedSize):
        return func(tensor, calls.stash.plain_size(given[0]), **kwargs)
    made = func(*args, **kwargs)
    calls.warn_of_floats(given[0], made)
    return made


def _sparse(function: Callable[..., Any]) -> Any:
    """What makes a sparse tensor, of values of Python too."""
    name = f"torch.{function.__name__}"

    def construct(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        calls.warn(f"{name}{tracer_warnings.CONSTRUCTOR}")
        made = func(*args, **kwargs)
        for given in (*args, *kwargs.values()):
            if isinstance(given, list | tuple):
                calls.warn_of_floats(given, made)
        return made

    return construct


def _constructor(name: str, warns: bool = True, detaches: bool = False) -> Any:
    """What makes a tensor of values of Python."""

    def construct(calls: PythonCalls, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        state = calls.state
        if warns:
            calls.warn(f"{name}{tracer_warnings.CONSTRUCTOR}")
        given = args[-1] if args else next(iter(kwargs.values()))
        if isinstance(given, torch.Tensor):
            return func(*args, **kwargs)
        with state.paused():
            made = func(*args, **kwargs)
            data = made.detach()
        calls.warn_of_floats(given, data)
        place = state.place()
        node = record_conversion(state, data, place)
        if state.notes is not None:
            state.notes.made(name, node, data, given)
        result = node.outputs[0]
        if detaches:
            result = state.insert_value("aten::detach", (result,), result.type, place)
        state.tensors.put(made, result)
        return made

    return construct


_SPARSE: tuple[Callable[..., Any], ...] = (
    torch.sparse_coo_tensor, torch.sparse_compressed_tensor, torch.sparse_csr_tensor,
    torch.sparse_csc_tensor, torch.sparse_bsr_tensor, torch.sparse_bsc_tensor,
)  # fmt: skip

_HANDLERS: dict[Any, Any] = {
    _TENSOR.size: _size,
    _TENSOR.shape.__get__: _size,  # type: ignore[attr-defined]  # a descriptor of C
    _TENSOR.numel: _numel,
    _TENSOR.nelement: _numel,
    _TENSOR.__getitem__: _read,
    _TENSOR.__setitem__: _write,
    _TENSOR.contiguous: _contiguous,
    _TENSOR.__bool__: _leaving("Python boolean"),
    _TENSOR.__int__: _leaving("Python integer"),
    _TENSOR.__index__: _index,
    _TENSOR.__float__: _leaving("Python float"),
    _TENSOR.__complex__: _leaving("Python complex"),
    _TENSOR.item: _leaving("Python number"),
    _TENSOR.tolist: _leaving("Python list"),
    _TENSOR.numpy: _leaving("NumPy array"),
    _TENSOR.new: _new,
    torch.tensor: _constructor("torch.tensor", detaches=True),
    torch.as_tensor: _constructor("torch.as_tensor"),
    torch.asarray: _constructor("torch.asarray", warns=False),
    _TENSOR.new_tensor: _constructor("new_tensor", warns=False, detaches=True),
    **{function: _sparse(function) for function in _SPARSE},
}
