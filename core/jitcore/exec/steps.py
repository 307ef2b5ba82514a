"""The instructions of a plan: closures over slot numbers that read and write one frame.

A frame is a list with a slot for every value of a graph. Slots of dead values are overwritten with
None by the same closure that used them last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

Frame = list[Any]
Step = Callable[[Frame], None]
Fetch = Callable[[Frame], tuple[Any, ...]]
Store = Callable[[Frame, Sequence[Any]], None]


def fetch(slots: Sequence[int]) -> Fetch:
    """Reads `slots` of a frame, in order, as a tuple."""
    if not slots:
        return lambda _frame: ()
    if len(slots) == 1:
        only = slots[0]
        return lambda frame: (frame[only],)
    return itemgetter(*slots)


def store(slots: Sequence[int]) -> Store:
    """Writes as many values as there are `slots`."""
    first, count = (slots[0], len(slots)) if slots else (0, 0)
    if list(slots) == list(range(first, first + count)):
        end = first + count

        def store_run(frame: Frame, values: Sequence[Any]) -> None:
            frame[first:end] = values

        return store_run

    def store_each(frame: Frame, values: Sequence[Any]) -> None:
        for slot, value in zip(slots, values, strict=True):
            frame[slot] = value

    return store_each


def releasing(step: Step, dead: Sequence[int]) -> Step:
    """`step`, after which the slots `dead` are emptied."""
    if not dead:
        return step
    if len(dead) == 1:
        only = dead[0]

        def release_one(frame: Frame) -> None:
            step(frame)
            frame[only] = None

        return release_one

    def release_all(frame: Frame) -> None:
        step(frame)
        for slot in dead:
            frame[slot] = None

    return release_all


def call(
    function: Callable[..., Any], inputs: Sequence[int], outputs: Sequence[int], dead: Sequence[int]
) -> Step:
    """Calls `function` on the slots `inputs`; one result goes to its slot, several are unpacked."""
    if len(outputs) != 1:
        return releasing(_call_unpacking(function, inputs, outputs), dead)
    if len(inputs) == 1:
        return _call_unary(function, inputs[0], outputs[0], dead)
    if len(inputs) == 2:
        return _call_binary(function, inputs[0], inputs[1], outputs[0], dead)
    return _call_any(function, fetch(inputs), outputs[0], dead)


def _call_unpacking(function: Callable[..., Any], inputs: Sequence[int], outputs: Sequence[int]) -> Step:
    arguments = fetch(inputs)
    if not outputs:

        def call_for_effect(frame: Frame) -> None:
            function(*arguments(frame))

        return call_for_effect
    put = store(outputs)

    def call_and_unpack(frame: Frame) -> None:
        put(frame, function(*arguments(frame)))

    return call_and_unpack


def _call_unary(function: Callable[..., Any], a: int, out: int, dead: Sequence[int]) -> Step:
    if not dead:

        def unary(frame: Frame) -> None:
            frame[out] = function(frame[a])

        return unary
    if len(dead) == 1 and dead[0] == a:

        def unary_last(frame: Frame) -> None:
            frame[out] = function(frame[a])
            frame[a] = None

        return unary_last

    def unary_releasing(frame: Frame) -> None:
        frame[out] = function(frame[a])
        for slot in dead:
            frame[slot] = None

    return unary_releasing


def _call_binary(function: Callable[..., Any], a: int, b: int, out: int, dead: Sequence[int]) -> Step:
    if not dead:

        def binary(frame: Frame) -> None:
            frame[out] = function(frame[a], frame[b])

        return binary
    if len(dead) == 1:
        only = dead[0]

        def binary_last(frame: Frame) -> None:
            frame[out] = function(frame[a], frame[b])
            frame[only] = None

        return binary_last

    def binary_releasing(frame: Frame) -> None:
        frame[out] = function(frame[a], frame[b])
        for slot in dead:
            frame[slot] = None

    return binary_releasing


def _call_any(function: Callable[..., Any], arguments: Fetch, out: int, dead: Sequence[int]) -> Step:
    if not dead:

        def call_many(frame: Frame) -> None:
            frame[out] = function(*arguments(frame))

        return call_many
    if len(dead) == 1:
        only = dead[0]

        def call_many_last(frame: Frame) -> None:
            frame[out] = function(*arguments(frame))
            frame[only] = None

        return call_many_last

    def call_many_releasing(frame: Frame) -> None:
        frame[out] = function(*arguments(frame))
        for slot in dead:
            frame[slot] = None

    return call_many_releasing
