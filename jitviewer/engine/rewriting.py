"""The shown graph: a copy of a method's graph, the pipeline that rewrote it, and its steps."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from jitcore.ir import Function, ScriptObject
from jitcore.passes import Evaluator, catalogue
from jitcore.passes.catalogue import family_of
from jitcore.passes.options import option_text
from jitcore.requests.journalled_method import JournalledMethod
from jitcore.requests.method import Method
from jitviewer.engine.bounded_evaluator import BoundedEvaluator
from jitviewer.plain_quotes import plain_quotes
from jitviewer.protocol.bounds import SENTENCE, STEPS, cut, within
from jitviewer.protocol.rows import PassOptionRow, PassReportRow, PassRow, StepRow


class Rewriting(JournalledMethod):
    """A copy of a function's graph on which a pipeline of passes was run, as rows for the window.

    `receiver` is the object whose method the function is, if it is a method.
    """

    def __init__(
        self,
        function: Function,
        passes: Sequence[str],
        evaluate: Evaluator | None,
        receiver: ScriptObject | None = None,
    ) -> None:
        if isinstance(evaluate, BoundedEvaluator):
            evaluate.begin()
        super().__init__(Method(function, receiver), passes, evaluate)
        self.function = function
        self.receiver = receiver

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
        first, _, rest = (kind.__doc__ or "").strip().partition("\n")
        text = f"{first}\n{dedent(rest)}".rstrip()
        if kind.assumes:
            text += f"\n\nIt takes for granted that {kind.assumes}."
        options = [
            PassOptionRow(option.name, option.kind, option_text(option.default), plain_quotes(option.summary))
            for option in kind.options
        ]
        rows.append(
            PassRow(
                name,
                kind.counterpart,
                plain_quotes(kind.summary()),
                plain_quotes(text),
                options,
                family_of(name),
                plain_quotes(kind.assumes),
            )
        )
    return rows
