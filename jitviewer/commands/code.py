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
    from jitviewer.commands.evaluating import evaluator
    from jitviewer.method_texts import code_of

    _, function = chosen_function(options)
    with evaluator(options) as evaluate:
        print_text(code_of(function, options.passes, evaluate))
    return 0
