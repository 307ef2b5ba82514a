"""Writes the schema table from an installed torch: `python -m jitcore.ops.snapshot`."""

from __future__ import annotations

import sys
from pathlib import Path

from jitcore.ops.table import TORCH_SCHEMAS, TORCHVISION_SCHEMAS, name_of


def registered_schemas() -> list[str]:
    """Every schema that torch registers for TorchScript, by name; overloads in the order of their lookup."""
    import torch

    # Torch has no public way to list its operators.
    library = vars(torch)["_C"]
    names = {schema.name for schema in library._jit_get_all_schemas()}
    return [str(s) for name in sorted(names) for s in library._jit_get_schemas_for_operator(name)]


def write_table(path: Path, lines: list[str]) -> None:
    """Write schemas, one a line; lines of one name must stand together and the names be sorted."""
    names = [name_of(line) for line in lines]
    if names != sorted(names):
        raise ValueError("the schemas are not sorted by name")
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Refresh torch's table; with a file of torchvision's schemas as argument, refresh that one too."""
    schemas = registered_schemas()
    write_table(TORCH_SCHEMAS, schemas)
    print(f"{len(schemas)} schemas written to {TORCH_SCHEMAS}")
    if arguments:
        lines = Path(arguments[0]).read_text(encoding="utf-8").splitlines()
        write_table(TORCHVISION_SCHEMAS, sorted((line for line in lines if line), key=name_of))
        print(f"{len(lines)} schemas written to {TORCHVISION_SCHEMAS}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
