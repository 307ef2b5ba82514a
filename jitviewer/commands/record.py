"""Print a record of an archive as it was saved: code, whether it compiles or not, or bytes as a hex dump."""

from __future__ import annotations

import argparse

from jitcore.source import JitError
from jitviewer.commands.options import add_time_limit, print_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `record`."""
    parser.add_argument("file", metavar="FILE", help="a TorchScript archive (.pt, .ts, .ptl)")
    parser.add_argument("path", metavar="PATH", help="its name in the archive, such as code/__torch__.py")
    add_time_limit(parser)


def execute(options: argparse.Namespace) -> int:
    """Print the record."""
    from jitcore.archive.container import Archive
    from jitviewer.engine.document import file_to_read, record_text

    with Archive.open(file_to_read(options.file)) as archive:
        if options.path not in archive.records:
            known = ", ".join(record.name for record in archive.records)
            raise JitError(f"{options.file} has no record '{options.path}'; it has {known}")
        print_text(record_text(archive, options.path))
    return 0
