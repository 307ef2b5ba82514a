"""Finds inputs that take the other arm: by steps along the gradient of what a comparison was decided by."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import torch

from jitcore.diagnose.divergence.containers import tensors_in, with_tensors
from jitcore.diagnose.divergence.sides import Sides, quiet
from jitcore.diagnose.divergence.source_places import numbers_in
from jitcore.diagnose.divergence.subject import Arguments, copied
from jitcore.diagnose.divergence.time_limits import RanTooLongError, within
from jitcore.diagnose.divergence.trial import Trial
from jitcore.diagnose.divergence.watch import NumberRead, ReadWatch, Spot

_STEPS: Final = 6
_PAST: Final = (0.1, 0.5)
"""How far beyond the boundary a step goes, relative to its length."""

_BEYOND: Final = 0.05
"""How far beyond a limit a number is moved, relative to that."""
_MOST_LIMITED, _MOST_LIMITS = 6, 12
"""Places that read a number, and limits that are tried for each."""

_TARGETS: Final = (
    lambda v: v + 1.0,
    lambda v: v - 1.0,
    lambda v: -v,
    lambda v: v * 3.0 + 2.0,
    lambda v: v * 0.2,
)
"""What a number that is read is moved to."""


@dataclass
class _Watched:
    """A call whose reads were noted.

    Attributes: `leaves` the arguments, `reads`, `slopes` by which each floating tensor of them moves what was
    read at the spot that was asked for; None where that cannot be told.
    """

    leaves: Arguments
    reads: list[NumberRead]
    slopes: list[torch.Tensor | None] | None = None

    def at(self, spot: Spot) -> NumberRead | None:
        """What was first read at a spot."""
        return next((each for each in self.reads if each.spot == spot), None)


def watched(sides: Sides, arguments: Arguments, spot: Spot | None = None) -> _Watched:
    """Call the program, with a history for autograd, and note what it reads."""
    trial = Trial((arguments,), "given", "", grad=True)
    leaves = copied(arguments)
    for each in floating_in(leaves):
        each.requires_grad_(True)
    found = ReadWatch()
    noted = _Watched(leaves, found.reads)
    with sides.started(trial, sides.subject.module), quiet():
        sides.runs += 1
        # A program may write to what it is given, which autograd refuses of the inputs themselves.
        given = with_tensors(leaves, torch.Tensor.clone)
        try:
            with found:
                within(sides.call_limit, lambda: sides.subject.target(*given))
        except (Exception, RanTooLongError):  # noqa: BLE001  # what was read until then is what is wanted
            return noted
        read = None if spot is None else noted.at(spot)
        if read is not None and read.source is not None and read.source.requires_grad:
            # While the program's tensors are as it left them.
            noted.slopes = _slopes(read.source, floating_in(leaves))
    return noted


def _slopes(source: torch.Tensor, leaves: list[torch.Tensor]) -> list[torch.Tensor | None] | None:
    try:
        return list(torch.autograd.grad(source.sum(), leaves, allow_unused=True))
    except RuntimeError:
        # The program wrote to what its gradient is made of.
        return None


def flipped(
    sides: Sides, arguments: Arguments, is_out_of_time: Callable[[], bool]
) -> Iterator[tuple[Arguments, Spot]]:
    """Inputs that change a truth or a number that the program reads, with where it is read."""
    done: set[Spot] = set()
    for read in watched(sides, arguments).reads:
        if read.spot in done or read.source is None or not read.source.requires_grad:
            continue
        done.add(read.spot)
        if is_out_of_time():
            return
        if read.is_truth:
            found = _other_arm(sides, arguments, read.spot, bool(read.value))
            if found is not None:
                yield found, read.spot
        else:
            yield from ((each, read.spot) for each in _other_numbers(sides, arguments, read.spot))


def _other_arm(sides: Sides, arguments: Arguments, spot: Spot, was: bool) -> Arguments | None:
    """Arguments for which the first truth that is read at a spot is the other one."""
    now = arguments
    for step in range(_STEPS):
        noted = watched(sides, now, spot)
        read = noted.at(spot)
        if read is None:
            return None
        if bool(read.value) != was:
            return now
        if read.source is None or noted.slopes is None:
            return None
        margin = float(read.source.detach())
        past = _PAST[min(step, 1)] * max(abs(margin), 1e-3) + 1e-4
        target = margin + (-(abs(margin) + past) if was else abs(margin) + past)
        moved = _moved(noted, (target - margin) * (1.0 + step))
        if moved is None:
            return None
        now = moved
    return None


def _other_numbers(sides: Sides, arguments: Arguments, spot: Spot) -> Iterator[Arguments]:
    for target in _TARGETS:
        noted = watched(sides, arguments, spot)
        read = noted.at(spot)
        if read is None or read.source is None or noted.slopes is None:
            return
        value = float(read.source.detach())
        moved = _moved(noted, target(value) - value)
        if moved is None:
            return
        yield moved


def past_limits(
    sides: Sides, arguments: Arguments, is_out_of_time: Callable[[], bool]
) -> Iterator[tuple[Arguments, Spot]]:
    """Inputs for which a number that the program reads lies beyond one that is written in the same file.

    What Python does with a number that it has read cannot be watched; what it may be held against can be
    read. All values of a sort are made larger or smaller together, by a factor or by a sum.
    """
    done: set[Spot] = set()
    for read in watched(sides, arguments).reads:
        value = _finite(read)
        if read.spot in done or value is None or len(done) >= _MOST_LIMITED:
            continue
        done.add(read.spot)
        for limit in _limits(read.spot, value):
            if is_out_of_time():
                return
            beyond = max(_BEYOND * abs(limit), 1.0 if isinstance(read.value, int) else 1e-3)
            target = limit - beyond if value > limit else limit + beyond
            for changed in _changed_alike(arguments, value, target):
                now = _finite(watched(sides, changed).at(read.spot))
                if now is not None and (now > limit) != (value > limit):
                    yield changed, read.spot
                    break


def _finite(read: NumberRead | None) -> float | None:
    if read is None or read.is_truth or not isinstance(read.value, int | float):
        return None
    value = float(read.value)
    return value if math.isfinite(value) else None


def _limits(spot: Spot, value: float) -> list[float]:
    """Numbers that a value may be held against: those of its function first, then those near to it."""
    own = {float(each) for each in spot[0].co_consts if type(each) in (int, float)}
    numbers = numbers_in(spot[0].co_filename)
    return sorted(numbers, key=lambda each: (each not in own, abs(each - value)))[:_MOST_LIMITS]


def _changed_alike(arguments: Arguments, value: float, target: float) -> Iterator[Arguments]:
    """Arguments with all numbers scaled, or moved, such that what goes with them goes from `value` to
    `target`."""
    numbers = [each for each in tensors_in(arguments) if _is_number(each)]
    for floating in {each.is_floating_point(): None for each in numbers}:

        def change(made: Callable[[torch.Tensor], torch.Tensor], floating: bool = floating) -> Arguments:
            return with_tensors(
                arguments,
                lambda tensor: (
                    made(tensor).to(tensor.dtype)
                    if _is_number(tensor) and tensor.is_floating_point() == floating
                    else tensor.clone()
                ),
            )

        if floating and value and target:
            yield change(lambda tensor: tensor * (target / value))
        yield change(lambda tensor: tensor + (target - value))


def _is_number(tensor: torch.Tensor) -> bool:
    return tensor.dtype is not torch.bool and not tensor.is_complex()


def _moved(noted: _Watched, by: float) -> Arguments | None:
    """Arguments moved along the gradient, so that a number that depends on them linearly moves by so much."""
    leaves, slopes = floating_in(noted.leaves), noted.slopes or []
    squared = sum(float((each.double() ** 2).sum()) for each in slopes if each is not None)
    if not squared or not math.isfinite(squared) or not math.isfinite(by):
        return None
    moves = {
        id(leaf): slope * (by / squared)
        for leaf, slope in zip(leaves, slopes, strict=True)
        if slope is not None
    }

    def move(tensor: torch.Tensor) -> torch.Tensor:
        plain = tensor.detach().clone()
        return plain + moves[id(tensor)] if id(tensor) in moves else plain

    return with_tensors(noted.leaves, move)


def floating_in(value: Any) -> list[torch.Tensor]:
    """The tensors of floating point numbers in an input."""
    return [each for each in tensors_in(value) if each.is_floating_point()]
