"""Say why a trace of a function or module differs from it: the decision, its line, an input that shows it."""

from __future__ import annotations

import argparse
import json

from jitcore.source import JitError
from jitviewer.commands.file_names import file_name
from jitviewer.commands.input_arguments import add_input_argument, check_inputs
from jitviewer.commands.options import add_time_limit, print_text
from jitviewer.commands.scripts import add_constructor_argument, diagnosis_of, named_scriptable
from jitviewer.launching.surroundings import surroundings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `compare`."""
    parser.add_argument(
        "file", type=file_name, metavar="FILE",
        help="FILE.py:NAME, a Python file and a name in it; or an archive, beside OTHER",
    )  # fmt: skip
    parser.add_argument(
        "other", type=file_name, nargs="?", metavar="OTHER",
        help="another archive to run beside it; or FILE.py:NAME, which the archive was traced from",
    )  # fmt: skip
    add_constructor_argument(parser)
    add_input_argument(parser)
    parser.add_argument(
        "--against", action="append", default=[], metavar="SPEC",
        help="an input to compare on as well, one for each --input; again for another set of them",
    )  # fmt: skip
    add_time_limit(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--report", type=file_name, metavar="OUT.html", help="write a report there, one file")


def execute(options: argparse.Namespace) -> int:
    """Print the diagnosis; 0 whether they differ or not."""
    if options.other:
        # Only who has a second program waits for what compares two.
        from jitviewer.commands.compare_archives import execute as compare_two

        return compare_two(options)
    from jitcore.diagnose.divergence.report import page_of, text_of

    scriptable = named_scriptable(options.file)
    if scriptable is None:
        raise JitError(
            f"{options.file} is no Python file: write FILE.py:NAME, or name a second archive beside it"
        )
    check_inputs([*options.input, *options.against])
    if not options.input:
        raise JitError(
            "a comparison needs the inputs of a call to trace: give an --input for each, as "
            "float32[1,3,224,224]"
        )
    found = diagnosis_of(scriptable, options.args, options.input, _sets(options))
    if options.report:
        _write(options.report, page_of(found))
    print_text(json.dumps(found, indent=1) if options.json else text_of(found))
    return 0


def _sets(options: argparse.Namespace) -> list[list[str]]:
    """The inputs to compare on, one set after the other."""
    count, given = len(options.input), options.against
    if len(given) % count:
        raise JitError(
            f"{len(given)} times --against for {count} times --input: give as many, or a multiple, in the "
            f"same order"
        )
    return [given[at : at + count] for at in range(0, len(given), count)]


def _write(path: str, text: str) -> None:
    try:
        with surroundings().output(path) as stream:
            stream.write(text.encode(errors="replace"))
    except OSError as error:
        raise JitError(f"{path} cannot be written: {error.strerror or error}") from error
