"""A requested method and the graph that its passes gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes import check_spec
from jitcore.requests.running_passes import run_passes
from jitcore.requests.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Graph
    from jitcore.passes import Evaluator, PassReport
    from jitcore.requests.method import Method


class RewrittenMethod:
    """A method and the `graph` that all `passes` gave; the method's own where there are none.

    `method` is that of the module that the passes left: passes that change modules change a copy.
    `reports` say what each pass did, `notes` are their sentences, each once.
    """

    __slots__ = ("graph", "method", "passes", "reports")

    def __init__(
        self,
        method: Method,
        passes: Sequence[str],
        evaluate: Evaluator | None,
        stage: Stage = Stage.AS_WRITTEN,
    ) -> None:
        """Raises `JitError` for a pass that does not exist, and `PassRefusalError`."""
        for spec in passes:
            check_spec(spec)
        self.method = method
        self.passes = tuple(passes)
        self.reports: list[PassReport] = []
        self.graph: Graph = method.function.graph
        if stage is Stage.INLINED:
            # A graph that is shown as it stands needs no pass.
            from jitcore.passes.inline import inlined_graph

            self.graph = inlined_graph(method.function)
        elif passes:
            self.graph = self.graph.copy()
        for report, changed in run_passes(self.graph, passes, evaluate, method):
            self.reports.append(report)
            self.method = changed

    @property
    def is_own(self) -> bool:
        """Whether the graph is the method's own, which is not to be edited."""
        return self.graph is self.method.function.graph

    @property
    def notes(self) -> list[str]:
        """What passes have to say to the person, each sentence once."""
        return list(dict.fromkeys(note for report in self.reports for note in report.notes))
