"""Runs graphs with torch's operators: plans, interpreter, profiler, materialized values."""

from jitcore.exec.errors import ExecutionError, MissingOperatorError
from jitcore.exec.evaluator import TorchEvaluator, evaluator
from jitcore.exec.interpreter import Interpreter, run
from jitcore.exec.profiler import NodeProfile, Profile, Profiler, profile
from jitcore.exec.values import Materializer, materialize

__all__ = [
    "ExecutionError", "Interpreter", "Materializer", "MissingOperatorError", "NodeProfile", "Profile",
    "Profiler", "TorchEvaluator", "evaluator", "materialize", "profile", "run",
]  # fmt: skip
