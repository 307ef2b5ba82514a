"""Casts what operators take while a program is inside of `torch.autocast`, as libtorch's pass autocast does.

    with autocast("cpu", ...):                   with autocast("cpu", ...):
        %y = aten::mm(%x, %x)          runs as       %c = aten::_autocast_to_reduced_precision(%x, ...)
                                                     %y = aten::mm(%c, %c)

Compiled code does not switch torch's own autocasting on; libtorch's executor inserts casts into the inlined
graph instead (torch/csrc/jit/passes/autocast.cpp), for the operators below. Here the graph stays as it is:
between `prim::Enter` and `prim::Exit` of such an object plans cast, and what is called there. Whether
it is enabled, for what and to which dtype is read from the object, so it need not be a constant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from jitcore.exec.errors import ExecutionError
from jitcore.exec.operators import find
from jitcore.ops.autocast_lists import (
    FULL,
    FULL_WITHOUT_DTYPE,
    REDUCED,
    WIDEST,
    may_be_float,
)
from jitcore.types import OptionalType
from jitcore.types.base import SCALAR_TYPE

if TYPE_CHECKING:
    from jitcore.ir import Node, ScriptObject
    from jitcore.types import FunctionSchema, Type


class AutocastState(NamedTuple):
    """What is cast: tensors on CUDA and on the CPU, and to which dtypes (their numbers)."""

    cuda: bool
    cpu: bool
    cuda_dtype: int
    cpu_dtype: int


_NOTHING = AutocastState(False, False, 5, 15)


class Autocasting:
    """What a program casts at present. Attribute: `state`.

    Lists what was entered; `within` bounds a call from outside, whatever way it ends.
    """

    def __init__(self) -> None:
        self.state = _NOTHING
        self._entered: list[AutocastState] = []

    def within(self, state: AutocastState, work: Callable[[], Any]) -> Any:
        """The result of `work`, which starts in `state`."""
        before, self._entered, self.state = (self.state, self._entered), [], state
        try:
            return work()
        finally:
            self.state, self._entered = before

    def enter(self, instance: ScriptObject) -> None:
        """Take over what an autocast object says. Raises `ExecutionError` as the pass does."""
        attributes = instance.attributes
        enabled, dtype, device = (attributes.get(name) for name in ("_enabled", "fast_dtype", "device"))
        for name, value in (("_enabled", enabled), ("fast_dtype", dtype), ("device", device)):
            if value is None:
                raise ExecutionError(f"Autocast missing {name} attribute")
        self._entered.append(self.state)
        match device:
            case "cuda":
                self.state = self.state._replace(cuda=bool(enabled), cuda_dtype=dtype)
            case "cpu":
                self.state = self.state._replace(cpu=bool(enabled), cpu_dtype=dtype)
            case _:
                self._entered.pop()
                raise ExecutionError(f"unrecognized device for autocast pass: {device}")

    def leave(self) -> None:
        """Go back to what was before the last object was entered."""
        if self._entered:
            self.state = self._entered.pop()


def state_of_torch() -> AutocastState | None:
    """What torch's own autocasting casts where a program is called; None if nothing."""
    cuda, cpu = torch.is_autocast_enabled("cuda"), torch.is_autocast_enabled("cpu")
    if not (cuda or cpu):
        return None
    number_of = find("aten::get_autocast_dtype").function
    return AutocastState(cuda, cpu, number_of("cuda"), number_of("cpu"))


def casting(
    node: Node, schema: FunctionSchema, function: Callable[..., Any], scopes: Autocasting
) -> Callable[..., Any]:
    """`function`, which takes the inputs of `node`, as it is called while a program casts."""
    name = schema.name.removeprefix("aten::")
    if name in ("is_autocast_enabled", "is_autocast_cpu_enabled"):
        return (lambda: scopes.state.cuda) if name == "is_autocast_enabled" else (lambda: scopes.state.cpu)
    if name == schema.name or schema.is_mutable:
        return function
    if name == "binary_cross_entropy":
        return _refusing(function, scopes)
    if name in REDUCED:
        return _casting(function, scopes, _to_reduced)
    is_wide = name in WIDEST and any(may_be_float(value.type) for value in node.inputs)
    if name in FULL or is_wide:
        return _casting(function, scopes, _to_full)
    if name in FULL_WITHOUT_DTYPE or name == "softmax":
        return _casting_without_dtype(function, scopes, schema, only_cuda=name == "softmax")
    return function


def _to_reduced(tensor: torch.Tensor, state: AutocastState) -> torch.Tensor:
    return find("aten::_autocast_to_reduced_precision").function(tensor, *state)


def _to_full(tensor: torch.Tensor, state: AutocastState) -> torch.Tensor:
    return find("aten::_autocast_to_full_precision").function(tensor, state.cuda, state.cpu)


_Cast = Callable[[torch.Tensor, AutocastState], torch.Tensor]


def _cast_all(values: Sequence[Any], cast: _Cast, state: AutocastState) -> list[Any]:
    return [cast(value, state) if isinstance(value, torch.Tensor) else value for value in values]


def _casting(function: Callable[..., Any], scopes: Autocasting, cast: _Cast) -> Callable[..., Any]:
    def call_cast(*values: Any) -> Any:
        state = scopes.state
        return function(*_cast_all(values, cast, state)) if state.cuda or state.cpu else function(*values)

    return call_cast


def _casting_without_dtype(
    function: Callable[..., Any], scopes: Autocasting, schema: FunctionSchema, only_cuda: bool
) -> Callable[..., Any]:
    place = schema.argument_index("dtype")
    if place is not None and not _is_optional_dtype(schema.arguments[place].real_type):
        place = None

    def call_cast(*values: Any) -> Any:
        state = scopes.state
        is_on = state.cuda or (state.cpu and not only_cuda)
        has_dtype = place is not None and values[place] is not None
        return function(*_cast_all(values, _to_full, state)) if is_on and not has_dtype else function(*values)

    return call_cast


def _is_optional_dtype(kind: Type) -> bool:
    return isinstance(kind, OptionalType) and kind.element == SCALAR_TYPE


def _refusing(function: Callable[..., Any], scopes: Autocasting) -> Callable[..., Any]:
    def call_outside(*values: Any) -> Any:
        if scopes.state.cuda or scopes.state.cpu:
            raise ExecutionError("Unsafe to autocast")
        return function(*values)

    return call_outside
