"""Optimize a module for inference: freeze it, transpose weights beforehand, and write the archive."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from jitviewer.commands.freeze import add_frozen_arguments
from jitviewer.commands.telling import tell

if TYPE_CHECKING:
    from jitcore.ir import Graph
    from jitcore.passes import PassContext


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `optimize`."""
    add_frozen_arguments(parser)
    parser.add_argument(
        "--method", action="append", default=[], dest="methods", metavar="NAME",
        help="a method that is kept and optimized besides forward",
    )  # fmt: skip


def execute(options: argparse.Namespace) -> int:
    """Freeze, optimize, and write the archive."""
    from jitcore.passes.freezing.mkldnn_groups import holds_start
    from jitcore.passes.freezing.optimize_frozen_graph import optimize_frozen_graph
    from jitcore.passes.freezing.transpose_frozen_linear import transpose_frozen_linear
    from jitviewer.commands.frozen_archives import write_frozen

    convolves = False

    def optimize(graph: Graph, context: PassContext) -> None:
        nonlocal convolves
        optimize_frozen_graph(graph, context)
        convolves |= holds_start(graph.block)
        transpose_frozen_linear(graph, context)

    write_frozen(options, options.methods, optimize)
    if convolves:
        tell(
            "weights of convolutions are saved as they are: archives have no place for what is laid out for "
            "oneDNN, so where the archive is loaded torch.jit.optimize_for_inference does the rest"
        )
    return 0
