"""Arguments that several commands share."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from jitcore.source import JitError
from jitviewer.commands.file_names import file_name
from jitviewer.commands.numbers import seconds
from jitviewer.commands.scripts import add_constructor_argument, compiled_archive, named_scriptable
from jitviewer.commands.telling import tell
from jitviewer.plain_output import ReaderGoneError
from jitviewer.protocol.libraries import file_word, module_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.requests.method_request import MethodRequest
    from jitcore.requests.stage import Stage
    from jitviewer.engine.document import Document
    from jitviewer.launching.surroundings import File


FILE_HELP = "a TorchScript archive (.pt, .ts, .ptl), IR text (.ir), or FILE.py:NAME"
TREE_HELP = f"{FILE_HELP}; tensors too, of torch.save (.pt, .pth) or safetensors (.safetensors)"


def add_function_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --module and --method."""
    parser.add_argument("file", type=file_name, metavar="FILE", help=FILE_HELP)
    add_constructor_argument(parser)
    add_time_limit(parser)
    parser.add_argument("--module", default="", metavar="PATH", help="dotted path of a submodule")
    parser.add_argument(
        "--method",
        default=None,
        metavar="NAME",
        help="a method of the module (default: forward, or the first that it has)",
    )


def add_time_limit(parser: argparse.ArgumentParser) -> None:
    """--time-limit SECONDS."""
    parser.add_argument(
        "--time-limit", type=seconds, default=0.0, metavar="SECONDS",
        help="end the command after so long, whatever the program does (default: never)",
    )  # fmt: skip


def add_library_arguments(parser: argparse.ArgumentParser) -> None:
    """--import MODULE and --library FILE.so, both in `libraries`, in order."""
    parser.set_defaults(libraries=[])
    parser.add_argument(
        "--import", dest="libraries", action="append", type=_module, metavar="MODULE",
        help="import a Python module first, which registers operators; it is confined like the program",
    )  # fmt: skip
    parser.add_argument(
        "--library", dest="libraries", action="append", type=file_word, metavar="FILE.so",
        help="load a shared library first, which registers operators; it is confined like the program",
    )  # fmt: skip


def _module(text: str) -> str:
    try:
        return module_word(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


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
    """Specs of passes between commas, `inline,peephole{disable_shape_peepholes=true}`."""
    from jitcore.passes.spec import split_specs

    return split_specs(text)


def open_program(options: argparse.Namespace) -> Document:
    """What FILE names: an archive, IR text, or what an object of a Python file is compiled to."""
    from jitviewer.engine.document import Document

    named = named_scriptable(options.file)
    if named is None:
        return Document.open(options.file)
    return Document.open_compiled(compiled_archive(named, options.args, graphs=True), named.path)


def method_request(options: argparse.Namespace, stage: Stage | None = None) -> MethodRequest:
    """What the arguments ask for of the program."""
    from jitcore.requests.method_request import MethodRequest
    from jitcore.requests.stage import Stage

    return MethodRequest(
        options.module, options.method or "", tuple(options.passes), stage or Stage.AS_WRITTEN
    )


def passes_for(program: Document, options: argparse.Namespace) -> list[str]:
    """--passes, filled as `filled_passes` does."""
    return filled_passes(program, options, options.passes)


def filled_passes(
    program: Document, options: argparse.Namespace, passes: list[str], given: Sequence[str] = ()
) -> list[str]:
    """Passes with the types of inputs, given or else proposed, where one asks for them; which is told."""
    from jitcore.passes.shapes.complete_shape_analysis import PROPOSED

    if not any(PROPOSED in spec for spec in passes):
        return passes
    from jitviewer.engine.input_proposals.types_for_passes import fill_passes

    function, receiver = program.find(options.module, options.method or "")
    filled = fill_passes(passes, function, receiver, given=given)
    if filled.said:
        tell(filled.said)
    return filled.passes


def archive_path(file: str, arguments: str) -> File:
    """The archive to open: `file` itself, or what an object of a Python file is saved as."""
    named = named_scriptable(file)
    return file if named is None else compiled_archive(named, arguments)


def print_text(text: str) -> None:
    """Text as it is, whatever the terminal's encoding can show; see `write_text`."""
    write_text(text if text.endswith("\n") else text + "\n")


def write_text(text: str) -> None:
    """Text that need not end a line. Raises `JitError` where the output takes no more, `ReaderGoneError`
    where nobody reads it."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # standard output is a text stream
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError(*error.args) from error
    except OSError as error:
        raise JitError(f"standard output cannot be written: {error.strerror or error}") from error


def check_passes(names: list[str]) -> None:
    """Raise `JitError` for a pass that does not exist, or an option that it has not."""
    from jitcore.passes.spec import check_spec

    for name in names:
        check_spec(name)
