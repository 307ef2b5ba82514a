"""Peephole rules about single tensors, and about what is known of their shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.passes.constants import constant_int, constant_of
from jitcore.passes.rules import rule
from jitcore.types import BOOL, DEVICE, INT, SCALAR_TYPE_NAMES, ListType, TensorType, is_subtype

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jitcore.ir import Node

_DTYPE_NUMBERS: Final = {name: number for number, name in enumerate(SCALAR_TYPE_NAMES)}
_FLOATING: Final = ("float", "bfloat", "double", "half")


def optimize_tensor_idioms(nodes: Iterable[Node], shape_peepholes: bool) -> bool:
    """Apply the rules to the nodes in turn; says whether one applied."""
    changed = False
    table = _WITH_SHAPES if shape_peepholes else _ALWAYS
    for node in nodes:
        apply = table.get(node.kind)
        if apply is not None:
            changed |= apply(node)
    return changed


def is_floating(dtype: str) -> bool:
    """Whether a dtype is of real numbers: `float32`, `bfloat16`, `float8_e5m2`."""
    return dtype.startswith(_FLOATING)


def _tensor_input(node: Node, index: int = 0) -> TensorType | None:
    t = node.inputs[index].type if len(node.inputs) > index else None
    return t if isinstance(t, TensorType) else None


def _concrete_sizes(t: TensorType) -> list[int] | None:
    if t.sizes is None:
        return None
    known = [size for size in t.sizes if size is not None]
    return known if len(known) == len(t.sizes) else None


@rule
def transpose_twice(node: Node) -> bool:
    """aten::t(aten::t(x)) -> x"""
    inner = node.inputs[0].node
    if inner.kind != "aten::t":
        return False
    x = inner.inputs[0]
    return transpose_twice.replace(
        node, x, lambda: f"transposing %{x.name} twice gives %{x.name} again", inner
    )


@rule
def number_of_tensor_of_number(node: Node) -> bool:
    """aten::Int(prim::NumToTensor(n)) -> n"""
    if len(node.inputs) != 1:
        return False
    inner = node.inputs[0].node
    if inner.kind != "prim::NumToTensor":
        return False
    number = inner.inputs[0]
    return number_of_tensor_of_number.replace(
        node, number, lambda: f"%{node.inputs[0].name} was made of the number %{number.name}", inner
    )


@rule
def sum_gradient_to_no_size(node: Node) -> bool:
    """aten::_grad_sum_to_size(x, None) -> x"""
    x, size = node.inputs
    if size.node.must_be_none():
        return sum_gradient_to_no_size.replace(
            node, x, lambda: f"%{size.name} is None, so nothing is summed and %{x.name} stays as it is"
        )
    changed = False
    for user, index in node.output.uses:
        if user.kind == node.kind and index == 0 and is_subtype(user.inputs[1].type, ListType(INT)):
            sum_gradient_once(user, node)
            changed = True
    return changed


@rule
def sum_gradient_once(node: Node, inner: Node) -> None:
    """aten::_grad_sum_to_size(aten::_grad_sum_to_size(x, a), b) -> aten::_grad_sum_to_size(x, b)"""
    x = inner.inputs[0]
    with sum_gradient_once.step(
        node.graph, lambda: f"%{x.name} may be summed to %{node.inputs[1].name} at once", (node, inner)
    ):
        node.replace_input(0, x)


@rule
def expand_to_own_size(node: Node) -> bool:
    """aten::expand(x, size of x) -> x"""
    t = _tensor_input(node)
    wanted = constant_of(node.inputs[1])
    if t is None or not isinstance(wanted, list) or _concrete_sizes(t) != wanted:
        return False
    x = node.inputs[0]
    return expand_to_own_size.replace(node, x, lambda: f"%{x.name} has the shape {wanted} already")


@rule
def convert_to_own_type(node: Node) -> bool:
    """aten::type_as(x, y) -> x, if both have the same dtype and device"""
    mine, other = _tensor_input(node), _tensor_input(node, 1)
    if mine is None or other is None or mine.dtype is None or mine.device is None:
        return False
    if mine.dtype != other.dtype or mine.device != other.device:
        return False
    x, y = node.inputs
    return convert_to_own_type.replace(
        node, x, lambda: f"%{x.name} and %{y.name} are both {mine.dtype} on {mine.device}"
    )


@rule
def known_sizes(node: Node) -> bool:
    """aten::size(x) -> the constant shape, if it is known"""
    t = _tensor_input(node)
    sizes = None if t is None else _concrete_sizes(t)
    if sizes is None:
        return False
    return known_sizes.replace_with_constant(
        node, sizes, lambda: f"%{node.inputs[0].name} has the shape {sizes}", declared=ListType(INT)
    )


@rule
def known_size_of_dimension(node: Node) -> bool:
    """aten::size(x, 1) -> the constant size, if it is known"""
    t = _tensor_input(node)
    index = constant_int(node.inputs[1])
    if t is None or t.sizes is None or index is None or not -len(t.sizes) <= index < len(t.sizes):
        return False
    size = t.sizes[index]
    if size is None:
        return False
    return known_size_of_dimension.replace_with_constant(
        node, size, lambda: f"dimension {index} of %{node.inputs[0].name} is {size} long", declared=INT
    )


def _size(node: Node) -> bool:
    return known_sizes(node) if len(node.inputs) == 1 else known_size_of_dimension(node)


@rule
def length_of_sizes(node: Node) -> bool:
    """aten::len(aten::size(x)) -> the constant rank, if it is known"""
    sizes = node.inputs[0]
    if sizes.node.kind != "aten::size" or len(sizes.node.inputs) != 1:
        return False
    t = _tensor_input(sizes.node)
    if t is None or t.sizes is None or sizes.use_count != 1:
        return False
    rank = len(t.sizes)
    return length_of_sizes.replace_with_constant(
        node, rank, lambda: f"%{sizes.node.inputs[0].name} has {rank} dimensions", sizes.node, declared=INT
    )


@rule
def known_rank(node: Node) -> bool:
    """aten::dim(x) -> the constant rank, if it is known"""
    t = _tensor_input(node)
    if t is None or t.sizes is None:
        return False
    rank = len(t.sizes)
    return known_rank.replace_with_constant(
        node, rank, lambda: f"%{node.inputs[0].name} has {rank} dimensions", declared=INT
    )


@rule
def known_kind_of_number(node: Node) -> bool:
    """aten::is_floating_point(x), aten::is_complex(x) -> True or False, if the dtype is known"""
    t = _tensor_input(node)
    if t is None or t.dtype is None:
        return False
    dtype = t.dtype
    answer = is_floating(dtype) if node.kind == "aten::is_floating_point" else dtype.startswith("complex")
    return known_kind_of_number.replace_with_constant(
        node, answer, lambda: f"%{node.inputs[0].name} is {dtype}", declared=BOOL
    )


@rule
def known_dtype(node: Node) -> bool:
    """prim::dtype(x) -> the number of the dtype, if it is known"""
    t = _tensor_input(node)
    if t is None or t.dtype is None:
        return False
    dtype = t.dtype
    number = _DTYPE_NUMBERS[dtype]
    return known_dtype.replace_with_constant(
        node,
        number,
        lambda: f"%{node.inputs[0].name} is {dtype}, which is dtype number {number}",
        declared=INT,
    )


@rule
def known_device(node: Node) -> bool:
    """prim::device(x) -> the constant device, if it is known"""
    t = _tensor_input(node)
    if t is None or t.device is None:
        return False
    device = t.device
    return known_device.replace_with_constant(
        node, device, lambda: f"%{node.inputs[0].name} is on {device}", declared=DEVICE
    )


@rule
def known_to_be_on_cuda(node: Node) -> bool:
    """prim::is_cuda(x) -> True or False, if the device is known"""
    t = _tensor_input(node)
    if t is None or t.device is None:
        return False
    device = t.device
    return known_to_be_on_cuda.replace_with_constant(
        node, device.startswith("cuda"), lambda: f"%{node.inputs[0].name} is on {device}", declared=BOOL
    )


_ALWAYS: Final[dict[str, Callable[[Node], bool]]] = {
    "aten::t": transpose_twice,
    "aten::_grad_sum_to_size": sum_gradient_to_no_size,
    "aten::Float": number_of_tensor_of_number,
    "aten::Int": number_of_tensor_of_number,
    "aten::FloatImplicit": number_of_tensor_of_number,
    "aten::IntImplicit": number_of_tensor_of_number,
    "aten::ScalarImplicit": number_of_tensor_of_number,
}
_WITH_SHAPES: Final[dict[str, Callable[[Node], bool]]] = {
    **_ALWAYS,
    "aten::expand": expand_to_own_size,
    "aten::type_as": convert_to_own_type,
    "aten::size": _size,
    "aten::len": length_of_sizes,
    "aten::dim": known_rank,
    "aten::is_floating_point": known_kind_of_number,
    "aten::is_complex": known_kind_of_number,
    "prim::dtype": known_dtype,
    "prim::device": known_device,
    "prim::is_cuda": known_to_be_on_cuda,
}
