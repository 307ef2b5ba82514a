"""Print `.code` of a method, as saved or after passes."""

from __future__ import annotations

import argparse

from jitcore.source import SourceError
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
    """Arguments of `code`."""
    add_function_arguments(parser)
    add_passes_argument(parser)


def execute(options: argparse.Namespace) -> int:
    """Print the code."""
    check_passes(options.passes)
    scriptable = named_scriptable(options.file)
    if scriptable is not None:
        print_text(render(scriptable, options, "code"))
        return 0
    from jitviewer.commands.evaluating import evaluator, without_slow_passes
    from jitviewer.engine.document import source_of
    from jitviewer.engine.saved_code import fault_of, marked_definition
    from jitviewer.method_texts import code_of

    document, function = chosen_function(options)
    try:
        with evaluator(options) as evaluate:
            module = chosen_module(document, options)
            text = without_slow_passes(
                options.passes, lambda passes: code_of(function, passes, evaluate, module)
            )
    except SourceError as error:
        fault = fault_of(document, error)
        if fault is not None:
            # What was saved can be read all the same.
            print_text(marked_definition(source_of(document, fault.record).text, fault))
        raise
    print_text(text)
    return 0
