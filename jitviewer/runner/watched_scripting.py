"""Watches what a person's file compiles with torch.jit or jitcore, so that our own frontend compiles it too.

The calls do what they always do, since the file goes on to use what they give. What is seen of them is from
which functions and modules it was made, and what nothing in the file is named after.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
from collections.abc import Callable, Generator, Iterator
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import torch

import jitcore
from jitcore.scripting.classes import note_names
from jitcore.scripting.modules.origins import origin_of, remember_origin
from jitcore.slots.torch_names import TORCH
from jitviewer.runner.compiled_objects import is_traced
from jitviewer.runner.traced_calls import TracedCall

_REFUSALS = (TORCH.jit.frontend.FrontendError, RuntimeError, TypeError, ValueError, AttributeError, OSError)


class Seen(NamedTuple):
    """Something that was compiled or traced: what to look at, and the line of the file that asked."""

    made: Any
    line: int


class WatchedScripting:
    """The calls of one file. Attribute `seen`: what was made in them, in order."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.seen: list[Seen] = []
        self._traced: list[tuple[Any, TracedCall]] = []

    def traced_call(self, value: Any) -> TracedCall | None:
        """The call in which the file traced something, as far as our tracer can make it too."""
        return next((call for made, call in self._traced if made is value and call.can_be_repeated), None)

    def whose_work(self, value: Any) -> str:
        """Where the graph of something comes from that is not compiled from Python here; empty otherwise."""
        if self.traced_call(value) is not None:
            return "traced"
        if is_traced(value):
            return "as torch traced it"
        if isinstance(value, torch.jit.ScriptModule) and origin_of(value) is None:
            return "as torch loaded or rewrote it"
        return ""

    @contextlib.contextmanager
    def watching(self) -> Generator[None]:
        """Context in which calls are watched."""
        with contextlib.ExitStack() as restored:
            for home, name, watched in (
                (TORCH.jit._recursive, "create_script_module", self._remembering),
                (torch.jit, "script", self._forgiving),
                (jitcore, "script", self._forgiving),
                (torch.jit, "trace", self._listed),
                (torch.jit, "trace_module", self._listed),
            ):
                original = getattr(home, name)
                restored.callback(setattr, home, name, original)
                setattr(home, name, watched(original))
            yield

    def _remembering(self, create: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(create)
        def created(module: Any, stubs: Any, share_types: bool = True, is_tracing: bool = False) -> Any:
            made = create(module, stubs, share_types, is_tracing)
            if not is_tracing:
                remember_origin(made, module)
            return made

        return created

    def _forgiving(self, script: Callable[..., Any]) -> Callable[..., Any]:
        """`script` that leaves what is refused as it is.

        The rest of the file can still be used, and the refusal is found again when the object is shown.
        """

        @wraps(script)
        def scripted(obj: Any, *args: Any, **kwargs: Any) -> Any:
            if len(args) < 2:
                # Names are looked up where the function itself is called.
                kwargs["_frames_up"] = kwargs.get("_frames_up", 0) + 1
            caller = next(_frames(), None)
            if isinstance(obj, type) and caller is not None:
                note_names(obj, caller)
            try:
                made = script(obj, *args, **kwargs)
            except _REFUSALS as error:
                can_stand_for_itself = inspect.isroutine(obj) or isinstance(obj, type | torch.nn.Module)
                if not can_stand_for_itself or self._is_expected(error):
                    raise
                made = obj
            self._note(made)
            return made

        return scripted

    def _listed(self, trace: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(trace)
        def traced(*args: Any, **kwargs: Any) -> Any:
            call = TracedCall.of(trace.__name__, args, kwargs)
            made = trace(*args, **kwargs)
            self._traced.append((made, call))
            self._note(made)
            return made

        return traced

    def _note(self, made: Any) -> None:
        # torch calls itself too, for what a function calls and to check what it traced.
        caller = next(_frames(), None)
        if caller is not None and self._is_own(caller) and not isinstance(made, type):
            self.seen.append(Seen(made, caller.f_lineno))

    def _is_own(self, frame: FrameType) -> bool:
        return frame.f_code.co_filename == self._path

    def _is_expected(self, error: Exception) -> bool:
        """Whether the program handles an error: a call on the way here is in the body of such a `try`."""
        frames = list(_frames())
        own = [number for number, frame in enumerate(frames) if self._is_own(frame)]
        return any(_handles(frame, error) for frame in frames[: own[-1] + 1 if own else 0])


def _frames() -> Iterator[FrameType]:
    """The frames outside of this file, innermost first."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_filename != __file__:
            yield frame
        frame = frame.f_back


def _handles(frame: FrameType, error: Exception) -> bool:
    path = Path(frame.f_code.co_filename)
    if not path.is_file():
        return False
    line = frame.f_lineno
    return any(
        isinstance(node, ast.Try)
        and node.body[0].lineno <= line <= _last(node.body[-1])
        and any(_catches(handler, error) for handler in node.handlers)
        for node in ast.walk(ast.parse(path.read_bytes()))
    )


def _catches(handler: ast.ExceptHandler, error: Exception) -> bool:
    if handler.type is None:
        return True
    names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(handler.type)}
    return any(kind.__name__ in names for kind in type(error).__mro__)


def _last(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno
