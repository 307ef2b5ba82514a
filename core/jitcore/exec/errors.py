"""Errors of running a graph: which node failed, and the traceback through the source it came from."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple

from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Node
    from jitcore.source import SourceRange


MOST_PLACES = 200
"""Levels of calls that a traceback shows; a program that calls itself without end has thousands."""


class ProgramError(JitError):
    """The program itself raised: `class_name` is `builtins.ValueError` or the like, "" if unknown."""

    def __init__(self, message: str, class_name: str) -> None:
        super().__init__(message)
        self.class_name = class_name


class Place(NamedTuple):
    """One level of a traceback: the function, its file, 1-based line, 0-based column, and marked lines."""

    function: str
    file: str
    line: int
    column: int
    excerpt: str

    @classmethod
    def of(cls, function: str, where: SourceRange | None) -> Place:
        """The place in the program as it was written, if the source knows, else in the text at hand."""
        if where is None:
            return cls(function, "", 0, 0, "")
        origin = where.origin()
        if not origin.text().strip():
            # Code that was made rather than written; the text that was saved tells more.
            origin = where
        found = origin.file_line_col()
        file, line, column = found if found else ("", origin.source.line_of(origin.start) + 1, 0)
        excerpt = origin.excerpt() if origin.source.text.strip() else ""
        return cls(function, file, line, column, excerpt)

    def __str__(self) -> str:
        head = f'  File "{self.file or "<unknown>"}", line {self.line}, in {self.function}'
        lines = [head, *("    " + line for line in self.excerpt.split("\n"))] if self.excerpt else [head]
        return "\n".join(line.rstrip() for line in lines)


class ExecutionError(JitError):
    """A graph could not be run to its end.

    `reason` is what went wrong without the place, `kind` the operator and `node_id` its number in
    the graph of `function` (-1: not known); `raised_class` is the class of an exception that the
    program raised itself ("" for failures of operators). `places` are the calls, outermost first. `waits`
    are how many places there were when somebody waited for work that had failed, innermost first.
    """

    def __init__(self, reason: str, kind: str = "", node_id: int = -1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.devices: tuple[str, ...] = ()
        self.kind = kind
        self.node_id = node_id
        self.function = ""
        self.raised_class = ""
        self.places: list[Place] = []
        self.waits: tuple[int, ...] = ()
        self.calls_left_out = 0

    def enter(self, node: Node, function: str) -> None:
        """Note that the error came out of `node` of `function`; called from the inside outwards."""
        if len(self.places) >= MOST_PLACES:
            self.calls_left_out += 1
            return
        places: list[Place] = []
        if node.callstack is not None:
            caller = function
            for frame in node.callstack.frames():
                places.append(Place.of(_last_part(caller), frame.call_site))
                caller = frame.callee
            places.append(Place.of(_last_part(caller), node.source_range))
        else:
            places.append(Place.of(_last_part(function), node.source_range))
        self.places = places + self.places

    def waited_for(self) -> ExecutionError:
        """The error as whoever waits for the failed work gets it, and may add to."""
        again = copy.copy(self)
        again.waits = (*self.waits, len(self.places))
        return again

    @property
    def traceback(self) -> str:
        """TorchScript's traceback, most recent call last; "" when no place is known."""
        if not self.places:
            return ""
        lines = ["Traceback of TorchScript, original code (most recent call last):"]
        if self.calls_left_out:
            lines.append(f"  [{self.calls_left_out} calls before these]")
        lines += [str(place) for place in self.places]
        lines.append(f"{self.raised_class or 'RuntimeError'}: {self.reason}")
        return "\n".join(lines)

    def __str__(self) -> str:
        if not self.kind:
            return self.reason
        place = self.places[-1] if self.places else None
        where = f" at {place.file}:{place.line}" if place and place.file else ""
        first_line = self.reason.strip().partition("\n")[0]
        if self.raised_class:
            return f"the program raised {self.raised_class}{where}" + (
                f": {first_line}" if first_line else ""
            )
        return f"{self.kind}{where} failed: {first_line}"


class EndlessCallsError(ExecutionError):
    """Calls nest deeper than any program needs; no future keeps this to itself."""

    def __init__(self, kind: str = "", node_id: int = -1) -> None:
        super().__init__("calls nest too deeply; the program may call itself without end", kind, node_id)


class OutsideContractError(ExecutionError):
    """Arguments with which torch would read or write beyond its tensors: the operator was not called."""


class MissingOperatorError(ExecutionError):
    """The operator is not on this machine; the reason says what would provide it."""

    def __str__(self) -> str:
        place = self.places[-1] if self.places else None
        where = f" at {place.file}:{place.line}" if place and place.file else ""
        return f"{self.kind}{where} cannot be run: {self.reason}"


class UnregisteredOperatorError(MissingOperatorError):
    """Nobody on this machine registered the operator, or the library that does was not loaded."""

    advice = "import the Python module, or load the shared library, that registers it"

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} is not registered here; {self.advice}", kind)

    def __str__(self) -> str:
        place = self.places[-1] if self.places else None
        where = f" (it is called at {place.file}:{place.line})" if place and place.file else ""
        return f"{self.kind} is not registered here{where}; {self.advice}"


def _last_part(qualified_name: str) -> str:
    return qualified_name.rpartition(".")[2] or "forward"
