"""Variables that control flow changes become results of it; then loads read the value stored last.

= prim::Store[name="a"](%1)                     %a = prim::If(%c)
= prim::If(%c)                                    block0(): -> (%2)
  block0(): = prim::Store[name="a"](%2)    ->     block1(): -> (%1)
  block1(): -> ()                               = use(%a)
%a = prim::Load[name="a"]()
= use(%a)
"""

from __future__ import annotations

from jitcore.frontend.names import is_meaningful
from jitcore.frontend.ssa.frames import Frame
from jitcore.ir import Block, Graph, Node, Value
from jitcore.types import Type, unify


def _name_of(node: Node) -> str:
    name = node.attributes["name"]
    assert isinstance(name, str)
    return name


def _create_load(graph: Graph, name: str, kind: Type) -> Node:
    node = graph.create("prim::Load").set_attribute("name", name)
    node.outputs[0].set_type(kind)
    return node


def _create_store(graph: Graph, name: str, value: Value) -> Node:
    return graph.create("prim::Store", (value,), 0).set_attribute("name", name)


def add_control_flow_variables(graph: Graph) -> None:
    """Give every `prim::If` and `prim::Loop` the variables assigned inside as results, stored after it."""
    _add_to_block(graph.block, None)


def _add_to_block(block: Block, parent: Frame[Type] | None) -> Frame[Type]:
    frame: Frame[Type] = Frame(parent)
    for node in block.nodes():
        kind = node.kind
        if kind == "prim::Store":
            frame.table[_name_of(node)] = node.inputs[0].type
        elif kind == "prim::If":
            _add_to_if(node, frame)
        elif kind == "prim::Loop":
            _add_to_loop(node, frame)
        elif kind in ("prim::Closure", "prim::ComprehensionScope"):
            for inner in node.blocks:
                _add_to_block(inner, frame)
    return frame


def _add_to_if(node: Node, frame: Frame[Type]) -> None:
    then_block, else_block = node.blocks
    then_frame = _add_to_block(then_block, frame)
    else_frame = _add_to_block(else_block, frame)
    names = {n for n in then_frame.table if else_frame.find(n) is not None}
    names.update(n for n in else_frame.table if then_frame.find(n) is not None)
    for name in sorted(names):
        then_type, else_type = then_frame.find(name), else_frame.find(name)
        assert then_type is not None
        assert else_type is not None
        unified = unify(then_type, else_type, default_to_union=True)
        assert unified is not None
        _add_block_output(then_block, name, then_type)
        _add_block_output(else_block, name, else_type)
        _add_node_output(node, name, unified)


def _add_to_loop(node: Node, frame: Frame[Type]) -> None:
    body = node.blocks[0]
    graph = node.graph
    inner = _add_to_block(body, frame)
    for name in inner.names():
        outer_type = frame.find(name)
        if outer_type is None:
            # Local to the body: it is not carried from one iteration to the next.
            continue
        inner_type = inner.table[name]
        carried = unify(outer_type, inner_type)
        if carried is None:
            # torch trips over itself here: a value that is known better than it was annotated.
            at = node.source_range
            assert at is not None
            raise at.error(
                f"Variable '{name}' has type {outer_type.repr_str} before the loop, but "
                f"{inner_type.repr_str} at the end of its body: use another variable for the value of "
                "another type"
            )
        node.add_input(_create_load(graph, name, outer_type).insert_before(node).outputs[0])
        _create_store(graph, name, body.add_input(name, carried)).insert_after(body.param_node)
        _add_block_output(body, name, inner_type)
        _add_node_output(node, name, carried)


def _add_block_output(block: Block, name: str, kind: Type) -> None:
    load = _create_load(block.graph, name, kind)
    block.register_output(block.append(load).outputs[0])


def _add_node_output(node: Node, name: str, kind: Type) -> None:
    output = node.add_output(kind)
    if is_meaningful(name):
        output.set_debug_name(name)
    _create_store(node.graph, name, output).insert_after(node)


def erase_loads_and_stores(graph: Graph) -> None:
    """Replace every load by the value stored last; scopes of comprehensions dissolve."""
    _erase_in_block(graph.block, None)


def _erase_in_block(block: Block, parent: Frame[Value] | None) -> None:
    frame: Frame[Value] = Frame(parent)
    node = block.param_node.next
    end = block.return_node
    while node is not None and node is not end:
        following = node.next
        kind = node.kind
        if kind == "prim::Store":
            frame.table[_name_of(node)] = node.inputs[0]
            node.destroy()
        elif kind == "prim::Load":
            value = frame.find(_name_of(node))
            assert value is not None
            node.outputs[0].replace_all_uses_with(value)
            node.destroy()
        elif kind == "prim::ComprehensionScope":
            body = node.blocks[0]
            _erase_in_block(body, frame)
            for inner in list(body.nodes()):
                inner.move_before(node)
            node.destroy()
        else:
            for inner_block in node.blocks:
                _erase_in_block(inner_block, frame)
        node = following
