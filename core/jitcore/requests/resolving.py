"""The one way from what was asked for to a function, its receiver and the rewritten graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.requests.rewritten_method import RewrittenMethod

if TYPE_CHECKING:
    from jitcore.passes import Evaluator
    from jitcore.requests.method_request import MethodRequest
    from jitcore.requests.program import Program


def resolve(program: Program, request: MethodRequest, evaluate: Evaluator | None) -> RewrittenMethod:
    """The method that is asked for, and its graph after the passes.

    Raises `JitError` naming what is not there, the pass that does not exist, or the one that cannot rewrite
    the graph; `SourceError` where the method does not compile.
    """
    method = program.find(request.module_path, request.method)
    return RewrittenMethod(method, request.passes, evaluate, request.stage)
