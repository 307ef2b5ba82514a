"""Compiles what makes and reads objects, tuples, lists, dicts and enums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jitcore.exec.custom_classes import is_custom_class
from jitcore.exec.errors import ExecutionError, MissingOperatorError
from jitcore.exec.operators import is_torch_overload
from jitcore.exec.plan import PlanBuilder, handles
from jitcore.exec.steps import Frame, Step, fetch
from jitcore.ir import EnumValue, ScriptObject
from jitcore.ops.lookup import schema_of
from jitcore.ops.memory_facts import only_reads
from jitcore.types import ClassType

if TYPE_CHECKING:
    from jitcore.ir import Node


@handles("prim::GetAttr")
def get_attribute(builder: PlanBuilder, node: Node) -> Step:
    """Reads a slot of an object."""
    name = cast(str, node.attributes["name"])
    source, out = builder.slot(node.inputs[0]), builder.slot(node.outputs[0])

    def run_get(frame: Frame) -> None:
        frame[out] = frame[source].attributes[name]

    return run_get


@handles("prim::SetAttr")
def set_attribute(builder: PlanBuilder, node: Node) -> Step:
    """Writes a slot of an object."""
    name = cast(str, node.attributes["name"])
    target, source = builder.slots(node.inputs)

    def run_set(frame: Frame) -> None:
        frame[target].attributes[name] = frame[source]

    return run_set


@handles("prim::CreateObject")
def create_object(builder: PlanBuilder, node: Node) -> Step | None:
    """Makes an object whose slots are filled by its `__init__`."""
    made = node.outputs[0].type
    if not isinstance(made, ClassType):
        raise MissingOperatorError(f"{made} is not a class", node.kind)
    if is_custom_class(made):
        # C++ makes and initializes an object in one; the call of `__init__` does both.
        builder.slot(node.outputs[0])
        return None
    empty: dict[str, object] = {}
    empty.update(dict.fromkeys(made.attributes))

    def create() -> ScriptObject:
        return ScriptObject(made, empty.copy())

    return builder.call(node, create)


@handles("prim::TupleConstruct")
def make_tuple(builder: PlanBuilder, node: Node) -> Step:
    """Makes a tuple; a named one is a plain tuple here, its names are in its type."""
    get, out = fetch(builder.slots(node.inputs)), builder.slot(node.outputs[0])

    def run_tuple(frame: Frame) -> None:
        frame[out] = get(frame)

    return run_tuple


@handles("prim::TupleUnpack")
def unpack_tuple(builder: PlanBuilder, node: Node) -> Step:
    """Takes a tuple apart."""
    source, put = builder.slot(node.inputs[0]), builder.store(node.outputs)

    def run_unpack(frame: Frame) -> None:
        put(frame, frame[source])

    return run_unpack


@handles("prim::TupleIndex")
def index_tuple(builder: PlanBuilder, node: Node) -> Step:
    """Reads one item of a tuple."""

    def item(values: tuple[Any, ...], index: int) -> Any:
        if not -len(values) <= index < len(values):
            raise ExecutionError("Tuple index out of range")
        return values[index]

    return builder.call(node, item)


@handles("prim::TupleSlice")
def slice_tuple(builder: PlanBuilder, node: Node) -> Step:
    """A tuple of some of the items."""
    beginning, end = cast(int, node.attributes["beg"]), cast(int, node.attributes["end"])
    return builder.call(node, lambda values: values[beginning:end])


@handles("prim::ListConstruct")
def make_list(builder: PlanBuilder, node: Node) -> Step | None:
    """Makes a new list; one of constants that torch only reads is made once and for all."""
    if builder.program.observer is None and _is_only_read_by_torch(node):
        builder.fill(node.outputs[0], [builder.known(value) for value in node.inputs])
        return None
    get, out = fetch(builder.slots(node.inputs)), builder.slot(node.outputs[0])

    def run_list(frame: Frame) -> None:
        frame[out] = [*get(frame)]

    return run_list


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
def unpack_list(builder: PlanBuilder, node: Node) -> Step:
    """Takes a list of a known length apart."""
    source, put, count = builder.slot(node.inputs[0]), builder.store(node.outputs), len(node.outputs)

    def run_unpack(frame: Frame) -> None:
        values = frame[source]
        if len(values) != count:
            raise ExecutionError(f"Expected {count} elements in a list but found {len(values)}")
        put(frame, values)

    return run_unpack


@handles("prim::DictConstruct")
def make_dict(builder: PlanBuilder, node: Node) -> Step:
    """Makes a new dict of keys and values that alternate; a later equal key wins."""
    get, out = fetch(builder.slots(node.inputs)), builder.slot(node.outputs[0])

    def run_dict(frame: Frame) -> None:
        items = get(frame)
        frame[out] = dict(zip(items[::2], items[1::2], strict=True))

    return run_dict


@handles("prim::EnumName")
def enum_name(builder: PlanBuilder, node: Node) -> Step:
    """Name of an enum member."""

    def name_of(member: EnumValue) -> str:
        return member.name

    return builder.call(node, name_of)


@handles("prim::EnumValue")
def enum_value(builder: PlanBuilder, node: Node) -> Step:
    """Value of an enum member."""

    def value_of(member: EnumValue) -> object:
        return member.value

    return builder.call(node, value_of)


@handles("prim::ModuleContainerIndex")
def index_container(builder: PlanBuilder, node: Node) -> Step:
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

    return builder.call(node, submodule)


@handles("prim::id")
def identity(builder: PlanBuilder, node: Node) -> Step:
    """Number of an object."""
    return builder.call(node, lambda value: 0 if value is None else id(value))
