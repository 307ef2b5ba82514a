"""Calls of compiled functions and methods from a program that is traced: calls in the graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jitcore.ops.matching import match_schema
from jitcore.ops.named_values import NamedValue
from jitcore.scripting.library import calls
from jitcore.scripting.library.compiling import script
from jitcore.scripting.markers import compile_when_traced
from jitcore.slots.torch_names import TORCH
from jitcore.tracing import active
from jitcore.types import FunctionType

if TYPE_CHECKING:
    from jitcore.ir import Function, ScriptObject, Value
    from jitcore.scripting.library.machine import Machine
    from jitcore.tracing.state import TracingState


def _record(machine: Machine, function: Function, owner: ScriptObject | None, values: Sequence[Any]) -> Any:
    """Record a call and run it; `NOT_RECORDED` where nothing is traced."""
    state = active.state()
    if state is None:
        return calls.NOT_RECORDED
    # What is asked of tensors here is no part of the program.
    with TORCH._C.DisableTorchFunction():
        return _recorded(state, machine, function, owner, values)


def _recorded(
    state: TracingState,
    machine: Machine,
    function: Function,
    owner: ScriptObject | None,
    values: Sequence[Any],
) -> Any:
    place = state.place()
    given = [NamedValue(state.value_of(value)) for value in values]
    function.graph  # noqa: B018  # compiling completes the schema
    matched = match_schema(function.schema, state.graph, place, given, [])
    called = _called(state, function, matched.inputs, matched.return_types[0], owner)
    with state.paused():
        result = machine.call(function, values)
    state.set_value(result, called)
    return result


def _called(
    state: TracingState, function: Function, inputs: list[Value], returned: Any, owner: ScriptObject | None
) -> Value:
    if owner is not None:
        made = state.insert_value("prim::CallMethod", inputs, returned)
        made.node.set_attribute("name", function.name)
        return made
    callee = state.insert_value("prim::Constant", (), FunctionType(function.qualified_name, function))
    callee.node.set_attribute("name", function.name)
    return state.insert_value("prim::CallFunction", (callee, *inputs), returned)


def record_calls() -> None:
    """Have calls of compiled functions and methods become part of traces."""
    if _record not in calls.recorders:
        calls.recorders.append(_record)
    compile_when_traced(script)
