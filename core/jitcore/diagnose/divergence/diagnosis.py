"""What was found out about a program and its trace: the answer of `compare`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.remedy import Remedy


@dataclass(frozen=True)
class DecisionRow:
    """A decision that the trace burnt in.

    Attributes: `file`, `line`, `kind`, `value`, `expression`, `decided` (a sentence), `times`, `harmless`
    (nothing of the inputs in it), `flipped` (whether an input was found that decides otherwise; None where
    none was looked for), `inputs` (that one, a text for each argument of each call; empty where none was
    found).
    """

    file: str
    line: int
    kind: str
    value: str
    expression: str
    decided: str
    times: int = 1
    harmless: bool = False
    flipped: bool | None = None
    inputs: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class CauseRow:
    """One of the causes, in the order of how they hurt."""

    cause: str
    file: str
    line: int
    expression: str
    explanation: str


@dataclass(frozen=True)
class Diagnosis:
    """The answer of `compare`.

    Attributes:
        name: of the program.
        diverged: whether a trace, or a script, differs from the program.
        cause: the first of `causes`; None where nothing differs.
        causes: all that were found, what hurts first before the others.
        explanation: one paragraph.
        remedy: the smallest change that was tried and cures; None where there is none.
        inputs: what makes them differ, a text for each argument of each call; empty where nothing differs.
        made: how these inputs were made, in words.
        difference: how the results differ with them.
        tried: how many inputs were tried.
        refused: with how many of them the program itself raised.
        decisions: all that the trace burnt in.
        unflipped: those for which no input was found that decides otherwise.
        agree: which pairs of sides agree; None for a side that there is not.
        trace_refusal: why there is no trace; empty where there is one.
        script_refusal: why there is no script; empty where there is one.
        notes: what could not be looked at.
    """

    name: str
    diverged: bool
    causes: tuple[CauseRow, ...] = ()
    explanation: str = ""
    remedy: Remedy | None = None
    inputs: tuple[tuple[str, ...], ...] = ()
    made: str = ""
    difference: str = ""
    tried: int = 0
    refused: int = 0
    decisions: tuple[DecisionRow, ...] = ()
    agree: dict[str, bool | None] = field(default_factory=dict)
    trace_refusal: str = ""
    script_refusal: str = ""
    notes: tuple[str, ...] = ()

    @property
    def cause(self) -> CauseRow | None:
        """What hurts first."""
        return self.causes[0] if self.causes else None

    def as_json(self) -> dict[str, Any]:
        """The answer as plain values."""
        first = self.cause
        return {
            "name": self.name,
            "diverged": self.diverged,
            "cause": None if first is None else first.cause,
            "file": None if first is None else first.file,
            "line": None if first is None else first.line,
            "expression": None if first is None else first.expression,
            "explanation": self.explanation,
            "causes": [vars(each) for each in self.causes],
            "remedy": None if self.remedy is None else self.remedy.as_json(),
            "inputs": [list(call) for call in self.inputs] if self.inputs else None,
            "made": self.made or None,
            "difference": self.difference or None,
            "tried": self.tried,
            "refused": self.refused,
            "decisions": [vars(each) for each in self.decisions],
            "sides": dict(self.agree),
            "trace_refusal": self.trace_refusal or None,
            "script_refusal": self.script_refusal or None,
            "notes": list(self.notes),
        }
