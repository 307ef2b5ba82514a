"""Runs a graph and saves all values that flow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from jitcore.diagnose.alignment.labels import MOST_ELEMENTS
from jitcore.diagnose.paired_runs.run_recorder import RunRecorder
from jitcore.exec.interpreter import Interpreter
from jitcore.ir import CONSTANT
from jitcore.printing.tensor_elements import is_tensor, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.diagnose.golden.golden_writer import GoldenWriter
    from jitcore.diagnose.golden.run_conditions import RunConditions
    from jitcore.diagnose.paired_runs.runnable import Runnable
    from jitcore.ir import Node

_UNSAVED: Final = frozenset({CONSTANT, "prim::GetAttr"})
"""What the program holds in any case, and what flows into the nodes that are saved."""


def record_run(
    side: Runnable,
    writer: GoldenWriter,
    conditions: RunConditions,
    print_text: Callable[[str], object] = lambda _: None,
) -> list[Any]:
    """Run and write; gives the results. Raises `ExecutionError` if the run fails, `JitError` for a result
    that cannot be saved; the file is not finished then."""

    def taken(node: Node, turns: tuple[int, ...], values: list[Any]) -> None:
        writer.save_step(node.id, recorder.sequence, turns, values)

    wanted = {node.id for node in side.graph.all_nodes() if node.kind not in _UNSAVED}
    recorder = RunRecorder(side.name, wanted, taken)
    interpreter = Interpreter(side.materializer, recorder, print_text, side.allow_files)
    interpreter.adapt_python = side.adapt_python
    for node in side.graph.all_nodes():
        if node.kind == CONSTANT and _is_short_tensor(node.attributes.get("value")):
            writer.save_constant(node.id, interpreter.constant(node))
    results = side.declare_results(interpreter.plan_graph(side.graph, side.name).run([*side.arguments]))
    recorder.finish()
    writer.save_results(results)
    writer.finish(conditions, recorder)
    return results


def _is_short_tensor(value: object) -> bool:
    """Whether graphs are aligned by the elements of the constant, and not by its shape."""
    return is_tensor(value) and math.prod(shape_of(value)) <= MOST_ELEMENTS
