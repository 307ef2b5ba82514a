"""Fits the arguments of a caller to the schema of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.errors import ExecutionError
from jitcore.exec.runtime_types import is_instance, type_text
from jitcore.exec.tensor_kernels import SCALAR_TYPES
from jitcore.ir import ScriptObject
from jitcore.types import COMPLEX, FLOAT, INT, ClassType, ListType, OptionalType, TensorType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.exec.values import Materializer
    from jitcore.types import Argument, FunctionSchema, Type


def fit_arguments(schema: FunctionSchema, given: Sequence[Any], materializer: Materializer) -> list[Any]:
    """`given` converted to the argument types, defaults filled in; `ExecutionError` if they do not fit.

    `materializer` makes the defaults runnable.
    """
    wanted = schema.arguments
    if len(given) > len(wanted):
        own = 1 if wanted and isinstance(wanted[0].type, ClassType) else 0
        count = _count(len(wanted) - own)
        raise ExecutionError(f"{_name(schema)} takes {count}, got {len(given) - own}")
    fitted: list[Any] = []
    for index, argument in enumerate(wanted):
        if index < len(given):
            value = convert(given[index], argument.type)
            if not _fits(value, argument.type):
                expected, got = argument.type.annotation(), type_text(value)
                raise ExecutionError(
                    f"argument '{argument.name}' of {_name(schema)} is a {expected}, got {got}"
                )
            fitted.append(value)
        elif argument.has_default:
            fitted.append(default_of(argument, materializer))
        else:
            raise ExecutionError(f"argument '{argument.name}' of {_name(schema)} is missing")
    return fitted


def default_of(argument: Argument, materializer: Materializer) -> Any:
    """The runnable value of a parameter that is not given; lists are each caller's own."""
    value = materializer.value(argument.default, argument.type)
    return list(cast("list[Any]", value)) if isinstance(value, list) else value


def convert(value: Any, wanted: Type) -> Any:
    """What callers may give in place of a `wanted` value, converted.

    Ints for floats, tuples for lists, dtypes, layouts and memory formats for the numbers that TorchScript
    has for them.
    """
    if isinstance(wanted, OptionalType):
        return None if value is None else convert(value, wanted.element)
    if wanted in _FROM_NUMBERS and (type(value) in (int, float) or _is_scalar(value)):
        return _convert_number(value, wanted)
    if wanted is INT and isinstance(value, torch.dtype | torch.layout | torch.memory_format):
        return _NUMBERED.get(value, value)
    if (
        isinstance(wanted, ListType)
        and isinstance(value, list | tuple)
        and not isinstance(value, torch.Tensor)
    ):
        return [convert(item, wanted.element) for item in value]
    if isinstance(wanted, TensorType) and type(value) in (int, float, bool, complex):
        return torch.tensor(value)
    return value


_NUMBERED: dict[Any, int] = {
    **{dtype: number for number, dtype in SCALAR_TYPES.items()},
    torch.strided: 0,
    torch.sparse_coo: 1,
    torch.contiguous_format: 0,
    torch.preserve_format: 1,
    torch.channels_last: 2,
    torch.channels_last_3d: 3,
}

_FROM_NUMBERS: dict[Type, tuple[type, ...]] = {
    INT: (int,),
    FLOAT: (int, float),
    COMPLEX: (int, float, complex),
}


def _is_scalar(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dim() == 0


def _convert_number(value: Any, wanted: Type) -> Any:
    """A number as the wanted type if Python would give it up without losing anything, else itself."""
    number = value.item() if isinstance(value, torch.Tensor) else value
    accepted = _FROM_NUMBERS[wanted]
    return accepted[-1](number) if type(number) in accepted else value


def _fits(value: Any, wanted: Type) -> bool:
    # A module's class may have been read twice; its methods are what matters.
    return isinstance(value, ScriptObject | torch.ScriptObject) or is_instance(value, wanted)


def _name(schema: FunctionSchema) -> str:
    return schema.name.rpartition(".")[2]


def _count(number: int) -> str:
    return f"{number} argument{'' if number == 1 else 's'}"
