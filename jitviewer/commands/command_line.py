"""The command line: what the window can do, without a window."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from jitviewer.commands.command_parser import CommandParser
from jitviewer.commands.file_names import file_name
from jitviewer.commands.named_archives import named_archives
from jitviewer.commands.telling import ALL_FRAMES, tell
from jitviewer.folded_frames import folded_frames
from jitviewer.launching.supervising import can_supervise
from jitviewer.launching.time_limit import TimeLimit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitviewer.launching.supervisor import Named

from jitviewer.plain_output import ReaderGoneError, write_plainly
from jitviewer.plain_text import plain_line

DONE, BAD_FILE, BAD_USAGE, STOPPED = 0, 1, 2, 3
"""Exit statuses: done; the file or model is bad; wrong usage; a run was cancelled or its process died."""

CONFINED = (
    "tree", "code", "record", "graph", "steps", "run", "script", "trace", "compare", "diff", "export",
    "freeze", "optimize",
)  # fmt: skip
"""Commands that read files of strangers; the others open none themselves."""

COMMANDS = (
    "tree",
    "code",
    "record",
    "graph",
    "passes",
    "steps",
    "run",
    "script",
    "trace",
    "compare",
    "freeze",
    "optimize",
    "diff",
    "export",
    "screenshot",
)


_DEBUG_HELP = "show a traceback when something fails, and every frame of the program's"

_SUBJECTS = ("file", "other", "before", "after")
"""Options that name what a command is about."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status; without a command the files are opened in the window."""
    if arguments is None:
        # Before anything can print, argparse's remarks on file names among them.
        write_plainly()
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser(given)
    from jitcore.source import JitError

    try:
        options = parser.parse_args(given)
    except JitError as error:
        tell(str(error))
        _print_no_more()
        return BAD_FILE
    except ReaderGoneError:
        _print_no_more()
        return DONE
    if options.command == "window" and arguments is None:
        from jitviewer.allocator import use_the_c_library

        use_the_c_library()
    if arguments is None and options.command in CONFINED and can_supervise():
        return _execute_confined(options)
    if options.command in CONFINED and options.time_limit and arguments is None:
        TimeLimit(options.command, options.time_limit).watch()
    return _execute(options)


def _execute_confined(options: argparse.Namespace) -> int:
    """Execute in a process that reaches nothing but what the command line names."""
    from jitviewer.launching.supervising import Supervised

    command = Supervised(lambda: _execute(options), named_archives(options), interrupts=True)

    def named() -> Named:
        from jitviewer.commands.named_files import all_named

        return all_named(options)

    def say_shortened() -> int:
        tell(f"{_subject(options)} changed while it was read; open it again")
        return BAD_FILE

    limit = TimeLimit(options.command, options.time_limit)
    return command.supervise(named, time_limit=limit, when_shortened=say_shortened)


def _execute(options: argparse.Namespace) -> int:
    from jitcore.source import JitError

    try:
        from jitviewer.commands.overwriting import check_written

        check_written(options)
        status: int = import_module(f"jitviewer.commands.{options.command}").execute(options)
    except JitError as error:
        if options.debug:
            raise
        said = folded_frames(str(error), ALL_FRAMES)
        tell(said, (value for value in vars(options).values() if isinstance(value, str)))
        return BAD_FILE
    except (RecursionError, MemoryError) as error:
        if options.debug:
            raise
        tell(f"{_subject(options)}: the program is too deeply nested or too large ({type(error).__name__})")
        return BAD_FILE
    except ReaderGoneError:
        _print_no_more()
        return DONE
    except (BrokenPipeError, ConnectionResetError):
        # Of another process: it may be one that a person's launcher started, or did not.
        if options.debug:
            raise
        tell("the process that runs programs ended before it answered")
        return STOPPED
    except KeyboardInterrupt:
        tell("cancelled")
        return STOPPED
    return status


def _subject(options: argparse.Namespace) -> str:
    """The files that a command is about."""
    return plain_line(" or ".join(path for name in _SUBJECTS if (path := getattr(options, name, ""))))


def _print_no_more() -> None:
    """Say nothing more on standard output, not even while closing it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser(given: Sequence[str]) -> CommandParser:
    common = CommandParser(add_help=False)
    common.add_argument("--debug", action="store_true", help=_DEBUG_HELP)
    again = CommandParser(add_help=False)
    # Without a default, which would take back what was said before the command.
    again.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=_DEBUG_HELP)
    parser = CommandParser(
        prog="jitviewer", parents=[common], description="Open, read, rewrite and run TorchScript programs."
    )
    parser.add_argument("--version", action="version", version=_version())
    named = [word for word in given if not word.startswith("-")]
    if given and (not named or named[0] not in COMMANDS) and not {"-h", "--help", "--version"} & set(given):
        # No command: every word is a file for the window. A file that is called like one is `./tree`.
        parser.add_argument("files", type=file_name, nargs="*", metavar="FILE")
        parser.add_argument("--theme", choices=("dark", "light"))
        parser.set_defaults(command="window")
        return parser
    if not given:
        parser.set_defaults(command="window", files=[], theme=None)
        return parser
    parser.epilog = "Without a command the files are opened in the window: jitviewer [FILE ...]"
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    chosen = named[0] if named else ""
    for name in COMMANDS:
        # Only the chosen command is imported, so that starting one does not pay for all.
        module = import_module(f"jitviewer.commands.{name}") if name == chosen or not chosen else None
        sub = commands.add_parser(name, parents=[again], help=module.__doc__ if module else None)
        if module is not None:
            sub.description = module.__doc__
            module.add_arguments(sub)
    return parser


def _version() -> str:
    import jitviewer

    return f"jitviewer {jitviewer.__version__}"
