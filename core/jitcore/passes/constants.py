"""Reading the values of constants, and making constants of values with the types TorchScript gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import (
    CONSTANT,
    EnumValue,
    GeneratorValue,
    ScriptObject,
    is_native_object,
    made_from,
)
from jitcore.printing.printed_values import PrintedTensor
from jitcore.types import (
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    INT,
    NONE,
    STRING,
    TENSOR,
    DictType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
    UnionType,
    unify_all,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node, Value


class _NotConstant:
    __slots__ = ()

    def __repr__(self) -> str:
        return "NOT_CONSTANT"


NOT_CONSTANT: Final = _NotConstant()
"""Stands for "this is not a constant", since None is a constant's value."""


def constant_of(value: Value) -> object:
    """The Python value of a constant, `NOT_CONSTANT` for anything else (functions included)."""
    node = value.node
    if node.kind != CONSTANT or value.type.kind == "FunctionType":
        return NOT_CONSTANT
    return node.attributes.get("value")


def constant_int(value: Value) -> int | None:
    """The value of an int constant, None for anything else."""
    found = constant_of(value)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def constant_bool(value: Value) -> bool | None:
    """The value of a bool constant, None for anything else."""
    found = constant_of(value)
    return found if isinstance(found, bool) else None


def constant_number(value: Value) -> float | None:
    """The value of an int, float or bool constant as a float, None for anything else."""
    found = constant_of(value)
    return float(found) if isinstance(found, int | float) else None


def is_tensor(value: object) -> bool:
    """Whether a constant's value is a tensor: of torch, of an archive, or one that a text only mentions."""
    return hasattr(value, "shape") and hasattr(value, "dtype")


def dtype_name(tensor: object) -> str:
    """The dtype of a tensor as torch's Python calls it, without the module."""
    return str(tensor.dtype).rpartition(".")[2]  # type: ignore[attr-defined]  # callers ask is_tensor first


def strides_of(tensor: object) -> tuple[int, ...] | None:
    """Strides in elements, None for a tensor that has none (a sparse one)."""
    strides = getattr(tensor, "strides", None)
    if strides is None:
        if str(getattr(tensor, "layout", "torch.strided")).rpartition(".")[2] != "strided":
            return None
        strides = tensor.stride()  # type: ignore[attr-defined]  # a torch tensor
    return tuple(strides)


def type_of_tensor(tensor: object) -> TensorType:
    """The complete type of a tensor: dtype, shape, strides, device and whether it requires a gradient."""
    return TensorType(
        dtype=dtype_name(tensor),
        sizes=tuple(int(size) for size in tensor.shape),  # type: ignore[attr-defined]
        strides=strides_of(tensor),
        requires_grad=bool(getattr(tensor, "requires_grad", False)),
        device=str(getattr(tensor, "device", "cpu")),
    )


def type_of_constant(value: object, declared: Type) -> Type:
    """The type TorchScript gives to a constant of this value, where a value of type `declared` is expected.

    The declared type decides only what the value alone does not tell: the elements of a list or a
    dict, the name of a tuple, and whether a text is a device.
    """
    if value is None:
        return NONE
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return INT
    if isinstance(value, float):
        return FLOAT
    if isinstance(value, complex):
        return COMPLEX
    if isinstance(value, str):
        return DEVICE if _member(declared, DEVICE.kind) is not None else STRING
    if isinstance(value, EnumValue | ScriptObject):
        return value.type
    if isinstance(value, list):
        return _list_type(value, declared)
    if isinstance(value, dict):
        found = _member(declared, DictType.kind)
        if found is not None:
            return found
        keys = [type_of_constant(key, declared) for key in value]
        items = [type_of_constant(item, declared) for item in value.values()]
        return DictType(unify_all(keys) or declared, unify_all(items) or declared)
    if isinstance(value, tuple):
        return _tuple_type(value, declared)
    if isinstance(value, PrintedTensor):
        return _member(declared, TENSOR.kind) or TENSOR
    if is_tensor(value):
        return type_of_tensor(value)
    return declared


def _member(declared: Type, kind: str) -> Type | None:
    """`declared` itself, or its member, that is of `kind`."""
    if declared.kind == kind:
        return declared
    if isinstance(declared, OptionalType):
        return _member(declared.element, kind)
    if isinstance(declared, UnionType):
        for part in declared.parts:
            found = _member(part, kind)
            if found is not None:
                return found
    return None


def _list_type(value: list[object], declared: Type) -> Type:
    found = _member(declared, ListType.kind)
    if found is not None:
        return found
    elements = [type_of_constant(element, declared) for element in value]
    return ListType(unify_all(elements) or declared)


def _tuple_type(value: tuple[object, ...], declared: Type) -> Type:
    found = _member(declared, TupleType.kind)
    if not isinstance(found, TupleType) or len(found.elements) != len(value):
        return TupleType(tuple(type_of_constant(element, declared) for element in value))
    if found.field_names is not None:
        return found
    return TupleType(tuple(type_of_constant(v, t) for v, t in zip(value, found.elements, strict=True)))


def can_be_constant(value: object) -> bool:
    """Whether a graph may hold the value: nothing that requires a gradient or that can change under it."""
    if value is None or isinstance(value, bool | int | float | complex | str | EnumValue | GeneratorValue):
        return True
    if isinstance(value, list | tuple):
        return all(can_be_constant(element) for element in value)
    if isinstance(value, dict):
        return all(can_be_constant(key) and can_be_constant(item) for key, item in value.items())
    if is_tensor(value):
        return not getattr(value, "requires_grad", False) and not getattr(value, "is_mkldnn", False)
    if isinstance(value, ScriptObject):
        return not value.type.is_module
    return is_native_object(value)


def insert_constant(graph: Graph, value: object, declared: Type, origin: Node | None = None) -> Value:
    """A constant at the insert point, typed as `type_of_constant` says and made from the node `origin`."""
    node = graph.create_constant(value, type_of_constant(value, declared))
    if origin is not None:
        node.provenance = made_from(origin)
    graph.insert(node)
    return node.output


def literal(value: object) -> str:
    """A constant's value in a sentence: short, and tensors by their shape."""
    if is_tensor(value) and value.shape is None:  # type: ignore[attr-defined]
        return "a tensor"
    if is_tensor(value):
        shape = ", ".join(str(int(size)) for size in value.shape)  # type: ignore[attr-defined]
        return f"a {dtype_name(value)} tensor of shape [{shape}]"
    if isinstance(value, EnumValue):
        return value.name
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
