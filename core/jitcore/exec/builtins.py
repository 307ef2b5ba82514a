"""Compiles the remaining `prim::` operators: casts, exceptions, printing, what needs static types."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.errors import ExecutionError, ProgramError
from jitcore.exec.plan_builder import PlanBuilder, handles
from jitcore.exec.program_warnings import warn_at
from jitcore.exec.runtime_types import is_instance
from jitcore.exec.tensor_kernels import refuser, tensor_of_list
from jitcore.exec.value_text import value_text
from jitcore.ops.kernels.byte_strings import legible, whole
from jitcore.types import BOOL, COMPLEX, FLOAT, INT, NUMBER, TENSOR, ListType, Type, is_subtype

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Node


@handles(
    "prim::unchecked_cast", "prim::unchecked_unwrap_optional", "prim::profile", "prim::profile_ivalue",
    "prim::Guard",
)  # fmt: skip
def pass_on(builder: PlanBuilder, node: Node) -> None:
    """Gives its input under another type; what has none is there for those who watch a run."""
    if node.outputs:
        builder.assign(node, builder.name(node.inputs[0]))
    else:
        builder.begin()
        builder.end(node)


@handles("prim::Uninitialized")
def uninitialized(builder: PlanBuilder, node: Node) -> None:
    """A value that no path reads."""
    builder.fill(node.outputs[0], None)


@handles("prim::RaiseException")
def raise_exception(builder: PlanBuilder, node: Node) -> None:
    """Raises with a message, and since torch 1.11 the qualified name of the exception's class."""

    def fail(message: str, class_name: str | None = None) -> None:
        raise ProgramError(legible(message), class_name or "")

    builder.call(node, fail)


@handles("prim::Print")
def print_values(builder: PlanBuilder, node: Node) -> None:
    """Prints its inputs as TorchScript does, separated by blanks."""
    write = builder.program.print_text

    def print_all(*values: Any) -> None:
        text = " ".join(value_text(value) for value in values) + "\n"
        try:
            write(whole(text))
        except UnicodeDecodeError as error:
            raise ExecutionError(f"UnicodeDecodeError: {error}") from error

    builder.call(node, print_all)


@handles("aten::warn")
def warn(builder: PlanBuilder, node: Node) -> None:
    """Warns as Python does, of the line of the program; once a run, however often the line is reached.

    How many calls up the place is means nothing here.
    """
    given = builder.program.warned
    number = cast("int | None", node.attributes.get("warn_id"))
    origin = None if node.source_range is None else node.source_range.origin()

    def warn_user(message: str, _levels: int = 2) -> None:
        if number is not None:
            if number in given:
                return
            given.add(number)
        warn_at(message, origin)

    builder.call(node, warn_user)


@handles("aten::save")
def save_value(builder: PlanBuilder, node: Node) -> None:
    """Writes a value as `torch.load` reads it; torch cannot be asked for an operator of any type."""

    def save(value: object, path: str) -> None:
        try:
            content: bytes = torch._C._pickle_save(value)  # pyright: ignore[reportPrivateUsage]
            Path(path).write_bytes(content)
        except (OSError, RuntimeError) as error:
            raise ExecutionError(f"{path} cannot be written: {error}") from error

    builder.call(node, save)


@handles("prim::isinstance")
def check_type(builder: PlanBuilder, node: Node) -> None:
    """Whether a value is of one of the types of the attribute `types`."""
    types = cast(list[Type], node.attributes["types"])
    builder.call(node, lambda value: any(is_instance(value, t) for t in types))


@handles("prim::IfThenElse")
def select_value(builder: PlanBuilder, node: Node) -> None:
    """One of two values, both of which have been computed."""
    condition, then, other = builder.names(node.inputs)
    builder.assign(node, f"{then} if {condition} else {other}")


_ELEMENTS: dict[Type, torch.dtype] = {INT: torch.int64, BOOL: torch.bool}


@handles("aten::tensor", "aten::as_tensor")
def make_tensor(builder: PlanBuilder, node: Node) -> None:
    """A tensor of a number or of nested lists; an empty list tells its element type by its static type."""
    make = tensor_maker(node.inputs[0].type)
    if make is None:
        builder.operator(node)
    else:
        builder.call(node, make)


_EMPTY = (
    "\nEmpty lists default to List[Tensor]. Add a variable annotation to the assignment to create an empty "
    "list of another type (torch.jit.annotate(List[T, []]) where T is the type of elements in the list for "
    "Python 2)"
)


def tensor_maker(data: Type) -> Callable[..., torch.Tensor] | None:
    """What makes a tensor of a number or of nested lists, by their static type; None for other types."""
    element = data
    while isinstance(element, ListType):
        element = element.element
    if isinstance(data, ListType) or data in (INT, FLOAT, BOOL, COMPLEX):
        if element not in (INT, FLOAT, BOOL, COMPLEX):
            return refuser(_why_no_element(element) + (_EMPTY if is_subtype(element, TENSOR) else ""))
        return tensor_of_list(_ELEMENTS.get(element))
    return None


def _why_no_element(kind: Type) -> str:
    """What torch says of lists whose items have no one type of number, whatever the items are."""
    if is_subtype(kind, NUMBER):
        return f"Add new condition, expected Float, Complex, Int, or Bool but got{kind}"
    return f"Input must be of ints, floats, or bools, got {kind.repr_str}"


@handles("prim::tolist")
def to_list(builder: PlanBuilder, node: Node) -> None:
    """Nested lists of a tensor's elements; dimensions and element type are constants of the graph."""

    def listed(x: torch.Tensor, dimensions: int, kind: int) -> Any:
        what = "must match for tolist()"
        if not _is_listed_as(x.dtype, kind):
            raise ExecutionError(f"Output annotation element type and runtime tensor element type {what}")
        if x.dim() != dimensions:
            raise ExecutionError(f"Output annotation list dimension and runtime tensor dimension {what}")
        return x.tolist()

    builder.call(node, listed)


def _is_listed_as(dtype: torch.dtype, kind: int) -> bool:
    """Whether elements of `dtype` become items of the kind: 0 int, 1 float, 2 bool, 3 complex."""
    if kind == 1:
        return dtype.is_floating_point
    return dtype.is_complex if kind == 3 else dtype == (torch.int64 if kind == 0 else torch.bool)
