"""Compile a function, module or class of a Python file, and save it as an archive."""

from __future__ import annotations

import argparse

from jitcore.source import JitError
from jitviewer.commands.file_names import file_name
from jitviewer.commands.options import add_time_limit, print_text
from jitviewer.commands.scripts import (
    add_constructor_argument,
    compiled_archive,
    named_scriptable,
    render,
    scriptables_in,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `script`."""
    parser.add_argument(
        "file", type=file_name, metavar="FILE.py:NAME", help="a Python file, and a name in it"
    )
    add_constructor_argument(parser)
    add_time_limit(parser)
    parser.add_argument("-o", "--output", type=file_name, metavar="OUT.pt", help="save the archive there")
    parser.add_argument("--list", action="store_true", help="list what the file has to compile")


def execute(options: argparse.Namespace) -> int:
    """Compile; without -o print the code."""
    scriptable = named_scriptable(options.file)
    if scriptable is None:
        raise JitError(f"{options.file} is no Python file: write FILE.py:NAME")
    if options.list:
        for row in scriptables_in(scriptable.path):
            needs = f"({row.parameters})" if row.kind == "module class" else ""
            place = f"line {row.line}" if row.line else "from another file"
            note = f" ({row.note})" if row.note else ""
            print_text(f"{row.kind} {row.name}{needs}, {place}{note}")
    elif options.output:
        compiled_archive(scriptable, options.args, options.output)
    else:
        options.module, options.method, options.passes = "", "", []
        print_text(render(scriptable, options, "code"))
    return 0
