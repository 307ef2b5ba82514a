"""A requested method whose rewriting can be gone through step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes import check_spec
from jitcore.requests.pass_refusal import PassRefusalError
from jitcore.requests.running_passes import run_passes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Journal
    from jitcore.passes import Evaluator, PassReport
    from jitcore.requests.method import Method


class JournalledMethod:
    """A method and a copy of its graph that passes rewrite step by step; those that cannot are left out.

    `graph` is at `journal.position`; moving to another step rewrites it in place. `passes` are specs, which
    may have options; `applied` are those that ran, which `reports` are of, `failures` say of the others why
    they cannot rewrite this graph.
    """

    def __init__(self, method: Method, passes: Sequence[str], evaluate: Evaluator | None) -> None:
        """Raises `JitError` for a pass that does not exist."""
        for spec in passes:
            check_spec(spec)
        self.method = method
        self.passes = tuple(passes)
        self.failures: dict[str, str] = {}
        while True:
            refusal = self._rewrite(evaluate)
            if refusal is None:
                break
            # From the beginning, so that nodes have the numbers that a run of `applied` gives them.
            self.failures[refusal.spec] = refusal.reason

    def _rewrite(self, evaluate: Evaluator | None) -> PassRefusalError | None:
        """Run the passes that have not failed so far; gives the refusal of one that fails now."""
        self.applied = tuple(spec for spec in self.passes if spec not in self.failures)
        # As torch numbers values: anew where it rewrites a graph, and not where it only prints it.
        self.graph = self.method.function.graph.copy(renumber=bool(self.applied))
        self.journal: Journal = self.graph.attach_journal()
        self.reports: list[PassReport] = []
        try:
            for report, _ in run_passes(self.graph, self.applied, evaluate, self.method):
                self.reports.append(report)
        except PassRefusalError as refusal:
            return refusal
        return None
