"""Arguments that several commands share."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.ir import Function
    from jitviewer.engine.document import Document


def add_function_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --module and --method."""
    parser.add_argument(
        "file", metavar="FILE", help="a TorchScript archive (.pt, .ts, .ptl) or IR text (.ir)"
    )
    parser.add_argument("--module", default="", metavar="PATH", help="dotted path of a submodule")
    parser.add_argument(
        "--method", default=None, metavar="NAME", help="a method of the module (default: forward)"
    )


def add_passes_argument(parser: argparse.ArgumentParser, required: bool = False) -> None:
    """--passes a,b,c."""
    parser.add_argument(
        "--passes",
        type=pass_names,
        default=[],
        required=required,
        metavar="A,B",
        help="passes to run, in order",
    )


def pass_names(text: str) -> list[str]:
    """Names between commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def chosen_function(options: argparse.Namespace) -> tuple[Document, Function]:
    """The opened document and the function that the arguments name."""
    from jitviewer.engine.document import Document

    document = Document.open(options.file)
    return document, document.function(options.module, options.method or "forward")


def print_text(text: str) -> None:
    """Text as it is, whatever the terminal's encoding can show."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # standard output is a text stream
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def check_passes(names: list[str]) -> None:
    """Raise `JitError` for a pass that does not exist."""
    from jitcore.passes import catalogue

    for name in names:
        if name not in catalogue():
            raise JitError(f"there is no pass called '{name}'; 'jitviewer passes' lists them")
