"""Right-hand sides: how each kind of node is spelled as an expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jitcore.ir import Graph
from jitcore.printing.code_arguments import necessary_arguments
from jitcore.printing.code_names import is_identifier
from jitcore.printing.graph_text import SCALAR_ARGUMENTS
from jitcore.printing.literals import literal_text, string_text
from jitcore.types import (
    NONE,
    ClassType,
    DictType,
    FunctionType,
    InterfaceType,
    ListType,
    TupleType,
    Type,
    is_subtype,
    make_optional,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Node, Value
    from jitcore.printing.code_pieces import Pieces
    from jitcore.printing.code_printer import CodePrinter

Spelling = Callable[["CodePrinter", "Node", "Pieces"], None]

_SPELLINGS: dict[str, Spelling] = {}
# Kinds whose elements may be of several types do not show in a list of members what the list may hold.
_AMBIGUOUS = frozenset({"UnionType", "OptionalType", "NumberType", "InterfaceType", "AnyType"})
_OPERATOR_NAMES = {"aten::backward": "torch.autograd.backward", "aten::grad": "torch.autograd.grad"}
_CALLS = {
    "aten::Int": "int", "aten::Float": "float", "aten::Bool": "bool", "aten::str": "str",
    "prim::Print": "print", "aten::sorted": "sorted",
}  # fmt: skip


def write_expression(printer: CodePrinter, node: Node, out: Pieces) -> None:
    """Append the expression that computes `node` to `out`."""
    spelling = _SPELLINGS.get(node.kind)
    if spelling is not None:
        spelling(printer, node, out)
    else:
        _operator(printer, node, out)


def operator_name(kind: str) -> str:
    """`torch.add` of `aten::add`, `ops.prim.data` of `prim::data`."""
    known = _OPERATOR_NAMES.get(kind)
    if known is not None:
        return known
    namespace, _, name = kind.rpartition("::")
    return f"torch.{name}" if namespace == "aten" else f"ops.{namespace}.{name}"


def _spells(*kinds: str) -> Callable[[Spelling], Spelling]:
    def register(spelling: Spelling) -> Spelling:
        for kind in kinds:
            _SPELLINGS[kind] = spelling
        return spelling

    return register


def write_values(
    printer: CodePrinter, node: Node, values: Sequence[Value], out: Pieces, begin: str = "", end: str = ""
) -> None:
    """Append uses of `values`, separated by commas."""
    out.write(begin, node)
    for index, value in enumerate(values):
        if index:
            out.write(", ", node)
        printer.write_use(value, out)
    out.write(end, node)


def _is_ambiguous(element: Type) -> bool:
    return element.kind in _AMBIGUOUS


# --- constants and conversions -------------------------------------------------------------------


@_spells("prim::Constant")
def _constant(printer: CodePrinter, node: Node, out: Pieces) -> None:
    declared = node.output.type
    if isinstance(declared, FunctionType):
        printer.depend_on(declared)
        out.write(printer.annotation(declared), node)
    elif "value" not in node.attributes:
        out.write("None", node)
    else:
        out.write(printer.constant(node.attributes["value"], declared), node)


@_spells("prim::Uninitialized")
def _uninitialized(printer: CodePrinter, node: Node, out: Pieces) -> None:
    # Lowering tuples gives it one output for each part.
    parts = [f"uninitialized({printer.annotation(value.type)})" for value in node.outputs]
    out.write(", ".join(parts), node)


@_spells("aten::ScalarImplicit", "aten::FloatImplicit", "aten::IntImplicit", "aten::ComplexImplicit")
def _implicit(printer: CodePrinter, node: Node, out: Pieces) -> None:
    _cast("annotate", printer, node, out)


@_spells("prim::unchecked_unwrap_optional", "prim::unchecked_cast")
def _unchecked(printer: CodePrinter, node: Node, out: Pieces) -> None:
    _cast("unchecked_cast", printer, node, out)


def _cast(function: str, printer: CodePrinter, node: Node, out: Pieces) -> None:
    out.write(f"{function}({printer.annotation(node.output.type)}, ", node)
    printer.write_use(node.inputs[0], out)
    out.write(")", node)


@_spells(*_CALLS)
def _python_call(printer: CodePrinter, node: Node, out: Pieces) -> None:
    write_values(printer, node, node.inputs, out, f"{_CALLS[node.kind]}(", ")")


@_spells("aten::_unwrap_optional")
def _unwrap_optional(printer: CodePrinter, node: Node, out: Pieces) -> None:
    value = node.inputs[0]
    out.write(operator_name(node.kind) + "(", node)
    if is_subtype(value.type, NONE) or value.node.must_be_none():
        # Schema matching could not tell the type of a plain None.
        out.write(f"annotate({printer.annotation(make_optional(node.output.type))}, ", node)
        printer.write_use(value, out)
        out.write(")", node)
    else:
        printer.write_use(value, out)
    out.write(")", node)


@_spells("prim::isinstance")
def _isinstance(printer: CodePrinter, node: Node, out: Pieces) -> None:
    types = node.attributes["types"]
    assert isinstance(types, (list, tuple))
    names = [printer.annotation(t) for t in types if isinstance(t, Type)]
    out.write("isinstance(", node)
    printer.write_use(node.inputs[0], out)
    out.write(f", {names[0]})" if len(names) == 1 else f", ({', '.join(names)}))", node)


@_spells("prim::tolist")
def _tolist(printer: CodePrinter, node: Node, out: Pieces) -> None:
    out.write(f"annotate({printer.annotation(node.output.type)}, ", node)
    printer.write_use(node.inputs[0], out)
    out.write(".tolist())", node)


# --- containers ----------------------------------------------------------------------------------


@_spells("prim::TupleConstruct")
def _tuple(printer: CodePrinter, node: Node, out: Pieces) -> None:
    declared = node.output.type
    if isinstance(declared, TupleType) and declared.name is not None:
        out.write(printer.annotation(declared), node)
    write_values(printer, node, node.inputs, out, "(", ",)" if len(node.inputs) == 1 else ")")


@_spells("prim::TupleIndex")
def _tuple_index(printer: CodePrinter, node: Node, out: Pieces) -> None:
    out.write("(", node)
    printer.write_use(node.inputs[0], out)
    out.write(")[", node)
    printer.write_use(node.inputs[1], out)
    out.write("]", node)


@_spells("prim::TupleSlice")
def _tuple_slice(printer: CodePrinter, node: Node, out: Pieces) -> None:
    out.write("(", node)
    printer.write_use(node.inputs[0], out)
    out.write(f")[{node.attributes['beg']}:{node.attributes['end']}]", node)


@_spells("aten::__getitem__")
def _getitem(printer: CodePrinter, node: Node, out: Pieces) -> None:
    container = printer.use_text(node.inputs[0])
    if is_identifier(container):
        out.write(container, node)
    else:
        out.write(f"({container})", node)
    out.write("[", node)
    printer.write_use(node.inputs[1], out)
    out.write("]", node)


@_spells("prim::ListConstruct")
def _list(printer: CodePrinter, node: Node, out: Pieces) -> None:
    declared = node.output.type
    ambiguous = isinstance(declared, ListType) and _is_ambiguous(declared.element)
    if node.inputs and not ambiguous:
        write_values(printer, node, node.inputs, out, "[", "]")
    else:
        out.write(f"annotate({printer.annotation(declared)}, ", node)
        write_values(printer, node, node.inputs, out, "[", "])")


@_spells("prim::DictConstruct")
def _dict(printer: CodePrinter, node: Node, out: Pieces) -> None:
    declared = node.output.type
    ambiguous = isinstance(declared, DictType) and any(_is_ambiguous(part) for part in declared.parts)
    annotated = ambiguous or not node.inputs
    if annotated:
        out.write(f"annotate({printer.annotation(declared)}, ", node)
    out.write("{", node)
    for index in range(0, len(node.inputs), 2):
        if index:
            out.write(", ", node)
        printer.write_use(node.inputs[index], out)
        out.write(": ", node)
        printer.write_use(node.inputs[index + 1], out)
    out.write("})" if annotated else "}", node)


# --- objects and calls ---------------------------------------------------------------------------


@_spells("prim::CreateObject")
def _create_object(printer: CodePrinter, node: Node, out: Pieces) -> None:
    name = printer.annotation(node.output.type)
    out.write(f"{name}.__new__({name})", node)


@_spells("prim::GetAttr")
def _get_attribute(printer: CodePrinter, node: Node, out: Pieces) -> None:
    field = str(node.attributes["name"])
    if is_identifier(field):
        printer.write_use(node.inputs[0], out)
        out.write(f".{field}", node)
    else:
        out.write("getattr(", node)
        printer.write_use(node.inputs[0], out)
        out.write(f", {string_text(field)})", node)


@_spells("prim::CallFunction")
def _call_function(printer: CodePrinter, node: Node, out: Pieces) -> None:
    printer.write_use(node.inputs[0], out)
    _write_arguments(printer, node, out)


@_spells("prim::CallMethod")
def _call_method(printer: CodePrinter, node: Node, out: Pieces) -> None:
    owner = node.inputs[0]
    out.write("(", node)
    printer.write_use(owner, out)
    out.write(f").{node.attributes['name']}", node)
    _write_arguments(printer, node, out)
    if isinstance(owner.type, (ClassType, InterfaceType)):
        printer.depend_on(owner.type)


def _write_arguments(printer: CodePrinter, node: Node, out: Pieces) -> None:
    out.write("(", node)
    for value in node.inputs[1:]:
        printer.write_use(value, out)
        out.write(", ", node)
    out.write(")", node)


@_spells("prim::EnumValue")
def _enum_value(printer: CodePrinter, node: Node, out: Pieces) -> None:
    write_values(printer, node, node.inputs, out, "(", ").value")


@_spells("prim::EnumName")
def _enum_name(printer: CodePrinter, node: Node, out: Pieces) -> None:
    write_values(printer, node, node.inputs, out, "(", ").name")


# --- operators -----------------------------------------------------------------------------------


def _operator(printer: CodePrinter, node: Node, out: Pieces) -> None:
    """A call of an operator by its name, arguments that have their default left out."""
    if node.kind.startswith("^") and printer.has_stand_ins and len(node.outputs) == 1:
        out.write(f"uninitialized({printer.annotation(node.output.type)})", node)
        return
    if node.kind.startswith("^"):
        printer.refuse_if_importable(
            node,
            f"Could not export Python function call '{node.kind[1:]}'. Remove calls to Python functions "
            "before export. Did you forget to add @script or @script_method annotation? If this is a "
            "nn.ModuleList, add it to __constants__",
        )
        write_values(
            printer, node, node.inputs, out, f"{node.kind}({node.attributes.get(SCALAR_ARGUMENTS, '')})(", ")"
        )
        return
    out.write(operator_name(node.kind) + "(", node)
    schema = printer.schema_of(node)
    if schema is None or (schema.is_vararg and not schema.arguments):
        _write_unknown(printer, node, out)
    elif schema.arguments:
        formals = schema.arguments
        needed, trailing_outs = necessary_arguments(formals, node.inputs)
        for index in range(needed):
            if index:
                out.write(", ", node)
            if index < len(formals) and formals[index].kwarg_only:
                out.write(formals[index].name + "=", node)
            printer.write_use(node.inputs[index], out)
        for index in range(len(formals) - trailing_outs, len(formals)):
            position = len(node.inputs) - (len(formals) - index)
            out.write(f", {formals[index].name}=", node)
            printer.write_use(node.inputs[position], out)
    out.write(")", node)


def _write_unknown(printer: CodePrinter, node: Node, out: Pieces) -> None:
    """Arguments that no schema describes; attributes are written as if they were arguments too."""
    write_values(printer, node, node.inputs, out)
    separator = ", " if node.inputs else ""
    for name, value in node.attributes.items():
        if isinstance(value, Graph):
            continue
        if isinstance(value, Type):
            shown = printer.annotation(value)
        elif isinstance(value, (list, tuple)) and value and all(isinstance(item, Type) for item in value):
            shown = f"[{', '.join(printer.annotation(item) for item in value if isinstance(item, Type))}]"
        else:
            shown = literal_text(value)
        out.write(f"{separator}{name}={shown}", node)
        separator = ", "
