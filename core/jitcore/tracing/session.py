"""One trace, from the inputs of a program to the graph of what it did with them."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from jitcore.ir import collection_paused
from jitcore.tracing.autograd_functions import autograd_functions_recorded
from jitcore.tracing.black_box.box import current_box
from jitcore.tracing.forks import forks_recorded
from jitcore.tracing.inputs import add_input, check_traceable, exact_type, traceable
from jitcore.tracing.module_values import add_module
from jitcore.tracing.python_calls import PythonCalls
from jitcore.tracing.recorder import OperatorRecorder, active
from jitcore.tracing.scope_blocks import fix_up_scopes
from jitcore.tracing.state import TracingState
from jitcore.tracing.torch_calls import torch_calls_recorded
from jitcore.tracing.torch_view import shown_to_torch, sizes_taken
from jitcore.types import TupleType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jitcore.ir import Graph, ScriptObject


def record(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    keywords: Mapping[str, Any] | None,
    argument_names: Sequence[str],
    strict: bool,
    force_outplace: bool,
    owner: ScriptObject | None = None,
    modules: Mapping[Any, Any] | None = None,
    torch_modules: Mapping[Any, ScriptObject] | None = None,
) -> Graph:
    """The graph of what a function does with arguments.

    `keywords` are all arguments of the call by name, None if `args` are given by place;
    `argument_names` those that the inputs get. Of a method `owner` is the module that is to have it,
    `modules` the names of scopes by the modules of Python, and `torch_modules` what stands for modules that
    torch compiled. Raises RuntimeError for what cannot be traced.
    """
    copied, whole = traceable(args)
    assert isinstance(whole, TupleType)
    checked = list(zip(copied, whole.parts, strict=True))
    check_traceable(whole)
    state = TracingState(strict, force_outplace)
    state.torch_modules.update(torch_modules or {})
    with (
        shown_to_torch(state, modules),
        torch_calls_recorded(),
        autograd_functions_recorded(),
        forks_recorded(),
    ):
        if owner is not None:
            add_module(state, owner)
        has_names = len(argument_names) >= len(checked)
        inputs: list[Any] = []
        for place, (given, kind) in enumerate(checked):
            value = state.graph.add_input(argument_names[place] if has_names else "")
            inputs.append(add_input(state, given, exact_type(given, kind), value))
        calls = PythonCalls(state)
        box = current_box()
        noted = nullcontext() if box is None else box.watching(state, function, inputs, keywords)
        with noted, active(OperatorRecorder(state)), calls, sizes_taken(calls):
            if keywords is None:
                result = function(*inputs)
            else:
                # As in libtorch the program then gets what was given, also where a view would stand for it.
                result = function(**keywords)
        if result is None:
            raise RuntimeError(
                "The traced function didn't return any values! Side-effects are not captured in traces, so "
                "it would be a no-op."
            )
        given, kind = traceable(result)
        state.graph.register_output(state.output_of(given, kind, 1))
    with collection_paused():
        fix_up_scopes(state.graph, owner)
    if box is not None:
        box.finished(state.graph, owner)
    return state.graph
