"""Holds the nodes of a graph from outside against the form of their kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.ir import CONSTANT, Graph
from jitcore.ops.node_forms import (
    ENDS_OF_BLOCKS,
    RUN_THEIR_SUBGRAPH,
    SUBGRAPH,
    TAKE_WHAT_THEIR_SUBGRAPH_TAKES,
    form_of,
)
from jitcore.types import TupleType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir import Node
    from jitcore.ops.node_forms import NodeForm

_MAY_BE_NONE: Final = frozenset(("NoneType", "OptionalType", "UnionType", "AnyType"))


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
        yield f"{kind} is no node: parameters stand behind 'graph' or a block's name, results behind the nodes"
    yield from _of_scope(node)
    # Of a call of Python a text shows the word <Graph>.
    is_python = kind.startswith("^")
    if not is_python and not SUBGRAPH.accepts(node.attributes.get("Subgraph", node.graph)):
        yield f"the Subgraph of {kind} is no graph: {_with_subgraph(kind)}"
    form = form_of(kind)
    if form is None:
        return
    yield from _of_form(node, form)
    yield from _of_blocks(node, form)
    if kind in TAKE_WHAT_THEIR_SUBGRAPH_TAKES:
        yield from _of_subgraph(node)
    elif kind == CONSTANT:
        yield from _of_constant(node)
    elif kind in ("prim::TupleConstruct", "prim::TupleUnpack"):
        yield from _of_tuple(node)
    elif kind == "prim::Loop" and len(node.outputs) != len(node.inputs) - 2:
        yield (
            f"prim::Loop carries {_many(len(node.inputs) - 2, 'value')} and has "
            f"{_many(len(node.outputs), 'result')}: write it with as many results as values behind the condition"
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
                f"block {index} of {kind} has {_many(len(block.inputs), 'parameter')}: write it with {takes}, "
                "as the node's inputs ask"
            )
        if len(block.outputs) != gives:
            yield (
                f"block {index} of {kind} gives {_many(len(block.outputs), 'value')}: write it with {gives}, "
                "as the node's results ask"
            )


def _of_subgraph(node: Node) -> Iterator[str]:
    kind, subgraph = node.kind, node.attributes["Subgraph"]
    assert isinstance(subgraph, Graph)
    if len(subgraph.inputs) != len(node.inputs):
        yield (
            f"{kind} has {_many(len(node.inputs), 'input')}, its subgraph "
            f"{_many(len(subgraph.inputs), 'parameter')}: write as many of both"
        )
    if kind in RUN_THEIR_SUBGRAPH and len(subgraph.outputs) != len(node.outputs):
        yield (
            f"{kind} has {_many(len(node.outputs), 'result')}, its subgraph gives "
            f"{_many(len(subgraph.outputs), 'value')}: write as many of both"
        )


def _of_tuple(node: Node) -> Iterator[str]:
    makes = node.kind == "prim::TupleConstruct"
    whole, parts = (node.outputs[0], node.inputs) if makes else (node.inputs[0], node.outputs)
    if not isinstance(whole.type, TupleType):
        yield f"%{whole.name} of {node.kind} is of type {whole.type}: give it the type of a tuple, as (Tensor, int)"
    elif len(whole.type.parts) != len(parts):
        yield (
            f"{node.kind} has {_many(len(parts), 'part')}, and %{whole.name} is of type {whole.type}: write as "
            "many parts as the type has"
        )


def _of_constant(node: Node) -> Iterator[str]:
    declared = node.outputs[0].type
    known = [name for name in ("value", "name") if name in node.attributes]
    if len(node.attributes) > len(known) or len(known) > 1:
        yield "prim::Constant has other attributes than its value: write it as in prim::Constant[value=1]"
    if not known and declared.kind not in _MAY_BE_NONE:
        yield f"prim::Constant of type {declared} has no value: write it as in prim::Constant[value=1]"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
