"""Holds the nodes of a graph from outside against the form of their kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.ir import CONSTANT, Graph
from jitcore.ops.fitting_values import fits
from jitcore.ops.node_forms import (
    ENDS_OF_BLOCKS,
    GIVE_WHAT_THEY_TAKE,
    RUN_THEIR_SUBGRAPH,
    SUBGRAPH,
    TAKE_WHAT_THEIR_SUBGRAPH_TAKES,
    form_of,
)
from jitcore.types import TupleType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir import Node, Value
    from jitcore.ops.node_forms import NodeForm

_STEERS: Final = frozenset(("BoolType", "IntType", "NumberType", "TensorType", "AnyType"))
"""Kinds of types of conditions and counts: in traces, and where numbers are erased, they are tensors."""


class Fault(NamedTuple):
    """A node that is not as its kind asks; `sentence` says what is wrong and what to do."""

    node: Node
    sentence: str


def first_fault(graph: Graph) -> Fault | None:
    """The first node that has not the form of its kind, those of subgraphs behind those of their graph."""
    pending = [graph]
    for each in pending:
        for node in each.all_nodes():
            sentence = next(_faults(node), None)
            if sentence is not None:
                return Fault(node, sentence)
            subgraph = node.attributes.get("Subgraph")
            if isinstance(subgraph, Graph):
                pending.append(subgraph)
    return None


def _faults(node: Node) -> Iterator[str]:
    kind = node.kind
    if kind in ENDS_OF_BLOCKS:
        yield f"{kind} is no node: write parameters behind the name of a graph or block, results at its end"
    yield from _of_scope(node)
    # Of a call of Python a text shows the word <Graph>.
    is_python = kind.startswith("^")
    if not is_python and not SUBGRAPH.accepts(node.attributes.get("Subgraph", node.graph)):
        yield f"the Subgraph of {kind} is no graph: {_with_subgraph(kind)}"
    form = form_of(kind)
    if form is None:
        yield from _of_unknown_blocks(node)
        return
    yield from _of_form(node, form)
    yield from _of_blocks(node, form)
    yield from _of_steering(node)
    if kind in TAKE_WHAT_THEIR_SUBGRAPH_TAKES:
        yield from _of_subgraph(node)
    elif kind == CONSTANT:
        yield from _of_constant(node)
    elif kind == "prim::Exit" and node.has_uses():
        yield f"%{node.outputs[0].name} is what prim::Exit gives, which is nothing: use another value"
    elif kind in GIVE_WHAT_THEY_TAKE and len(node.outputs) > len(node.inputs):
        yield f"{kind} has a result and no input: write it with the input that it gives"
    elif kind in ("prim::TupleConstruct", "prim::TupleUnpack"):
        yield from _of_tuple(node)
    elif kind == "prim::Loop" and len(node.outputs) != len(node.inputs) - 2:
        yield (
            f"prim::Loop carries {_many(len(node.inputs) - 2, 'value')} and has "
            f"{_many(len(node.outputs), 'result')}: write as many results as values behind the condition"
        )


def _of_scope(node: Node) -> Iterator[str]:
    read = [*node.inputs, *(value for block in node.blocks for value in block.outputs)]
    for value in read:
        owner = value.node
        if owner is node or (owner.blocks and _holds(owner, node)):
            yield f"%{value.name} is used in its own definition: use a value that is defined before it"


def _holds(owner: Node, node: Node) -> bool:
    """Whether `node` stands in a block of `owner`, in whose block it is or is nested."""
    at: Node | None = node
    while at is not None and at is not owner and at.block is not owner.block:
        at = at.block.owner if at.block is not None else None
    return at is owner


def _of_form(node: Node, form: NodeForm) -> Iterator[str]:
    kind = node.kind
    if len(node.inputs) not in form.takes:
        yield f"{kind} has {_many(len(node.inputs), 'input')}: write it with {form.takes}"
    if form.gives is not None and not any(len(node.outputs) in count for count in form.gives):
        wanted = " or ".join(map(str, form.gives))
        yield f"{kind} has {_many(len(node.outputs), 'result')}: write it with {wanted}"
    for name, attribute in form.attributes:
        if name in node.attributes and attribute.accepts(node.attributes[name]):
            continue
        wrong = f"the {name} of {kind} is not {attribute.says}" if name in node.attributes else ""
        wrong = wrong or f"{kind} has no {name}"
        if attribute is SUBGRAPH:
            yield f"{wrong}: {_with_subgraph(kind)}"
        else:
            yield f"{wrong}: write it as in {kind}[{name}={attribute.example}]"


def _with_subgraph(kind: str) -> str:
    return f"write the node as {kind}_0, and behind the last line 'with {kind}_0 = graph(...)' and its nodes"


def _of_blocks(node: Node, form: NodeForm) -> Iterator[str]:
    kind = node.kind
    if len(node.blocks) != len(form.blocks):
        yield f"{kind} has {_many(len(node.blocks), 'block')}: write it with {len(form.blocks)}"
        return
    for index, (block, wanted) in enumerate(zip(node.blocks, form.blocks, strict=True)):
        takes, gives = wanted.takes(node), wanted.gives(node)
        if len(block.inputs) != takes:
            yield (
                f"block {index} of {kind} has {_many(len(block.inputs), 'parameter')}: write it with "
                f"{takes}, as the node's inputs ask"
            )
        if len(block.outputs) != gives:
            yield _of_given(node, index, gives)


def _of_steering(node: Node) -> Iterator[str]:
    """What decides which block runs, and how often."""
    read: list[Value] = []
    if node.kind == "prim::If":
        read = node.inputs
    elif node.kind == "prim::Loop":
        body = node.blocks[0]
        read = [*node.inputs[:2], body.inputs[0], body.outputs[0]]
    for value in read:
        if value.type.kind not in _STEERS:
            wanted = "a bool" if node.kind == "prim::If" else "an int as count and a bool as condition"
            yield f"{node.kind} cannot be steered by %{value.name}, of type {value.type}: give it {wanted}"


def _of_unknown_blocks(node: Node) -> Iterator[str]:
    """Whatever a node does with its blocks, what they give is what it gives."""
    for index, block in enumerate(node.blocks):
        if len(block.outputs) != len(node.outputs):
            yield _of_given(node, index, len(node.outputs))


def _of_given(node: Node, index: int, wanted: int) -> str:
    given = _many(len(node.blocks[index].outputs), "value")
    return f"block {index} of {node.kind} gives {given}: write it with {wanted}, as the node's results ask"


def _of_subgraph(node: Node) -> Iterator[str]:
    kind, subgraph = node.kind, node.attributes["Subgraph"]
    assert isinstance(subgraph, Graph)
    if len(subgraph.inputs) != len(node.inputs):
        yield (
            f"{kind} has {_many(len(node.inputs), 'input')}, its subgraph "
            f"{_many(len(subgraph.inputs), 'parameter')}: write as many of both"
        )
    if kind not in RUN_THEIR_SUBGRAPH and len(subgraph.outputs) != 1:
        yield f"the subgraph of {kind} gives {_many(len(subgraph.outputs), 'value')}: write it with 1"
    if kind in RUN_THEIR_SUBGRAPH and len(subgraph.outputs) != len(node.outputs):
        yield (
            f"{kind} has {_many(len(node.outputs), 'result')}, its subgraph gives "
            f"{_many(len(subgraph.outputs), 'value')}: write as many of both"
        )


def _of_tuple(node: Node) -> Iterator[str]:
    makes = node.kind == "prim::TupleConstruct"
    whole, parts = (node.outputs[0], node.inputs) if makes else (node.inputs[0], node.outputs)
    if not isinstance(whole.type, TupleType):
        yield f"%{whole.name} of {node.kind} is of type {whole.type}: give it a tuple's, as (Tensor, int)"
    elif len(whole.type.parts) != len(parts):
        yield (
            f"{node.kind} has {_many(len(parts), 'part')}, and %{whole.name} is of type {whole.type}: write "
            "as many parts as the type has"
        )


def _of_constant(node: Node) -> Iterator[str]:
    attributes, declared = node.attributes, node.outputs[0].type
    # Whose constant has no name is refused by the parser, for the name is the type.
    known = "name" if declared.kind == "FunctionType" else "value"
    other = next((name for name in attributes if name != known), None)
    if other is not None:
        yield f"prim::Constant has the attribute {other}: write it as in prim::Constant[value=1]"
    # Without a value it is None, of whatever type: folding makes such ones of what is cast.
    if "value" in attributes and not fits(attributes["value"], declared):
        yield f"the value of prim::Constant is not of its type, {declared}: write a literal of that type"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
