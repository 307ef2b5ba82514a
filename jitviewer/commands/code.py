"""Print `.code` of a method, as saved or after passes."""

from __future__ import annotations

import argparse

from jitcore.source import JitError
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
    from jitcore.requests.resolving import resolve
    from jitcore.requests.texts import code_of
    from jitviewer.commands.evaluating import evaluator, without_slow_passes
    from jitviewer.engine.document import source_of
    from jitviewer.engine.saved_code import fault_of, marked_definition

    document = open_program(options)
    try:
        with evaluator(options) as evaluate:
            text = without_slow_passes(
                method_request(options)._replace(passes=tuple(passes_for(document, options))),
                lambda request: code_of(resolve(document, request, evaluate)),
            )
    except JitError as error:
        # A pass that meets code which does not compile says so with the place of that as its cause.
        fault = fault_of(document, error.__cause__ or error)
        if fault is not None:
            # What was saved can be read all the same.
            print_text(marked_definition(source_of(document, fault.record).text, fault))
        raise
    print_text(text)
    return 0
