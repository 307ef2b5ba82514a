"""Every construct of the dialect lowers to the graph that torch makes of it, locations included."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from jitcore.frontend import SourceImporter
from jitcore.ir import Function
from jitcore.printing import graph_text
from tests.frontend import dialect
from tests.frontend.written import importer_of, write_archive

WARNING = re.compile(r"warn_id=\d+")


@pytest.fixture(scope="module")
def torch_graphs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Graphs by qualified name, as torch loads the code."""
    import torch

    path = tmp_path_factory.mktemp("dialect") / "net.pt"
    write_archive(path, dialect.code())
    unit = torch._C.CompilationUnit()
    torch._C.import_ir_module(unit, str(path), torch.device("cpu"), {}, False)
    return {f.qualified_name: str(f.graph) for f in unit.get_functions()}


@pytest.fixture(scope="module")
def importer() -> SourceImporter:
    return importer_of(dialect.code())


def text_of(function: object) -> str:
    assert isinstance(function, Function)
    return graph_text(function.graph)


@pytest.mark.parametrize("name", dialect.METHODS)
def test_a_method_has_torchs_graph(
    name: str, importer: SourceImporter, torch_graphs: Mapping[str, str]
) -> None:
    mine = text_of(importer.class_type("__torch__.Net").methods[name])
    theirs = torch_graphs[f"__torch__.Net.{name}"]
    # Torch counts warnings through the whole process.
    assert WARNING.sub("warn_id=N", mine) == WARNING.sub("warn_id=N", theirs)


def test_helpers_have_torchs_graphs(importer: SourceImporter, torch_graphs: Mapping[str, str]) -> None:
    counter = importer.class_type("__torch__.Counter")
    for name, method in counter.methods.items():
        assert text_of(method) == torch_graphs[f"__torch__.Counter.{name}"]
    for name in ("double", "pick", "unannotated"):
        assert text_of(importer.function(f"__torch__.{name}")) == torch_graphs[f"__torch__.{name}"]


def test_a_sample_archive_has_torchs_graphs(samples: Path) -> None:
    import torch

    from jitcore.archive.importer import load

    for path in sorted(samples.glob("*.pt")):
        theirs = torch.jit.load(str(path))
        mine = load(path)
        for name, module in theirs.named_modules():
            for method in module._c._method_names():
                function = mine.find(name).method(method)
                assert graph_text(function.graph) == str(module._c._get_method(method).graph)
