"""What a trace is given: checked, copied where it is a container, and made inputs of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import torch

from jitcore.scripting.shared import shared_compiler
from jitcore.slots.inferred_types import InferenceError, inferred_type
from jitcore.tracing.tensor_values import recorded_type
from jitcore.types import INT, DictType, ListType, TensorType, TupleType, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Value
    from jitcore.tracing.state import TracingState

DEEPEST: Final = 150
"""Containers within one another that are traced: types and texts of more would not fit Python's stack."""


def traceable(given: Any) -> tuple[Any, Type]:
    """What is given as the program gets it, and its type; RuntimeError for what has none, and for
    containers that are nested more than `DEEPEST` levels deep.

    Containers are new, and named tuples are plain ones, as libtorch's values have no names.
    """
    copied = _copied(given, 0)
    try:
        kind = inferred_type(copied, shared_compiler())
    except InferenceError as error:
        raise RuntimeError(f"Tracer cannot infer type of {given}\n:{error}") from None
    return copied, kind


def check_traceable(whole: TupleType) -> None:
    """Refuse inputs that are no tensors, or containers of them, with the RuntimeError of torch."""
    if not _is_traceable(whole):
        raise RuntimeError(
            f"Type '{whole.repr_str}' cannot be traced. Only Tensors and (possibly nested) Lists, Dicts, "
            "and Tuples of Tensors can be traced"
        )


def _is_traceable(kind: Type) -> bool:
    if isinstance(kind, TensorType):
        return True
    if isinstance(kind, ListType):
        return _is_traceable(kind.element)
    if isinstance(kind, TupleType):
        return all(map(_is_traceable, kind.parts))
    if isinstance(kind, DictType):
        return _is_traceable(kind.value_type)
    return False


def _copied(given: Any, level: int) -> Any:
    if not isinstance(given, dict | list | tuple):
        return given
    if level > DEEPEST:
        raise RuntimeError(
            f"What is traced takes or gives containers that are nested more than {DEEPEST} levels deep. "
            "Have it take and give fewer levels."
        )
    below = level + 1
    if isinstance(given, dict):
        return {key: _copied(item, below) for key, item in cast("dict[Any, Any]", given).items()}
    items = [_copied(item, below) for item in cast("Sequence[Any]", given)]
    return tuple(items) if isinstance(given, tuple) else items


def exact_type(given: Any, kind: Type) -> Type:
    """The type that an input has by its value: tensors with all that is known of them, in tuples too."""
    if isinstance(given, torch.Tensor):
        return recorded_type(given)
    if isinstance(given, tuple) and isinstance(kind, TupleType):
        return TupleType(
            tuple(exact_type(*pair) for pair in zip(cast("tuple[Any, ...]", given), kind.parts, strict=True))
        )
    return kind


def add_input(state: TracingState, given: Any, kind: Type, value: Value) -> Any:
    """Make a value of the graph stand for an input; gives what the program is to get in its place.

    A tensor that is there already is given as a view of itself, so that both can be told apart.
    """
    value.set_type(kind)
    if isinstance(kind, TensorType):
        if state.tensors.get(given) is not None:
            given = view_of_itself(state, given)
        state.tensors.put(given, value)
        value.set_type(recorded_type(given))
        return given
    if isinstance(kind, TupleType):
        parts = state.unpack("prim::TupleUnpack", value, len(kind.parts))
        return tuple(add_input(state, *each) for each in zip(given, kind.parts, parts, strict=True))
    if isinstance(kind, DictType):
        made: dict[Any, Any] = {}
        for key, item in given.items():
            inputs = (value, state.insert_constant(key))
            part = state.insert_value("aten::__getitem__", inputs, kind.value_type, state.place())
            made[key] = add_input(state, item, kind.value_type, part)
        return made
    if isinstance(kind, ListType):
        parts = state.unpack("prim::ListUnpack", value, len(given))
        return [add_input(state, item, kind.element, part) for item, part in zip(given, parts, strict=True)]
    raise RuntimeError(
        "Only tensors or (possibly nested) dict or tuples of tensors can be inputs to traced functions. Got "
        f"{kind.annotation()}"
    )


def view_of_itself(state: TracingState, tensor: torch.Tensor) -> torch.Tensor:
    """A view of a tensor that is part of the trace: what stands for the tensor where it is met again."""
    known = state.tensors.get(tensor)
    assert known is not None
    place = state.place()
    sizes = [state.insert_constant(size, place) for size in tensor.shape]
    viewed = state.insert_list(INT, sizes)
    state.insert_value("aten::view", (known, viewed), recorded_type(tensor), place)
    return tensor.view(tensor.size())
