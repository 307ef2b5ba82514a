"""The parser of the command line, whose remarks stay one short line whatever was given."""

from __future__ import annotations

import argparse
from typing import NoReturn

from jitviewer.commands.telling import without_middle
from jitviewer.plain_text import plain_line

_LONGEST = 1_000
"""Characters of a remark; it repeats what was given, which may be as long as the system allows."""


class CommandParser(argparse.ArgumentParser):
    """An `ArgumentParser` for words that may be anything."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, its own words last, and exit with 2."""
        super().error(without_middle(plain_line(message), _LONGEST))
