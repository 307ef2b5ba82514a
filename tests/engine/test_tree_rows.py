"""The tree of an archive: functions, classes, tensors that share a storage, sizes."""

import torch

from jitviewer.engine.code_rows import line_of
from jitviewer.engine.document import Document, source_of
from jitviewer.engine.shown_document import ShownDocument
from jitviewer.engine.tree_rows import tree_rows
from jitviewer.protocol import events


class Helper:
    def __init__(self, factor: float):
        self.factor = factor

    def scaled(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.factor


@torch.jit.script
def doubled(x: torch.Tensor) -> torch.Tensor:
    return x + x


class Inner(torch.nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return doubled(x) @ self.weight


class Outer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        weight = torch.nn.Parameter(torch.randn(4, 4))
        self.first = Inner(weight)
        self.second = Inner(weight)
        self.register_buffer("alone", torch.randn(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        helper = Helper(2.0)
        return helper.scaled(self.second(self.first(x)))


def saved(tmp_path):
    path = str(tmp_path / "tree.pt")
    torch.jit.save(torch.jit.script(Outer()), path)
    return path


def test_functions_classes_and_shared_storages_are_listed(tmp_path):
    document = Document.open(saved(tmp_path))
    rows = tree_rows(document)
    by_kind = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    assert any(row.name.endswith(".doubled") for row in by_kind["function"])
    # Classes that are no modules come first.
    assert by_kind["class"][0].name == "Helper"
    assert {"Outer", "Inner"} <= {row.name for row in by_kind["class"]}
    details = {f"{row.path}.{row.name}": row.detail for row in by_kind["parameter"]}
    assert details == dict.fromkeys(("first.weight", "second.weight"), "float32[4, 4], shares its storage")
    assert "shares" not in by_kind["buffer"][0].detail
    # What is shared counts once.
    assert next(row.bytes for row in rows if row.kind == "module" and row.path == "") == 64 + 12
    document.close()


def test_functions_are_shown_and_classes_found_in_their_files(tmp_path):
    document = ShownDocument(1, saved(tmp_path), None)
    tree = next(e.tree for e in document.open() if isinstance(e, events.DocumentOpened))
    name = next(row.name for row in tree if row.kind == "function")
    shown = list(document.show("", name))
    graph = next(e.view for e in shown if isinstance(e, events.GraphChanged))
    assert "aten::add" in graph.text
    helper = next(row for row in tree if row.kind == "class" and row.name == "Helper")
    record = next(iter(document.show_record(helper.path, helper.name)))
    assert record.view.text.splitlines()[record.line].startswith("class Helper")
    document.close()


def test_lines_of_definitions(tmp_path):
    document = Document.open(saved(tmp_path))
    row = next(row for row in tree_rows(document) if row.kind == "class" and row.name == "Inner")
    text = source_of(document, row.path).text
    assert text.splitlines()[line_of(text, "Inner")].startswith("class Inner(Module)")
    assert line_of(text, "Inn") == -1
    document.close()


class Counted(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = torch.nn.BatchNorm1d(5)
        self.layers = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.LSTM(7, 3, num_layers=2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers[0](self.norm(x))


def test_parameters_are_counted_as_torch_counts_them(tmp_path):
    path = str(tmp_path / "counted.pt")
    torch.jit.save(torch.jit.script(Counted()), path)
    theirs = {
        name: sum(p.numel() for p in module.parameters())
        for name, module in torch.jit.load(path).named_modules()
    }
    rows = tree_rows(Document.open(path))
    assert {row.path: row.elements for row in rows if row.kind == "module"} == theirs
    assert {row.elements > 0 for row in rows if row.kind == "parameter"} == {True}
    assert {row.elements for row in rows if row.kind == "buffer"} == {0}


def test_a_parameter_of_two_modules_counts_once_above_them(tmp_path):
    rows = tree_rows(Document.open(saved(tmp_path)))
    assert {row.path: row.elements for row in rows if row.kind == "module"} == {
        "": 16, "first": 16, "second": 16,
    }  # fmt: skip
