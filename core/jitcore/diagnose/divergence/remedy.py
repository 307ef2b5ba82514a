"""Changes of a person's file that cure a divergence, tried before they are offered."""

from __future__ import annotations

import difflib
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from jitcore.diagnose.divergence.changes import Change, changes_for
from jitcore.diagnose.divergence.outcome import difference_of
from jitcore.diagnose.divergence.rebuilding import Recipe, on_the_side, rebuilt
from jitcore.diagnose.divergence.sides import Sides, quiet
from jitcore.diagnose.divergence.source_places import text_of
from jitcore.diagnose.divergence.subject import Subject, copied
from jitcore.source import JitError
from jitcore.tracing.black_box.own_files import is_own_file

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.cause import Cause
    from jitcore.diagnose.divergence.search import Found, Search

_TRIED: Final = 12
"""Diverging trials that a change must cure."""
_AGREEING: Final = 6
"""Trials in which all agreed, and must with the change."""
_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Remedy:
    """A change that was tried: retraced and compared again.

    Attributes: `summary`, one sentence; `file`, what it changes; `patch`, a unified diff; `text`, the whole
    file
    with the change.
    """

    summary: str
    file: str
    patch: str
    text: str

    def as_json(self) -> dict[str, str]:
        """The change as plain values."""
        return {"summary": self.summary, "file": self.file, "patch": self.patch}


def remedy_for(sides: Sides, search: Search, cause: Cause) -> Remedy | None:
    """The first change that cures, with all that diverged before; None where none does."""
    recipe = Recipe.of(sides.subject.target)
    if recipe is None:
        return None
    by_trace = bool(search.by_trace)
    found = (search.by_trace or search.by_script)[:_TRIED]
    values, callers = _reached(sides, cause)
    seen: set[str] = set()
    begun = time.perf_counter()
    for change in changes_for(cause, values, callers, recipe.name if recipe.is_called else ""):
        if change.text in seen:
            continue
        if time.perf_counter() - begun > _SECONDS:
            return None
        seen.add(change.text)
        if _cures(sides, search, recipe, change, found, by_trace, cause):
            return Remedy(change.summary, change.file, _patch(change), change.text)
    return None


def _cures(
    sides: Sides,
    search: Search,
    recipe: Recipe,
    change: Change,
    found: list[Found],
    by_trace: bool,
    cause: Cause,
) -> bool:
    sides.state.restore()
    try:
        with on_the_side(change.file, change.text):
            made = rebuilt(recipe, sides.subject.target, change.file, change.text)
            anew = Sides(Subject(made, sides.subject.arguments))
            for each in (*(one.trial for one in found), *search.agreed[:_AGREEING]):
                differing = anew.differences(each)
                if differing is None or differing[1] is not None:
                    return False
                if not by_trace and (anew.scripted is None or differing[2] is not None):
                    return False
                # Draws and modes are what is changed by some cures; all else gives what it gave.
                if cause.kind not in ("randomness", "mode"):
                    before = sides.eager(each)
                    if any(
                        difference_of(old, new) is not None
                        for old, new in zip(before, differing[0], strict=False)
                    ):
                        return False
    except JitError:
        # The changed program is none, or cannot be traced.
        return False
    return True


def _patch(change: Change) -> str:
    name = Path(change.file).name
    return "".join(
        difflib.unified_diff(
            text_of(change.file).splitlines(True),
            change.text.splitlines(True),
            f"a/{name}",
            f"b/{name}",
        )
    )


def _reached(sides: Sides, cause: Cause) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """Local variables when a line is first reached, and the person's lines that called, innermost first."""
    values: dict[str, Any] = {}
    callers: list[tuple[str, int]] = []
    lines = _first_lines(cause)

    def called(frame: FrameType, _event: str, _argument: Any) -> Any:
        return stepped if frame.f_code.co_filename == cause.file and not callers else None

    def stepped(frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line" and frame.f_lineno in lines and not values:
            values.update(frame.f_locals)
            outer = frame.f_back
            while outer is not None and outer.f_code.co_filename != __file__:
                if is_own_file(outer.f_code.co_filename):
                    callers.append((outer.f_code.co_filename, outer.f_lineno))
                outer = outer.f_back
        return stepped

    trial = cause.found.trial
    with sides.started(trial, sides.subject.module), quiet():
        before = sys.gettrace()
        sys.settrace(called)
        try:
            sides.subject.target(*copied(sides.subject.arguments))
        finally:
            sys.settrace(before)
    return values, callers


def _first_lines(cause: Cause) -> set[int]:
    """The lines at which the statement of a cause may be reached: its own, or that where it begins."""
    from_first = cause.line if cause.statement is None else min(cause.line, cause.statement.line)
    return {from_first, cause.line}
