"""Runs a program so that it tells the black box what it does."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from types import CodeType, FunctionType

from jitcore.tracing.black_box import running
from jitcore.tracing.black_box.instrumented_file import instrumented
from jitcore.tracing.black_box.reachable import Reachable
from jitcore.tracing.black_box.recording import Recording


@contextmanager
def watched(recording: Recording, roots: Iterable[object]) -> Generator[None]:
    """Context in which the person's functions that can be reached from `roots` tell what they do."""
    reachable = Reachable(*roots)
    recording.changes.reachable = reachable
    recording.calls.ways_around.update(reachable.ways_around)
    exchanged: list[tuple[FunctionType, CodeType, CodeType]] = []
    try:
        for function in reachable.functions:
            code = function.__code__
            file = instrumented(code.co_filename)
            recording.provenance.mutable_attributes |= file.state.attributes
            if file.state.variables:
                recording.provenance.mutable_variables[code.co_filename] = file.state.variables
            made = file.code_for(code)
            if made is not None:
                exchanged.append((function, code, made))
                function.__code__ = made
        with running.entered(recording):
            yield
    finally:
        for function, before, made in exchanged:
            if function.__code__ is made:
                function.__code__ = before
        recording.forget_calls()
