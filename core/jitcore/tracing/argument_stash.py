"""Numbers that came out of the trace and are given to operators as numbers.

A size is a tensor while a program is traced. Where a number is wanted, the operator gets its value, and the
graph a conversion of the tensor, as with libtorch's `ArgumentStash`: by the name of the parameter that the
next operator takes it for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from torch._ops import OpOverloadPacket

from jitcore.tracing import tracer_warnings
from jitcore.tracing.constructed import record_conversion
from jitcore.tracing.operator_plans import NOT_RECORDED
from jitcore.tracing.traced_size import PLAIN_SIZE, TracedSize
from jitcore.types import FLOAT, INT, NUMBER, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from jitcore.ir import Value
    from jitcore.tracing.state import TracingState

_CONVERSIONS: dict[Type, str] = {INT: "aten::Int", NUMBER: "aten::ScalarImplicit"}
_MOST = (1 << 63) - 1
_ARITHMETIC = frozenset((
    "add", "copy", "div", "divide", "floor_divide", "mul", "multiply", "sub", "subtract", "true_divide",
    "radd", "rmul", "rsub", "rtruediv", "rfloordiv", "truediv", "floordiv", "iadd", "imul", "isub",
    "itruediv", "ifloordiv",
))  # fmt: skip
"""Operators whose tensors may be given as numbers (`should_allow_numbers_as_tensors` in
`python_arg_parser.cpp`), and what Python calls them."""


class ArgumentStash:
    """Puts numbers aside for the next operators of a trace."""

    def __init__(self, state: TracingState) -> None:
        self._state = state

    def paused(self) -> AbstractContextManager[None]:
        """Context in which nothing is recorded."""
        return self._state.paused()

    def plain(self, tensor: torch.Tensor) -> Any:
        """The value of a tensor of one element."""
        with self._state.paused():
            return tensor.item()

    def number(self, name: str, tensor: torch.Tensor, kind: Type) -> Any:
        """The number that a tensor is, put aside for the parameter `name`."""
        self._state.stashed[name] = self._converted(tensor, kind)
        return self.plain(tensor)

    def numbers(self, name: str, items: Sequence[Any]) -> list[Any]:
        """A list of numbers, of which the tensors are put aside for the parameter `name`."""
        aside: list[Value | None] = []
        plain: list[Any] = []
        for item in items:
            is_tensor = isinstance(item, torch.Tensor)
            aside.append(self._converted(item, INT) if is_tensor else None)
            plain.append(int(self.plain(item)) if is_tensor else item)
        if any(value is not None for value in aside):
            self._state.stashed_lists[name] = aside
        return plain

    def plain_items(self, items: Sequence[Any]) -> list[Any]:
        """Numbers, some of which may be tensors, for what libtorch stashes no numbers for."""
        return [self.plain(item) if isinstance(item, torch.Tensor) else item for item in items]

    def plain_size(self, size: TracedSize) -> torch.Size:
        """A size for what libtorch stashes no numbers for."""
        return PLAIN_SIZE(self.plain_items(size))

    def warn_of_floats(self, items: Any, what: str) -> None:
        """Warn of each tensor in a nested list that leaves the trace as a floating point number `what`."""
        if isinstance(items, torch.Tensor):
            message = f"Converting a tensor to a Python {what}{tracer_warnings.PYTHON_DATAFLOW}"
            tracer_warnings.warn(self._state.frame(), message)
        elif isinstance(items, list | tuple):
            for item in cast("Sequence[Any]", items):
                self.warn_of_floats(item, what)

    def slice_numbers(self, part: slice) -> tuple[int, int, int]:
        """Start, end and step of a slice."""
        start, end, step = (
            self.number(name, value, INT) if isinstance(value, torch.Tensor) else value
            for name, value in (("start", part.start), ("end", part.stop), ("step", part.step))
        )
        step = 1 if step is None else int(step)
        if step == 0:
            raise ValueError("slice step cannot be zero")
        first = (0 if step > 0 else _MOST) if start is None else int(start)
        last = (_MOST if step > 0 else -_MOST - 1) if end is None else int(end)
        return first, last, step

    def of_sequence(self, items: Sequence[Any], device: torch.device) -> torch.Tensor:
        """A list in a subscript as a tensor."""
        with self._state.paused():
            made = torch.tensor(items, device=device)
            if made.dtype not in (torch.bool, torch.uint8):
                made = made.to(torch.int64)
        node = record_conversion(self._state, made, self._state.place())
        self._state.tensors.put(made, node.outputs[0])
        if self._state.notes is not None:
            self._state.notes.made("a list in a subscript", node, made, items)
        return made

    def _converted(self, tensor: torch.Tensor, kind: Type) -> Value:
        value = self._state.value_of(tensor)
        graph = self._state.graph
        with graph.inserting_after(value.node):
            return self._state.insert_value(_CONVERSIONS[kind], (value,), kind)

    # --- arguments of Python's calls ------------------------------------------------------------

    def replaced(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments of a call with numbers in place of the tensors that are given for such."""
        if not any(map(_has_number, args)) and not any(map(_has_number, kwargs.values())):
            return args, kwargs
        is_method = hasattr(function, "__objclass__")
        fitting = [
            match
            for schema in _schemas_of(function)
            if (match := _match(_in_order(schema, is_method), args, kwargs, _takes_numbers(function)))
            is not None
        ]
        if not fitting:
            return args, kwargs
        best = min(fitting, key=len)
        positional = list(args)
        named = dict(kwargs)
        # What is not recorded itself gets plain numbers (`traceable` of `PythonArgParser`).
        is_recorded = getattr(function, "__name__", "") not in NOT_RECORDED
        # C++ evaluates arguments from the last to the first.
        for key, name, kind in reversed(best):
            if isinstance(key, slice):
                positional = [*positional[: key.start], self.numbers(name, positional[key.start :])]
            else:
                source: Any = positional if isinstance(key, int) else named
                given = source[key]
                if not is_recorded:
                    is_one = isinstance(given, torch.Tensor)
                    source[key] = self.plain(given) if is_one else self.plain_items(given)
                elif kind is FLOAT:
                    # libtorch stashes none of these: the graph has what they are now.
                    self.warn_of_floats([given] if isinstance(given, torch.Tensor) else given, "float")
                elif isinstance(given, torch.Tensor):
                    source[key] = self.number(name, given, kind)
                else:
                    source[key] = self.numbers(name, given)
        return tuple(positional), named


