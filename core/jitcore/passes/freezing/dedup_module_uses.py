"""Lets each call of an inner module have a module of its own.

%1 = prim::CallMethod[name="forward"](%relu, %x)           %1 = prim::CallMethod[name="forward"](%relu, %x)
%relu.1 = prim::GetAttr[name="relu"](%self)          ->    %relu.1 = prim::GetAttr[name="relu_0"](%self)
%2 = prim::CallMethod[name="forward"](%relu.1, %1)         %2 = prim::CallMethod[name="forward"](%relu.1, %1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from jitcore.ir import ScriptObject
from jitcore.passes.base import EvaluationError, Pass, PassContext
from jitcore.passes.constants import is_tensor
from jitcore.passes.freezing.attribute_values import as_constant
from jitcore.passes.freezing.attributes import nodes_as_libtorch_walks
from jitcore.passes.freezing.edited_module import (
    EditedModule,
    access_path,
    graphs_of,
    module_at,
    shown_method,
)
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic
from jitcore.passes.rules import rule
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Graph, Value


class DedupModuleUses(Pass):
    """Let each call of an inner module have a module of its own, a copy from the second call on.

    self.relu(self.relu(%x))    ->    self.relu_0(self.relu(%x))

    In the methods of the module, not of those in it; what is changed is a copy of the module. As
    torch/csrc/jit/passes/quantization/dedup_module_uses.cpp.
    """

    name: ClassVar[str] = "dedup-module-uses"
    counterpart: ClassVar[str] = "_jit_pass_dedup_module_uses"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Rewrite all methods. Raises `JitError` for what is no method of a module, or inlined already."""
        module, function = shown_method(self.name, graph, context)
        shown = function.graph
        if not _repeated_uses(module, [graph if each is shown else each for each in graphs_of(module)]):
            return False
        edited = EditedModule(self.name, graph, context, keeps_identity=True)
        arithmetic = TensorArithmetic(context)
        repeated = _repeated_uses(edited.root, graphs_of(edited.root))
        copies: dict[int, ScriptObject] = {}
        for instance, path in repeated:
            owner = module_at(edited.root, path[:-1])
            name = _free_name(owner, path[-1])
            copy = _copy(module_at(edited.root, path), arithmetic, copies)
            copies.clear()
            owner.type.add_attribute(name, copy.type)
            owner.attributes[name] = copy
            for other in edited.modules():
                if other.type is owner.type and name not in other.attributes:
                    # Nobody reads it there, but the class has it now; libtorch leaves it without a value.
                    other.attributes[name] = other.attributes[path[-1]]
            use_copy(instance, name)
        return True


def _repeated_uses(root: ScriptObject, graphs: list[Graph]) -> list[tuple[Value, list[str]]]:
    """Modules whose methods are called although they were before, and the paths to them."""
    seen: set[int] = set()
    found: list[tuple[Value, list[str]]] = []
    for graph in graphs:
        for node in nodes_as_libtorch_walks(graph.block):
            if node.kind != "prim::CallMethod":
                continue
            path = access_path(node.inputs[0], graph)
            if not path:
                continue
            module = module_at(root, path)
            if id(module) in seen:
                found.append((node.inputs[0], path))
            seen.add(id(module))
    return found


def _free_name(owner: ScriptObject, name: str) -> str:
    number = 0
    while f"{name}_{number}" in owner.type.attributes or f"{name}_{number}" in owner.type.constants:
        number += 1
    return f"{name}_{number}"


def _copy(
    module: ScriptObject, arithmetic: TensorArithmetic, copies: dict[int, ScriptObject]
) -> ScriptObject:
    """A module of the same class that shares nothing with another one. Raises `JitError`."""
    known = copies.get(id(module))
    if known is not None:
        return known
    copy = copies[id(module)] = ScriptObject(module.type)
    copy.has_state, copy.state = module.has_state, module.state
    for name, value in module.attributes.items():
        copy.attributes[name] = _copied_value(value, arithmetic, copies)
    return copy


def _copied_value(value: object, arithmetic: TensorArithmetic, copies: dict[int, ScriptObject]) -> object:
    if isinstance(value, ScriptObject):
        return _copy(value, arithmetic, copies)
    if isinstance(value, list | tuple):
        items = [_copied_value(item, arithmetic, copies) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {key: _copied_value(item, arithmetic, copies) for key, item in value.items()}
    if is_tensor(value):
        try:
            copy: Any = arithmetic.call("aten::clone", as_constant(value), None)
        except EvaluationError as error:
            raise JitError(f"a module cannot be copied: {error}") from error
        if getattr(value, "requires_grad", False):
            copy.requires_grad = True
        return copy
    return value


@rule
def use_copy(instance: Value, name: str) -> None:
    """GetAttr[name="relu"](self) -> GetAttr[name="relu_0"](self), a copy of it"""
    node = instance.node
    with use_copy.step(
        node.graph,
        lambda: f"the module {node.attributes['name']} is called before, so here a copy of it is, {name}",
        (node,),
    ):
        node.set_attribute("name", name)
