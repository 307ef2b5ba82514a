"""Trace a function or module of a Python file: record a run, check it by two more, save it as an archive."""

from __future__ import annotations

import argparse

from jitcore.source import JitError
from jitviewer.commands.file_names import file_name
from jitviewer.commands.input_arguments import add_input_argument, check_inputs
from jitviewer.commands.options import add_time_limit, print_text
from jitviewer.commands.scripts import add_constructor_argument, compiled_archive, named_scriptable, render


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `trace`."""
    parser.add_argument(
        "file", type=file_name, metavar="FILE.py:NAME", help="a Python file, and a name in it"
    )
    add_constructor_argument(parser)
    add_input_argument(parser)
    add_time_limit(parser)
    parser.add_argument("-o", "--output", type=file_name, metavar="OUT.pt", help="save the archive there")


def execute(options: argparse.Namespace) -> int:
    """Trace; without -o print the code."""
    scriptable = named_scriptable(options.file)
    if scriptable is None:
        raise JitError(f"{options.file} is no Python file: write FILE.py:NAME")
    check_inputs(options.input)
    if not options.input:
        raise JitError(
            "a trace needs the inputs of a call: give an --input for each, as float32[1,3,224,224]"
        )
    if options.output:
        compiled_archive(scriptable, options.args, options.output, inputs=options.input)
    else:
        options.module, options.method, options.passes = "", "", []
        print_text(render(scriptable, options, "code", inputs=options.input))
    return 0
