"""Values of Python as values of TorchScript's types, taken and refused as torch takes and refuses them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Generator, Sequence, Set
from typing import TYPE_CHECKING, Any

import torch

from jitcore.ir import Await, EnumValue, ScriptObject
from jitcore.ops.implementing import why_not_implemented
from jitcore.slots.held import Held
from jitcore.slots.inferred_types import InferenceError, inferred_type
from jitcore.slots.numbered import NUMBERED
from jitcore.slots.torch_names import TORCH
from jitcore.slots.wrappers import script_object_of
from jitcore.types import (
    ANY,
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    GENERATOR,
    INT,
    NONE,
    NUMBER,
    STRING,
    AwaitType,
    ClassType,
    DictType,
    EnumType,
    InterfaceType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
    UnionType,
    is_subtype,
)

if TYPE_CHECKING:
    from jitcore.slots.compiles import KnownClasses

_HINT = "to C++ type '?' (#define PYBIND11_DETAILED_ERROR_MESSAGES or compile in debug mode for details)"
_NUMBERED = (torch.dtype, torch.layout, torch.memory_format, torch.qscheme)
_INT64 = range(-(1 << 63), 1 << 63)


class CastError(Exception):
    """A value is none of the wanted type; the message is torch's."""


REFUSALS = (CastError, TypeError, ValueError, AttributeError, RuntimeError)
"""What is raised for a value that cannot be converted: by us, or by the value when it is asked."""


def reason(error: Exception) -> str:
    """Why a value could not be converted."""
    is_ours = isinstance(error, CastError | RuntimeError)
    return str(error) if is_ours else f"{type(error).__name__}: {error}"


def to_script(value: Any, wanted: Type, known: KnownClasses, size: int | None = None) -> Any:
    """`value` as one of the type `wanted`; raises `CastError`.

    `known` are the classes of Python that programs know, `size` is the length of the list that a single
    number stands for. Containers are copied.
    """
    convert = _SCALARS.get(wanted)
    if convert is not None:
        return convert(value)
    if wanted is ANY:
        return to_script(value, _own_type(value, known), known)
    by_kind = _KINDS.get(type(wanted))
    if by_kind is not None:
        if size is not None and isinstance(value, int | float) and isinstance(wanted, ListType):
            value = [value] * size
        return by_kind(value, wanted, known)
    return value


def _instance_error(value: Any) -> CastError:
    return CastError(f"Unable to cast Python instance of type {type(value)!s} {_HINT}")


