"""`trace` and `trace_module`: functions and modules to compiled ones, by running them once."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

import torch
from torch.nn import Module

from jitcore.scripting.library.errors import raised
from jitcore.scripting.library.marked_modules import ScriptModule
from jitcore.scripting.library.script_function import ScriptFunction
from jitcore.scripting.library.script_module import RecursiveScriptModule
from jitcore.scripting.library.shared import shared_machine
from jitcore.scripting.shared import shared_compiler
from jitcore.slots.qualified_names import qualified_name
from jitcore.source import JitError
from jitcore.tracing import script_calls
from jitcore.tracing.black_box.box import paused
from jitcore.tracing.checking import Checked, TraceOptions, check, copied, copies_by_method, inputs_to_check
from jitcore.tracing.scope_blocks import function_of_graph, method_of_graph
from jitcore.tracing.session import record
from jitcore.tracing.traced_modules import (
    ModuleClass,
    TopLevelTracedModule,
    TracedModule,
    compiled_by_torch,
    module_for_trace,
    scope_names,
)

script_calls.record_calls()

Inputs = Any
"""A tensor, a dict, or a tuple (or what can be made one) of arguments."""


def trace(
    func: Any,
    example_inputs: Inputs = None,
    optimize: object = None,
    check_trace: bool = True,
    check_inputs: Iterable[Inputs] | None = None,
    check_tolerance: float = 1e-5,
    strict: bool = True,
    _force_outplace: bool = False,
    _module_class: ModuleClass | None = None,
    _compilation_unit: object = None,
    example_kwarg_inputs: dict[str, Any] | None = None,
    _store_inputs: bool = True,
) -> Any:
    """Run a function or module with arguments; gives what it did as a `ScriptFunction` or a compiled module.

    The parameters are those of `torch.jit.trace`, where `_store_inputs` has a module keep what it was
    traced with; so are what is raised and what is warned of. torch makes nothing of a `_compilation_unit`
    either: it is there for calls by place. With `check_trace` what was recorded is run,
    and traced, once more with each of `check_inputs`.
    """
    _say_that_optimize_does_nothing(optimize)
    if isinstance(func, ScriptModule | torch.jit.ScriptModule):
        warnings.warn(
            "The input to trace is already a ScriptModule, tracing it is a no-op. Returning the object as "
            "is.",
            stacklevel=2,
        )
        return func
    has_keywords = isinstance(example_kwarg_inputs, dict)
    owner = func if isinstance(func, Module) else _owner_of_forward(func)
    if owner is not None:
        if example_inputs is None:
            if not has_keywords:
                raise RuntimeError("example_kwarg_inputs should be a dict")
            example_inputs = example_kwarg_inputs
        return trace_module(
            owner,
            {"forward": example_inputs},
            None,
            check_trace,
            None if check_inputs is None else [{"forward": given} for given in check_inputs],
            check_tolerance,
            strict,
            _force_outplace,
            _module_class,
            example_inputs_is_kwarg=has_keywords,
            _store_inputs=_store_inputs,
        )
    if not has_keywords:
        example_inputs = as_arguments(example_inputs)
    if isinstance(getattr(func, "__self__", None), Module):
        raise AttributeError(
            "trace doesn't support compiling individual module's functions.\nPlease use trace_module"
        )
    options = TraceOptions(strict, _force_outplace, check_tolerance, has_keywords)
    given = example_kwarg_inputs if has_keywords else example_inputs
    traced = trace_function(func, given, options)
    if check_trace:
        for each in inputs_to_check([given] if check_inputs is None else check_inputs):
            with paused():
                again = trace_function(func, copied(each), options)
            functions = traced.compiled, again.compiled
            check(Checked(func, traced, again, *functions), each, options)
    return traced


def trace_module(
    mod: Any,
    inputs: Any,
    optimize: object = None,
    check_trace: bool = True,
    check_inputs: Iterable[Mapping[str, Inputs]] | None = None,
    check_tolerance: float = 1e-5,
    strict: bool = True,
    _force_outplace: bool = False,
    _module_class: ModuleClass | None = None,
    _compilation_unit: object = None,
    example_inputs_is_kwarg: bool = False,
    _store_inputs: bool = True,
) -> Any:
    """Run methods of a module, each with its arguments in `inputs`, and give a compiled module that has them.

    The parameters are those of `torch.jit.trace_module`, see `trace`; `example_inputs_is_kwarg` says that the
    arguments are given by name.
    """
    _say_that_optimize_does_nothing(optimize)
    if not isinstance(mod, Module):
        raise AttributeError("expected torch.nn.Module as the first argument")
    if not isinstance(inputs, dict):
        raise AttributeError("expected a dictionary of (method_name, input) pairs")
    options = TraceOptions(strict, _force_outplace, check_tolerance, example_inputs_is_kwarg)
    given = cast("dict[str, Any]", inputs)
    checks = [given] if check_inputs is None else list(check_inputs)

    def check_method(name: str, made: RecursiveScriptModule) -> None:
        for each in checks:
            with paused():
                again = trace_methods(mod, copies_by_method(each), options, _module_class)
            called = mod if name == "forward" else getattr(mod, name)
            methods = getattr(made, name), getattr(again, name)
            functions = made._script_object.method(name), again._script_object.method(name)
            arguments = each[name]
            if isinstance(arguments, torch.Tensor) or (
                isinstance(arguments, dict) and not options.by_keyword
            ):
                arguments = (arguments,)
            check(Checked(called, *methods, *functions), arguments, options)

    made = trace_methods(mod, given, options, _module_class, check_method if check_trace else None)
    if _store_inputs and isinstance(made, TracedModule):
        made.keep_inputs({name: _values_of(each, options) for name, each in given.items()})
    return made


def trace_function(func: Callable[..., Any], given: Any, options: TraceOptions) -> ScriptFunction:
    """A function that was traced, without a check."""
    try:
        name = qualified_name(func)
    except JitError as error:
        raise raised(error) from error
    graph = record(
        func,
        *_inputs_of(given, argument_names_of(func), options),
        options.strict,
        options.force_outplace,
    )
    program = shared_compiler().program
    function = function_of_graph(program.function_name(name), graph)
    program.functions[function.qualified_name] = function
    return ScriptFunction(function, shared_machine(), func)


def trace_methods(
    module: Module,
    inputs: Mapping[str, Any],
    options: TraceOptions,
    module_class: ModuleClass | None = None,
    check_method: Callable[[str, RecursiveScriptModule], None] | None = None,
) -> RecursiveScriptModule:
    """A module whose methods were traced; `check_method` is called with the name of each, and the module."""
    names = scope_names(module)
    try:
        made = module_for_trace(module, module_class or TopLevelTracedModule)
    except JitError as error:
        raise raised(error) from error
    owner = made._script_object
    torch_modules = compiled_by_torch(module, owner)
    for name, given in inputs.items():
        method = getattr(module, name)
        parameters = argument_names_of(method)
        if options.by_keyword and isinstance(given, dict):
            _check_keywords(cast("dict[str, Any]", given), parameters)
        # Only calls of the module itself run its hooks.
        called = module if name == "forward" else method
        graph = record(
            called,
            *_inputs_of(given, parameters, options),
            options.strict,
            options.force_outplace,
            owner,
            names,
            torch_modules,
        )
        method_of_graph(owner.type, name, graph)
        if check_method is not None:
            check_method(name, made)
    return made


def _inputs_of(
    given: Any, parameters: list[str], options: TraceOptions
) -> tuple[tuple[Any, ...], dict[str, Any] | None, list[str]]:
    """The inputs of a trace in their order, what the program is called with by name, and the inputs' names.

    What is given by name is in the order of the parameters; what no parameter takes is no input.
    """
    if not (options.by_keyword and isinstance(given, dict)):
        return as_arguments(given), None, parameters
    named = cast("dict[str, Any]", given)
    names = [name for name in parameters if name in named]
    return tuple(named[name] for name in names), named, names


def _values_of(given: Any, options: TraceOptions) -> tuple[Any, ...]:
    """What a method was traced with, in the order in which it was given."""
    if options.by_keyword and isinstance(given, dict):
        return tuple(cast("dict[str, Any]", given).values())
    return as_arguments(given)


def as_arguments(given: Inputs) -> tuple[Any, ...]:
    """What is given as a tuple of arguments; a tensor or dict is the only one."""
    if isinstance(given, torch.Tensor | dict):
        return (given,)
    return cast("tuple[Any, ...]", given) if isinstance(given, tuple) else tuple(given)


def argument_names_of(function: Callable[..., Any]) -> list[str]:
    """The names of a function's parameters, where each of them is one value."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        # Functions of C have none.
        return []
    return [name for name, each in signature.parameters.items() if each.kind is each.POSITIONAL_OR_KEYWORD]


def _owner_of_forward(func: Any) -> Module | None:
    owner = getattr(func, "__self__", None)
    return owner if isinstance(owner, Module) and func.__name__ == "forward" else None


def _check_keywords(given: dict[str, Any], parameters: list[str]) -> None:
    for key in given:
        if key not in parameters:
            raise NameError(
                f"'{key}' is not in forward() method's arguments,\n                         valid arguments "
                f"name are [{','.join(parameters)}]"
            )


def _say_that_optimize_does_nothing(optimize: object) -> None:
    if optimize is not None:
        warnings.warn(
            "`optimize` is deprecated and has no effect. Use `with torch.jit.optimized_execution()` instead",
            FutureWarning,
            stacklevel=3,
        )
