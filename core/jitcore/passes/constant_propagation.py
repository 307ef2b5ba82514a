"""Constant propagation: what can be computed before the graph runs is computed now.

%1 : int = prim::Constant[value=2]()
%2 : int = prim::Constant[value=3]()         ->    %4 : int = prim::Constant[value=6]()
%3 : int = aten::mul(%1, %2)
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import CONSTANT, ScriptObject, is_native_object
from jitcore.ops.effects import has_side_effects, is_nondeterministic
from jitcore.passes.alias_analysis import AliasDb, is_mutable_value
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constant_control_flow import (
    drop_unchanged_carried_values,
    inline_taken_branch,
    loop_never_runs,
    merge_equal_branch_results,
    remove_loop,
)
from jitcore.passes.constant_evaluation import ConstantEvaluator
from jitcore.passes.constants import can_be_constant, constant_bool, constant_of, insert_constant, literal
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.rules import count, rule

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node

_LEFT_ALONE: Final = frozenset(
    (
        "prim::If", "prim::Loop", "prim::Closure", "prim::Constant", "prim::AutogradZero",
        "prim::Uninitialized", "prim::Guard", "prim::profile", "prim::profile_ivalue",
        "prim::unchecked_unwrap_optional", "aten::dequantize", "prim::awaitable",
    )
)  # fmt: skip

_NATIVE_CLASSES: Final = "__torch__.torch.classes."


class ConstantPropagation(Pass):
    """Compute nodes whose inputs are constants, and decide ifs and loops whose conditions are.

    %3 : int = aten::mul(%1, %2)    ->    %4 : int = prim::Constant[value=6]()

    Tensor operators are computed by the context's evaluator; without one they stay. Nodes that
    draw random numbers, have effects, or touch what is written to anywhere are left alone.
    """

    name: ClassVar[str] = "constant-propagation"
    counterpart: ClassVar[str] = "_jit_pass_constant_propagation"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Propagate through all blocks, then drop what became dead."""
        return _propagate(graph, context, with_aliases=True)


class ConstantPropagationImmutable(Pass):
    """Constant propagation that touches only what cannot change: numbers, texts, bools, None.

    %3 : int = aten::mul(%1, %2)    ->    %4 : int = prim::Constant[value=6]()
    """

    name: ClassVar[str] = "constant-propagation-immutable"
    counterpart: ClassVar[str] = "_jit_pass_constant_propagation_immutable_types"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Propagate through all blocks, then drop what became dead."""
        return _propagate(graph, context, with_aliases=False)


def propagate_immutable_constants(graph: Graph) -> bool:
    """Constant propagation over immutable types; needs neither torch nor an alias analysis."""
    return _propagate(graph, PassContext(), with_aliases=False)


def propagate_constants(graph: Graph, context: PassContext, native_objects: bool = True) -> bool:
    """Constant propagation; without `native_objects` what gives objects of C++ is left as it is."""
    return _propagate(graph, context, with_aliases=True, native_objects=native_objects)


def _propagate(graph: Graph, context: PassContext, with_aliases: bool, native_objects: bool = True) -> bool:
    propagator = _Propagator(graph, context, with_aliases, native_objects)
    propagator.block(graph.block)
    propagator.note_what_was_left()
    if propagator.changed:
        eliminate_dead_code_with_aliases(graph)
    return propagator.changed


class _Propagator:
    def __init__(self, graph: Graph, context: PassContext, with_aliases: bool, native_objects: bool) -> None:
        self._graph = graph
        self._native_objects = native_objects
        self._context = context
        self._evaluator = ConstantEvaluator(context.evaluate)
        self._with_aliases = with_aliases
        self.changed = False

    @cached_property
    def _db(self) -> AliasDb:
        return AliasDb(self._graph)

    def note_what_was_left(self) -> None:
        """Tell how many nodes an evaluator could have computed."""
        left = self._evaluator.needed_torch
        if left:
            self._context.note(f"without torch, {count(left, 'node')} with constant inputs stayed")
        for reason, number in self._evaluator.refusals.items():
            self._context.note(f"{count(number, 'node')} could not be computed: {reason}")

    def block(self, block: Block) -> None:
        node = block.param_node.next
        end = block.return_node
        while node is not end and node is not None:
            # Looked up first: the node may be replaced by the nodes of one of its blocks.
            following = node.next
            self._visit(node)
            node = following

    def _visit(self, node: Node) -> None:
        kind = node.kind
        if kind == CONSTANT:
            return
        constant_inputs = True
        for value in node.inputs:
            if value.node.kind != CONSTANT:
                constant_inputs = False
                break
        if kind == "prim::If":
            self._visit_if(node, constant_inputs)
        elif kind == "prim::Loop":
            self._visit_loop(node)
        elif constant_inputs and self._may_fold(node):
            self._fold(node)
        else:
            for block in node.blocks:
                self.block(block)

    def _visit_if(self, node: Node, constant_inputs: bool) -> None:
        condition = constant_bool(node.inputs[0]) if constant_inputs else None
        if condition is not None:
            block = node.blocks[0 if condition else 1]
            self.block(block)
            inline_taken_branch(node, block, condition)
            self.changed = True
            return
        for block in node.blocks:
            self.block(block)
        self.changed |= merge_equal_branch_results(node)

    def _visit_loop(self, node: Node) -> None:
        if loop_never_runs(node):
            remove_loop(node)
            self.changed = True
            return
        self.block(node.blocks[0])
        self.changed |= drop_unchanged_carried_values(node)

    def _may_fold(self, node: Node) -> bool:
        if node.kind in _LEFT_ALONE or node.blocks:
            return False
        if not self._with_aliases:
            if any(is_mutable_value(value) for value in node.inputs):
                return False
            if any(is_mutable_value(value) for value in node.outputs):
                return False
        else:
            if self._db.has_writers(node):
                return False
        return not is_nondeterministic(node) and not has_side_effects(node)

    def _fold(self, node: Node) -> None:
        values = self._evaluator.compute(node)
        if values is None or not any(can_be_constant(value) for value in values):
            return
        if not self._native_objects and any(_is_native_object(value) for value in values):
            return
        fold_node(node, values)
        self.changed = True


def _is_native_object(value: object) -> bool:
    if is_native_object(value):
        return True
    return isinstance(value, ScriptObject) and value.type.qualified_name.startswith(_NATIVE_CLASSES)


@rule
def fold_node(node: Node, values: list[object]) -> None:
    """a node that reads only constants -> the constants that it gives"""
    graph = node.graph

    def because() -> str:
        given = " and ".join(
            f"%{value.name} is {literal(constant_of(value))}" for value in dict.fromkeys(node.inputs)
        )
        result = " and ".join(
            f"%{output.name} is {literal(value)}" for output, value in zip(node.outputs, values, strict=True)
        )
        return f"{given}, so {result}" if given else f"nothing decides what {node.kind} gives, so {result}"

    with fold_node.step(graph, because, (node,)), graph.inserting_before(node):
        for output, value in zip(node.outputs, values, strict=True):
            if not can_be_constant(value):
                continue
            constant = insert_constant(graph, value, output.type, node)
            if value is None:
                constant.set_type(output.type)
            output.replace_all_uses_with(constant)
