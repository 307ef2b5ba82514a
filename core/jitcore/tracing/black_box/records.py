"""What is noted while a program runs, once for each place: reads, and what was decided there."""

from __future__ import annotations

from dataclasses import dataclass, field

from jitcore.tracing.black_box.decision import Kind
from jitcore.tracing.black_box.program_text import Span

MOST_VALUES = 16
"""How many different values of one place are told apart; what comes behind is counted as others."""
OTHERS = "other values"

Taint = frozenset["ReadRecord"]
"""The reads that a value of Python came from."""
NOTHING: Taint = frozenset()


@dataclass(eq=False, slots=True)
class ReadRecord:
    """A place where Python learned something.

    `what` is what was asked (see `Read`), `kind` the cause that it belongs to, `origin` what the tensor
    depended on (`tensor_origins`), `values` how often each value was read; `nodes` are the kinds of nodes
    that hold what it became, by the identities of their ranges. `number` orders all records by when they
    were first met.
    """

    number: int
    what: str
    kind: Kind
    path: str
    span: Span
    function: str
    library: bool
    tensor: str
    origin: int = 0
    values: dict[str, int] = field(default_factory=dict[str, int])
    nodes: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    became: dict[str, None] = field(default_factory=dict[str, None])
    is_in_decision: bool = False

    def note(self, value: str) -> None:
        """It was read once more."""
        count(self.values, value)


def count(values: dict[str, int], value: str, times: int = 1) -> None:
    """Count a value, a bounded number of different ones."""
    if value not in values and len(values) >= MOST_VALUES:
        value = OTHERS
    values[value] = values.get(value, 0) + times


@dataclass(eq=False, slots=True)
class Tally:
    """How often a place decided so, and from which reads."""

    number: int
    times: int = 0
    runs: int = 0
    reads: set[ReadRecord] = field(default_factory=set[ReadRecord])


@dataclass(eq=False, slots=True)
class Note:
    """Something else that happened at a place: a write, a draw, a side effect, a tensor that became a
    constant.

    `name` is that of the attribute or variable that the tensor was read from.
    """

    number: int
    kind: Kind
    path: str
    span: Span
    function: str
    value: str
    said: str
    harmless: bool
    library: bool
    times: int = 0
    reads: set[ReadRecord] = field(default_factory=set[ReadRecord])
    nodes: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    name: str = ""
