"""The parser of the command line, whose remarks stay one short line whatever was given."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

from jitviewer.commands.telling import without_middle
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

_LONGEST = 1_000
"""Characters of a remark; it repeats what was given, which may be as long as the system allows."""


class CommandParser(argparse.ArgumentParser):
    """An `ArgumentParser` for words that may be anything."""

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Print help or the version; raises as `write_text` where that is what was asked for."""
        if file is sys.stdout and message:
            from jitviewer.commands.options import write_text

            write_text(message)
        else:
            super()._print_message(message, file)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, its own words last, and exit with 2."""
        super().error(without_middle(plain_line(message), _LONGEST))
