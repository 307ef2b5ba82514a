"""Graph passes: each prints what libtorch's pass of the same purpose prints, and journals why."""

from jitcore.passes.base import EvaluationError, Evaluator, Pass, PassContext
from jitcore.passes.catalogue import catalogue, find_pass
from jitcore.passes.inline import inlined_graph
from jitcore.passes.pipeline import PassReport, run_pipeline
from jitcore.passes.rules import RewriteRule, rule

__all__ = [
    "EvaluationError", "Evaluator", "Pass", "PassContext", "PassReport", "RewriteRule", "catalogue",
    "find_pass", "inlined_graph", "rule", "run_pipeline",
]  # fmt: skip
