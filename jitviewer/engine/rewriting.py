"""The shown graph: a copy of a method's graph, the pipeline that rewrote it, and its steps."""

from __future__ import annotations

from collections.abc import Sequence

from jitcore.ir import Function, Journal, ScriptObject
from jitcore.passes import (
    Evaluator,
    PassContext,
    PassReport,
    catalogue,
    check_spec,
    run_pipeline,
)
from jitcore.passes.options import option_text
from jitcore.source import JitError
from jitviewer.engine.bounded_evaluator import BoundedEvaluator
from jitviewer.plain_quotes import plain_quotes
from jitviewer.protocol.bounds import SENTENCE, STEPS, cut, within
from jitviewer.protocol.rows import PassOptionRow, PassReportRow, PassRow, StepRow


class Rewriting:
    """A copy of a function's graph on which a pipeline of passes was run with a journal.

    `graph` is at `journal.position`; moving to another step rewrites it in place. `passes` are specs, which
    may have options; `applied` are those that ran, `failures` say of the others why they cannot rewrite this
    graph. `module` is the one whose method it is, if it is a method.
    """

    def __init__(
        self,
        function: Function,
        passes: Sequence[str],
        evaluate: Evaluator | None,
        module: ScriptObject | None = None,
    ) -> None:
        for spec in passes:
            check_spec(spec)
        self.function = function
        self.module = module
        self.passes = tuple(passes)
        self.failures: dict[str, str] = {}
        if isinstance(evaluate, BoundedEvaluator):
            evaluate.begin()
        while True:
            failed = self._run(evaluate)
            if failed is None:
                break
            # From the beginning, so that nodes have the numbers that a run of `applied` gives them.
            self.failures[failed[0]] = failed[1]

    def _run(self, evaluate: Evaluator | None) -> tuple[str, str] | None:
        """Run the passes that have not failed so far; gives name and reason of one that fails now."""
        self.applied = tuple(name for name in self.passes if name not in self.failures)
        # As torch numbers values: anew where it rewrites a graph, and not where it only prints it.
        self.graph = self.function.graph.copy(renumber=bool(self.applied))
        self.journal: Journal = self.graph.attach_journal()
        self.reports: list[PassReport] = []
        for name in self.applied:
            context = PassContext(evaluate, self.module)
            try:
                self.reports.extend(run_pipeline(self.graph, [name], context))
            except JitError as error:
                return name, str(error)
        return None

    def title(self, text: str) -> str:
        """Names a text of the graph as it is now by the passes up to the journal's position: `graph after
        inline, part of dce`."""
        position = self.journal.position
        words = [
            name if report.steps.stop <= position else f"part of {name}"
            for name, report in zip(self.applied, self.reports, strict=True)
            if report.steps.stop <= position or report.steps.start < position
        ]
        return f"{text} after {', '.join(words)}" if words else text

    def report_rows(self, told: int) -> list[PassReportRow]:
        """What each pass did, the failed ones with the reason; of its steps those among the first `told`."""
        reports = iter(self.reports)
        rows: list[PassReportRow] = []
        step = 0
        nodes = sum(1 for _ in self.function.graph.all_nodes())
        for name in self.passes:
            if name in self.failures:
                note = cut(f"Cannot rewrite this graph: {self.failures[name]}", SENTENCE)
                rows.append(
                    PassReportRow(name, False, min(step, told), 0, nodes, nodes, 0.0, note, failed=True)
                )
                continue
            r = next(reports)
            step, nodes = r.steps.stop, r.nodes_after
            start = min(r.steps.start, told)
            rows.append(
                PassReportRow(
                    name, r.changed, start, min(step, told) - start, r.nodes_before, r.nodes_after, r.seconds,
                    cut(plain_quotes(" ".join(r.notes)), SENTENCE),
                )
            )  # fmt: skip
        return rows

    def step_rows(self) -> list[StepRow]:
        """The rewrites in order, as many as can be told one by one."""
        rows = (
            StepRow(
                index, s.pass_name, s.rule.name, plain_quotes(s.rule.summary), s.rule.file, s.rule.line,
                cut(s.because, SENTENCE), list(s.matched), list(s.made), list(s.removed), list(s.changed),
            )
            for index, s in enumerate(self.journal.steps)
        )  # fmt: skip
        return within(rows, STEPS, lambda row: len(row.because))

    def marks_of_step(self, index: int) -> dict[int, str]:
        """Node id to what happened to it in one step; participants that only were matched too."""
        step = self.journal.steps[index]
        marks = dict.fromkeys(step.matched, "matched")
        marks.update(dict.fromkeys(step.changed, "changed"))
        marks.update(dict.fromkeys(step.made, "made"))
        return marks

    def marks_of_pass(self, name: str) -> dict[int, str]:
        """Node id to what the pass did to it, over all its steps."""
        marks: dict[int, str] = {}
        for report in self.reports:
            if report.name != name:
                continue
            for index in report.steps:
                step = self.journal.steps[index]
                for node_id in step.changed:
                    marks.setdefault(node_id, "changed")
                marks.update(dict.fromkeys(step.made, "made"))
                for node_id in step.removed:
                    marks.pop(node_id, None)
        return marks


def pass_rows() -> list[PassRow]:
    """The catalogue."""
    rows: list[PassRow] = []
    for name, kind in catalogue().items():
        text = (kind.__doc__ or "").strip()
        options = [
            PassOptionRow(option.name, option.kind, option_text(option.default), plain_quotes(option.summary))
            for option in kind.options
        ]
        rows.append(
            PassRow(name, kind.counterpart, plain_quotes(kind.summary()), plain_quotes(text), options)
        )
    return rows
