"""Why a pass left a graph as it was."""

from __future__ import annotations

from jitcore.source import JitError


class PassRefusalError(JitError):
    """A pass cannot rewrite a graph. `spec` is the pass with its options, `reason` why."""

    def __init__(self, spec: str, reason: str) -> None:
        super().__init__(f"{spec} cannot rewrite this graph: {reason}")
        self.spec = spec
        self.reason = reason
