"""Leaves out of a graph of gradients what is computed of gradients that are undefined, as was noted of them.

%1 = prim::profile[profiled_type=Float(2)](%g)      %a : bool = prim::AutogradAllNonZero(%g)
%2 = prim::AutogradZero()                           %c : bool = aten::all(...)
%3 = prim::AutogradAdd(%1, %2)                ->    %3 = prim::If(%c)
return (%3)                                           block0():
                                                        %1 = prim::profile[profiled_type=Float(2)](%g)
                                                        -> (%1)
                                                      block1():
                                                        %4 = prim::FallbackGraph_0(%g)
                                                        -> (%4)
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar, Final, cast

from jitcore.ir import Graph, made_from
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.functional_graphs.merging import recording_inside
from jitcore.passes.inserting import insert_call
from jitcore.passes.rules import names, rule
from jitcore.types import BOOL, INT, NONE, ListType, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Node, Value

_OF_GRADIENTS: Final = ("prim::AutogradAnyNonZero", "prim::AutogradAdd", "aten::_grad_sum_to_size")
_PROFILE: Final = "prim::profile"
_PROFILE_OF_VALUE: Final = "prim::profile_ivalue"
_COUNTS: Final = "none_counts"


class SpecializeAutogradZero(Pass):
    """Leave out what is computed of undefined gradients, where it was noted which ones are.

    prim::AutogradAdd(%g, prim::AutogradZero())    ->    %g, behind a guard

    For graphs of gradients whose inputs were profiled: where all are defined, or undefined, as they were,
    the shorter graph runs, else the whole one. As torch/csrc/jit/passes/specialize_autogradzero.cpp.
    """

    name: ClassVar[str] = "specialize-autogradzero"
    counterpart: ClassVar[str] = "_jit_pass_specialize_autogradzero"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Guard the graph, and specialize what is behind the guard."""
        if not any(node.kind in _OF_GRADIENTS for node in graph.nodes()):
            return False
        noted = _Noted(graph)
        guarded = guard_gradients(graph, noted)
        if guarded is not None:
            _Specialization(noted).block(guarded.blocks[0])
        return True


class _State(Enum):
    NONZERO = auto()
    ZERO = auto()
    UNKNOWN = auto()


class _Noted:
    """What was noted of the inputs of a graph: which were tensors, undefined ones, and None each time."""

    def __init__(self, graph: Graph) -> None:
        self.states: dict[Value, _State] = {}
        self.none: list[Value] = []
        self.counted: list[Value] = []
        for value in graph.inputs:
            self._look_at(value)

    def _look_at(self, value: Value) -> None:
        counted = _counting(value)
        if counted:
            self.counted.append(value)
            counts = cast("dict[str, int]", counted[0].attributes[_COUNTS])
            if counts["num_present"] == 0 and counts["num_none"] != 0:
                self.none.append(value)
            return
        profile = next((user for user, _ in value.uses if user.kind == _PROFILE), None)
        if profile is None or not isinstance(value.type, TensorType):
            return
        kind = profile.attributes["profiled_type"]
        # What was not seen at all counts as defined, as in libtorch.
        if isinstance(kind, TensorType):
            self.states[value] = _State.ZERO if kind.undefined else _State.NONZERO

    def of(self, state: _State) -> list[Value]:
        """The inputs that are in a state."""
        return [value for value, known in self.states.items() if known is state]


def _counting(value: Value) -> list[Node]:
    """The nodes that counted how often a value was None, also those behind others that noted it."""
    found: list[Node] = []
    for user, _ in value.uses:
        if user.kind == _PROFILE_OF_VALUE:
            found += [user] if _COUNTS in user.attributes else []
            found += _counting(user.output)
    return found


