"""Which attributes of a module never change, and what of a module a frozen graph still needs.

As `AttributePropagator` of libtorch (torch/csrc/jit/passes/freeze_module.cpp): its findConstantAttr,
recordMutableAttrs, recordReferencedAttrs, handleSharedClassType and removeUnusedAttrs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jitcore.ir import Function, Graph, ScriptObject
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.freezing.attribute_values import (
    AliasedValues,
    can_change,
    is_module,
    is_object,
    parts_of,
)
from jitcore.passes.rules import literal
from jitcore.source import JitError
from jitcore.types import ClassType, InterfaceType, is_subtype

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jitcore.ir import Block, Node, Value


class Attributes:
    """What is known of the attributes of one module, the copy that is being frozen.

    `module` is what the first input of a graph is; within the graph of a fork another one may be.
    `preserved` are values that can change and are to stay, `preserved_names` names of others by their owner.
    """

    def __init__(self, module: ScriptObject) -> None:
        self.module = module
        self.preserved = AliasedValues()
        self.preserved_names: dict[int, set[str]] = {}
        self.preserved_modules: set[int] = set()
        self.asked_for: list[tuple[ScriptObject, str]] = []
        # What can be reached from those that are no objects.
        self._preserved_parts = AliasedValues()
        self._used = AliasedValues()
        # By identity, of which each class has one; objects that a program made are not asked.
        self._kept_slots: dict[ClassType, set[str] | None] = {}
        self._objects: dict[ClassType, list[ScriptObject]] = {}

    def within_fork(self, module: ScriptObject) -> Attributes:
        """What is known, for the graph of a fork whose first input is `module`.

        What is learned there is forgotten, as in libtorch, which binds a copy of its state.
        """
        inner = Attributes(module)
        inner.preserved = self.preserved.copy()
        inner._preserved_parts = self._preserved_parts.copy()
        inner.preserved_names = {owner: set(names) for owner, names in self.preserved_names.items()}
        inner.preserved_modules = set(self.preserved_modules)
        inner.asked_for = list(self.asked_for)
        return inner

    # --- finding ---------------------------------------------------------------------------------

    def path_of(self, value: Value, graph: Graph) -> list[str] | None:
        """The names by which the graph comes from its first input to `value`; None for another way."""
        root = graph.inputs[0].type
        names: list[str] = []
        node = value.node
        while node.outputs and node.outputs[0].type != root:
            if node.kind != "prim::GetAttr":
                return None
            names.append(_name_of(node))
            node = node.inputs[0].node
        return names[::-1] if node.outputs else None

    def module_at(self, path: list[str]) -> ScriptObject | None:
        """The module at a path; None if a module on the way is to stay as it is."""
        module = self.module
        for name in path:
            inner = value_of(module, name)
            if inner in self.preserved:
                return None
            if not isinstance(inner, ScriptObject) or not is_module(inner):
                raise JitError(f"the attribute '{name}' of {module.type.name} is no module")
            module = inner
        return module

    def owner_of_constant(self, node: Node, graph: Graph) -> ScriptObject | None:
        """The module whose attribute a node reads or sets, if that never changes."""
        holder = node.inputs[0]
        kind = holder.type
        if not isinstance(kind, InterfaceType) and not (isinstance(kind, ClassType) and kind.is_module):
            return None
        path = self.path_of(holder, graph)
        owner = None if path is None else self.module_at(path)
        if owner is None:
            return None
        name = _name_of(node)
        value = value_of(owner, name)
        if not changes(owner, name):
            return None if name in self.preserved_names.get(id(owner), ()) else owner
        if value in self.preserved:
            return None
        if not is_object(value) and any(part in self._preserved_parts for part in parts_of(value).values()):
            return None
        return owner

    def resolve(self, name: str) -> tuple[ScriptObject, str] | None:
        """The module and attribute, or method, that a dotted name means; the way there is to stay."""
        # As libtorch splits names: a dot at the end divides nothing.
        parts = name.removesuffix(".").split(".")
        module = self.module
        way: list[tuple[ScriptObject, str]] = []
        for part in parts[:-1]:
            inner = module.attributes.get(part)
            if not isinstance(inner, ScriptObject) or not is_module(inner):
                return None
            way.append((module, part))
            module = inner
        if parts[-1] not in module.attributes and parts[-1] not in module.type.methods:
            return None
        self.asked_for += way
        return module, parts[-1]

    # --- what changes ------------------------------------------------------------------------------

    def keep(self, owner: ScriptObject, name: str) -> None:
        """Let an attribute be what it is in a run: it is no constant."""
        if changes(owner, name):
            value = value_of(owner, name)
            self.preserved.add(value)
            if not is_object(value):
                for part in parts_of(value).values():
                    self._preserved_parts.add(part)
        else:
            self.preserved_names.setdefault(id(owner), set()).add(name)

    def record_changes(self, graph: Graph) -> None:
        """Keep what the graph sets or writes to. Raises `JitError` for what cannot be frozen."""
        db = AliasDb(graph, is_frozen=True)
        for node in nodes_as_libtorch_walks(graph.block):
            if node.kind == "prim::ModuleContainerIndex":
                raise JitError("Freezing modules containing prim::ModuleContainerIndex is not supported")
            if node.kind in ("prim::GetAttr", "prim::SetAttr"):
                self._record_change(node, graph, db)
            elif node.kind == "prim::fork":
                in_fork(self, node, graph, Attributes.record_changes)
        self._refuse_overlaps()

    def _record_change(self, node: Node, graph: Graph, db: AliasDb) -> None:
        owner = self.owner_of_constant(node, graph)
        if owner is None:
            return
        name = _name_of(node)
        value = value_of(owner, name)
        sets = node.kind == "prim::SetAttr"
        if not sets:
            # Attributes of submodules are followed each by itself.
            if is_object(value) or not changes(owner, name):
                return
            self._used.add(value)
        if sets or db.any_has_writers(node.outputs):
            self.keep(owner, name)

    def _refuse_overlaps(self) -> None:
        seen = AliasedValues()
        for value in self._used.values():
            parts = parts_of(value)
            if any(part in seen for part in parts.values()):
                raise JitError(f"module contains attributes values that overlaps {literal(value)}")
            for part in parts.values():
                seen.add(part)

    # --- what stays --------------------------------------------------------------------------------

    def record_references(self, graph: Graph) -> None:
        """Keep the attributes that the graph still reads, and what was asked for."""
        modules = {id(self.module): self.module}
        for node in nodes_as_libtorch_walks(graph.block):
            if node.kind == "prim::GetAttr":
                name = _name_of(node)
                for module in list(modules.values()):
                    if module.type is node.inputs[0].type:
                        value = value_of(module, name)
                        self.keep(module, name)
                        if isinstance(value, ScriptObject) and is_module(value):
                            modules[id(value)] = value
            elif node.kind == "prim::fork":
                in_fork(self, node, graph, Attributes.record_references)
        for owner, name in self.asked_for:
            self.keep(owner, name)

    def keep_slots(self, module: ScriptObject, graph: Graph) -> None:
        """Note which attributes of a module's class stay; all of them if the graph returns the module."""
        kind = module.type
        escapes = any(is_subtype(kind, output.type) for output in graph.outputs)
        if escapes or id(module) in self.preserved_modules:
            self._kept_slots[kind] = None
            return
        names = self.preserved_names.get(id(module), set())
        objects = self._objects.setdefault(kind, [])
        if not any(each is module for each in objects):
            objects.append(module)
        kept = self._kept_slots.setdefault(kind, set())
        for name, attribute in kind.attributes.items():
            if name not in module.attributes:
                continue
            value = module.attributes[name]
            stays = value in self.preserved if changes(module, name) else name in names
            if not stays:
                continue
            if kept is not None:
                kept.add(name)
            if isinstance(value, ScriptObject) and is_module(value):
                if isinstance(attribute.type, InterfaceType):
                    raise JitError(f"Unexpected interface attribute '{name}' during freezing")
                self.keep_slots(value, graph)

    def remove_unused(self, methods: list[Function]) -> None:
        """Take away attributes that nothing needs, and all methods but these."""
        for kind, kept in self._kept_slots.items():
            if kept is None:
                continue
            for name in [name for name in kind.attributes if name not in kept]:
                del kind.attributes[name]
                for module in self._objects.get(kind, ()):
                    module.attributes.pop(name, None)
            for name, method in list(kind.methods.items()):
                if method not in methods:
                    del kind.methods[name]


