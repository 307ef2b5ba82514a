"""Print `.graph` of a method, inlined and rewritten if asked."""

from __future__ import annotations

import argparse

from jitviewer.commands.options import (
    add_function_arguments,
    add_passes_argument,
    check_passes,
    chosen_function,
    chosen_module,
    print_text,
)  # fmt: skip
from jitviewer.commands.scripts import named_scriptable, render


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `graph`."""
    add_function_arguments(parser)
    parser.add_argument("--inlined", action="store_true", help="inline every call first")
    add_passes_argument(parser)
    parser.add_argument("--no-locations", action="store_true", help="leave out the source comments")
    parser.add_argument("--json", action="store_true", help="print JSON")


def execute(options: argparse.Namespace) -> int:
    """Print the graph."""
    check_passes(options.passes)
    scriptable = named_scriptable(options.file)
    if scriptable is not None:
        view = "json" if options.json else "graph"
        print_text(render(scriptable, options, view, options.inlined, not options.no_locations))
        return 0
    from jitviewer.commands.evaluating import evaluator, without_slow_passes
    from jitviewer.method_texts import graph_of

    document, function = chosen_function(options)
    module = chosen_module(document, options)
    with evaluator(options) as evaluate:
        text = without_slow_passes(
            options.passes,
            lambda passes: graph_of(
                function, passes, evaluate, module, options.inlined, not options.no_locations, options.json
            ),
        )
    print_text(text)
    return 0
