"""Freeze a module: write an archive in which everything is inlined and attributes are constants."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from jitviewer.commands.file_names import file_name
from jitviewer.commands.options import FILE_HELP, add_time_limit
from jitviewer.commands.scripts import add_constructor_argument

if TYPE_CHECKING:
    from jitcore.ir import Graph
    from jitcore.passes import PassContext


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `freeze`."""
    add_frozen_arguments(parser)
    parser.add_argument(
        "--preserve", action="append", default=[], metavar="NAME",
        help="an attribute or method that stays besides forward, of a submodule by its path",
    )  # fmt: skip
    parser.add_argument(
        "--keep-numerics", action="store_true", help="fold nothing that rounds otherwise than before"
    )


def add_frozen_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE and OUT, of the commands that write a frozen module."""
    parser.add_argument("file", type=file_name, metavar="FILE", help=FILE_HELP)
    add_constructor_argument(parser)
    add_time_limit(parser)
    parser.add_argument(
        "-o", "--output", type=file_name, metavar="OUT.pt", required=True, help="save the archive there"
    )


def execute(options: argparse.Namespace) -> int:
    """Freeze, and write the archive."""
    from jitcore.passes.freezing.optimize_frozen_graph import optimize_frozen_graph

    def optimize(graph: Graph, context: PassContext) -> object:
        return optimize_frozen_graph(graph, context, optimize_numerics=not options.keep_numerics)

    # `optimize` freezes in the same way.
    from jitviewer.commands.frozen_archives import write_frozen

    write_frozen(options, options.preserve, optimize)
    return 0
