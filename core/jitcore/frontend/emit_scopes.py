"""`with` and `del`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.frontend.sugared.call_site import CallSite
from jitcore.frontend.sugared.calls import MethodValue
from jitcore.ops.matching import NamedValue
from jitcore.types import ANY, ClassType, FunctionSchema

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Value
    from jitcore.source import SourceRange


def emit_with(lowering: Lowering, node: ast.With) -> None:
    """`with a as x, b: ...`, between `prim::Enter` and `prim::Exit` nodes"""
    graph = lowering.graph
    entered: list[Value] = []
    for item in node.items:
        at = lowering.at(item.context_expr)
        manager = lowering.value(item.context_expr)
        enter = graph.insert(graph.create("prim::Enter", (manager,)))
        entered.append(manager)
        enter.outputs[0].set_type(_entered_type(at, manager).returns[0].type)
        target = item.optional_vars
        if target is not None:
            if not isinstance(target, ast.Name):
                raise lowering.at(target).error("a with statement can only bind a variable")
            lowering.environment.set_value(lowering.at(target), target.id, enter.outputs[0])
    lowering.statements(node.body)
    for manager in reversed(entered):
        leave = graph.insert(graph.create("prim::Exit"))
        leave.add_input(manager)


def _entered_type(at: SourceRange, manager: Value) -> FunctionSchema:
    owner = manager.type
    if not isinstance(owner, ClassType):
        raise at.error("With item expression must return an object")
    if "__enter__" not in owner.methods or "__exit__" not in owner.methods:
        raise at.error(
            "Object returned by with item expression does not define __enter__ and __exit__ methods"
        )
    enter, leave = owner.methods["__enter__"].schema, owner.methods["__exit__"].schema
    if len(enter.arguments) != 1:
        raise at.error("__enter__ must have only one argument and one return value")
    if len(leave.arguments) != 4:
        raise at.error("__exit__ must have four arguments")
    for place in range(1, 4):
        if leave.arguments[place].type is not ANY:
            raise at.error(
                f"argument {place} of __exit__ must have Any type; TorchScript does not currently support "
                "passing "
                "exception type, value, or traceback to the __exit__ function."
            )
    return enter


def emit_delete(lowering: Lowering, node: ast.Delete) -> None:
    """`del x, y[i]`"""
    for target in node.targets:
        at = lowering.at(target)
        if isinstance(target, ast.Name):
            lowering.environment.remove(target.id, at)
        elif isinstance(target, ast.Subscript):
            _delete_item(lowering, node, target, at)
        else:
            raise at.error("del statements are only supported for deleting list and dict items and variables")


def _delete_item(lowering: Lowering, node: ast.Delete, target: ast.Subscript, at: SourceRange) -> None:
    if isinstance(target.slice, ast.Slice):
        raise at.error("del statements only support deletion at a single index, slicing is not supported")
    owner = lowering.sugared(target.value)
    index = lowering.value(target.slice)
    container = owner.as_value(lowering.at(target.value), lowering)
    if isinstance(container.type, ClassType):
        if "__delitem__" not in container.type.methods:
            raise at.error("Class does not define __delitem__")
        method = MethodValue(container, "__delitem__")
        method.call(CallSite(lowering.at(node), lowering, (NamedValue(index),), binders=0))
        return
    deletion = lowering.graph.create("aten::Delete", (container, index), 0)
    deletion.source_range = at
    lowering.graph.insert(deletion)


STATEMENTS = {ast.With: emit_with, ast.Delete: emit_delete}
