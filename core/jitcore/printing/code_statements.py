"""Statements: control flow, unpacking, attribute stores, context managers and nested functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from jitcore.ir import CONSTANT, Graph
from jitcore.printing.code_expressions import write_values
from jitcore.printing.code_names import as_identifier
from jitcore.printing.code_pieces import Pieces
from jitcore.types import OptionalType, UnionType

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value
    from jitcore.printing.code_printer import CodePrinter

Statement = Callable[["CodePrinter", "Node"], None]

_STATEMENTS: dict[str, Statement] = {}
_UNBOUNDED = 2**63 - 1


def _states(*kinds: str) -> Callable[[Statement], Statement]:
    def register(statement: Statement) -> Statement:
        for kind in kinds:
            _STATEMENTS[kind] = statement
        return statement

    return register


def statement_of(node: Node) -> Statement | None:
    """What prints `node` if it is a statement of its own, None if it is an expression."""
    found = _STATEMENTS.get(node.kind)
    if found is None and isinstance(node.attributes.get("Subgraph"), Graph) and not node.kind.startswith("^"):
        return _group
    return found


@_states("prim::Return")
def _return(printer: CodePrinter, node: Node) -> None:
    if len(node.inputs) != 1:
        printer.refuse_if_importable(node, "a method that is saved must return exactly one value")
    if node.inputs:
        printer.indent(node)
        write_values(printer, node, node.inputs, printer.body, "return ", "\n")


@_states("prim::If")
def _if(printer: CodePrinter, node: Node) -> None:
    printer.assign_names(node.outputs)
    printer.line(node, "if ", node.inputs[0], ":\n")
    for index, block in enumerate(node.blocks):
        if index:
            printer.line(node, "else:\n")
        printer.level += 1
        print_block(printer, block, bool(node.outputs))
        _assign(printer, node, node.outputs, block.outputs)
        printer.level -= 1


@_states("prim::Loop")
def _loop(printer: CodePrinter, node: Node) -> None:
    body = node.blocks[0]
    kind = _loop_kind(node)
    if kind == "both":
        printer.refuse_if_importable(node, "a loop with both a trip count and a condition cannot be saved")
    carried = body.inputs[1:]
    is_halfway = len(carried) != len(node.outputs)
    if is_halfway:
        # Between two steps of a pass the body has the parts of a tuple that the loop still gives whole.
        printer.assign_names(carried)
        _assign_annotated(printer, node, carried, node.inputs[2:])
    else:
        printer.assign_names(node.outputs)
        # The variables of the body are those of the loop: they are set before it and at the end of each turn.
        for inner, outer in zip(carried, node.outputs, strict=True):
            printer.assign_same(inner, outer)
        _assign_annotated(printer, node, node.outputs, node.inputs[2:])
    counter = body.inputs[0]
    printer.assign_names([counter])
    if kind == "while":
        # Nothing reads the counter of a while loop, so its name stands for the condition.
        _assign(printer, node, [counter], [node.inputs[1]])
        printer.line(node, "while ", counter, ":\n")
        _loop_body(printer, node, body, 0)
    elif kind == "for":
        printer.line(node, "for ", counter, " in range(", node.inputs[0], "):\n")
        _loop_body(printer, node, body, 1)
    else:
        _bounded_while(printer, node, body, counter)
    if is_halfway:
        printer.assign_names(node.outputs)
        _assign(printer, node, node.outputs, carried)


def _loop_body(printer: CodePrinter, node: Node, body: Block, first: int) -> None:
    """The turns' nodes and the new values of the variables from number `first` on."""
    printer.level += 1
    print_block(printer, body, len(body.inputs) > first)
    _assign(printer, node, body.inputs[first:], body.outputs[first:])
    printer.level -= 1


def _bounded_while(printer: CodePrinter, node: Node, body: Block, counter: Value) -> None:
    """A loop that stops at a trip count or at a condition, as passes make it: a for with a break."""
    condition = printer.names.take("_go_on")
    printer.line(node, f"{condition} = ", node.inputs[1], "\n")
    printer.line(node, "for ", counter, " in range(", node.inputs[0], "):\n")
    printer.level += 1
    printer.line(node, f"if not({condition}):\n")
    printer.level += 1
    printer.line(node, "break\n")
    printer.level -= 1
    print_block(printer, body, True)
    _assign(printer, node, body.inputs[1:], body.outputs[1:])
    printer.line(node, f"{condition} = ", body.outputs[0], "\n")
    printer.level -= 1


def _loop_kind(node: Node) -> str:
    """`for`, `while`, or `both` for a loop that neither form can express."""
    body = node.blocks[0]
    always = all(_constant(value) is True for value in (node.inputs[1], body.outputs[0]))
    counted = _constant(node.inputs[0]) != _UNBOUNDED or body.inputs[0].has_uses()
    if always:
        return "for" if counted else "while"
    return "both" if counted else "while"


def _constant(value: Value) -> object:
    return value.node.attributes.get("value") if value.node.kind == CONSTANT else None


def print_block(printer: CodePrinter, block: Block, more_follows: bool) -> None:
    """The nodes of a block, or `pass` where nothing else would stand."""
    if not more_follows and block.param_node.next is block.return_node:
        printer.line(block.owner, "pass\n")
    for node in block.nodes():
        printer.print_node(node)