@rule
def guard_gradients(graph: Graph, noted: _Noted) -> Node | None:
    """... -> if the gradients are defined as they were: ..., else: prim::FallbackGraph"""
    defined, undefined = noted.of(_State.NONZERO), noted.of(_State.ZERO)
    with guard_gradients.step(
        graph,
        lambda: (
            f"in all runs that were noted {names(defined) or 'nothing'} was defined and "
            f"{names(undefined) or 'nothing'} was not: where it is so again, less has to be computed"
        ),
        list(graph.nodes()),
    ):
        inputs, outputs = graph.inputs, graph.outputs
        whole = list(graph.nodes())
        choice = graph.create("prim::If", (), len(outputs))
        for _ in range(2):
            copy = choice.add_block()
            copy.clone_from(graph.block, lambda value: value)
            _read_inputs_of_graph(copy, graph)
        _fall_back(choice.blocks[1], graph)
        first = graph.block.param_node.next
        assert first is not None
        with graph.inserting_before(first):
            none = graph.insert_constant(None, NONE)
            checks = [insert_call(graph, "aten::__is__", [value, none]) for value in noted.none]
            for value in noted.counted:
                # Those of the copy that is specialized, too.
                for node in _counting(value):
                    node.output.replace_all_uses_with(value)
            if not defined and not undefined:
                choice.destroy()
                return None
            for kind, values in (("AllNonZero", defined), ("AllZero", undefined)):
                check = graph.insert(graph.create(f"prim::Autograd{kind}", values))
                check.output.set_type(BOOL)
                checks.append(check.output)
            listed = graph.insert(graph.create("prim::ListConstruct", checks))
            listed.output.set_type(ListType(BOOL))
            choice.add_input(insert_call(graph, "aten::all", [listed.output]))
            graph.insert(choice)
        choice.set_provenance(made_from(*whole))
        for place, (old, new) in enumerate(zip(list(outputs), choice.outputs, strict=True)):
            new.copy_metadata(old)
            graph.block.return_node.replace_input(place, new)
        for node in reversed(whole):
            node.destroy()
        assert len(inputs) == len(graph.inputs)
    return choice


def _read_inputs_of_graph(block: Block, graph: Graph) -> None:
    for inner, value in zip(block.inputs, graph.inputs, strict=True):
        inner.replace_all_uses_with(value)
    for index in range(len(block.inputs) - 1, -1, -1):
        block.erase_input(index)


def _fall_back(block: Block, graph: Graph) -> None:
    """Let a block do what it does by a graph of its own, in which nothing is noted."""
    inside = Graph()
    known = {value: inside.add_input() for value in graph.inputs}
    inside.block.clone_from(block, lambda value: known[value])
    fallback = graph.create("prim::FallbackGraph", graph.inputs, len(block.outputs))
    fallback.attributes["Subgraph"] = inside
    nodes = list(block.nodes())
    block.prepend(fallback)
    for value, inner in known.items():
        inner.copy_metadata(value)
    for place, (old, new) in enumerate(zip(list(block.outputs), fallback.outputs, strict=True)):
        new.copy_metadata(old)
        block.replace_output(place, new)
    with recording_inside(graph, inside):
        _stop_noting(inside.block)
    for node in reversed(nodes):
        node.destroy()


def _stop_noting(block: Block) -> None:
    for node in block.nodes():
        for inner in node.blocks:
            _stop_noting(inner)
        if node.kind in (_PROFILE, _PROFILE_OF_VALUE):
            if node.outputs:
                node.output.replace_all_uses_with(node.inputs[0])
            node.destroy()


