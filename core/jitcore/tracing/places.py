"""Where in the traced program something happens: its Python frames, seen from inside the tracer."""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

import torch
from torch._library import utils as library_utils

from jitcore.slots.torch_names import TORCH
from jitcore.source import Source, SourceRange

_OWN = str(Path(__file__).parent.parent)
_MODES = library_utils.handle_dispatch_mode.__code__
_OPERATORS: str = TORCH._ops.__file__


def program_frame(start: FrameType | None) -> FrameType | None:
    """The innermost frame, from `start` outwards, that is no part of the tracer or of how torch calls it."""
    frame = start
    while frame is not None:
        code = frame.f_code
        if _is_own(code):
            frame = frame.f_back
        elif code is _MODES:
            # The operator's handler, made for the call, asked the mode.
            handler = frame.f_back
            frame = None if handler is None else handler.f_back
        elif code.co_filename == _OPERATORS and frame.f_back is not None and _is_own(frame.f_back.f_code):
            # An operator that the tracer itself calls.
            frame = frame.f_back
        else:
            return frame
    return None


@cache
def _is_own(code: CodeType) -> bool:
    return code.co_filename.startswith(_OWN)


class Places:
    """Ranges for frames of the program; equal stacks share one.

    As in libtorch (`getPythonInterpreterSourceRange` in `python_tracer.cpp`) the text of a range is the
    stack, innermost frame first, and its file and line are those of that frame.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[CodeType, int], ...], SourceRange] = {}

    def of(self, innermost: FrameType | None) -> SourceRange | None:
        """The range of a frame."""
        stack: list[tuple[CodeType, int]] = []
        frame = innermost
        while frame is not None:
            if not _is_own(frame.f_code):
                stack.append((frame.f_code, frame.f_lineno))
            frame = frame.f_back
        if not stack:
            return None
        key = tuple(stack)
        found = self._known.get(key)
        if found is None:
            text = "".join(f"{code.co_filename}({line}): {code.co_name}\n" for code, line in stack)
            code, line = stack[0]
            found = self._known[key] = SourceRange(Source(text, code.co_filename, line - 1), 0, len(text))
        return found


def name_in(frame: FrameType | None, tensor: torch.Tensor) -> str:
    """The name of the first variable of a frame that holds the tensor; empty for none, and for `self`."""
    if frame is None:
        return ""
    for name, value in frame.f_locals.items():
        if value is tensor:
            return "" if name == "self" else name
    return ""


def here() -> FrameType | None:
    """The innermost frame of the program."""
    return program_frame(inspect.currentframe())
