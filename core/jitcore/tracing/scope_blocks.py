"""Calls of modules, recorded as blocks, become methods of the modules and calls of them.

%r = prim::TracedModuleForward[scope="__module.f"]()         %f = prim::GetAttr[name="f"](%self)
  block0():                                             ->   %r = prim::CallMethod[name="forward"](%f, %x)
    %1 = aten::mm(%x, %param)

The counterpart is libtorch's `fixup_trace_scope_blocks.cpp`, whose order of making values shows in their
numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import Block, Function, Graph, ScriptObject
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.lower_tuples import lower_simple_tuples
from jitcore.passes.normalize_ops import normalize_ops
from jitcore.scripting.library.parameter_names import parameter_name
from jitcore.tracing.state import SCOPE_BLOCK, TRACED_ATTRIBUTE, TRACED_FORK
from jitcore.types import NONE, Argument, ClassType, FunctionSchema, TupleType, unshaped

if TYPE_CHECKING:
    from jitcore.ir import Node, Value


def fix_up_scopes(graph: Graph, owner: ScriptObject | None) -> None:
    """Rewrite a graph as it was recorded; methods that come of it go to the classes in `owner`."""
    if owner is not None:
        _LocalAttributes(graph).run()
    _Lifting().run(graph.block)
    _return_tuples(graph.block)
    if owner is None:
        _inline_blocks(graph.block)
        # Those of what is forked are left.
        _to_subgraphs(graph.block)
        _clean_up(graph)
    else:
        _to_subgraphs(graph.block)
        _to_methods(graph)
        _clean_up_methods(owner)
        _clean_up(graph)
    normalize_ops(graph.block)


_WITH_BODY = (SCOPE_BLOCK, TRACED_FORK)


class _LocalAttributes:
    """Attributes of modules become `prim::GetAttr`s in the innermost scope that can read them."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._nodes: dict[str, Node] = {
            str(node.attributes["scope"]): node for node in graph.nodes() if node.kind == TRACED_ATTRIBUTE
        }

    def run(self) -> None:
        """Rewrite the graph."""
        self._add_selves(self._graph.block)
        self._convert(self._graph.block, ["__module"], self._graph.inputs[0])
        for node in self._nodes.values():
            node.destroy()

    def _add_selves(self, block: Block) -> None:
        for node in block.nodes():
            if node.kind == SCOPE_BLOCK:
                attribute = self._nodes[str(node.attributes["scope"])].outputs[0]
                node.add_input(attribute)
                node.blocks[0].add_input("self", attribute.type)
            for inner in node.blocks:
                self._add_selves(inner)

    def _convert(self, block: Block, prefix: list[str], owner: Value) -> list[Value]:
        """Rewrite a block in the scope `prefix`; gives the attributes that it needs from outside."""
        missing: list[Value] = []
        known: dict[Value, Value] = {}
        for node in block.nodes():
            if node.kind == SCOPE_BLOCK:
                inner = node.blocks[0]
                scope = str(node.attributes["scope"]).split(".")
                for value in self._convert(inner, scope, inner.inputs[0]):
                    node.add_input(value)
            else:
                for inner in node.blocks:
                    for value in self._convert(inner, prefix, owner):
                        node.add_input(value)
            for place, value in enumerate(list(node.inputs)):
                if value.node.kind == TRACED_ATTRIBUTE:
                    if value not in known:
                        known[value] = self._local(block, value, prefix, owner, missing)
                    node.replace_input(place, known[value])
        return missing

    def _local(
        self, block: Block, value: Value, prefix: list[str], owner: Value, missing: list[Value]
    ) -> Value:
        path = str(value.node.attributes["scope"]).split(".")
        if path[: len(prefix)] != prefix:
            missing.append(value)
            return block.add_input().copy_metadata(value)
        following = block.param_node.next
        assert following is not None
        found = owner
        with self._graph.inserting_before(following):
            for name in path[len(prefix) :]:
                found = _get_attribute(self._graph, found, name)
        return found


