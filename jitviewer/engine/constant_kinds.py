"""Whether a constant that another process computed is of the kind that was asked for."""

from __future__ import annotations

from typing import Final, cast

from jitcore.archive import LazyTensor
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
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
    UnionType,
)

_NUMBERS: Final = (bool, int, float, complex)
_PLAIN: Final[dict[Type, tuple[type, ...]]] = {
    BOOL: (bool,),
    INT: (bool, int),
    FLOAT: (bool, int, float),
    COMPLEX: _NUMBERS,
    NUMBER: _NUMBERS,
    STRING: (str,),
    DEVICE: (str,),
    NONE: (),
}


def may_be(value: object, wanted: Type) -> bool:
    """Whether a value as it travels can stand where `wanted` is expected.

    Shapes and dtypes are not compared: what a graph says of them may be wrong. None stands for a tensor that
    is not defined. Of types that say nothing of the value, such as `Any`, everything is.
    """
    if value is None:
        return True
    if isinstance(wanted, OptionalType):
        return may_be(value, wanted.element)
    if isinstance(wanted, UnionType):
        return any(may_be(value, part) for part in wanted.parts)
    if isinstance(wanted, TensorType):
        return isinstance(value, LazyTensor)
    if isinstance(wanted, ListType):
        return isinstance(value, list) and all(
            may_be(item, wanted.element) for item in cast("list[object]", value)
        )
    if isinstance(wanted, TupleType):
        return _may_be_tuple(value, wanted)
    if isinstance(wanted, DictType):
        return isinstance(value, dict) and all(
            may_be(key, wanted.parts[0]) and may_be(item, wanted.parts[1])
            for key, item in cast("dict[object, object]", value).items()
        )
    kinds = _PLAIN.get(wanted)
    return kinds is None or isinstance(value, kinds)


def _may_be_tuple(value: object, wanted: TupleType) -> bool:
    if not isinstance(value, tuple):
        return False
    items = cast("tuple[object, ...]", value)
    return len(items) == len(wanted.elements) and all(map(may_be, items, wanted.elements))
