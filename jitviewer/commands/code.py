"""Print `.code` of a method, as saved or after passes."""

from __future__ import annotations

import argparse

from jitviewer.commands.options import (
    add_function_arguments,
    add_passes_argument,
    check_passes,
    chosen_function,
    print_text,
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `code`."""
    add_function_arguments(parser)
    add_passes_argument(parser)


def execute(options: argparse.Namespace) -> int:
    """Print the code."""
    _, function = chosen_function(options)
    if not options.passes:
        from jitcore.printing import code_text

        print_text(code_text(function))
        return 0
    from jitcore.passes import PassContext, run_pipeline
    from jitcore.printing import code_of_graph
    from jitviewer.commands.evaluating import evaluator

    check_passes(options.passes)
    graph = function.graph.copy()
    with evaluator() as evaluate:
        run_pipeline(graph, options.passes, PassContext(evaluate))
    print_text(code_of_graph(graph, function.name, function.owner, function.schema).text)
    return 0
