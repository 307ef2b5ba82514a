"""Operators that a graph calls for inputs of one description, found by running it on tensors without memory.

    graph(%x : Tensor):                        for float32[2, 3]:
      %d : int = aten::dim(%x)                   x1 = aten::relu(x0)
      %b : bool = aten::eq(%d, 2)                give x1
      %y : Tensor = prim::If(%b) ...

What follows from sizes is decided while it runs: branches, loops and lists are gone. What follows from what
tensors hold cannot be decided, and such a graph is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import torch
from torch._subclasses.fake_tensor import (
    DataDependentOutputException,
    DynamicOutputShapeException,
    FakeTensorMode,
    UnsupportedFakeTensorException,
    UnsupportedOperatorException,
)
from torch.utils._python_dispatch import TorchDispatchMode

from jitcore.exec.compiled.tensor_program import MEMORY_FORMATS, NotCompilableError, Step
from jitcore.exec.number_tensors import number_of
from jitcore.exec.plan_places import FAILURES
from jitcore.exec.watching import NodeWatch
from jitcore.ir import Node, ScriptObject
from jitcore.ops.effects import has_side_effects
from jitcore.ops.lookup import schema_of
from jitcore.types import TensorType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jitcore.exec.plan import GraphPlan
    from jitcore.exec.watching import Observer

MOST_STEPS: Final = 20_000
"""Operators of one program: a compiler takes minutes for so many."""

_UNKNOWN: Final = (
    DataDependentOutputException,
    DynamicOutputShapeException,
    UnsupportedFakeTensorException,
    UnsupportedOperatorException,
)
"""What comes up where tensors without memory do not tell what is asked."""

_plain_numbers = (int, float, bool, str)


class ReadAttribute(NamedTuple):
    """What an object held when it was asked; of a list or dict, `parts` are what it held."""

    owner: Any
    name: str
    value: object
    parts: tuple[object, ...] | None

    def is_still_so(self) -> bool:
        """Whether the object holds the very same."""
        found = self.owner.attributes.get(self.name)
        if found is not self.value:
            return False
        parts = _parts_of(found)
        if parts is None or self.parts is None:
            return parts is self.parts
        return len(parts) == len(self.parts) and all(map(_is_same, parts, self.parts))


class RecordedProgram(NamedTuple):
    """What was recorded, in the form of `TensorProgram`: values are those of inputs, constants, then steps.

    `kinds` is a tensor without memory for each value that is a tensor, a list of those for each that is a
    list. `results` is what the graph gives: tensors as in arguments, lists and tuples, and anything else
    as `{"constant": value}`. `reads` are the attributes on which all this depends, and it `is_derived` if it
    depends on what constants hold.
    """

    inputs: int
    constants: list[torch.Tensor]
    steps: list[Step]
    kinds: list[Any]
    results: Any
    reads: list[ReadAttribute]
    is_derived: bool


def recorded(make_plan: Callable[[Observer], GraphPlan], inputs: Sequence[list[Any]]) -> RecordedProgram:
    """What the graph of a plan computes for inputs that are described. Raises `NotCompilableError`.

    `make_plan` makes a plan of the graph that an observer sees; see `described_input`.
    """
    watch = _Watch()
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    recorder = _StepRecorder(mode, len(inputs))
    try:
        given = [recorder.input(place, value) for place, value in enumerate(inputs)]
        plan = make_plan(watch)
        with torch.no_grad(), mode, recorder:
            found = plan.run_for_value(given)
        results = recorder.result(found)
    except NotCompilableError:
        raise
    except (*FAILURES, *_UNKNOWN) as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, NotCompilableError):
                raise cause from error
            cause = cause.__cause__ or cause.__context__
        said = next(iter(str(error).strip().splitlines()), "")
        reason = f"it cannot be followed without what its tensors hold: {type(error).__name__}: {said}"
        raise NotCompilableError(reason[:300]) from error
    return recorder.program(results, watch.reads)


class _Watch:
    """Refuses nodes that change more than tensors which the graph made; notes attributes that are read."""

    def __init__(self) -> None:
        self.reads: list[ReadAttribute] = []
        self._read: list[object] = []
        self._made: list[object] = []

    def watch(self, node: Node, function: str) -> NodeWatch | None:
        """See `Observer`."""
        if node.kind == "prim::GetAttr":
            name = cast("str", node.attributes["name"])
            return NodeWatch(gave=lambda given, gave: self._note(given[0], name, gave[0]))
        if node.kind == "prim::CreateObject":
            return NodeWatch(gave=lambda _, gave: self._made.append(gave[0]))
        if node.kind == "prim::SetAttr":
            name = cast("str", node.attributes["name"])
            return NodeWatch(given=lambda given: self._check_owner(name, given[0]))
        if node.kind != "prim::RaiseException" and has_side_effects(node):
            return NodeWatch(given=lambda _: _refuse(f"{node.kind} does more than to give a value"))
        place = _written_container(node)
        if place is not None and node.inputs[place].node.is_constant:
            return NodeWatch(given=lambda _: _refuse(f"{node.kind} changes a constant"))
        if place is not None:
            return NodeWatch(given=lambda given: self._check(node.kind, given[place]))
        return None

    def watch_turns(self, node: Node, function: str) -> Callable[[], object] | None:
        """See `Observer`."""
        return None

    def _note(self, owner: object, name: str, value: object) -> None:
        if self._is_own(owner):
            return
        if not isinstance(owner, ScriptObject):
            raise NotCompilableError(f"it reads the attribute {name} of an object of C++")
        self.reads.append(ReadAttribute(owner, name, value, _parts_of(value)))
        waiting = [value]
        while waiting:
            found = waiting.pop()
            self._read.append(found)
            waiting += _parts_of(found) or ()

    def _is_own(self, owner: object) -> bool:
        """Whether an object is one that the graph itself makes."""
        return any(owner is made for made in self._made)

    def _check_owner(self, name: str, owner: object) -> None:
        if not self._is_own(owner):
            raise NotCompilableError(f"it sets the attribute {name} of an object")

    def _check(self, kind: str, container: object) -> None:
        if any(container is read for read in self._read):
            raise NotCompilableError(f"{kind} changes an attribute of the module")


def _refuse(reason: str) -> None:
    raise NotCompilableError(reason)


def _written_container(node: Node) -> int | None:
    """The place of a list, dict or other object that a node writes to."""
    schema = schema_of(node)
    if schema is None:
        return None
    for place, argument in enumerate(schema.arguments):
        alias = argument.alias
        if alias is not None and alias.is_write and not isinstance(argument.type, TensorType):
            return place
    return None


def _parts_of(value: object) -> tuple[object, ...] | None:
    if isinstance(value, dict):
        held = cast("dict[object, object]", value)
        return tuple(part for pair in held.items() for part in pair)
    if isinstance(value, list):
        return tuple(cast("list[object]", value))
    return None


def _is_same(found: object, before: object) -> bool:
    if found is before:
        return True
    return type(found) is type(before) and isinstance(found, _plain_numbers) and found == before


class _StepRecorder(TorchDispatchMode):
    """Notes each operator, and computes it on tensors without memory."""

    def __init__(self, mode: FakeTensorMode, inputs: int) -> None:
        super().__init__()
        self._mode = mode
        self._inputs = inputs
        self._input_kinds: list[Any] = [None] * inputs
        self._told: dict[int, Any] = {}
        """What a tensor is in arguments, by its identity: a value before numbers of constants are known."""
        self._constants: list[torch.Tensor] = []
        self._stand_ins: dict[int, torch.Tensor] = {}
        self._steps: list[Step] = []
        self._kinds: list[Any] = []
        self._sharing: dict[int, int] = {}
        """How many tensors share a memory, by that memory."""
        self._given: set[int] = set()
        self._real: dict[int, torch.Tensor] = {}
        """Tensors of one number that are known, by the identity of those without memory."""
        self._is_derived = False
        self._kept: list[Any] = []
        """Everything that is known by its identity."""

    def input(self, place: int, described: list[Any]) -> Any:
        """What stands for an input."""
        if described[0] != "tensor":
            return described[1]
        _, dtype, device, sizes, strides = described
        with self._mode:
            like = torch.empty_strided(sizes, strides, dtype=getattr(torch, dtype), device=device)
        self._input_kinds[place] = like
        self._know(like, {"value": place})
        self._given.add(_memory_of(like))
        return like

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Note a call of torch's overload `func`."""
        named = kwargs or {}
        if func.namespace == "prim":
            # What a tensor is asked about itself.
            with self._mode:
                return func(*self._standing_in(args), **named)
        if torch.Tag.nondeterministic_seeded in func.tags and not _draws_nothing(func, args, named):
            raise NotCompilableError(f"{_key(func)} draws random numbers")
        if torch.Tag.data_dependent_output in func.tags:
            return self._known_number(func, args, named)
        if func is torch.ops.aten.lift_fresh.default:
            return self._made_of_number(func, args)
        if len(self._steps) >= MOST_STEPS:
            raise NotCompilableError(f"it calls more than {MOST_STEPS} operators")
        schema = func._schema
        told = [
            self._argument(_bound(argument, place, args, named))
            for place, argument in enumerate(schema.arguments)
        ]
        stood_in, named_in = self._standing_in(args), self._standing_in(named)
        with self._mode:
            given = func(*stood_in, **named_in)
        if schema.is_mutable:
            return self._note_write(func, told, args, given)
        self._note(_key(func), told, given)
        self._follow(func, args, named, given)
        return given

    def result(self, value: Any) -> Any:
        """What a graph gives, in the form of `RecordedProgram`."""
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, tuple):
            if type(value) is not tuple:
                raise NotCompilableError("it gives a named tuple")
            return tuple(self.result(part) for part in cast("tuple[Any, ...]", value))
        if isinstance(value, list):
            return [self.result(part) for part in cast("list[Any]", value)]
        if value is None or isinstance(value, _plain_numbers):
            return {"constant": value}
        raise NotCompilableError(f"it gives a {type(value).__name__}")

    def program(self, results: Any, reads: list[ReadAttribute]) -> RecordedProgram:
        """All that was noted; values get their numbers."""
        after = self._inputs + len(self._constants)

        def numbered(told: Any) -> Any:
            match told:
                case {"step": int(step)}:
                    return {"value": after + step}
                case {"step_item": [int(step), int(item)]}:
                    return {"item": [after + step, item]}
                case list():
                    return [numbered(part) for part in cast("list[Any]", told)]
                case tuple():
                    return tuple(numbered(part) for part in cast("tuple[Any, ...]", told))
                case _:
                    return told

        steps = [_plain(step.key, [numbered(part) for part in step.arguments]) for step in self._steps]
        likes = [self._stand_ins[id(constant)] for constant in self._constants]
        kinds = [*self._input_kinds, *likes, *self._kinds]
        return RecordedProgram(
            self._inputs, self._constants, steps, kinds, numbered(results), reads, self._is_derived
        )

    def _note(self, key: str, told: list[Any], given: Any) -> None:
        step = len(self._steps)
        self._steps.append(Step(key, tuple(told)))
        if isinstance(given, torch.Tensor):
            self._know(given, {"step": step})
            self._kinds.append(given)
            return
        if not isinstance(given, list | tuple):
            raise NotCompilableError(f"{key} gives something that is no tensor")
        parts = cast("Sequence[Any]", given)
        for item, part in enumerate(parts):
            if isinstance(part, torch.Tensor):
                self._know(part, {"step_item": [step, item]})
        self._kinds.append([*parts])

    def _note_write(self, func: Any, told: list[Any], args: Any, given: Any) -> Any:
        """A write to what nobody else holds is an operator that gives something new."""
        written = args[0] if args else None
        key = _key(func)
        name, _, overload = key.removeprefix("aten::").partition(".")
        schema = func._schema
        others = [a for a in schema.arguments[1:] if a.alias_info is not None and a.alias_info.is_write]
        if not name.endswith("_") or name.endswith("__") or others or not isinstance(written, torch.Tensor):
            raise NotCompilableError(f"{key} writes to a tensor")
        place = _memory_of(written)
        if place in self._given or self._sharing.get(place, 0) != 1 or given is not written:
            raise NotCompilableError(f"{key} writes to a tensor that somebody else holds")
        pure = getattr(getattr(torch.ops.aten, name.removesuffix("_"), None), overload or "default", None)
        if pure is None or [a.name for a in pure._schema.arguments] != [a.name for a in schema.arguments]:
            raise NotCompilableError(f"{key} writes to a tensor")
        step = len(self._steps)
        self._steps.append(Step(_key(pure), tuple(told)))
        self._told[id(written)] = {"step": step}
        self._kinds.append(written)
        return written

    def _known_number(self, func: Any, args: Any, named: dict[str, Any]) -> Any:
        """What a tensor holds that was made of sizes and numbers alone."""
        real = self._real_of(args[0])
        if real is None:
            raise NotCompilableError("what it does depends on what a tensor holds")
        return func(real, *args[1:], **named)

    def _made_of_number(self, func: Any, args: Any) -> Any:
        """A tensor of a number, which stays known in all that is computed of it."""
        (made,) = args
        with self._mode:
            given = func(made)
        self._hold(made)
        self._told[id(given)] = self._told[id(made)]
        self._kept.append(given)
        self._real[id(given)] = made
        return given

    def _real_of(self, tensor: Any) -> torch.Tensor | None:
        """The tensor of one number that stands behind another one, where that is known."""
        if type(tensor) is torch.Tensor and not tensor.dim():
            self._is_derived = True
            return tensor
        return self._real.get(id(tensor))

    def _follow(self, func: Any, args: Any, named: dict[str, Any], given: Any) -> None:
        """Compute what follows from known numbers."""
        if not isinstance(given, torch.Tensor) or given.dim() or named:
            return
        known = [self._real_of(part) if isinstance(part, torch.Tensor) else part for part in args]
        if all(part is not None for part in known) and not any(isinstance(part, list) for part in known):
            self._real[id(given)] = func(*known)

    def _know(self, tensor: torch.Tensor, told: Any) -> None:
        if id(tensor) in self._told:
            # An operator that gives its input as it is.
            self._kept.append(tensor)
            return
        self._told[id(tensor)] = told
        self._kept.append(tensor)
        place = _memory_of(tensor)
        self._sharing[place] = self._sharing.get(place, 0) + 1

    def _tensor(self, tensor: torch.Tensor) -> Any:
        told = self._told.get(id(tensor))
        if told is None:
            if id(tensor) not in self._stand_ins:
                self._hold(tensor)
            told = self._told[id(tensor)]
        return told

    def _hold(self, tensor: torch.Tensor) -> None:
        """Take a tensor that nobody computed for a constant."""
        if type(tensor) not in (torch.Tensor, torch.nn.Parameter) or tensor.layout is not torch.strided:
            raise NotCompilableError("it holds a tensor that compiled code does not compute with")
        like = self._mode.from_tensor(tensor.detach(), static_shapes=True)
        number = self._inputs + len(self._constants)
        self._constants.append(tensor)
        self._stand_ins[id(tensor)] = like
        self._kept += (tensor, like)
        self._told[id(tensor)] = self._told[id(like)] = {"value": number}
        self._given.add(_memory_of(like))

    def _standing_in(self, value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return self._stand_ins.get(id(value), value)
        if isinstance(value, list | tuple):
            return type(value)(self._standing_in(part) for part in cast("Sequence[Any]", value))
        if isinstance(value, dict):
            return {name: self._standing_in(part) for name, part in cast("dict[str, Any]", value).items()}
        return value

    def _argument(self, value: Any) -> Any:
        """A value as steps say it."""
        if isinstance(value, torch.Tensor):
            number = number_of(value)
            return number if isinstance(number, int | float) else self._tensor(value)
        if isinstance(value, list | tuple):
            return [self._argument(part) for part in cast("Sequence[Any]", value)]
        if value is None or type(value) in _plain_numbers:
            return value
        if isinstance(value, torch.dtype | torch.layout):
            return {type(value).__name__: str(value).removeprefix("torch.")}
        if isinstance(value, torch.device):
            return {"device": str(value)}
        if isinstance(value, torch.memory_format):
            name = str(value).removeprefix("torch.")
            if name in MEMORY_FORMATS:
                return {"memory_format": name}
        raise NotCompilableError(f"an operator takes a {type(value).__name__}")


def _plain(key: str, arguments: list[Any]) -> Step:
    """A step by an operator that writes nothing."""
    if key == _BATCH_NORM and not arguments[_TRAINING]:
        return Step(_BATCH_NORM_ALONE, (*arguments[:_TRAINING], *arguments[_TRAINING + 1 :]))
    return Step(key, tuple(arguments))


_BATCH_NORM: Final = "aten::native_batch_norm"
_BATCH_NORM_ALONE: Final = "aten::_native_batch_norm_legit_no_training"
_TRAINING: Final = 5
"""The place of the argument that says whether it writes to its statistics."""


def _memory_of(tensor: torch.Tensor) -> int:
    # What has no elements has no memory of its own.
    return tensor.untyped_storage()._cdata  # pyright: ignore[reportPrivateUsage]


def _key(func: Any) -> str:
    name: str = func._schema.name
    overload: str = func._schema.overload_name
    return f"{name}.{overload}" if overload else name


def _draws_nothing(func: Any, args: Any, named: dict[str, Any]) -> bool:
    """Whether an operator that may draw does not: what it leaves out by chance is nothing."""
    for place, argument in enumerate(func._schema.arguments):
        if argument.name in ("dropout_p", "p"):
            return _bound(argument, place, args, named) in (0, 0.0)
    return False


def _bound(argument: Any, place: int, args: Any, named: dict[str, Any]) -> Any:
    if not argument.kwarg_only and place < len(args):
        return args[place]
    if argument.name in named:
        return named[argument.name]
    return argument.default_value