def _get_attribute(graph: Graph, owner: Value, name: str) -> Value:
    kind = owner.type
    assert isinstance(kind, ClassType)
    node = graph.create("prim::GetAttr", (owner,), 1).set_attribute("name", name)
    node.outputs[0].set_type(kind.attributes[name].type)
    node.outputs[0].set_debug_name(f"_{name}" if name.isdigit() else name)
    return graph.insert(node).outputs[0]


class _Lifting:
    """Values that are read outside of the block that makes them become results of it."""

    def __init__(self) -> None:
        self._lifted: dict[Value, Value] = {}

    def run(self, block: Block) -> None:
        """Rewrite a block and those in it."""
        self._node(block.param_node, block)
        for node in block.nodes():
            self._node(node, block)
        self._node(block.return_node, block)

    def _node(self, node: Node, block: Block) -> None:
        for place, original in enumerate(list(node.inputs)):
            value = original
            lifted = self._lifted.get(value)
            if lifted is not None:
                node.replace_input(place, lifted)
                value = lifted
            made_in = value.node.block
            assert made_in is not None
            if made_in is not block:
                wanted = _common_block(block, made_in)
                outer = value
                at = made_in
                while at is not wanted:
                    assert at.owner is not None
                    assert at.owner.block is not None
                    at.register_output(outer)
                    outer = at.owner.add_output(outer.type)
                    at = at.owner.block
                # Whoever reads it next takes it from the widest block that it is a result in.
                self._lifted[original] = outer
                node.replace_input(place, outer)
        if node.kind in _WITH_BODY:
            self.run(node.blocks[0])


def _common_block(one: Block, other: Block) -> Block:
    """The innermost block that holds both."""
    around: list[Block] = []
    block: Block | None = one
    while block is not None:
        around.append(block)
        block = None if block.owner is None else block.owner.block
    block = other
    while block is not None and not any(block is each for each in around):
        block = None if block.owner is None else block.owner.block
    assert block is not None
    return block


def _return_tuples(block: Block) -> None:
    """Have every scope give one result: a tuple where there are several, None where there is none."""
    graph = block.graph
    for node in block.nodes():
        if node.kind not in _WITH_BODY:
            continue
        inner = node.blocks[0]
        _return_tuples(inner)
        if node.kind == TRACED_FORK:
            continue
        if len(inner.outputs) > 1:
            with graph.inserting_before(inner.return_node):
                parts = list(inner.outputs)
                made = graph.create("prim::TupleConstruct", parts, 1)
                made.outputs[0].set_type(TupleType(tuple(part.type for part in parts)))
                graph.insert(made)
            for place in range(len(parts) - 1, -1, -1):
                inner.erase_output(place)
            inner.register_output(made.outputs[0])
            kinds = tuple(output.type for output in node.outputs)
            whole = node.add_output(TupleType(kinds))
            unpacked = graph.create("prim::TupleUnpack", (whole,), len(kinds))
            for part, kind in zip(unpacked.outputs, kinds, strict=True):
                part.set_type(kind)
            unpacked.insert_after(node)
            for place in range(len(kinds) - 1, -1, -1):
                node.outputs[place].replace_all_uses_with(unpacked.outputs[place])
                node.erase_output(place)
        elif not inner.outputs:
            with graph.inserting_before(inner.return_node):
                nothing = graph.create("prim::Constant", (), 1)
                nothing.outputs[0].set_type(NONE)
                graph.insert(nothing)
            inner.register_output(nothing.outputs[0])
            node.add_output(NONE)


def _to_subgraphs(block: Block) -> None:
    """Make a graph of every scope and fork; what it reads from outside becomes inputs."""
    for node in block.nodes():
        if node.kind in _WITH_BODY:
            _to_subgraphs(node.blocks[0])
            made = _graph_of(node)
            node.set_attribute("Subgraph", made)
            node.erase_block(0)


def _graph_of(node: Node) -> Graph:
    graph = Graph()
    outside: dict[Value, Value] = {}

    def inside(value: Value) -> Value:
        if value not in outside:
            outside[value] = graph.add_input().copy_metadata(value)
            node.add_input(value)
        return outside[value]

    graph.block.clone_from(node.blocks[0], inside)
    return graph


