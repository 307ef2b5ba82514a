"""Which node each line of a plan's source was written for, to say where a run failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jitcore.exec.errors import EndlessCallsError, ExecutionError, ProgramError
from jitcore.source import JitError
from jitcore.types import DEVICE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from jitcore.ir import Node

FAILURES: Final = (
    JitError, RuntimeError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError,
    AssertionError, MemoryError, OSError, ImportError, BufferError,
)  # fmt: skip
"""What an operator may raise; anything else is a defect of this program and is not dressed up."""

CALLS: Final = frozenset({
    "prim::CallMethod", "prim::CallFunction", "prim::Enter", "prim::Exit", "prim::fork", "aten::wait",
    "prim::awaitable_wait",
})  # fmt: skip
"""Kinds of nodes that run other graphs."""

PLACES_NAME: Final = "places"
"""The name under which the functions of a plan find their `PlanPlaces` among what they are bound to."""


class LinePlace(NamedTuple):
    """What a line was written for: a node, and what computes it in TorchScript's words.

    `kernel` takes what the expressions `arguments` give, and is asked after `failures`.
    """

    node: Node | None = None
    kernel: Callable[..., Any] | None = None
    arguments: tuple[str, ...] = ()
    failures: tuple[type[BaseException], ...] = FAILURES


class PlanPlaces:
    """What the lines of one plan were written for; `function` is the name that tracebacks give."""

    def __init__(self, function: str, places: Sequence[LinePlace]) -> None:
        self.function = function
        self._places = places

    def of_line(self, line: int) -> LinePlace:
        """The place of a line, the first of which is 1."""
        return self._places[line - 1] if 0 < line <= len(self._places) else LinePlace()


def located(error: BaseException) -> BaseException:
    """What a run raises for `error`, which came out of it: an `ExecutionError` that knows its nodes.

    Interrupts and defects of this program are given as they are.
    """
    places: list[tuple[Node, str]] = []
    retold: BaseException | None = None
    traceback = error.__traceback__
    while traceback is not None:
        plan = traceback.tb_frame.f_globals.get(PLACES_NAME)
        if isinstance(plan, PlanPlaces):
            place = plan.of_line(traceback.tb_lineno)
            if place.node is not None:
                places.append((place.node, plan.function))
            if traceback.tb_next is None and place.kernel is not None and isinstance(error, place.failures):
                retold = _retold(place, traceback.tb_frame)
        traceback = traceback.tb_next
    if not places:
        return error
    told = retold or error
    if isinstance(told, ExecutionError):
        found = told
    elif isinstance(told, FAILURES):
        found = _wrap(told, places[-1][0])
        found.__cause__ = error
    else:
        return error
    for node, function in reversed(places):
        if not found.places or node.kind in CALLS:
            found.enter(node, function)
            found.kind = found.kind or node.kind
            found.node_id = node.id
            found.function = function
    # The frames of plans that it came out of are told; whoever ran this plan adds the ones around it.
    return found.with_traceback(None)


def _retold(place: LinePlace, frame: FrameType) -> BaseException | None:
    """The failure of a line in the words of the kernel that it stands for."""
    # Names and numbers that a plan was written with.
    values = [eval(text, frame.f_globals, frame.f_locals) for text in place.arguments]  # noqa: S307
    try:
        if place.kernel is not None:
            place.kernel(*values)
    except FAILURES as told:
        return told
    return None


def _wrap(error: BaseException, node: Node) -> ExecutionError:
    if isinstance(error, RecursionError):
        return EndlessCallsError(node.kind, node.id)
    reason = str(error)
    if isinstance(error, ProgramError):
        wrapped = ExecutionError(reason, node.kind, node.id)
        wrapped.raised_class = error.class_name or "RuntimeError"
        return wrapped
    wrapped = ExecutionError(reason or type(error).__name__, node.kind, node.id)
    constants = (v.node for v in node.inputs if v.node.is_constant and v.type is DEVICE)
    wrapped.devices = tuple(str(constant.attributes.get("value")) for constant in constants)
    return wrapped
