"""Steps of programs of tensors: what they name, and how torch computes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch

from jitcore.exec.compiled.tensor_program import MEMORY_FORMATS, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Slot = tuple[int, int]
"""A value by its number, and which of a list it is; -1 for one that is no list."""


def versions_of(constants: Sequence[torch.Tensor]) -> list[tuple[torch.Tensor, int]] | None:
    """How often each was written to; None where torch does not count that."""
    if any(constant.is_inference() for constant in constants):
        return None
    return [
        (constant, constant._version)  # pyright: ignore[reportPrivateUsage]
        for constant in constants
    ]


def slot_of(told: Any) -> Slot | None:
    """The value that an argument is; None for anything else."""
    match told:
        case {"value": int(number)}:
            return number, -1
        case {"item": [int(number), int(item)]}:
            return number, item
        case _:
            return None


def told_of(slot: Slot) -> dict[str, Any]:
    """A value as an argument says it."""
    return {"value": slot[0]} if slot[1] < 0 else {"item": [*slot]}


def slots_in(told: Any) -> list[Slot]:
    """All values in an argument."""
    slot = slot_of(told)
    if slot is not None:
        return [slot]
    if isinstance(told, list | tuple):
        return [found for part in cast("Sequence[Any]", told) for found in slots_in(part)]
    return []


def slotted(told: Any) -> Any:
    """Results with the values in them marked, for `filled`."""
    slot = slot_of(told)
    if slot is not None:
        return {"slot": slot}
    if isinstance(told, list):
        return [slotted(part) for part in cast("list[Any]", told)]
    if isinstance(told, tuple):
        return tuple(slotted(part) for part in cast("tuple[Any, ...]", told))
    return told


def filled(told: Any, found: Mapping[Slot, Any]) -> Any:
    """Results with what was found for the values in them."""
    match told:
        case {"slot": slot}:
            return found[slot]
        case {"constant": value}:
            return value
        case list():
            return [filled(part, found) for part in cast("list[Any]", told)]
        case _:
            return tuple(filled(part, found) for part in told)


def outputs_of(number: int, given: Any) -> list[tuple[Slot, Any]]:
    """The tensors that the step of a number gave."""
    if isinstance(given, torch.Tensor):
        return [((number, -1), given)]
    return [((number, item), part) for item, part in enumerate(given) if isinstance(part, torch.Tensor)]


def overload_of(key: str) -> Any:
    """Torch's overload of a key, such as aten::add.Tensor."""
    name, _, overload = key.partition("::")[2].partition(".")
    return getattr(getattr(getattr(torch.ops, key.partition("::")[0]), name), overload or "default")


def arguments_of(step: Sequence[Any], meant: Callable[[Any], Any]) -> tuple[Any, list[Any], dict[str, Any]]:
    """The overload of a step with its arguments, by place and by name; `meant` gives what each says."""
    function = overload_of(step[0])
    schema = function._schema.arguments
    pairs = [*zip(schema, step[1], strict=True)]
    positional = [meant(told) for argument, told in pairs if not argument.kwarg_only]
    return function, positional, {a.name: meant(told) for a, told in pairs if a.kwarg_only}


def meant(told: Any, found: Callable[[Slot], Any]) -> Any:
    """What an argument says, with what was found for the values in it."""
    slot = slot_of(told)
    if slot is not None:
        return found(slot)
    match told:
        case {"dtype": name} | {"layout": name}:
            return getattr(torch, name)
        case {"memory_format": name} if name in MEMORY_FORMATS:
            return getattr(torch, name)
        case {"device": name}:
            return torch.device(name)
        case list() | tuple():
            return [meant(part, found) for part in cast("Sequence[Any]", told)]
        case _:
            return told


def call_step(step: Step, tensors: list[Any], slots: list[Slot]) -> Any:
    """What a step gives, of tensors for the values that it names."""
    known = dict(zip(slots, tensors, strict=True))
    function, positional, named = arguments_of(step, lambda told: meant(told, known.__getitem__))
    return function(*positional, **named)


def caller(step: Step, slots: list[Slot]) -> Callable[[Sequence[Any]], Any]:
    """What computes a step of tensors for the values that it names, in their order."""
    function, positional, named = arguments_of(step, lambda told: meant(told, _Named))
    places = [place for place, part in enumerate(positional) if isinstance(part, _Named)]
    if len(places) != len(slots):
        return lambda tensors: call_step(step, [*tensors], slots)

    def call(tensors: Sequence[Any]) -> Any:
        given = [*positional]
        for place, tensor in zip(places, tensors, strict=True):
            given[place] = tensor
        return function(*given, **named)

    return call


class _Named:
    """Stands for a value among arguments."""

    __slots__ = ("slot",)

    def __init__(self, slot: Slot) -> None:
        self.slot = slot


def direct(described: dict[str, Any]) -> Callable[..., list[Any]]:
    """What computes a part operator by operator."""
    tensors = [place for place, told in enumerate(described["inputs"]) if told[0] == "tensor"]
    numbers = {place: told[1] for place, told in enumerate(described["inputs"]) if told[0] != "tensor"}
    count = len(described["inputs"])
    steps: list[tuple[int, list[Slot], Callable[[Sequence[Any]], Any]]] = []
    for place, (key, arguments) in enumerate(described["steps"], count):
        slots = slots_in(arguments)
        steps.append((place, slots, caller(Step(key, tuple(arguments)), slots)))
    results = [slot for told in described["results"] if (slot := slot_of(told)) is not None]

    def run(*given: Any) -> list[Any]:
        values: dict[int, Any] = {**numbers, **dict(zip(tensors, given, strict=True))}
        for place, slots, call in steps:
            values[place] = call(
                [values[number] if item < 0 else values[number][item] for number, item in slots]
            )
        return [values[number] if item < 0 else values[number][item] for number, item in results]

    return run
