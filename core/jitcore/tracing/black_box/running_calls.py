"""The calls of a program that are running, and the places of the program that frames are at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jitcore.tracing.black_box.frame_record import FrameRecord
from jitcore.tracing.black_box.instrumented_file import instrumented
from jitcore.tracing.black_box.own_files import is_own_file, is_plain_library
from jitcore.tracing.black_box.program_text import Span, text_of
from jitcore.tracing.black_box.torch_reads import TRANSPARENT

if TYPE_CHECKING:
    from types import CodeType, FrameType

_AROUND = frozenset(str(Path(__file__).parents[up] / name) for up, name in ((0, "box.py"), (1, "session.py")))
_BOX = __file__.removesuffix("running_calls.py")


class RunningCalls:
    """The records of calls by their frames; `outside` is that of what belongs to no call."""

    def __init__(self) -> None:
        self.by_frame: dict[int, FrameRecord] = {}
        self._outside = FrameRecord(None, None)
        self._positions: dict[CodeType, list[Span | None]] = {}

    def forget(self) -> None:
        """Let go of the program's objects, and of frames of generators that nobody finished."""
        self.by_frame.clear()
        self._outside = FrameRecord(None, None)

    def record_for(self, frame: FrameType) -> FrameRecord:
        """The call that a frame belongs to: its own, or that around a comprehension or lambda."""
        found = self.by_frame.get(id(frame))
        if found is not None:
            return found
        path = frame.f_code.co_filename
        outer = frame.f_back
        while outer is not None:
            found = self.by_frame.get(id(outer))
            if found is not None and found.site is not None and found.site.path == path:
                return found
            outer = outer.f_back
        return self._outside

    def position(self, frame: FrameType) -> Span:
        """The expression that a frame is at."""
        code = frame.f_code
        known = self._positions.get(code)
        if known is None:
            # Where the next item is asked for, code says the whole of a for statement.
            loops = instrumented(code.co_filename).loops if is_own_file(code.co_filename) else {}
            known = self._positions[code] = [
                None if None in each else loops.get(span := Span(each[0], each[2], each[1], each[3]), span)  # type: ignore[arg-type]
                for each in code.co_positions()
            ]
        found = known[frame.f_lasti // 2] if frame.f_lasti >= 0 else None
        return text_of(code.co_filename).whole_line(frame.f_lineno) if found is None else found

    def place_of(self, frame: FrameType | None, is_for_caller: bool = False) -> tuple[FrameType, bool] | None:
        """The innermost frame of the person's own files, if any, and whether a library is between."""
        library = False
        while frame is not None:
            name = frame.f_code.co_filename
            if is_own_file(name):
                return frame, library
            if name in _AROUND:
                # Further out is who asked for the trace.
                return None
            is_between = name.startswith(_BOX) or (
                is_for_caller and (name in TRANSPARENT or is_plain_library(name))
            )
            library = library or not is_between
            frame = frame.f_back
        return None
