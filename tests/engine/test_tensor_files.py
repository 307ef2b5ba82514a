"""A file of tensors as a document: its tree, each of its tensors, and no program."""

from __future__ import annotations

import json
import struct
import warnings

import pytest
import torch

from jitviewer.engine import tensor_file_rows
from jitviewer.engine.document import Document
from jitviewer.engine.tree_rows import tree_rows
from jitviewer.protocol import events, requests

NUMBER = 1


def everything() -> dict[str, object]:
    base = torch.arange(12.0).reshape(3, 4)
    with warnings.catch_warnings():
        # torch says of these kinds that they are new, or old.
        warnings.simplefilter("ignore")
        sparse = {"coo": torch.eye(3).to_sparse(), "csr": torch.eye(3).to_sparse_csr()}
        sparse["large"] = torch.sparse_coo_tensor(
            torch.zeros(2, 1, dtype=torch.int64), torch.ones(1), (4096, 4096)
        )
        quantized = torch.quantize_per_tensor(torch.tensor([0.5, 1.0]), 0.5, 1, torch.qint8)
    return {
        "layer": {"w": base, "turned": base.t(), "0.deep": torch.ones(2, 2, 2)},
        "brain": torch.ones(3).bfloat16(), "eight": torch.ones(3).to(torch.float8_e4m3fn),
        "wave": torch.tensor([3 + 4j]), "flags": torch.tensor([True, False]), "none": torch.zeros(0, 3),
        "one": torch.tensor(2.0), "quantized": quantized, **sparse,
        "there": torch.ones(2, device="meta"), "bits": torch.ones(2, dtype=torch.uint8).view(torch.bits8),
        "parameter": torch.nn.Parameter(torch.ones(2)), "epoch": 3,
    }  # fmt: skip


@pytest.fixture
def opened(engine, tmp_path):
    path = tmp_path / "checkpoint.pt"
    torch.save(everything(), path)
    return engine.ask(requests.OpenDocument(NUMBER, str(path)), events.DocumentOpened)


def test_it_opens_with_its_tensors_and_says_why_there_is_no_code(opened):
    assert opened.summary.startswith("Tensors without a program, written by torch.save, 16 tensors")
    assert "holds tensors but no code" in opened.why_no_program
    rows = {(row.path, row.name): row for row in opened.tree}
    assert rows["", "(root)"].kind == "module"
    assert (rows["layer", "w"].kind, rows["layer", "w"].detail) == (
        "tensor", "float32[3, 4], shares its storage",
    )  # fmt: skip
    assert rows["layer.0", "deep"].elements == 8
    assert rows["", "parameter"].kind == "parameter"
    assert rows["", "coo"].detail == "float32[3, 3] sparse_coo"
    assert rows["", "quantized"].detail == "qint8[2] per_tensor_affine"
    assert rows["", "there"].detail == "float32[2] on meta"
    assert rows["", "epoch"].detail == "int = 3"
    # Both views of one storage count once, as bytes and as what they are.
    assert rows["layer", "layer"].bytes == 12 * 4 + 8 * 4


LOOKED = {
    "layer.w": (["0", "1", "2", "3"], ""), "layer.turned": (["0", "4", "8"], ""),
    "brain": (["1", "1", "1"], ""), "eight": (["1", "1", "1"], ""), "wave": (["3+4j"], ""),
    "flags": (["True", "False"], ""), "none": ([], ""), "one": (["2"], ""), "quantized": (["0.5", "1"], ""),
    "coo": (None, "sparse_coo"), "csr": (None, "sparse_csr"), "large": (None, "sparse_coo"),
    "there": (None, "meta device"),
    "bits": (None, "bits8"),
}  # fmt: skip


