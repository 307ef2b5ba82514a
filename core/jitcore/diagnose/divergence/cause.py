"""Why a trace, or a script, differs from its program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.search import Found
    from jitcore.diagnose.divergence.source_places import Statement
    from jitcore.diagnose.divergence.watch import Spot

CauseName = Literal[
    "branch", "loop-count", "shape", "constant", "device-or-dtype", "randomness", "mode", "aliasing",
    "python-state", "other-method", "numeric", "semantics",
]  # fmt: skip


@dataclass(frozen=True)
class Cause:
    """Why a trace differs.

    Attributes: `kind`; `file` and `line` of the decision; `expression` there; `explanation`, one paragraph;
    `found`, the trial that it explains; `statement` that was decided, for branches and loops; `function`, the
    name of what holds it; `spot` of what was read or decided, where it is known.
    """

    kind: CauseName
    file: str
    line: int
    expression: str
    explanation: str
    found: Found
    function: str = ""
    statement: Statement | None = None
    spot: Spot | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, int]:
        """What is one cause, however often it was met."""
        return self.file, self.line
