"""Freezes a module: methods that stay get everything inlined, and constants for attributes that never change.

As `freeze_module` of libtorch (torch/csrc/jit/passes/freeze_module.cpp), step by step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import Function, Graph, ScriptObject
from jitcore.passes.autocast import cast_as_told
from jitcore.passes.constants import can_be_constant, insert_constant
from jitcore.passes.freezing.attribute_values import as_constant, is_module
from jitcore.passes.freezing.attributes import Attributes, in_fork, nodes_as_libtorch_walks, value_of
from jitcore.passes.freezing.copied_classes import use_copied_classes
from jitcore.passes.freezing.executor_optimizations import optimize_frozen_body
from jitcore.passes.freezing.module_copy import ModuleCopy
from jitcore.passes.freezing.restored_modules import restored_module
from jitcore.passes.functional_graphs.merging import recording_inside
from jitcore.passes.inline import inline_call, inline_calls
from jitcore.passes.rules import names, rule
from jitcore.source import JitError
from jitcore.types import ClassType, InterfaceType, unshaped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.ir import Block, Node, Value
    from jitcore.passes.base import PassContext


class FrozenModule:
    """The frozen copy `root` of a module, and `graphs`, those of the methods that it still has."""

    __slots__ = ("graphs", "root")

    def __init__(self, root: ScriptObject, graphs: dict[Function, Graph]) -> None:
        self.root = root
        self.graphs = graphs

    def graph_of(self, name: str) -> Graph | None:
        """The graph of the root's method `name`; None if it has none."""
        method = self.root.type.methods.get(name)
        return self.graphs.get(method) if isinstance(method, Function) else None


def freeze_module(
    module: ScriptObject,
    preserved: Sequence[str],
    context: PassContext,
    evaluating: bool = False,
    shown: tuple[Function, Graph] | None = None,
) -> FrozenModule:
    """Freeze a copy of `module`, which itself stays as it is.

    `preserved` are attributes and methods that stay besides `forward`, by dotted names. With `evaluating` it
    is frozen as after `eval()`. `shown` is one of the methods, and the graph of it that is rewritten; it
    stays too. Raises `JitError`, in libtorch's words, for what cannot be frozen.
    """
    returned = module.type.methods.get("forward")
    if isinstance(returned, Function) and any(v.type is module.type for v in returned.graph.outputs):
        raise JitError("attempted to freeze a module that return itself")
    copy = ModuleCopy(restored_module(module, context), evaluating)
    return _Freezer(copy, preserved, context, shown).run()


class _Freezer:
    def __init__(
        self,
        copy: ModuleCopy,
        preserved: Sequence[str],
        context: PassContext,
        shown: tuple[Function, Graph] | None,
    ) -> None:
        self._copy = copy
        self._context = context
        self._attributes = Attributes(copy.root)
        self._methods: dict[Function, Graph] = {}
        if shown is not None:
            method = copy.method_of_copy(shown[0])
            if method is None:
                raise JitError(f"{shown[0].name} is no method of the module, which is what can be frozen")
            self._methods[method] = shown[1]
        self._preserve_method(copy.root.type.methods.get("forward"))
        for name in preserved:
            self._preserve(name)

    def _preserve(self, name: str) -> None:
        found = self._attributes.resolve(name)
        if found is None:
            raise JitError(f"Unknown name: {name}")
        owner, last = found
        if last not in owner.attributes:
            self._preserve_method(owner.type.methods[last])
            return
        value = owner.attributes[last]
        if isinstance(value, ScriptObject) and is_module(value):
            self._attributes.preserved_modules.add(id(value))
        self._attributes.keep(owner, last)

    def _preserve_method(self, method: object) -> None:
        if isinstance(method, Function) and method not in self._methods:
            original = self._copy.original_of(method)
            self._methods[method] = original.graph.copy()

    def run(self) -> FrozenModule:
        for graph in self._methods.values():
            _with_forks(graph, self._inline)
            self._inline_interfaces(self._attributes, graph)
        for graph in self._methods.values():
            self._attributes.record_changes(graph)
        for graph in self._methods.values():
            self._fold_attributes(self._attributes, graph)
            _with_forks(graph, self._optimize)
        for graph in self._methods.values():
            self._attributes.record_references(graph)
            self._attributes.keep_slots(self._copy.root, graph)
            drop_waits(graph.block)
        self._attributes.remove_unused(list(self._methods))
        for method, graph in self._methods.items():
            method.take_graph(graph)
        return FrozenModule(self._copy.root, self._methods)

    def _inline(self, graph: Graph) -> None:
        inline_calls(graph)
        use_copied_classes(graph, self._copy)
        forget_profile(graph)

    def _optimize(self, graph: Graph) -> None:
        cast_as_told(graph)
        optimize_frozen_body(graph, self._context)

    # --- interfaces --------------------------------------------------------------------------------

    def _inline_interfaces(self, attributes: Attributes, graph: Graph) -> None:
        found: list[tuple[ScriptObject, str]] = []
        for node in nodes_as_libtorch_walks(graph.block):
            if node.kind == "prim::GetAttr" and isinstance(node.output.type, InterfaceType):
                name = str(node.attributes["name"])
                owner = attributes.owner_of_constant(node, graph)
                if owner is None:
                    raise JitError(f"failed to freeze interface attribute '{name}'")
                inline_interface(node, value_of(owner, name))
                found.append((owner, name))
            elif node.kind == "prim::SetAttr":
                _refuse_interface(attributes, node, graph)
            elif node.kind == "prim::fork":
                in_fork(attributes, node, graph, self._inline_interfaces)
        for owner, name in found:
            value = owner.attributes[name]
            assert isinstance(value, ScriptObject)
            owner.type.attributes[name].type = value.type

    # --- attributes --------------------------------------------------------------------------------

    def _fold_attributes(self, attributes: Attributes, graph: Graph) -> None:
        constants: dict[tuple[int, str], Value] = {}
        first = graph.block.param_node.next
        assert first is not None
        for node in nodes_as_libtorch_walks(graph.block):
            if node.kind == "prim::GetAttr":
                self._fold_attribute(attributes, node, graph, first, constants)
            elif node.kind == "prim::fork":

                def fold(inner: Attributes, subgraph: Graph) -> None:
                    with recording_inside(graph, subgraph):
                        self._fold_attributes(inner, subgraph)

                in_fork(attributes, node, graph, fold)

    def _fold_attribute(
        self,
        attributes: Attributes,
        node: Node,
        graph: Graph,
        first: Node,
        constants: dict[tuple[int, str], Value],
    ) -> None:
        owner = attributes.owner_of_constant(node, graph)
        if owner is None:
            return
        name = str(node.attributes["name"])
        key = id(owner), name
        known = constants.get(key)
        if known is None:
            value = as_constant(value_of(owner, name))
            if not can_be_constant(value):
                # libtorch makes a node for it, and takes that back.
                graph.take_unique()
                return
            path = attributes.path_of(node.inputs[0], graph) or []
            constants[key] = fold_attribute(node, value, ".".join(["self", *path, name]), first)
        else:
            read_folded_attribute(node, known)


