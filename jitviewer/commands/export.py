"""Save the canvas of a method as SVG, PNG, PDF, DOT or JSON."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from jitcore.source import JitError
from jitviewer.commands.file_names import file_name
from jitviewer.commands.options import (
    add_function_arguments,
    add_passes_argument,
    check_passes,
    filled_passes,
    open_program,
)
from jitviewer.commands.telling import tell

FORMATS = ("svg", "png", "pdf", "dot", "json")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `export`."""
    add_function_arguments(parser)
    parser.add_argument("out", type=file_name, metavar="OUT", help="where the file goes")
    parser.add_argument("--to", choices=FORMATS, help="what is written (default: by the ending of OUT)")
    add_passes_argument(parser)
    parser.add_argument(
        "--open", choices=("some", "all", "none"), default="some",
        help="frames that are open (default: as many as the window opens at first)",
    )  # fmt: skip
    parser.add_argument("--constants", action="store_true", help="give every constant a box")
    parser.add_argument("--repeats", action="store_true", help="show repeated layers once, with a count")
    parser.add_argument("--theme", choices=("dark", "light"), default="light")


def execute(options: argparse.Namespace) -> int:
    """Draw the method and write the file; 1 if a pass is missing from what was drawn."""
    from jitviewer.commands.evaluating import evaluator
    from jitviewer.engine.canvas import Canvas
    from jitviewer.engine.presets import DEFAULT_PASSES
    from jitviewer.engine.rewriting import Rewriting
    from jitviewer.launching.surroundings import surroundings

    check_passes(options.passes)
    options.to = options.to or _format_of(options.out)
    # Scopes are only seen once calls are inlined, as in the window.
    passes: list[str] = [*(name for name in DEFAULT_PASSES if name not in options.passes), *options.passes]
    document = open_program(options)
    passes = filled_passes(document, options, passes)
    try:
        with evaluator(options) as evaluate:
            function, receiver = document.find(options.module, options.method or "")
            rewriting = Rewriting(function, passes, evaluate, receiver)
        for name, sentence in rewriting.failures.items():
            tell(f"{name} cannot rewrite this graph and was left out: {sentence}")
        canvas = Canvas()
        canvas.choose(options.constants, options.repeats)
        canvas.show(rewriting.graph)
        if options.open != "some":
            canvas.set_all(options.open == "all")
        view = canvas.draw({})
    finally:
        document.close()
    where = f"{options.module}.{function.name}" if options.module else options.method or function.name
    try:
        with surroundings().output(options.out) as stream:
            stream.write(_written(view, options, f"{document.title}: {where}"))
    except OSError as error:
        raise JitError(f"{options.out} cannot be written: {os.strerror(error.errno or 0)}") from error
    return 1 if rewriting.failures else 0


def _format_of(out: str) -> str:
    """The format that the ending of a file stands for."""
    ending = Path(out).suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        raise JitError(f"the ending of {out} says no format; add --to with one of {', '.join(FORMATS)}")
    return ending


def _written(view: object, options: argparse.Namespace, title: str) -> bytes:
    if options.to in ("svg", "png", "pdf"):
        # Painting text needs an application, but no screen.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        from jitviewer.ui.app import make_application

        make_application()
    from jitviewer.protocol.rows import CanvasView
    from jitviewer.ui.canvas.exports import Shown, export_bytes, remark
    from jitviewer.ui.canvas.picture import Picture
    from jitviewer.ui.theme.theme import load_theme

    assert isinstance(view, CanvasView)
    shown = Shown(Picture(view), load_theme(options.theme), title)
    said = remark(shown, options.to)
    if said:
        tell(said)
    return export_bytes(shown, options.to)
