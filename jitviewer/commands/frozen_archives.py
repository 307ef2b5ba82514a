"""Writes archives of frozen modules, for the commands that freeze."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jitcore.archive.writing import write_module
from jitcore.passes import PassContext
from jitcore.passes.freezing.frozen_module import freeze_module
from jitcore.source import JitError
from jitviewer.commands.evaluating import evaluator
from jitviewer.commands.options import open_program
from jitviewer.commands.telling import tell
from jitviewer.launching.surroundings import surroundings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from jitcore.ir import Graph


def write_frozen(
    options: argparse.Namespace,
    preserved: Sequence[str],
    optimize: Callable[[Graph, PassContext], object],
) -> None:
    """Freeze what FILE names, let `optimize` rewrite its methods, and write the archive to `options.output`.

    Raises `JitError` for what is no module, cannot be frozen, or cannot be written.
    """
    document = open_program(options)
    try:
        if document.module is None or not document.module.type.is_module:
            raise JitError(f"{options.file} holds no module: only modules can be frozen")
        with evaluator(options) as evaluate:
            context = PassContext(evaluate, document.module)
            frozen = freeze_module(document.module, preserved, context, evaluating=True)
            for graph in frozen.graphs.values():
                optimize(graph, context)
        for note in context.notes:
            tell(note)
        try:
            with surroundings().output(options.output) as stream:
                write_module(frozen.root, stream)
        except OSError as error:
            raise JitError(f"{options.output} cannot be written: {os.strerror(error.errno or 0)}") from error
    finally:
        document.close()
