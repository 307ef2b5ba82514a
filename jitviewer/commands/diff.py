"""Compare two archives: code, graph, weights, attributes and files; or the weights of files of tensors."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from jitcore.requests.program_name import ProgramName
from jitcore.source import JitError
from jitviewer.commands.file_names import file_name
from jitviewer.commands.options import add_time_limit, print_text
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.diagnose import ArchiveDiff
    from jitcore.diagnose.tensor_diff import TensorChange


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `diff`."""
    parser.add_argument(
        "before", type=file_name, metavar="A.pt", help="an archive, or tensors (.pt, .pth, .safetensors)"
    )
    parser.add_argument("after", type=file_name, metavar="B.pt", help="another one")
    add_time_limit(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def execute(options: argparse.Namespace) -> int:
    """Print what was added, removed and changed from A to B; 0 whether they differ or not."""
    from jitcore.archive import LoadedArchive
    from jitcore.archive.tensor_files.opening import open_archive_or_tensors
    from jitcore.diagnose import compare_archives, compare_weights
    from jitviewer.engine.document import file_to_read

    for path in (options.before, options.after):
        if ProgramName.read(path).is_python:
            made = "OUT.pt"
            raise JitError(
                f"{path} is a Python file, and diff compares archives: compile it first with "
                f"'jitviewer script {path} -o {made}', and compare {made}"
            )
    before, after = (open_archive_or_tensors(file_to_read(path)) for path in (options.before, options.after))
    if isinstance(before, LoadedArchive) and isinstance(after, LoadedArchive):
        difference = compare_archives(before, after)
    else:
        difference = compare_weights(before, after)
    if options.json:
        print_text(json.dumps(_as_json(difference), indent=1))
    elif difference.is_empty:
        print_text("no differences")
    else:
        print_text("\n".join(_lines(difference)))
    return 0


def _as_json(difference: ArchiveDiff) -> dict[str, object]:
    return {
        name: [row._asdict() if hasattr(row, "_asdict") else row for row in rows]
        for name, rows in difference._asdict().items()
    }


def _lines(d: ArchiveDiff) -> Iterator[str]:
    for sign, what, names in (
        ("+", "module", d.modules_added),
        ("-", "module", d.modules_removed),
        ("+", "method", d.methods_added),
        ("-", "method", d.methods_removed),
        ("+", "tensor", d.tensors_added),
        ("-", "tensor", d.tensors_removed),
    ):
        yield from (plain_line(f"{sign} {what} {name}") for name in names)
    for what, changes in (
        ("class", d.classes_changed),
        ("attribute", d.attributes_changed),
        ("file", d.files_changed),
    ):
        yield from (plain_line(f"~ {what} {c.path}: {c.before} -> {c.after}") for c in changes)
    yield from (plain_line(f"~ tensor {_tensor_text(change)}") for change in d.tensors_changed)
    if d.tensors_not_compared:
        first, *others = d.tensors_not_compared
        more = f" and {len(others):,} more" if others else ""
        yield plain_line(
            f"? tensor {first}{more}: not compared, the tensors are views of more bytes than files of this "
            "size have; save them as clones to compare all"
        )
    for method in d.methods_changed:
        yield plain_line(f"~ method {method.path}")
        for what, text in (("code", method.code), ("nodes", method.nodes), ("graph", method.graph)):
            if text:
                yield f"  {what}:"
                yield from ("    " + line for line in text.splitlines())


def _tensor_text(change: TensorChange) -> str:
    if change.max_difference is None or change.mean_difference is None:
        return f"{change.path}: {change.before} -> {change.after} ({change.why_not})"
    text = (
        f"{change.path}: {change.after}, {change.different:,} of {change.elements:,} elements, "
        f"max {change.max_difference:.6g}, mean {change.mean_difference:.6g}"
    )
    return text + (f" ({change.why_not})" if change.why_not else "")
