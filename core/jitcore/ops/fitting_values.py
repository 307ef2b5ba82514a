"""Whether a value that a file from outside has for a constant is of the constant's type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from jitcore.ir.objects import DeviceName, EnumValue, GeneratorValue, ScriptObject
from jitcore.printing.printed_values import PrintedValue
from jitcore.printing.tensor_elements import is_tensor
from jitcore.types import (
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    INT,
    NONE,
    NUMBER,
    STRING,
    DictType,
    EnumType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    UnionType,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.types import Type

_PLAIN: Final[dict[Type, tuple[type, ...]]] = {
    BOOL: (bool,),
    INT: (int,),
    FLOAT: (float,),
    COMPLEX: (complex,),
    NUMBER: (int, float, complex, bool),
    STRING: (str,),
    DEVICE: (str, DeviceName),
    NONE: (type(None),),
}
_OBJECTS: Final = (PrintedValue, ScriptObject, GeneratorValue)


def fits(value: object, declared: Type) -> bool:
    """Whether `value` can be of the type.

    Of types whose values have no literal, as classes, all that a text shows fits, and every object.
    """
    plain = _PLAIN.get(declared)
    if plain is not None:
        return type(value) in plain
    match declared:
        case OptionalType():
            return value is None or fits(value, declared.element)
        case UnionType():
            return isinstance(value, PrintedValue) or any(fits(value, part) for part in declared.parts)
        case TensorType():
            return is_tensor(value)
        case EnumType():
            return isinstance(value, EnumValue)
        case ListType():
            return _fits_list(value, declared.element)
        case DictType():
            return isinstance(value, dict) and all(
                fits(key, declared.key_type) and fits(item, declared.value_type)
                for key, item in cast("dict[object, object]", value).items()
            )
        case TupleType():
            return _fits_tuple(value, declared.elements)
        case _:
            return declared.kind == "AnyType" or isinstance(value, _OBJECTS)


def _fits_list(value: object, element: Type) -> bool:
    if isinstance(value, PrintedValue):
        # All that is shown of a list of tensors.
        return isinstance(element, (TensorType, OptionalType))
    return isinstance(value, list) and all(fits(item, element) for item in cast("list[object]", value))


def _fits_tuple(value: object, elements: tuple[Type, ...]) -> bool:
    if not isinstance(value, tuple):
        return False
    items = cast("tuple[object, ...]", value)
    return len(items) == len(elements) and all(map(fits, items, elements))
