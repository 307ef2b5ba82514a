"""Print `.graph` of a method, inlined and rewritten if asked, or as torch's executor runs it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from jitviewer.commands.options import (
    add_function_arguments,
    add_passes_argument,
    check_passes,
    method_request,
    open_program,
    passes_for,
    print_text,
)  # fmt: skip
from jitviewer.commands.scripts import named_scriptable, render
from jitviewer.commands.stages import add_stage_arguments, check_stage, staged_graph

if TYPE_CHECKING:
    from jitcore.requests.rewritten_method import RewrittenMethod


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `graph`."""
    add_function_arguments(parser)
    parser.add_argument("--inlined", action="store_true", help="inline every call first")
    add_passes_argument(parser)
    parser.add_argument("--no-locations", action="store_true", help="leave out the source comments")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_stage_arguments(parser)


def execute(options: argparse.Namespace) -> int:
    """Print the graph."""
    check_passes(options.passes)
    check_stage(options)
    if options.stage:
        print_text(staged_graph(options))
        return 0
    scriptable = named_scriptable(options.file)
    if scriptable is not None:
        view = "json" if options.json else "graph"
        print_text(render(scriptable, options, view, options.inlined, not options.no_locations))
        return 0
    from jitcore.requests.resolving import resolve
    from jitcore.requests.stage import Stage
    from jitviewer.commands.evaluating import evaluator, without_slow_passes

    request = method_request(options, Stage.INLINED if options.inlined else Stage.AS_WRITTEN)
    with evaluator(options) as evaluate:
        program = open_program(options)
        request = request._replace(passes=tuple(passes_for(program, options)))
        text = without_slow_passes(request, lambda wanted: _text(resolve(program, wanted, evaluate), options))
    print_text(text)
    return 0


def _text(found: RewrittenMethod, options: argparse.Namespace) -> str:
    from jitcore.requests.texts import graph_of, json_of

    return json_of(found) if options.json else graph_of(found, not options.no_locations)
