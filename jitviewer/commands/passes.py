"""List the passes, or print the page of one: what it does, when it is legal, and to an example."""

from __future__ import annotations

import argparse
import json
from textwrap import indent
from typing import TYPE_CHECKING

from jitviewer.commands.options import print_text

if TYPE_CHECKING:
    from jitviewer.protocol.rows import PassExampleRow, PassRow

_SECONDS = 0
"""No limit: the examples are our own."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `passes`."""
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="print the page of this pass")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(time_limit=_SECONDS)


def execute(options: argparse.Namespace) -> int:
    """Print the catalogue, or a page."""
    from jitviewer.engine.rewriting import pass_rows

    rows = pass_rows()
    if options.name:
        row = _named(options.name, rows)
        example, why_not = _example(options, row.name)
        if options.json:
            print_text(json.dumps({**_listed(row), "example": _example_listed(example)}, indent=2))
        else:
            print_text(_page(row, example, why_not))
        return 0
    if options.json:
        print_text(json.dumps([_listed(row) for row in rows], indent=2))
        return 0
    width = max(len(r.name) for r in rows)
    lines: list[str] = []
    for r in rows:
        lines.append(f"{r.name:<{width}}  {r.summary}")
        lines += [f"{'':<{width}}  {{{o.name}={o.default}}}: {o.summary}" for o in r.options]
    print_text("\n".join(lines))
    return 0


def _named(name: str, rows: list[PassRow]) -> PassRow:
    from jitcore.passes.spec import check_spec, name_of_spec
    from jitcore.source import JitError

    check_spec(name)
    plain = name_of_spec(name)
    if plain != name:
        raise JitError(f"a page is that of a pass whatever its options are: write passes {plain}")
    return next(row for row in rows if row.name == plain)


def _example(options: argparse.Namespace, name: str) -> tuple[PassExampleRow | None, str]:
    from jitcore.source import JitError
    from jitviewer.commands.evaluating import evaluator
    from jitviewer.engine.pass_examples import WITHOUT_EXAMPLE, example_row

    if name in WITHOUT_EXAMPLE:
        return None, WITHOUT_EXAMPLE[name]
    with evaluator(options) as evaluate:
        try:
            return example_row(name, evaluate), ""
        except JitError as error:
            return None, str(error)


def _page(row: PassRow, example: PassExampleRow | None, why_not: str) -> str:
    """The page, as the window shows it."""
    from jitviewer.protocol.pass_page import facts_of_pass, without_gaps

    parts = [row.name, row.description]
    parts += [
        f"{head}:\n{indent(words, '  ')}" if "\n" in words else f"{head}: {words}"
        for head, words in facts_of_pass(row)
    ]
    if example is None:
        return "\n\n".join([*parts, why_not])
    parts += [
        f"Example, by {', '.join(example.passes)}:",
        without_gaps(example.before.text),
        "becomes",
        without_gaps(example.after.text),
        "\n".join(f"- {reason}" for reason in example.reasons),
    ]
    return "\n\n".join(parts)


def _listed(r: PassRow) -> dict[str, object]:
    return {
        "name": r.name,
        "counterpart": r.counterpart,
        "summary": r.summary,
        "description": r.description,
        "family": r.family,
        "assumes": r.assumes,
        "options": [
            {"name": o.name, "kind": o.kind, "default": o.default, "summary": o.summary} for o in r.options
        ],
    }


def _example_listed(example: PassExampleRow | None) -> dict[str, object] | None:
    from jitviewer.protocol.pass_page import without_gaps

    if example is None:
        return None
    return {
        "passes": example.passes,
        "before": without_gaps(example.before.text),
        "after": without_gaps(example.after.text),
        "reasons": example.reasons,
    }
