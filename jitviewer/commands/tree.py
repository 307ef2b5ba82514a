"""List modules, methods, parameters and records of an archive."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from jitviewer.commands.file_names import file_name
from jitviewer.commands.options import TREE_HELP, add_time_limit, archive_path, print_text
from jitviewer.commands.scripts import add_constructor_argument
from jitviewer.plain_text import plain_line

if TYPE_CHECKING:
    from jitcore.archive import LazyTensor
    from jitviewer.engine.document import Document
    from jitviewer.protocol.rows import TreeRow


_WITH_SIZE = ("module", "parameter", "buffer", "tensor")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `tree`."""
    parser.add_argument("file", type=file_name, metavar="FILE", help=TREE_HELP)
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
    checked = document.archive or document.tensors
    if options.verify and checked is not None:
        checked.verify()
    rows = tree_rows(document)
    tensors = _tensors(document) if options.verify else []
    if options.json:
        print_text(json.dumps(_as_json(document, rows, tensors), indent=2))
        return 0
    lines = [plain_line(document.title)]
    depths: dict[int, int] = {0: 0}
    for row in rows:
        depth = depths[row.id] = depths[row.parent] + 1
        size = f"  [{row.bytes:,} bytes]" if row.bytes and row.kind in _WITH_SIZE else ""
        # A line for each row, whatever its name holds.
        lines.append("  " * depth + plain_line(f"{row.kind} {row.name}: {row.detail}{size}"))
    lines.extend(f"TENSOR {plain_line(name)} {digest or '(no bytes)'}" for name, digest in tensors)
    print_text("\n".join(lines))
    return 0


def _tensors(document: Document) -> list[tuple[str, str]]:
    """Name and digest of every tensor: of the module tree, then of the constants."""
    from jitcore.archive import tensor_digests
    from jitcore.archive.digests import named_digests

    if document.tensors is not None:
        tensors = document.tensors
        return named_digests(list(tensors.tensors.items()), tensors.size, tensors.file)
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
    if document.tensors is not None:
        digests = dict(tensors)
        result["written_by"] = document.tensors.kind
        result["tensors"] = [
            _tensor_as_json(name, tensor, digests.get(name))
            for name, tensor in document.tensors.tensors.items()
        ]
    elif tensors:
        result["tensors"] = [{"name": name, "sha256": digest or None} for name, digest in tensors]
    return result


def _tensor_as_json(name: str, tensor: LazyTensor, digest: str | None) -> dict[str, object]:
    described: dict[str, object] = {
        "name": name, "dtype": tensor.dtype, "shape": list(tensor.shape), "layout": tensor.layout,
        "device": tensor.device, "elements": tensor.numel, "bytes": tensor.nbytes,
    }  # fmt: skip
    if tensor.storage is not None:
        described.update(strides=list(tensor.strides), offset=tensor.offset)
    return described if digest is None else {**described, "sha256": digest or None}