def _assign(printer: CodePrinter, node: Node, targets: Sequence[Value], values: Sequence[Value]) -> None:
    """`a, b = x, y`; nothing if there is nothing to assign."""
    if not targets:
        return
    printer.indent(node)
    write_values(printer, node, targets, printer.body)
    if len(targets) == 1 and not printer.has_expression(targets[0]):
        annotation = _annotation_once(printer, targets[0])
        if annotation:
            printer.body.write(f" : {annotation}", node)
    write_values(printer, node, values, printer.body, " = ", "\n")


def _assign_annotated(
    printer: CodePrinter, node: Node, targets: Sequence[Value], values: Sequence[Value]
) -> None:
    for target, value in zip(targets, values, strict=True):
        annotation = ""
        if isinstance(target.type, (UnionType, OptionalType)):
            annotation = _annotation_once(printer, target)
        elif target.type != value.type:
            annotation = printer.annotation(target.type)
        printer.line(node, target, f": {annotation} = " if annotation else " = ", value, "\n")


def _annotation_once(printer: CodePrinter, value: Value) -> str:
    """The annotation that the first assignment of a union needs, "" for other types and later ones."""
    if not isinstance(value.type, (UnionType, OptionalType)) or value in printer.annotated:
        return ""
    printer.annotated.add(value)
    return printer.annotation(value.type)


@_states("prim::TupleUnpack", "prim::ListUnpack")
def _unpack(printer: CodePrinter, node: Node) -> None:
    printer.assign_names(node.outputs)
    printer.indent(node)
    if node.outputs:
        # The comma makes an assignment of one variable an unpacking.
        write_values(printer, node, node.outputs, printer.body, "", ", = ")
    write_values(printer, node, node.inputs, printer.body, "", "\n")


@_states("prim::SetAttr")
def _set_attribute(printer: CodePrinter, node: Node) -> None:
    owner, value = node.inputs
    printer.line(node, owner, f".{node.attributes['name']} = ", value, "\n")


@_states("prim::fork", "prim::awaitable")
def _fork(printer: CodePrinter, node: Node) -> None:
    is_fork = node.kind == "prim::fork"
    name = printer.names.take("__forked_function" if is_fork else "__awaitable_function")
    subgraph = node.attributes["Subgraph"]
    assert isinstance(subgraph, Graph)
    printer.line(node, f"def {name}():\n")
    for inner, outer in zip(subgraph.inputs, node.inputs, strict=False):
        printer.assign_same(inner, outer)
    printer.print_body(subgraph.block)
    printer.define(node, f"fork({name})" if is_fork else f"awaitable({name})")


@_states("prim::Enter")
def _enter(printer: CodePrinter, node: Node) -> None:
    result = node.outputs[0]
    if result.has_uses():
        printer.assign_names([result])
        printer.line(node, "with ", node.inputs[0], " as ", result, ":\n")
    else:
        printer.line(node, "with ", node.inputs[0], ":\n")
    printer.level += 1


@_states("prim::Exit")
def _exit(printer: CodePrinter, node: Node) -> None:
    previous = node.prev
    if previous is not None and previous.kind == "prim::Enter":
        printer.line(node, "pass\n")
    printer.level -= 1


@_states("prim::Closure")
def _closure(printer: CodePrinter, node: Node) -> None:
    printer.refuse_if_importable(node, "closures are not exportable")
    printer.assign_names(node.outputs)
    subgraph = node.attributes["Subgraph"]
    assert isinstance(subgraph, Graph)
    print_nested_function(printer, node, printer.use_text(node.outputs[0]), subgraph)


def print_nested_function(printer: CodePrinter, node: Node, name: str, subgraph: Graph) -> None:
    """`def name(x: Tensor):` and the body of `subgraph`."""
    printer.indent(node)
    printer.body.write(f"def {name}(", node)
    printer.assign_names(subgraph.inputs)
    for index, value in enumerate(subgraph.inputs):
        printer.body.write(", " if index else "", node)
        printer.write_use(value, printer.body)
        printer.body.write(f": {printer.annotation(value.type)}", node)
    printer.body.write("):\n", node)
    printer.print_body(subgraph.block)


@_states("prim::ModuleContainerIndex")
def _module_container_index(printer: CodePrinter, node: Node) -> None:
    container, key = node.inputs
    result = node.outputs[0]
    printer.assign_names([result])
    printer.line(node, result, f" : {printer.annotation(result.type)} = ", container, "[", key, "]\n")


def _group(printer: CodePrinter, node: Node) -> None:
    """A group of nodes that a pass made: a nested function, and a call of it."""
    printer.refuse_if_importable(node, f"{node.kind} is made by passes and cannot be saved")
    subgraph = node.attributes["Subgraph"]
    assert isinstance(subgraph, Graph)
    name = printer.names.take("__" + as_identifier(node.kind.rpartition("::")[2]))
    print_nested_function(printer, node, name, subgraph)
    call = Pieces()
    write_values(printer, node, node.inputs, call, f"{name}(", ")")
    printer.define(node, call)
