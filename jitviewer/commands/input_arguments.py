"""--input: what a method is run or traced with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.source import JitError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable


def add_input_argument(parser: argparse.ArgumentParser) -> None:
    """--input."""
    parser.add_argument(
        "--input", action="append", default=[], metavar="SPEC",
        help="float32[1,3,224,224], int64[1,16]:0..100, a Python literal, or a .npy/.pt file; one each",
    )  # fmt: skip


def check_inputs(texts: Iterable[str]) -> None:
    """Raise `JitError` for a text that is no input, before a program is read for it."""
    from jitviewer.protocol.input_spec import SpecError, parse_spec

    for text in texts:
        try:
            parse_spec(text)
        except SpecError as error:
            raise JitError(str(error)) from error
