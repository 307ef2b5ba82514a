"""Writes down what `torch.autocast` casts: compiled code does not switch torch's own autocasting on.

%a = prim::Enter(%autocast)                     %a = prim::Enter(%autocast)
%1 : Tensor = aten::mm(%x, %x)            ->    %2 : Tensor = aten::_autocast_to_reduced_precision(%x, ...)
%b = prim::Exit(%autocast)                      %1 : Tensor = aten::mm(%2, %2)
                                                %b = prim::Exit(%autocast)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from jitcore.ops.autocast_lists import (
    FULL,
    FULL_WITHOUT_DTYPE,
    REDUCED,
    WIDEST,
    is_autocast,
    may_be_float,
)
from jitcore.ops.lookup import named_input, schema_of
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import NOT_CONSTANT, constant_of, insert_constant
from jitcore.passes.inserting import insert_call
from jitcore.passes.rules import names, rule
from jitcore.source import JitError
from jitcore.types import BOOL, INT, NONE, ClassType, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

_HALF: Final = 5
_BFLOAT16: Final = 15
_TO_REDUCED: Final = "aten::_autocast_to_reduced_precision"
_TO_FULL: Final = "aten::_autocast_to_full_precision"


class Autocast(Pass):
    """Cast what operators take between entering and leaving a `torch.autocast` object.

    with autocast("cpu"): mm(x, x)    ->    mm(c, c), c = _autocast_to_reduced_precision(x, False, True, ...)

    What the object casts is read from the constants that its attributes are set to; a dtype that is none yet
    is the one of the device. As torch/csrc/jit/passes/autocast.cpp, in whose words `JitError` is raised for
    what cannot be told before a run.
    """

    name: ClassVar[str] = "autocast"
    counterpart: ClassVar[str] = "_jit_pass_autocast"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Cast in all blocks."""
        return cast_as_told(graph)


def cast_as_told(graph: Graph) -> bool:
    """Write down all casts; says whether there were any. Raises `JitError`."""
    return _Caster(_NOTHING).block(graph.block)


class _State(NamedTuple):
    """What is cast: tensors on CUDA and on the CPU, and to which dtypes (their numbers)."""

    cuda: bool
    cpu: bool
    cuda_dtype: int
    cpu_dtype: int

    @property
    def casts(self) -> bool:
        return self.cuda or self.cpu


_NOTHING: Final = _State(False, False, _HALF, _BFLOAT16)


class _Caster:
    """Casts in a block; blocks inside start from what is cast where they stand."""

    def __init__(self, initial: _State) -> None:
        self._initial = initial
        self._entered: list[tuple[Value, _State]] = []
        self._has_entered: bool | None = None

    @property
    def _state(self) -> _State:
        return self._entered[-1][1] if self._entered else self._initial

    def block(self, block: Block) -> bool:
        changed = False
        for node in list(block.nodes()):
            changed |= self._node(node)
            for inner in node.blocks:
                changed |= _Caster(self._state).block(inner)
        if self._entered:
            raise JitError(f"an autocast object is entered and not left: %{self._entered[-1][0].name}")
        return changed

    def _node(self, node: Node) -> bool:
        kind = node.kind
        if kind in ("prim::CallFunction", "prim::CallMethod"):
            return self._call(node)
        if kind == "prim::Enter":
            self._enter(node)
            return False
        if kind == "prim::Exit":
            self._exit(node)
            return False
        if not self._state.casts or not kind.startswith("aten::"):
            return False
        name = kind.removeprefix("aten::")
        if name in ("is_autocast_enabled", "is_autocast_cpu_enabled"):
            is_on = self._state.cuda if name == "is_autocast_enabled" else self._state.cpu
            if is_on:
                answer_enabled(node)
            return is_on
        return self._operator(node, name)

    def _operator(self, node: Node, name: str) -> bool:
        if name == "binary_cross_entropy":
            raise JitError("Unsafe to autocast")
        schema = schema_of(node)
        if schema is None or schema.is_mutable:
            return False
        state = self._state
        if name in REDUCED:
            return _cast(node, _TO_REDUCED, state)
        if name in FULL or (name in WIDEST and any(may_be_float(value.type) for value in node.inputs)):
            return _cast(node, _TO_FULL, state)
        if name in FULL_WITHOUT_DTYPE and not _has_dtype(node):
            return _cast(node, _TO_FULL, state)
        if name == "softmax" and not _has_dtype(node):
            return state.cuda and _cast(node, _TO_FULL, state._replace(cpu=False))
        return False

    def _call(self, node: Node) -> bool:
        if self._state == self._initial:
            # What is called casts for itself, from the same state on.
            return self._state.casts and _cast(node, _TO_FULL, self._state)
        if node.kind == "prim::CallFunction":
            self._refuse_call("Calls are not expected with AMP & JIT")
        elif not isinstance(node.inputs[0].type, ClassType):
            self._refuse_call("Unexpected prim::CallMethod form with AMP & JIT")
        return False

    def _refuse_call(self, words: str) -> None:
        if self._has_entered:
            raise JitError(f"{words}: inline it first")
        self._has_entered = False

    def _note_entered(self) -> None:
        if self._has_entered is False:
            raise JitError("Unsupported case by AMP & JIT")
        self._has_entered = True

    def _enter(self, node: Node) -> None:
        instance = node.inputs[0]
        if not is_autocast(instance.type):
            return
        state = _entered_state(instance, self._state)
        if any(value.has_uses() for value in node.outputs):
            raise JitError("`with autocast() as ...` is not supported")
        self._note_entered()
        self._entered.append((instance, state))

    def _exit(self, node: Node) -> None:
        instance = node.inputs[0]
        if not is_autocast(instance.type):
            return
        if not self._entered or self._entered[-1][0] is not instance:
            raise JitError(
                f"%{instance.name} is left where another autocast object, or none, was entered last"
            )
        self._note_entered()
        self._entered.pop()