def to_int(value: Any) -> int:
    """An integer, from whatever Python takes for one, and from dtypes and the like."""
    if type(value) is int and value in _INT64:
        return value
    if isinstance(value, _NUMBERED):
        return NUMBERED[value]
    if isinstance(value, float) or not (hasattr(value, "__index__") or hasattr(value, "__int__")):
        raise _instance_error(value)
    try:
        number = _integer(value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise _instance_error(value) from None
    if number not in _INT64:
        raise _instance_error(value)
    return number


def _integer(value: Any) -> int:
    """What Python takes for an index, or else what it converts to an integer."""
    try:
        return operator.index(value)
    except (TypeError, RuntimeError):
        return int(value)


def to_float(value: Any) -> float:
    """A floating point number, from whatever Python takes for one."""
    if type(value) is float:
        return value
    if not (hasattr(value, "__float__") or hasattr(value, "__index__")):
        raise _instance_error(value)
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise _instance_error(value) from None


def to_complex(value: Any) -> complex:
    """A complex number, from any number."""
    if isinstance(value, complex):
        return value
    if not hasattr(value, "__complex__"):
        return complex(to_float(value))
    try:
        return complex(value)
    except (TypeError, ValueError, RuntimeError):
        raise _instance_error(value) from None


def to_bool(value: Any) -> bool:
    """A truth value, from whatever has one of its own."""
    if value is None:
        return False
    if not hasattr(value, "__bool__"):
        raise _instance_error(value)
    try:
        return bool(value)
    except (TypeError, ValueError, RuntimeError):
        raise _instance_error(value) from None


def to_text(value: Any) -> str:
    """A text."""
    if isinstance(value, str):
        # Of a member of an enum the text that it is, not its name.
        return str.__str__(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    raise _instance_error(value)


def to_number(value: Any) -> Any:
    """A number of any sort."""
    if isinstance(value, bool | int | float | complex):
        return value
    if isinstance(value, torch.Tensor) and value.dim() == 0:
        return value.item()
    raise CastError(f"Cannot cast {value!s} to Scalar")


def to_none(value: Any) -> None:
    """None."""
    if value is not None:
        raise CastError(f"Cannot cast {value!s} to None")


def to_device(value: Any) -> torch.device:
    """A device, or the one of that name."""
    if isinstance(value, torch.device):
        return value
    if isinstance(value, str):
        return torch.device(value)
    raise _instance_error(value)


def to_generator(value: Any) -> torch.Generator:
    """A generator of random numbers."""
    if not isinstance(value, torch.Generator):
        raise _instance_error(value)
    return value


def _own_type(value: Any, known: KnownClasses) -> Type:
    try:
        return inferred_type(value, known)
    except InferenceError as error:
        raise RuntimeError(f"Tracer cannot infer type of {value!s}\n:{error}") from None


_SCALARS: dict[Type, Callable[[Any], Any]] = {
    INT: to_int, FLOAT: to_float, BOOL: to_bool, STRING: to_text, COMPLEX: to_complex, NONE: to_none,
    NUMBER: to_number, DEVICE: to_device, GENERATOR: to_generator,
}  # fmt: skip


# --- types with parts -----------------------------------------------------------------------------


def to_tensor(value: Any, wanted: TensorType, known: KnownClasses) -> Any:
    """A tensor; None is let through, for what torch calls an undefined one."""
    if value is None or isinstance(value, torch.Tensor):
        return value
    raise CastError(f"Unable to cast {value!s} to Tensor")


def to_optional(value: Any, wanted: OptionalType, known: KnownClasses) -> Any:
    """None, or a value."""
    return None if value is None else to_script(value, wanted.element, known)


def _shared(value: Any, wanted: Type) -> Any | None:
    return value.held if isinstance(value, Held) and value.kind == wanted else None


def to_list(value: Any, wanted: ListType, known: KnownClasses) -> list[Any]:
    """A list from anything that lists things, or the one that is shared."""
    shared = _shared(value, wanted)
    if shared is not None:
        return shared
    element = wanted.element
    if element not in (INT, FLOAT, BOOL) and not isinstance(element, TensorType):
        return [to_script(item, element, known) for item in value]
    if not _lists_things(value) or (element is INT and any(isinstance(item, _NUMBERED) for item in value)):
        # Alone a dtype is an int, in a list it is not.
        raise _instance_error(value)
    try:
        items = [to_script(item, element, known) for item in value]
    except CastError:
        raise _instance_error(value) from None
    if isinstance(element, TensorType) and None in map(_none_or_true, items):
        raise _instance_error(value)
    return items


def _none_or_true(item: Any) -> bool | None:
    return None if item is None else True


def _lists_things(value: Any) -> bool:
    if isinstance(value, str | bytes | dict | torch.Tensor):
        return False
    if isinstance(value, Sequence | Set | Generator):
        return True
    return hasattr(value, "__array__") and hasattr(type(value), "__len__") and value.ndim > 0


def to_dict(value: Any, wanted: DictType, known: KnownClasses) -> dict[Any, Any]:
    """A dict from anything that makes one, or the one that is shared."""
    shared = _shared(value, wanted)
    if shared is not None:
        return shared
    entries = dict(value)
    return {
        to_script(k, wanted.key_type, known): to_script(v, wanted.value_type, known)
        for k, v in entries.items()
    }


def to_tuple(value: Any, wanted: TupleType, known: KnownClasses) -> tuple[Any, ...]:
    """A tuple of the wanted length."""
    items: tuple[Any, ...] = tuple(value)
    if len(items) != len(wanted.elements):
        raise CastError(f"Object {value!s} had a different number of elements than type {wanted.repr_str}")
    return tuple(to_script(item, kind, known) for item, kind in zip(items, wanted.elements, strict=True))


def to_member(value: Any, wanted: UnionType, known: KnownClasses) -> Any:
    """A value of the first member that takes the type that it has by itself."""
    own = _own_type(value, known)
    for member in wanted.parts:
        if is_subtype(own, member):
            return to_script(value, member, known)
    raise CastError(f"Expected a member of {wanted.annotation()} but instead found type {own.annotation()}")


def to_enum(value: Any, wanted: EnumType, known: KnownClasses) -> EnumValue:
    """A member of an enum, from anything that has a name and a value."""
    return EnumValue(wanted, value.name, to_script(value.value, wanted.value_type, known))


def to_object(value: Any, wanted: ClassType, known: KnownClasses) -> Any:
    """An object of a script class: the one that is wrapped, or a copy of a Python one."""
    wrapped = script_object_of(value)
    if wrapped is not None or isinstance(value, torch.ScriptObject):
        return value if wrapped is None else wrapped
    made = ScriptObject(wanted)
    for name, attribute in wanted.attributes.items():
        if not hasattr(value, name):
            raise CastError(
                f"Tried to cast object to type {wanted.repr_str} but object was missing attribute {name}"
            )
        try:
            made.attributes[name] = to_script(getattr(value, name), attribute.type, known)
        except REFUSALS as error:
            raise CastError(
                f"Could not cast attribute '{name}' to type {attribute.type.repr_str}: {reason(error)}"
            ) from None
    return made


def to_implementation(value: Any, wanted: InterfaceType, known: KnownClasses) -> Any:
    """An object of a class that has the interface."""
    found = script_object_of(value)
    if found is None:
        own = _own_type_of_class(value, known)
        found = to_object(value, own, known)
    why = why_not_implemented(found.type, wanted)
    if why is not None:
        raise CastError(why)
    return found


def _own_type_of_class(value: Any, known: KnownClasses) -> ClassType:
    found = known.class_of(type(value))
    if found is None:
        raise RuntimeError(
            f"Assigning the object {value!s} to an interface fails because the value is not a TorchScript "
            "compatible type, did you forget to turn it into a user defined TorchScript class?"
        )
    return found


def to_await(value: Any, wanted: AwaitType, known: KnownClasses) -> Await:
    """Work of Python's that is done when the program waits for it."""
    if not isinstance(value, TORCH._C._Await):
        raise _instance_error(value)

    def result() -> Any:
        try:
            return to_script(TORCH._C._awaitable_wait(value), wanted.element, known)
        except CastError as error:
            raise RuntimeError(str(error)) from error

    return Await(result)


_KINDS: dict[type[Type], Callable[[Any, Any, KnownClasses], Any]] = {
    TensorType: to_tensor, OptionalType: to_optional, ListType: to_list, DictType: to_dict,
    TupleType: to_tuple, UnionType: to_member, EnumType: to_enum, ClassType: to_object,
    InterfaceType: to_implementation, AwaitType: to_await,
}  # fmt: skip