class _Specialization:
    def __init__(self, noted: _Noted) -> None:
        self._states = noted.states
        self._none = noted.none

    def _state(self, value: Value) -> _State:
        # What nothing was said of counts as defined from when it is asked for, as in libtorch.
        return self._states.setdefault(value, _State.NONZERO)

    def block(self, block: Block) -> None:
        for node in block.nodes():
            if node.kind == "prim::AutogradAdd":
                self._sum(node)
            elif node.kind == "prim::AutogradZero":
                self._states[node.output] = _State.ZERO
            elif node.kind == _PROFILE and node.inputs:
                self._states[node.output] = self._states.get(node.inputs[0], _State.UNKNOWN)
            elif node.kind == "prim::If" and self._choice(node):
                continue
            else:
                for value in node.outputs:
                    self._states[value] = _State.UNKNOWN

    def _sum(self, node: Node) -> None:
        a, b = node.inputs
        if self._state(a) is _State.ZERO:
            drop_zero(node, a, b)
        elif self._state(b) is _State.ZERO:
            drop_zero(node, b, a)
        elif self._state(a) is _State.NONZERO and self._state(b) is _State.NONZERO:
            self._states[add_plainly(node)] = _State.NONZERO
        else:
            self._states[node.output] = _State.UNKNOWN

    def _choice(self, node: Node) -> bool:
        """Decide whether gradients are computed; says whether that could be decided."""
        asked = node.inputs[0].node
        if asked.kind != "prim::AutogradAnyNonZero":
            return False
        states = [self._state(value) for value in asked.inputs]
        if all(state is _State.ZERO for state in states):
            self._states[give_zero(node)] = _State.ZERO
            return True
        for inner in node.blocks[0].nodes():
            if inner.kind == "aten::_grad_sum_to_size" and self._is_none(inner.inputs[1]):
                keep_size(inner)
        if any(state is not _State.NONZERO for state in states):
            return False
        self._states.update(dict.fromkeys(compute_anyway(node), _State.NONZERO))
        return True

    def _is_none(self, value: Value) -> bool:
        while value not in self._none and value.node.kind == _PROFILE_OF_VALUE:
            value = value.node.inputs[0]
        return value in self._none or value.node.must_be_none()


@rule
def drop_zero(node: Node, zero: Value, other: Value) -> None:
    """AutogradAdd(undefined, b) -> b"""
    with drop_zero.step(
        node.graph, lambda: f"%{zero.name} is undefined, so the sum is %{other.name}", (node,)
    ):
        node.output.replace_all_uses_with(other)
        node.destroy()


@rule
def add_plainly(node: Node) -> Value:
    """AutogradAdd(a, b) -> add(a, b, 1)"""
    graph = node.graph
    with (
        add_plainly.step(graph, lambda: f"both {names(node.inputs)} are defined", (node,)),
        graph.inserting_before(node),
    ):
        one = graph.insert_constant(1, INT)
        total = graph.insert(graph.create("aten::add", [*node.inputs, one]))
        for made in (one.node, total):
            made.set_provenance(made_from(node))
        total.output.set_type(node.output.type)
        node.output.replace_all_uses_with(total.output)
        node.destroy()
    return total.output


@rule
def give_zero(node: Node) -> Value:
    """if AutogradAnyNonZero(undefined): ... -> AutogradZero"""
    graph = node.graph
    with give_zero.step(
        graph, lambda: f"all of {names(node.inputs[0].node.inputs)} is undefined", (node,)
    ), graph.inserting_after(node):  # fmt: skip
        zero = graph.insert(graph.create("prim::AutogradZero"))
        zero.set_provenance(made_from(node))
        for value in node.outputs:
            value.replace_all_uses_with(zero.output)
        node.destroy()
    return zero.output


@rule
def compute_anyway(node: Node) -> list[Value]:
    """if AutogradAnyNonZero(defined): ... -> ..."""
    body = node.blocks[0]
    results = list(body.outputs)
    with compute_anyway.step(
        node.graph, lambda: f"all of {names(node.inputs[0].node.inputs)} is defined", (node,)
    ):
        for inner in body.nodes():
            inner.move_before(node)
        for value, result in zip(node.outputs, results, strict=True):
            value.replace_all_uses_with(result)
        node.destroy()
    return results


@rule
def keep_size(node: Node) -> None:
    """_grad_sum_to_size(x, None) -> x"""
    given, size = node.inputs
    with keep_size.step(
        node.graph, lambda: f"%{size.name} is None, so %{given.name} keeps its size", (node,)
    ):
        node.output.replace_all_uses_with(given)
        node.destroy()
