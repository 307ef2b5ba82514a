"""List the passes."""

from __future__ import annotations

import argparse
import json

from jitviewer.commands.options import print_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `passes`."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def execute(options: argparse.Namespace) -> int:
    """Print the catalogue."""
    from jitviewer.engine.rewriting import pass_rows

    rows = pass_rows()
    if options.json:
        listed = [
            {"name": r.name, "counterpart": r.counterpart, "summary": r.summary, "description": r.description}
            for r in rows
        ]
        print_text(json.dumps(listed, indent=2))
        return 0
    width = max(len(r.name) for r in rows)
    print_text("\n".join(f"{r.name:<{width}}  {r.summary}" for r in rows))
    return 0
