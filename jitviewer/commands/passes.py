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
            {
                "name": r.name,
                "counterpart": r.counterpart,
                "summary": r.summary,
                "description": r.description,
                "options": [
                    {"name": o.name, "kind": o.kind, "default": o.default, "summary": o.summary}
                    for o in r.options
                ],
            }
            for r in rows
        ]
        print_text(json.dumps(listed, indent=2))
        return 0
    width = max(len(r.name) for r in rows)
    lines: list[str] = []
    for r in rows:
        lines.append(f"{r.name:<{width}}  {r.summary}")
        lines += [f"{'':<{width}}  {{{o.name}={o.default}}}: {o.summary}" for o in r.options]
    print_text("\n".join(lines))
    return 0
