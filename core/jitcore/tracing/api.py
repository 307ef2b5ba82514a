"""`trace` and `trace_module`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from jitcore.scripting.library.machine import shared_machine
from jitcore.scripting.library.script_function import ScriptFunction
from jitcore.scripting.qualified_names import qualified_name
from jitcore.scripting.unit import shared_unit
from jitcore.tracing.scope_blocks import function_of_graph
from jitcore.tracing.session import record


def argument_names_of(function):
    import inspect
    return [n for n,p in inspect.signature(function).parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]


def trace(func, example_inputs=None, strict=True, _force_outplace=False, **rest):
    if isinstance(example_inputs, torch.Tensor | dict):
        example_inputs = (example_inputs,)
    graph = record(func, tuple(example_inputs), None, argument_names_of(func), strict, _force_outplace)
    unit = shared_unit()
    name = unit.function_name(qualified_name(func))
    made = function_of_graph(name, graph)
    unit.functions[name] = made
    return ScriptFunction(made, shared_machine(), func)
