"""A copy of the module that is shown, for passes that change modules: their attributes and their methods.

%bn : Norm = prim::GetAttr[name="bn"](%self)    ->    %bn : ___torch_mangle_0.Norm = prim::GetAttr[...](%self)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import Function, ScriptObject
from jitcore.passes.freezing.copied_classes import use_copied_classes
from jitcore.passes.freezing.module_copy import ModuleCopy
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.ir import Graph, Node, Value
    from jitcore.passes.base import PassContext


class EditedModule:
    """The copy `root` of a module, whose attributes and methods a pass may change.

    The graph that is shown stands for the method that it is of, and gets the classes of the copy; the module
    that it was of stays as it is. Passes that come later, and a run, get the copy.
    """

    def __init__(self, name: str, graph: Graph, context: PassContext, keeps_identity: bool = False) -> None:
        """`name` is the pass's. Raises `JitError` as `shown_method`."""
        module, function = shown_method(name, graph, context)
        copy = ModuleCopy(module, keeps_identity=keeps_identity)
        method = copy.method_of_copy(function)
        if method is None:
            raise JitError(f"{function.name} is no method of the module, which is what {name} changes")
        use_copied_classes(graph, copy)
        method.take_graph(graph)
        self.root = copy.root
        context.module, context.function = copy.root, method

    def modules(self) -> Iterator[ScriptObject]:
        """All modules, each once, children of the last one first: the order in which libtorch visits them."""
        seen: set[int] = set()
        pending = [self.root]
        while pending:
            module = pending.pop()
            if id(module) in seen:
                continue
            seen.add(id(module))
            pending.extend(module.submodules().values())
            yield module


def shown_method(name: str, graph: Graph, context: PassContext) -> tuple[ScriptObject, Function]:
    """The module and the method that a graph is of, for the pass `name`.

    Raises `JitError` for a graph that is of no module, or in which inner modules are inlined already.
    """
    if context.module is None or context.function is None:
        raise JitError(f"{name} needs a module: this graph is of none")
    if _read_inside(graph) - _read_inside(context.function.graph):
        raise JitError(
            f"{name} works on calls of modules, and here they are inlined already: put it before inline"
        )
    return context.module, context.function


def graphs_of(module: ScriptObject) -> list[Graph]:
    """The graphs of a module's methods."""
    return [method.graph for method in module.type.methods.values() if isinstance(method, Function)]


def access_path(instance: Value, graph: Graph) -> list[str]:
    """The names by which a graph comes from its module to another; [] for the module itself.

    Raises `JitError` for a module that it gets in another way.
    """
    names: list[str] = []
    holder = graph.inputs[0]
    while instance is not holder and instance.node.kind == "prim::GetAttr":
        names.append(_name_of(instance.node))
        instance = instance.node.inputs[0]
    if instance is not holder:
        raise JitError(
            "Can't handle the access pattern of GetAttr  in getModuleAccessPath, traced back to:"
            f"{instance.name} which is not self:{holder.name}"
        )
    return names[::-1]


def module_at(module: ScriptObject, path: list[str]) -> ScriptObject:
    """The module at a path below another. Raises `JitError` if there is none."""
    for name in path:
        inner = module.attributes.get(name)
        if not isinstance(inner, ScriptObject) or not inner.type.is_module:
            raise JitError(f"the attribute '{name}' of {module.type.name} is no module")
        module = inner
    return module


def _read_inside(graph: Graph) -> set[tuple[str, ...]]:
    """Paths of attributes, no modules, that a graph reads of inner modules."""
    found: set[tuple[str, ...]] = set()
    for node in graph.all_nodes():
        if node.kind != "prim::GetAttr" or getattr(node.output.type, "is_module", False):
            continue
        path = [_name_of(node)]
        holder = node.inputs[0]
        while holder.node.kind == "prim::GetAttr":
            path.append(_name_of(holder.node))
            holder = holder.node.inputs[0]
        if len(path) > 1:
            found.add(tuple(path))
    return found


def _name_of(node: Node) -> str:
    return str(node.attributes["name"])
