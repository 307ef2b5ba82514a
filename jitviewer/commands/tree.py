"""List modules, methods, parameters and records of an archive."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from jitviewer.commands.file_names import file_name
from jitviewer.commands.options import FILE_HELP, add_time_limit, archive_path, print_text
from jitviewer.commands.scripts import add_constructor_argument
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from jitviewer.engine.document import Document
    from jitviewer.protocol.rows import TreeRow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `tree`."""
    parser.add_argument("file", type=file_name, metavar="FILE", help=FILE_HELP)
    add_constructor_argument(parser)
    add_time_limit(parser)
    parser.add_argument(
        "--verify", action="store_true", help="check every record's CRC and print each tensor's SHA-256"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def execute(options: argparse.Namespace) -> int:
    """Print the tree."""
    from jitviewer.engine.document import Document
    from jitviewer.engine.tree_rows import tree_rows

    document = Document.open(archive_path(options.file, options.args))
    if options.verify and document.archive is not None:
        document.archive.verify()
    rows = tree_rows(document)
    tensors = _tensors(document) if options.verify else []
    if options.json:
        print_text(json.dumps(_as_json(document, rows, tensors), indent=2))
        return 0
    lines = [plain_line(document.title)]
    depths: dict[int, int] = {0: 0}
    for row in rows:
        depth = depths[row.id] = depths[row.parent] + 1
        size = (
            f"  [{row.bytes:,} bytes]" if row.bytes and row.kind in ("module", "parameter", "buffer") else ""
        )
        # A line for each row, whatever its name holds.
        lines.append("  " * depth + plain_line(f"{row.kind} {row.name}: {row.detail}{size}"))
    lines.extend(f"TENSOR {plain_line(name)} {digest}" for name, digest in tensors)
    print_text("\n".join(lines))
    return 0


def _tensors(document: Document) -> list[tuple[str, str]]:
    """Name and digest of every tensor: of the module tree, then of the constants."""
    from jitcore.archive import tensor_digests

    return tensor_digests(document.archive) if document.archive is not None else []


def _as_json(document: Document, rows: list[TreeRow], tensors: list[tuple[str, str]]) -> dict[str, object]:
    archive = document.archive
    result: dict[str, object] = {
        "file": document.name,
        "version": archive.version if archive is not None else None,
        "rows": [
            {
                "id": r.id, "parent": r.parent, "kind": r.kind, "name": r.name, "path": r.path,
                "detail": r.detail, "bytes": r.bytes, "parameters": r.elements,
            }
            for r in rows
        ],
    }  # fmt: skip
    if tensors:
        result["tensors"] = [{"name": name, "sha256": digest} for name, digest in tensors]
    return result
