"""Graph passes: each prints what libtorch's pass of the same purpose prints, and journals why."""

from jitcore.passes.base import EvaluationError, Evaluator, Pass, PassContext
from jitcore.passes.catalogue import catalogue, find_pass, is_known
from jitcore.passes.options import PassOption
from jitcore.passes.pipeline import PassReport, run_pipeline
from jitcore.passes.rules import RewriteRule, rule
from jitcore.passes.spec import check_spec, is_spec, name_of_spec, split_specs

__all__ = [
    "EvaluationError", "Evaluator", "Pass", "PassContext", "PassOption", "PassReport", "RewriteRule",
    "catalogue", "check_spec", "find_pass", "is_known", "is_spec", "name_of_spec", "rule", "run_pipeline",
    "split_specs",
]  # fmt: skip
