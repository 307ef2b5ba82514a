"""Places of a program that tell the black box what happens there.

Code of a person's that is rewritten (`rewriting`) holds an object of one of these classes at each place,
and calls its methods. All of them give back what they are given, or its truth, so that the program goes on
as it would.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, cast

from jitcore.tracing.black_box import running
from jitcore.tracing.black_box.facts import Expression
from jitcore.tracing.black_box.program_text import Span

Lines = tuple[int, int] | None
_frame: Callable[[int], FrameType] = cast("Any", sys)._getframe


@dataclass(eq=False, slots=True)
class Site:
    """A place in a function of the file `path`; `function` is the qualified name."""

    path: str
    function: str
    expression: Expression


@dataclass(eq=False, slots=True)
class FunctionSite(Site):
    """A function: `parameters` by place, then those by keyword; `star` are those that take what is left.

    `parent` is the function around it, `variables` are its own, `kept_defaults` the parameters whose defaults
    can change; `result` is where it returns last, anything but None where it can. Special are methods that
    Python itself calls.
    """

    parameters: tuple[str, ...] = ()
    keyword_only: tuple[str, ...] = ()
    star: tuple[str, ...] = ()
    parent: FunctionSite | None = None
    variables: frozenset[str] = frozenset()
    kept_defaults: frozenset[str] = frozenset()
    result: Span | None = None
    is_special: bool = False

    def enter(self) -> None:
        """A call begins."""
        recording = running.recording()
        if recording is not None:
            recording.calls.entered(self, _frame(1))

    def leave(self) -> None:
        """A call ends, however it does."""
        recording = running.recording()
        if recording is not None:
            recording.calls.left(_frame(1))


@dataclass(eq=False, slots=True)
class Condition(Site):
    """What an if, assert, conditional expression, comprehension, `and` or `or` decides by.

    `form` says which; `if_true` and `if_false` are the lines that only run then, `assigned_if_true` and
    `assigned_if_false` the variables that these set.
    """

    form: str = "if"
    if_true: Lines = None
    if_false: Lines = None
    assigned_if_true: tuple[str, ...] = ()
    assigned_if_false: tuple[str, ...] = ()
    around: tuple[Site, ...] = ()

    def truth(self, value: Any) -> bool:
        """Whether a value is true, found out once as an if would."""
        result = bool(value)
        recording = running.recording()
        if recording is not None:
            recording.control.decided(self, result, _frame(1))
        return result

    def keeps(self, value: Any) -> bool:
        """As `truth`, of an operand of `and` or `or`; where the others are not asked, `kept` gives it."""
        result = bool(value)
        recording = running.recording()
        if recording is not None:
            recording.control.decided(self, result, _frame(1))
        if result == (self.form == "or"):
            running.keep(value)
        return result

    def kept(self) -> Any:
        """What `keeps` was asked for just before."""
        return running.take_kept()


@dataclass(eq=False, slots=True)
class Loop(Site):
    """A loop or the loop of a comprehension; `targets` are the variables that it sets."""

    form: str = "for"
    targets: tuple[str, ...] = ()
    around: tuple[Site, ...] = ()

    def begin(self) -> None:
        """A while loop begins."""
        recording = running.recording()
        if recording is not None:
            recording.control.loop_began(self, _frame(1))

    def iterable(self, value: Any) -> Any:
        """What a for loop is about to go through."""
        recording = running.recording()
        if recording is not None:
            recording.control.iterated(self, value, _frame(1))
        return value

    def truth(self, value: Any) -> bool:
        """Whether a while loop goes on."""
        result = bool(value)
        recording = running.recording()
        if recording is not None:
            recording.control.continued(self, _frame(1))
        return result

    def step(self) -> bool:
        """The body begins once more."""
        recording = running.recording()
        if recording is not None:
            recording.control.stepped(self, _frame(1))
        return True

    def done(self) -> None:
        """The loop has ended."""
        recording = running.recording()
        if recording is not None:
            recording.control.loop_ended(self, _frame(1))


@dataclass(eq=False, slots=True)
class Choice(Site):
    """A match statement, or a try statement with handlers: `arms` are the lines of each.

    `source` is what is matched, or what was tried.
    """

    form: str = "match"
    source: Expression | None = None
    labels: tuple[str, ...] = ()
    arms: tuple[Lines, ...] = ()

    def chosen(self, arm: int) -> None:
        """An arm begins to run."""
        recording = running.recording()
        if recording is not None:
            recording.control.chosen(self, arm, _frame(1))


@dataclass(eq=False, slots=True)
class Assignment(Site):
    """Where variables and attributes are set, or something is returned.

    `names` are set anew, `changed` are changed in what they hold; `declared` are those of `names` that are
    global or of a function around; `around` are the conditions and loops around it.
    """

    names: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    around: tuple[Site, ...] = ()

    def value(self, value: Any) -> Any:
        """What is assigned."""
        recording = running.recording()
        if recording is not None:
            recording.assignments.assigned(self, value, _frame(1))
        return value

    def added(self, value: Any) -> Any:
        """What is joined to what was there."""
        recording = running.recording()
        if recording is not None:
            recording.assignments.added(self, value, _frame(1))
        return value

    def yielded(self, value: Any) -> Any:
        """What a generator gives."""
        recording = running.recording()
        if recording is not None:
            recording.assignments.yielded(self, value, _frame(1))
        return value

    def returned(self, value: Any) -> Any:
        """What the function returns."""
        recording = running.recording()
        if recording is not None:
            recording.assignments.returned(self, value, _frame(1))
        return value


@dataclass(eq=False, slots=True)
class Store(Site):
    """Where an attribute or an item of something is set or deleted, or a method changes it.

    `expression` is the target or call; `holder_text` the text of what is changed, `attribute` the name of the
    attribute that is set, or of the one that holds what is changed.
    """

    holder_expression: Expression | None = None
    attribute: str = ""
    action: str = "set"

    def holder(self, value: Any) -> Any:
        """What is about to be changed."""
        recording = running.recording()
        if recording is not None:
            recording.changes.stored(self, value, _frame(1))
        return value


@dataclass(eq=False, slots=True)
class Call(Site):
    """A call of what no graph holds, or what tells of the surroundings; `name` is what it looks like."""

    name: str = ""

    def callee(self, value: Any) -> Any:
        """What is about to be called."""
        recording = running.recording()
        if recording is not None:
            recording.surroundings.called(self, value, _frame(1))
        return value


@dataclass(eq=False, slots=True)
class Flag(Site):
    """Where a program reads a flag by which it behaves otherwise (`training`)."""

    name: str = ""

    def flag(self, value: Any) -> Any:
        """What was read."""
        recording = running.recording()
        if recording is not None:
            recording.surroundings.flag_read(self, value, _frame(1))
        return value