def test_every_tensor_can_be_looked_at_or_says_why_not(engine, opened):
    rows = {f"{row.path}.{row.name}".lstrip("."): row for row in opened.tree}
    for name, (cells, why_not) in LOOKED.items():
        told = engine.ask(requests.InspectTreeRow(NUMBER, rows[name].id), events.Inspected)
        assert told.tensor == name
        assert any(fact.name == "dtype" for fact in told.facts)
        assert not any(fact.link.startswith("record:") for fact in told.facts)
        looked = engine.ask(requests.LookAtTensor(NUMBER, name), events.TensorLooked)
        assert (looked.look is None) == bool(why_not), (name, looked)
        assert why_not in looked.why_not
        if looked.look is not None:
            assert (looked.look.cells[0] if looked.look.cells else []) == cells, name
            assert looked.is_complete


def test_facts_tell_what_shares_a_storage_and_what_sparse_ones_are_made_of(engine, opened):
    rows = {f"{row.path}.{row.name}".lstrip("."): row for row in opened.tree}

    def facts(name):
        told = engine.ask(requests.InspectTreeRow(NUMBER, rows[name].id), events.Inspected).facts
        return {(fact.group, fact.name): fact for fact in told}

    assert facts("layer.turned")["Shares its storage with", ""].link == "tensor:layer.w"
    assert facts("csr")["Tensor", "plain indices"].text == "int64[3]"
    assert facts("quantized")["Tensor", "quantized"].text == "per_tensor_affine"
    assert facts("layer.layer")["Item", "elements"].text == "32"


@pytest.mark.parametrize(
    "request_of",
    [
        lambda: requests.SetPasses(NUMBER, ["inline"]), lambda: requests.SetCodeForm(NUMBER, True),
        lambda: requests.AskParseable(NUMBER), lambda: requests.ShowRecord(NUMBER, "data.pkl"),
        lambda: requests.ShowMethod(NUMBER, "", "forward"), lambda: requests.InspectNode(NUMBER, 1),
    ],
)  # fmt: skip
def test_what_needs_a_program_is_answered_with_the_reason(engine, opened, request_of):
    engine.send(request_of())
    told = engine.until(events.Notice, events.MethodFailed)[-1]
    assert told.sentence == opened.why_no_program


def test_safetensors_open_with_their_metadata(engine, tmp_path):
    path = tmp_path / "model.safetensors"
    header = {"__metadata__": {"format": "pt"}, "a.w": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + struct.pack("<2e", 0.5, -2))
    opened = engine.ask(requests.OpenDocument(NUMBER, str(path)), events.DocumentOpened)
    assert [(row.kind, row.path, row.name, row.detail) for row in opened.tree] == [
        ("module", "", "(root)", "safetensors, 1 tensor, 2 elements"),
        ("module", "a", "a", "1 tensor, 2 elements"),
        ("tensor", "a", "w", "float16[2]"),
        ("attribute", "", "format", "pt"),
    ]
    looked = engine.ask(requests.LookAtTensor(NUMBER, "a.w"), events.TensorLooked)
    assert looked.look.cells == [["0.5", "-2"]]


def test_names_of_too_many_parts_stay_whole_and_nothing_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(tensor_file_rows, "_MOST_BRANCHES", 3)
    path = tmp_path / "parts.pt"
    names = ["a.b.w", "a.b.c.w", "d.e.f.w", "d.e.f.v", "a.b.v"]
    torch.save({name: torch.zeros(2) for name in names}, path)
    document = Document.open(str(path))
    rows = {row.id: row for row in tree_rows(document)}
    tensors = [row for row in rows.values() if row.kind == "tensor"]
    assert sorted(f"{row.path}.{row.name}".lstrip(".") for row in tensors) == sorted(names)
    assert [row.path for row in rows.values() if row.kind == "module"] == ["", "a", "a.b", "a.b.c"]
    assert {row.name for row in tensors if rows[row.parent].path == ""} == {"d.e.f.w", "d.e.f.v"}
    assert (rows[1].bytes, rows[1].elements) == (40, 10)
    document.close()
