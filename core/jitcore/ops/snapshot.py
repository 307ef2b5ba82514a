"""Writes the tables of this package from an installed torch: `python -m jitcore.ops.snapshot`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jitcore.ops.custom_classes import CUSTOM_CLASS_METHODS, owner_of
from jitcore.ops.effects import CONSERVATIVE, NONDETERMINISTIC, TRAITS
from jitcore.ops.lookup import key_of_schema
from jitcore.ops.releases import USUAL, folder_of, installed_version, release_of, table_of
from jitcore.ops.schema_parser import parse_schema
from jitcore.ops.table import CHANGES, GONE, TORCH_SCHEMAS, TORCHVISION_SCHEMAS, SchemaTable, name_of
from jitcore.ops.upgraders import HEADING, UPGRADERS
from jitcore.types import INT, FunctionSchema, Type, VarType, rebuilt

_OF_BUILDS = ("cuda", "_native", "_native_aot", "flex_gemm", "coor")
"""Namespaces that not every build of a release has."""


def _library() -> Any:
    """The part of torch that knows the operators, which has no public face."""
    import torch

    return vars(torch)["_C"]


def registered_schemas() -> list[str]:
    """Every schema that torch registers for TorchScript, by name; overloads in the order of their lookup."""
    library = _library()
    names = {schema.name for schema in library._jit_get_all_schemas()}
    # Builds for devices register some more, and what Python registers depends on what was imported.
    names = {name for name in names if name.partition("::")[0] not in _OF_BUILDS}
    return [str(s) for name in sorted(names) for s in library._jit_get_schemas_for_operator(name)]


def traits_of(schema: FunctionSchema) -> Iterator[str]:
    """The traits that torch sees in an operator, found out on a graph that has one node of it."""
    graph = _library().parse_ir(_graph_of(schema))
    node = next(iter(graph.nodes()))
    if node.isNondeterministic():
        yield NONDETERMINISTIC
    if not schema.is_mutable:
        # Nobody reads the results, so only side effects can keep the node.
        _library()._jit_pass_dce(graph)
        if any(True for _ in graph.nodes()):
            yield CONSERVATIVE


def _graph_of(schema: FunctionSchema) -> str:
    inputs = ", ".join(f"%a{i} : {_closed(a.type)}" for i, a in enumerate(schema.arguments))
    outputs = ", ".join(f"%r{i} : {_closed(r.type)}" for i, r in enumerate(schema.returns))
    arguments = ", ".join(f"%a{i}" for i in range(len(schema.arguments)))
    target = f"{outputs} = " if outputs else ""
    return f"graph({inputs}):\n  {target}{schema.name}({arguments})\n  return ()\n"


def _closed(t: Type) -> Type:
    if isinstance(t, VarType):
        return INT
    return rebuilt(t, tuple(_closed(part) for part in t.parts)) if t.has_free_variables else t


def observed_traits(lines: list[str]) -> list[str]:
    """`key trait` lines for those of the schemas that have a trait."""
    found: list[str] = []
    for line in lines:
        schema = parse_schema(line)
        try:
            traits = list(traits_of(schema))
        except RuntimeError as error:
            # An earlier overload takes the same arguments, so this one is never a node's operator.
            print(f"skipped {key_of_schema(schema)}: {str(error).strip().partition(chr(10))[0]}")
            continue
        found.extend(f"{key_of_schema(schema)} {trait}" for trait in traits)
    return sorted(found)


def custom_class_methods() -> list[str]:
    """`CLASS SCHEMA` lines of the methods of all classes that torch implements itself."""
    schemas = map(str, _library()._jit_get_custom_class_schemas())
    lines = [f"{owner_of(schema)} {schema}" for schema in schemas]
    return sorted(lines, key=lambda line: line.partition(" ")[0])


def upgraders() -> list[str]:
    """An entry for every meaning that an operator had before: heading, schema then, graph that replaces it.

    The heading is the overload and the first and last version of archives that mean it so, which
    torch keeps at the end of its upgraders' names.
    """
    library = _library()
    with tempfile.TemporaryDirectory() as folder:
        import torch

        # Torch compiles its upgraders when it loads something for the first time.
        path = str(Path(folder) / "nothing.pt")
        torch.jit.save(torch.jit.script(torch.nn.Identity()), path)
        torch.jit.load(path)
    graphs = library._dump_upgraders_map()
    entries: list[str] = []
    for key, versions in sorted(library._get_operator_version_map().items()):
        for entry in versions:
            first, last = entry.upgrader_name.split("_")[-2:]
            entries.append(
                f"{HEADING}{key} {first} {last}\n{entry.old_schema}\n{graphs[entry.upgrader_name]}"
            )
    return entries


def write_table(path: Path, lines: list[str]) -> None:
    """Write schemas, one a line; lines of one name must stand together and the names be sorted."""
    names = [name_of(line) for line in lines]
    if names != sorted(names):
        raise ValueError("the schemas are not sorted by name")
    path.write_text(_text(lines), encoding="utf-8")


def changes(lines: list[str]) -> list[str]:
    """What a release has otherwise than the usual one: all lines of an operator, or that it is gone."""
    table = SchemaTable(TORCH_SCHEMAS)
    registered: dict[str, list[str]] = {name: [] for name in table.names()}
    for line in lines:
        registered.setdefault(name_of(line), []).append(line)
    found: list[str] = []
    for name, theirs in sorted(registered.items()):
        if theirs != table.lines(name):
            found += theirs or [GONE + name]
    return found


def _text(lines: list[str]) -> str:
    return "".join(line + "\n" for line in lines)


def _write_if_other(folder: Path, name: str, text: str) -> None:
    """Write a table of a release, none if it is the usual one."""
    if text == table_of(name, USUAL).read_text(encoding="utf-8"):
        (folder / name).unlink(missing_ok=True)
    else:
        (folder / name).write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Refresh the tables of the installed release; with a file of torchvision's schemas, that one too."""
    version = installed_version()
    if version is None:
        print("No torch is installed to take the tables from.", file=sys.stderr)
        return 1
    release = release_of(version)
    folder = folder_of(release)
    folder.mkdir(parents=True, exist_ok=True)
    schemas = registered_schemas()
    texts = {
        TRAITS: _text(observed_traits(schemas)),
        CUSTOM_CLASS_METHODS: _text(custom_class_methods()),
        UPGRADERS: "".join(upgraders()),
    }
    if release == USUAL:
        write_table(TORCH_SCHEMAS, schemas)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    else:
        (folder / CHANGES).write_text(_text(changes(schemas)), encoding="utf-8")
        for name, text in texts.items():
            _write_if_other(folder, name, text)
    print(f"{len(schemas)} schemas of torch {release} written")
    if arguments:
        lines = Path(arguments[0]).read_text(encoding="utf-8").splitlines()
        write_table(TORCHVISION_SCHEMAS, sorted((line for line in lines if line), key=name_of))
        print(f"{len(lines)} schemas of torchvision written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
