"""Save a picture of the window that shows a file."""

from __future__ import annotations

import argparse

from jitviewer.commands.file_names import file_name
from jitviewer.commands.numbers import window_size
from jitviewer.commands.options import pass_names


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `screenshot`."""
    parser.add_argument(
        "file", type=file_name, metavar="FILE", help="a TorchScript archive (.pt, .ts, .ptl) or IR text (.ir)"
    )
    parser.add_argument("out", type=file_name, metavar="OUT.png", help="where the picture goes")
    parser.add_argument(
        "--size",
        type=window_size,
        default=(1280, 800),
        metavar="WxH",
        help="of the window (default: 1280x800)",
    )
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument(
        "--view", default="main", metavar="NAME", help="main, code, graph, canvas (default: main)"
    )
    parser.add_argument("--passes", type=pass_names, default=None, metavar="A,B", help="passes to switch on")
    parser.add_argument("--run", action="store_true", help="run with the proposed inputs first")


def execute(options: argparse.Namespace) -> int:
    """Open the window, wait until everything is drawn, and save it."""
    from jitviewer.ui.screenshot import take

    return take(
        options.file, options.out, options.size, options.theme, options.view, options.passes, options.run
    )