def in_fork(
    attributes: Attributes, node: Node, graph: Graph, work: Callable[[Attributes, Graph], object]
) -> None:
    """Do something in the graph that a fork runs, whose first input may be another module."""
    module = attributes.module
    first = node.inputs[0].node if node.inputs else None
    if first is not None and first.kind == "prim::GetAttr" and isinstance(first.output.type, ClassType):
        owner = attributes.owner_of_constant(first, graph)
        if owner is None:
            return
        inner = value_of(owner, _name_of(first))
        if not isinstance(inner, ScriptObject):
            return
        module = inner
    subgraph = node.attributes.get("Subgraph")
    if isinstance(subgraph, Graph):
        work(attributes.within_fork(module), subgraph)


def nodes_as_libtorch_walks(block: Block) -> Iterator[Node]:
    """The nodes of a block, then those of the blocks in it, the last one first."""
    blocks = [block]
    while blocks:
        for node in blocks.pop().nodes():
            blocks.extend(node.blocks)
            yield node


def value_of(module: ScriptObject, name: str) -> object:
    """The value of an attribute. Raises `JitError` if the module has none of this name."""
    if name not in module.attributes:
        raise JitError(f"Module has no attribute '{name}'")
    return module.attributes[name]


def changes(owner: ScriptObject, name: str) -> bool:
    """Whether the value of an attribute is something that can be written to."""
    value = owner.attributes[name]
    declared = owner.type.attributes.get(name)
    if declared is None:
        return isinstance(value, ScriptObject)
    return can_change(value, declared.type)


def _name_of(node: Node) -> str:
    return cast("str", node.attributes["name"])
