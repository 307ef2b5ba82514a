"""Compiles what makes and reads objects, tuples, lists, dicts and enums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jitcore.exec.custom_classes import is_custom_class
from jitcore.exec.errors import ExecutionError, MissingOperatorError
from jitcore.exec.operators import is_torch_overload
from jitcore.exec.plan_builder import PlanBuilder, handles
from jitcore.ir import EnumValue, ScriptObject
from jitcore.ops.lookup import schema_of
from jitcore.ops.memory_facts import only_reads
from jitcore.types import ClassType, TupleType

if TYPE_CHECKING:
    from jitcore.ir import Node


@handles("prim::GetAttr")
def get_attribute(builder: PlanBuilder, node: Node) -> None:
    """Reads a slot of an object."""
    name = builder.bind(node.attributes["name"])
    builder.assign(node, f"{builder.attributes_of(node.inputs[0])}[{name}]")


@handles("prim::SetAttr")
def set_attribute(builder: PlanBuilder, node: Node) -> None:
    """Writes a slot of an object."""
    name = builder.bind(node.attributes["name"])
    target, value = node.inputs
    builder.assign(node, f"{builder.attributes_of(target)}[{name}] = {builder.name(value)}")


@handles("prim::CreateObject")
def create_object(builder: PlanBuilder, node: Node) -> None:
    """Makes an object whose slots are filled by its `__init__`."""
    made = node.outputs[0].type
    if not isinstance(made, ClassType):
        raise MissingOperatorError(f"{made} is not a class", node.kind)
    if is_custom_class(made):
        # C++ makes and initializes an object in one; the call of `__init__` does both.
        builder.assign(node, "None")
        return
    empty: dict[str, object] = {}
    empty.update(dict.fromkeys(made.attributes))

    def create() -> ScriptObject:
        return ScriptObject(made, empty.copy())

    builder.call(node, create)


@handles("prim::TupleConstruct")
def make_tuple(builder: PlanBuilder, node: Node) -> None:
    """Makes a tuple; a named one is a plain tuple here, its names are in its type."""
    builder.assign(node, f"({''.join(f'{name}, ' for name in builder.names(node.inputs))})")


@handles("prim::TupleUnpack")
def unpack_tuple(builder: PlanBuilder, node: Node) -> None:
    """Takes a tuple apart."""
    builder.assign(node, builder.name(node.inputs[0]), unpacks=True)


@handles("prim::TupleIndex")
def index_tuple(builder: PlanBuilder, node: Node) -> None:
    """Reads one item of a tuple."""
    index, kind = builder.known(node.inputs[1]), node.inputs[0].type
    if type(index) is int and isinstance(kind, TupleType) and 0 <= index < len(kind.elements):
        builder.assign(node, f"{builder.name(node.inputs[0])}[{index}]")
        return

    def item(values: tuple[Any, ...], index: int) -> Any:
        if not -len(values) <= index < len(values):
            raise ExecutionError("Tuple index out of range")
        return values[index]

    builder.call(node, item)


@handles("prim::TupleSlice")
def slice_tuple(builder: PlanBuilder, node: Node) -> None:
    """A tuple of some of the items."""
    beginning, end = cast(int, node.attributes["beg"]), cast(int, node.attributes["end"])
    builder.call(node, lambda values: values[beginning:end])


@handles("prim::ListConstruct")
def make_list(builder: PlanBuilder, node: Node) -> None:
    """Makes a new list; one of constants that torch only reads is made once and for all."""
    if builder.program.observer is None and _is_only_read_by_torch(node):
        builder.fill(node.outputs[0], [builder.known(value) for value in node.inputs])
        return
    builder.assign(node, f"[{', '.join(builder.names(node.inputs))}]")


def _is_only_read_by_torch(node: Node) -> bool:
    if not all(value.node.is_constant for value in node.inputs):
        return False
    for user, index in node.outputs[0].uses:
        schema = schema_of(user) if user.kind.startswith("aten::") else None
        if schema is None or not only_reads(schema, index):
            return False
        if not is_torch_overload(schema):
            return False
    return True


@handles("prim::ListUnpack")
def unpack_list(builder: PlanBuilder, node: Node) -> None:
    """Takes a list of a known length apart."""
    count = len(node.outputs)

    def items_of(values: list[Any]) -> list[Any]:
        if len(values) != count:
            raise ExecutionError(f"Expected {count} elements in a list but found {len(values)}")
        return values

    builder.assign(node, f"{builder.bind(items_of)}({builder.name(node.inputs[0])})", unpacks=True)


@handles("prim::DictConstruct")
def make_dict(builder: PlanBuilder, node: Node) -> None:
    """Makes a new dict of keys and values that alternate; a later equal key wins."""
    names = builder.names(node.inputs)
    pairs = (f"{key}: {value}" for key, value in zip(names[::2], names[1::2], strict=True))
    builder.assign(node, f"{{{', '.join(pairs)}}}")


@handles("prim::EnumName")
def enum_name(builder: PlanBuilder, node: Node) -> None:
    """Name of an enum member."""

    def name_of(member: EnumValue) -> str:
        return member.name

    builder.call(node, name_of)


@handles("prim::EnumValue")
def enum_value(builder: PlanBuilder, node: Node) -> None:
    """Value of an enum member."""

    def value_of(member: EnumValue) -> object:
        return member.value

    builder.call(node, value_of)


@handles("prim::ModuleContainerIndex")
def index_container(builder: PlanBuilder, node: Node) -> None:
    """A module of a `ModuleList` by number, or of a `ModuleDict` by name."""

    def submodule(container: ScriptObject, key: int | str) -> object:
        children = container.submodules()
        if isinstance(key, str):
            if key not in children:
                raise ExecutionError(f"Key Error, {key}")
            return children[key]
        # The names are the numbers in order.
        number = key + len(children) if key < 0 else key
        if not 0 <= number < len(children):
            raise ExecutionError(f"Index {key} out of range for a container of {len(children)}")
        return children[str(number)]

    builder.call(node, submodule)


@handles("prim::id")
def identity(builder: PlanBuilder, node: Node) -> None:
    """Number of an object."""
    builder.call(node, lambda value: 0 if value is None else id(value))