_Replacement = tuple["int | str | slice", str, Type]


def _is_number(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dim() == 0


def _has_number(value: Any) -> bool:
    return _is_number(value) or (
        isinstance(value, list | tuple) and any(map(_is_number, cast("Sequence[Any]", value)))
    )


def _schemas_of(function: Callable[..., Any]) -> list[Any]:
    name = getattr(function, "__name__", "")
    packet = getattr(torch.ops.aten, name, None)
    if not isinstance(packet, OpOverloadPacket):
        return []
    return [getattr(packet, overload)._schema for overload in packet.overloads() if overload != "out"]


def _in_order(schema: Any, is_method: bool) -> list[Any]:
    """The parameters as Python takes them: of a method, the tensor first."""
    arguments = list(schema.arguments)
    return sorted(arguments, key=lambda argument: argument.name != "self") if is_method else arguments


def _takes_numbers(function: Callable[..., Any]) -> bool:
    """Whether a call takes numbers of Python where its parameters are tensors."""
    return getattr(function, "__name__", "").strip("_") in _ARITHMETIC


def _match(
    arguments: list[Any], args: tuple[Any, ...], kwargs: dict[str, Any], takes_numbers: bool
) -> list[_Replacement] | None:
    """What is to be replaced where arguments fit parameters; None where they do not."""
    found: list[_Replacement] = []
    for place, given in enumerate(args):
        if place >= len(arguments) or arguments[place].kwarg_only:
            return None
        kind = str(arguments[place].type)
        if kind == "List[int]" and arguments[place].N and (_is_number(given) or isinstance(given, int)):
            # One number for all of a list of a fixed length is nothing that libtorch stashes.
            continue
        if kind == "List[int]" and not isinstance(given, list | tuple):
            # All that is left are numbers of one list.
            rest = args[place:]
            if not all(_is_number(item) or isinstance(item, int) for item in rest):
                return None
            if any(map(_is_number, rest)):
                found.append((slice(place, None), arguments[place].name, INT))
            break
        replacement = _fit(kind, given, takes_numbers)
        if replacement is None:
            return None
        if replacement:
            found.append((place, arguments[place].name, replacement[0]))
    by_name = {argument.name: argument for argument in arguments}
    for name, given in kwargs.items():
        argument = by_name.get("self" if name == "input" and "input" not in by_name else name)
        if argument is None:
            if _has_number(given):
                return None
            # One of those that only Python knows, as `requires_grad`.
            continue
        replacement = _fit(str(argument.type), given, takes_numbers)
        if replacement is None:
            return None
        if replacement:
            found.append((name, argument.name, replacement[0]))
    return found


def _fit(kind: str, given: Any, takes_numbers: bool) -> tuple[Type, ...] | None:
    """The type that a number of the trace is converted to; empty if nothing is, None if it does not fit."""
    wanted = kind.removeprefix("Optional[").removesuffix("]") if kind.startswith("Optional[") else kind
    if _is_number(given):
        if wanted == "Tensor":
            return ()
        if wanted == "int":
            return (INT,)
        if wanted == "number" or wanted == "Scalar":
            return (NUMBER,)
        if wanted == "float":
            return (FLOAT,)
        return () if wanted == "bool" else None
    if isinstance(given, torch.Tensor):
        return () if wanted == "Tensor" else None
    if isinstance(given, list | tuple):
        if not wanted.startswith("List["):
            return None
        if not any(map(_is_number, cast("Sequence[Any]", given))):
            return ()
        if wanted == "List[float]" and not _is_number(given[0]):
            # By the first item libtorch tells such lists.
            return (FLOAT,)
        return (INT,) if wanted == "List[int]" else (() if "Tensor" in wanted else None)
    if wanted != "Tensor" or (given is None and wanted != kind):
        return ()
    return () if takes_numbers and isinstance(given, int | float | complex) else None