def _inline_blocks(block: Block) -> None:
    """Put what is in scopes where they are."""
    graph = block.graph
    for node in list(block.nodes()):
        for inner in node.blocks:
            _inline_blocks(inner)
        if node.kind == SCOPE_BLOCK:
            body = _graph_of(node)
            with graph.inserting_before(node):
                results, _ = graph.insert_graph(body, list(node.inputs))
            for old, new in zip(node.outputs, results, strict=True):
                old.replace_all_uses_with(new)
            node.destroy()


def _to_methods(graph: Graph) -> None:
    """Make methods of the graphs of scopes, and calls of the scopes."""
    for node in list(graph.nodes()):
        if node.kind not in _WITH_BODY:
            continue
        body = node.attributes["Subgraph"]
        if node.kind == TRACED_FORK:
            assert isinstance(body, Graph)
            _to_methods(body)
            continue
        kind = node.inputs[0].type
        assert isinstance(body, Graph)
        assert isinstance(kind, ClassType)
        _to_methods(body)
        name = free_method_name(kind)
        method = method_of_graph(kind, name, body)
        with graph.inserting_before(node):
            call = graph.create("prim::CallMethod", list(node.inputs), 1).set_attribute("name", name)
            returned = method.schema.returns[0].type
            call.outputs[0].set_type(returned)
            graph.insert(call)
        node.outputs[0].replace_all_uses_with(call.outputs[0])
        node.destroy()


def free_method_name(kind: ClassType) -> str:
    """`forward`, or with the first number that no method has."""
    number = 0
    while True:
        name = f"forward{number}" if number else "forward"
        if name not in kind.methods:
            return name
        number += 1


def method_of_graph(kind: ClassType, name: str, graph: Graph) -> Function:
    """A method, added to a class, that has a graph; its schema is what the graph says."""
    made = function_of_graph(f"{kind.qualified_name}.{name}", graph, kind)
    kind.methods[name] = made
    return made


def function_of_graph(qualified_name: str, graph: Graph, owner: ClassType | None = None) -> Function:
    """A function, or a method of the class `owner`, that has a graph; its schema is what the graph says."""
    arguments = tuple(
        Argument(parameter_name(value.debug_name, place), unshaped(value.type))
        for place, value in enumerate(graph.inputs)
    )
    returns = tuple(Argument("", unshaped(value.type)) for value in graph.outputs)
    name = qualified_name.rpartition(".")[2]
    return Function(qualified_name, FunctionSchema(name, "", arguments, returns), graph, owner)


def _clean_up_methods(owner: ScriptObject) -> None:
    methods = list(owner.type.methods.values())
    for child in owner.submodules().values():
        _clean_up_methods(child)
    for method in methods:
        assert isinstance(method, Function)
        _clean_up(method.graph)


def _clean_up(graph: Graph) -> None:
    for node in graph.nodes():
        body = node.attributes.get("Subgraph")
        if node.kind == TRACED_FORK and isinstance(body, Graph):
            _start_forks(body)
            lower_simple_tuples(body)
            eliminate_dead_code_with_aliases(body)
    _start_forks(graph)
    lower_simple_tuples(graph)
    eliminate_dead_code_with_aliases(graph)


def _start_forks(graph: Graph) -> None:
    """Calls that were traced as forks become forks: new nodes, as in libtorch, whose numbers show it."""
    for node in list(graph.nodes()):
        if node.kind != TRACED_FORK:
            continue
        with graph.inserting_before(node):
            started = graph.insert(graph.create("prim::fork", list(node.inputs), len(node.outputs)))
        # What is copied with a node is copied as a whole, and numbered anew.
        started.attributes.update(
            {name: held.copy() if isinstance(held, Graph) else held for name, held in node.attributes.items()}
        )
        for old, new in zip(node.outputs, started.outputs, strict=True):
            new.copy_metadata(old)
            old.replace_all_uses_with(new)
        node.destroy()
