"""Rewrite rules: functions whose docstring is the rewrite, and which the journal can point at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, ParamSpec, TypeVar

from jitcore.ir import Rule
from jitcore.passes.constants import NOT_CONSTANT, constant_of, insert_constant, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jitcore.ir import Graph, Node, Value
    from jitcore.ir.journal import Rewrite
    from jitcore.types import Type

P = ParamSpec("P")
R = TypeVar("R")


class RewriteRule(Generic[P, R]):
    """A function that rewrites, together with the `Rule` that stands for it in the journal.

    Calling the rule calls the function. The function makes its edits inside `step`.
    """

    __slots__ = ("_function", "_rule")

    def __init__(self, function: Callable[P, R]) -> None:
        self._function = function
        self._rule: Rule | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Apply the rule."""
        return self._function(*args, **kwargs)

    @property
    def rule(self) -> Rule:
        """Name, rewrite in one line, file and line."""
        if self._rule is None:
            self._rule = Rule.of(self._function)
        return self._rule

    def step(self, graph: Graph, because: Callable[[], str], matched: Iterable[Node] = ()) -> Rewrite:
        """Context for the edits of one rewrite; `because` is only called when a journal records it."""
        return graph.rewrite(self.rule, because, matched)

    def replace(self, node: Node, value: Value, because: Callable[[], str], *matched: Node) -> bool:
        """One rewrite: the readers of the node's output read `value`; gives True."""
        with self.step(node.graph, because, (node, *matched)):
            node.output.replace_all_uses_with(value)
        return True

    def replace_with_constant(
        self,
        node: Node,
        value: object,
        because: Callable[[], str],
        *matched: Node,
        declared: Type | None = None,
    ) -> bool:
        """One rewrite: the readers of the node's output read a constant put before the node; gives True."""
        graph = node.graph
        with self.step(graph, because, (node, *matched)), graph.inserting_before(node):
            constant = insert_constant(graph, value, declared or node.output.type, node)
            node.output.replace_all_uses_with(constant)
        return True


def rule(function: Callable[P, R]) -> RewriteRule[P, R]:
    """Declare `function` a rule; its docstring is `what stood there -> what stands there now`."""
    return RewriteRule(function)


def names(values: Iterable[Value]) -> str:
    """`%a, %b and %c`, for sentences."""
    listed = [f"%{value.name}" for value in values]
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def spoken(node: Node) -> str:
    """What a node computes, for sentences: `aten::add(%x, %y)`, `%conv.weight`, `the constant 1`."""
    if node.is_constant:
        value = constant_of(node.output)
        if value is NOT_CONSTANT:
            return f"the function {node.attributes.get('name')}"
        return f"the constant {literal(value)}"
    if node.kind == "prim::GetAttr":
        return f"%{node.inputs[0].name}.{node.attributes.get('name')}"
    return f"{node.kind}({', '.join(f'%{value.name}' for value in node.inputs)})"


def count(number: int, thing: str) -> str:
    """`1 node`, `2 nodes`, for sentences."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
