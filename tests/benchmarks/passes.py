"""All passes on inlined graphs, against libtorch's passes on its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.alternating import in_turn_on_fresh

ARCHIVES = ("densenet121_script", "syn_local_20000")
SECONDS = 20.0
"""Processor time after which a pass is not repeated any more, so that the table ends in some minutes."""

TOO_LONG = frozenset((("syn_local_20000", "differentiate"),))
"""Of which torch alone takes minutes."""


def table(models: Path, repeats: int) -> list[str]:
    """Markdown rows: milliseconds of both and their ratio for each pass that torch's Python offers.

    A pass that refuses a graph says so.
    """
    rows: list[str] = []
    for name in ARCHIVES:
        archive = models / f"{name}.pt"
        if archive.exists():
            rows += [f"On {name}:", "", *_rows(archive, repeats), ""]
        else:
            rows += [f"{name} is not there.", ""]
    return rows[:-1]


def _rows(archive: Path, repeats: int) -> list[str]:
    import torch

    from jitcore.archive import load
    from jitcore.exec import evaluator
    from jitcore.frontend.shape_functions import shape_function_graph
    from jitcore.passes import PassContext, find_pass, run_pipeline
    from jitcore.passes.inline import inlined_graph
    from jitcore.source import JitError
    from tests.differential.counterparts import is_offered
    from tests.differential.oracle import PASSES

    function = load(archive).method("forward")
    script = torch.jit.load(archive, map_location="cpu")
    evaluate = evaluator()
    rows = ["| pass | jitcore | libtorch | ratio |", "|---|---|---|---|"]
    for name, counterpart in PASSES.items():
        if (archive.stem, name) in TOO_LONG or not is_offered(find_pass(name).counterpart):
            continue
        # Inlining is measured from the graph with calls; the bodies that it copies are made before.
        whole = name == "inline"
        cases: dict[str, tuple[Callable[[], object], Callable[[Any], object]]] = {
            "jitcore": (
                function.graph.copy if whole else (lambda: inlined_graph(function)),
                lambda graph, name=name: run_pipeline(
                    graph, [name], PassContext(evaluate, shape_functions=shape_function_graph)
                ),
            ),
            "libtorch": (script.graph.copy if whole else script.inlined_graph.copy, counterpart),
        }
        try:
            seconds = in_turn_on_fresh(cases, repeats, SECONDS)
        except (JitError, RuntimeError):
            rows.append(f"| {name} | refused | | |")
            continue
        rows.append(
            f"| {name} | {seconds['jitcore'] * 1e3:.1f} ms | {seconds['libtorch'] * 1e3:.2f} ms "
            f"| {seconds['jitcore'] / seconds['libtorch']:.1f} |"
        )
    return rows