def _with_forks(graph: Graph, work: Callable[[Graph], None]) -> None:
    """Do something in a graph and in those that its forks run."""
    work(graph)
    for node in graph.all_nodes():
        subgraph = node.attributes.get("Subgraph")
        if node.kind == "prim::fork" and isinstance(subgraph, Graph):
            with recording_inside(graph, subgraph):
                _with_forks(subgraph, work)


def _refuse_interface(attributes: Attributes, node: Node, graph: Graph) -> None:
    """Raise `JitError` if the node sets an attribute whose type is an interface."""
    holder = node.inputs[0]
    if not isinstance(holder.type, InterfaceType) and not (
        isinstance(holder.type, ClassType) and holder.type.is_module
    ):
        return
    path = attributes.path_of(holder, graph)
    owner = None if path is None else attributes.module_at(path)
    name = str(node.attributes["name"])
    if owner is not None and isinstance(owner.type.attribute_type(name), InterfaceType):
        raise JitError(
            f"Freezing does not support SetAttr on an interface type. SetAttr is attempted on '{name}'"
        )


@rule
def forget_profile(graph: Graph) -> None:
    """x : Float(2, 3) -> x : Tensor"""
    values = [*graph.inputs, *(value for node in graph.all_nodes() for value in node.outputs)]
    known = [(value, bare) for value in values if (bare := unshaped(value.type)) != value.type]
    if not known:
        return
    with forget_profile.step(
        graph, lambda: f"{names(value for value, _ in known)} may be of any shape and dtype from now on"
    ):
        for value, bare in known:
            value.set_type(bare)


@rule
def fold_attribute(node: Node, value: object, name: str, first: Node) -> Value:
    """GetAttr[name="weight"](self) -> a constant"""
    graph = node.graph
    with (
        fold_attribute.step(graph, lambda: f"{name} never changes, so it is a constant", (node,)),
        graph.inserting_before(first),
    ):
        constant = insert_constant(graph, value, node.output.type, node)
        constant.set_debug_name(name)
        node.output.replace_all_uses_with(constant)
        node.remove_all_inputs()
    return constant


@rule
def read_folded_attribute(node: Node, constant: Value) -> None:
    """GetAttr[name="weight"](self) -> the constant that it is already"""
    with read_folded_attribute.step(
        node.graph, lambda: f"%{constant.name} is the same attribute of the same module", (node,)
    ):
        node.output.replace_all_uses_with(constant)
        node.remove_all_inputs()


def inline_interface(node: Node, value: object) -> None:
    """Inline the calls of methods of an interface, whose module is known."""
    if not isinstance(value, ScriptObject):
        raise JitError("an interface holds no module")
    for user, _ in node.output.uses:
        if user.kind == "prim::CallMethod":
            method = value.type.methods.get(str(user.attributes["name"]))
            if isinstance(method, Function):
                inline_call(user, method)
    know_class(node, value.type)


@rule
def know_class(node: Node, kind: ClassType) -> None:
    """m : InterfaceType -> m : Net"""
    with know_class.step(node.graph, lambda: f"%{node.output.name} is known to be a {kind.name}", (node,)):
        node.output.set_type(kind)


def drop_waits(block: Block) -> None:
    """Drop waiting for what is no future, in a block and those in it."""
    for node in block.nodes():
        for inner in node.blocks:
            drop_waits(inner)
        if node.kind == "aten::wait" and node.inputs[0].type.kind != "FutureType":
            drop_wait(node)


@rule
def drop_wait(node: Node) -> None:
    """aten::wait(x) -> x, for what is there already"""
    with drop_wait.step(
        node.graph, lambda: f"%{node.inputs[0].name} is there already, nobody has to wait", (node,)
    ):
        node.output.replace_all_uses_with(node.inputs[0])
        node.destroy()
