"""What values of Python came from, found by the variables, attributes and places that expressions read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.tracing.black_box.records import NOTHING, ReadRecord, Taint
from jitcore.tracing.black_box.tensor_origins import STATE

if TYPE_CHECKING:
    from jitcore.tracing.black_box.facts import Expression
    from jitcore.tracing.black_box.findings import Findings
    from jitcore.tracing.black_box.frame_record import FrameRecord
    from jitcore.tracing.black_box.program_text import Span
    from jitcore.tracing.black_box.sites import Assignment, Loop, Site


class Provenance:
    """What expressions of a call came from.

    `attributes` are what attributes came from, by their names; `mutable_attributes` and, by files,
    `mutable_variables` the names of what may have another value in the next call.
    """

    def __init__(self, findings: Findings) -> None:
        self.attributes: dict[str, Taint] = {}
        self.mutable_attributes: set[str] = set()
        self.mutable_variables: dict[str, set[str]] = {}
        self._findings = findings

    def taint_of(self, record: FrameRecord, expression: Expression, itself: bool = True) -> Taint:
        """What an expression of a call came from.

        Without `itself` it is an operator that is being run: what was read of its result belongs to the last
        time.
        """
        found = NOTHING
        if record.events:
            span = expression.span
            for place, taint in record.events.items():
                if taint and span.holds(place) and (itself or place != span):
                    found |= taint
        if record.names or record.outer is not None:
            for name, _ in expression.names:
                around: FrameRecord | None = record
                while around is not None:
                    taint = around.names.get(name)
                    if taint is not None:
                        found |= taint
                        break
                    around = around.outer
        if self.attributes:
            for name, _ in expression.attributes:
                taint = self.attributes.get(name)
                if taint:
                    found |= taint
        return found | self.state_of(record, expression)

    def state_of(self, record: FrameRecord, expression: Expression) -> Taint:
        """What an expression reads that may have another value in the next call."""
        found = NOTHING
        site = record.site
        if site is None:
            return found
        if self.mutable_attributes:
            for name, span in expression.attributes:
                if name in self.mutable_attributes:
                    found |= {self._state_read(site, f"attribute {name}", span)}
        if site.kept_defaults:
            for name, span in expression.names:
                if name in site.kept_defaults:
                    found |= {self._state_read(site, f"variable {name}", span)}
        changing = self.mutable_variables.get(site.path)
        if changing:
            for name, span in expression.names:
                if name in changing and not _is_own_variable(record, name):
                    found |= {self._state_read(site, f"variable {name}", span)}
        return found

    def _state_read(self, site: Site, what: str, span: Span) -> ReadRecord:
        made = self._findings.read(what, "python-state", site.path, span, site.function, False, "")
        made.origin |= STATE
        return made

    def with_control(self, record: FrameRecord, site: Assignment | Loop) -> Taint:
        """What a value came from, and what the conditions and loops around it went by."""
        found = self.taint_of(record, site.expression)
        if record.control:
            for around in site.around:
                taint = record.control.get(around)
                if taint:
                    found |= taint
        return found


def join(taints: dict[str, Taint], name: str, taint: Taint) -> None:
    """Add to what a variable or attribute came from."""
    taints[name] = taints.get(name, NOTHING) | taint


def _is_own_variable(record: FrameRecord, name: str) -> bool:
    """Whether a variable is one of a call that is running."""
    around: FrameRecord | None = record
    while around is not None:
        if around.site is not None and name in around.site.variables:
            return True
        around = around.outer
    return False