def _entered_state(instance: Value, state: _State) -> _State:
    """What is cast once an autocast object is entered."""
    if instance.node.kind != "prim::CreateObject":
        raise JitError("Unsupported autocast syntax")
    enabled: object = None
    device: object = None
    dtype: object = None
    for user, place in instance.use_map:
        if user.kind != "prim::SetAttr" or place != 0:
            continue
        value = constant_of(user.inputs[1])
        match user.attributes.get("name"):
            case "_enabled":
                enabled = _told(value, "_enabled")
            case "device":
                device = _told(value, "device")
            case "fast_dtype" if value is not NOT_CONSTANT:
                dtype = value
            case _:
                pass
    if enabled is None:
        raise JitError("Autocast missing _enabled attribute")
    if device is None:
        raise JitError("Autocast missing device attribute")
    if device == "cuda":
        number = dtype if isinstance(dtype, int) else _HALF
        return state._replace(cuda=bool(enabled), cuda_dtype=number)
    if device == "cpu":
        number = dtype if isinstance(dtype, int) else _BFLOAT16
        return state._replace(cpu=bool(enabled), cpu_dtype=number)
    raise JitError(f"unrecognized device for autocast pass: {device}")


def _told(value: object, name: str) -> object:
    if value is NOT_CONSTANT:
        raise JitError(f"Autocast {name} argument must be a constant")
    return value


def _has_dtype(node: Node) -> bool:
    place = named_input(node, "dtype")
    return place is not None and node.inputs[place].type is not NONE


def _cast(node: Node, kind: str, state: _State) -> bool:
    values = [
        value
        for value in dict.fromkeys(node.inputs)
        if isinstance(value.type, TensorType) and value.node.kind != kind
    ]
    if values:
        cast_inputs(node, values, kind, state)
    return bool(values)


@rule
def cast_inputs(node: Node, values: list[Value], kind: str, state: _State) -> None:
    """mm(x, y) -> mm(_autocast_to_reduced_precision(x, ...), _autocast_to_reduced_precision(y, ...))"""
    graph = node.graph
    with (
        cast_inputs.step(
            graph, lambda: f"autocast lets {node.kind} read {names(values)} as {kind} gives them", (node,)
        ),
        graph.inserting_before(node),
    ):
        for value in values:
            arguments = [insert_constant(graph, flag, BOOL, node) for flag in (state.cuda, state.cpu)]
            if kind == _TO_REDUCED:
                dtypes = (state.cuda_dtype, state.cpu_dtype)
                arguments += [insert_constant(graph, dtype, INT, node) for dtype in dtypes]
            new = insert_call(graph, kind, [value, *arguments], node)
            for place, given in enumerate(node.inputs):
                if given is value:
                    node.replace_input(place, new)


@rule
def answer_enabled(node: Node) -> None:
    """is_autocast_enabled() -> True"""
    graph = node.graph
    with (
        answer_enabled.step(graph, lambda: f"{node.kind} is asked where autocast is on", (node,)),
        graph.inserting_before(node),
    ):
        node.output.replace_all_uses_with(insert_constant(graph, True, BOOL, node))
        node.destroy()
