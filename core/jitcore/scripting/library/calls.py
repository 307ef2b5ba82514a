"""Calls from Python: arguments by TorchScript's rules, in and out of TorchScript's values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.exec.arguments import default_of
from jitcore.ops.schema_text import schema_text
from jitcore.scripting.library.to_python import to_python
from jitcore.slots.from_python import CastError, to_script
from jitcore.types import INFERRED_TENSOR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jitcore.ir import Function, ScriptObject
    from jitcore.scripting.library.machine import Machine
    from jitcore.slots.compiles import KnownClasses
    from jitcore.types import Argument, FunctionSchema

NOT_RECORDED = object()
"""What a recorder gives for a call that it leaves alone."""

recorders: list[Callable[[Machine, Function, ScriptObject | None, Sequence[Any]], Any]] = []
"""Asked before a call is run, with the values of all parameters: who records calls runs them too."""

_PYTHON_ERRORS = (TypeError, ValueError, AttributeError)


def call(
    machine: Machine,
    function: Function,
    owner: ScriptObject | None,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
) -> Any:
    """The result of a function, or of a method of `owner`, for arguments of Python."""
    schema = function.schema
    values = bind(schema, args, kwargs, machine, owner)
    result = NOT_RECORDED
    for recorder in recorders:
        result = recorder(machine, function, owner, values)
        if result is not NOT_RECORDED:
            break
    else:
        result = machine.call(function, values)
    returns = schema.returns
    return to_python(result, returns[0].type if returns else None, machine)


def bind(
    schema: FunctionSchema,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    machine: Machine,
    owner: ScriptObject | None = None,
) -> list[Any]:
    """The values of all parameters, defaults made runnable by `machine`.

    Raises RuntimeError in torch's words where they do not fit.
    """
    wanted = schema.arguments
    values: list[Any] = [] if owner is None else [owner]
    count = len(values) + len(args) + len(kwargs)
    if count > len(wanted):
        raise RuntimeError(
            f"{schema.name}() expected at most {len(wanted)} argument(s) but received {count} argument(s). "
            f"Declaration: {schema_text(schema)}"
        )
    for value in args:
        position = len(values)
        if wanted[position].kwarg_only:
            raise RuntimeError(
                f"{schema.name}() takes {position} positional argument(s) but {position + 1} was/were given."
                f"  Declaration: {schema_text(schema)}"
            )
        values.append(_fit(schema, position, value, machine.known))
    used = 0
    for position in range(len(values), len(wanted)):
        argument = wanted[position]
        if argument.name in kwargs:
            values.append(_fit(schema, position, kwargs[argument.name], machine.known))
            used += 1
        elif argument.has_default:
            values.append(default_of(argument, machine.interpreter.materializer))
        else:
            raise RuntimeError(
                f"{schema.name}() is missing value for argument '{argument.name}'. "
                f"Declaration: {schema_text(schema)}"
            )
    if used != len(kwargs):
        raise RuntimeError(_wrong_keywords(schema, kwargs))
    return values


def _wrong_keywords(schema: FunctionSchema, kwargs: Mapping[str, Any]) -> str:
    names = [argument.name for argument in schema.arguments]
    shown = schema_text(schema)
    for name in kwargs:
        if name not in names:
            return f"Unknown keyword argument '{name}' for operator '{schema.name}'. Schema: {shown}"
    twice = next(name for name in names if name in kwargs)
    return f"Argument '{twice}' specified both as positional and keyword argument. Schema: {shown}"


def _fit(schema: FunctionSchema, position: int, value: Any, known: KnownClasses) -> Any:
    argument = schema.arguments[position]
    try:
        return to_script(value, argument.type, known, argument.size)
    except CastError as error:
        details = f"\nCast error details: {error}"
    except _PYTHON_ERRORS as error:
        details = f"\n Python error details: {type(error).__name__}: {error}"
    raise RuntimeError(_mismatch(schema, position, argument, value) + details) from None


def _mismatch(schema: FunctionSchema, position: int, argument: Argument, value: Any) -> str:
    hint = ""
    if argument.type is INFERRED_TENSOR:
        hint = (
            f"Inferred '{argument.name}' to be of type 'Tensor' because it was not annotated with an "
            "explicit type.\n"
        )
    return (
        f"{schema.name}() Expected a value of type '{argument.type.repr_str}' for argument '{argument.name}' "
        f"but instead found type '{_type_name(value)}'.\n{hint}Position: {position}\nValue: {value!r}\n"
        f"Declaration: {schema_text(schema)}"
    )


def _type_name(value: Any) -> str:
    name = type(value).__name__
    fields: Sequence[str] | None = getattr(type(value), "_fields", None)
    return name if fields is None else f"{name} (aka NamedTuple({', '.join(fields)}))"
