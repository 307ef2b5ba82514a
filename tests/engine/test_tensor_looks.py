"""Tensors of archives are looked at without torch, page by page; torch and numpy say what is right."""

import math
import threading
import warnings

import numpy as np
import pytest
import torch

from jitcore.archive import pieces as archive_pieces
from jitviewer.engine import tensor_summary
from jitviewer.engine.document import Document
from jitviewer.engine.shown_document import ShownDocument
from jitviewer.engine.tensor_looks import TensorLooks, TensorPlace, look_at
from jitviewer.engine.tensor_names import TensorNames
from jitviewer.engine.tensor_summary import summarize


class Holder(torch.nn.Module):
    def __init__(self, tensors):
        super().__init__()
        for name, tensor in tensors.items():
            self.register_buffer(name, tensor)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


def saved(tmp_path, **tensors):
    path = tmp_path / "tensors.pt"
    torch.jit.save(torch.jit.script(Holder(tensors)), str(path))
    return Document.open(str(path))


def summary_of(tensor):
    return next(s for s in summarize(tensor) if s is not None)


TENSORS = {
    "plain": torch.randn(7, 50),
    "turned": torch.randn(40, 30).t(),
    "shared_part": torch.randn(10, 10)[2:5, 3:7],
    "half": torch.randn(3, 4, 5).half(),
    "brain": torch.randn(3, 4, 5).bfloat16(),
    "whole": torch.randint(-5, 9, (6, 7)),
    "flags": torch.rand(20) > 0.5,
    "broken": torch.tensor([1.0, math.nan, math.inf, -math.inf, 0.0, 2.0]),
    "one": torch.tensor(3.5),
    "wave": torch.randn(4, 4, dtype=torch.complex64),
    "repeated": torch.randn(1, 6).expand(5, 6),
}


@pytest.mark.parametrize("pieces", [1 << 20, 16])
@pytest.mark.parametrize("name", TENSORS)
def test_statistics_agree_with_numpy(tmp_path, monkeypatch, name, pieces):
    monkeypatch.setattr(archive_pieces, "PIECE", pieces)
    document = saved(tmp_path, **{f"the_{name}": TENSORS[name]})
    found = summary_of(TensorNames(document).find(f"the_{name}"))
    elements = TENSORS[name]
    is_complex = elements.is_complex()
    plain = elements.to(torch.complex128 if is_complex else torch.float64).numpy().reshape(-1)
    expected = np.abs(plain) if is_complex else plain
    finite = expected[np.isfinite(expected)]
    assert (found.seen, found.finite) == (expected.size, finite.size)
    assert found.zeros == (expected == 0).sum()
    assert found.nan == np.isnan(expected).sum()
    assert found.infinite == np.isinf(expected).sum()
    assert (found.low, found.high) == pytest.approx((finite.min(), finite.max()))
    assert found.mean == pytest.approx(finite.mean(), abs=1e-12)
    assert found.deviation == pytest.approx(finite.std(), abs=1e-12)
    counts, _ = np.histogram(finite, bins=tensor_summary.BINS, range=(found.low, found.high))
    assert found.histogram == counts.tolist()
    document.close()


def test_pages_lead_through_a_tensor_of_any_size(tmp_path):
    tensor = torch.arange(3 * 2 * 100 * 40).reshape(3, 2, 100, 40)
    document = saved(tmp_path, numbers=tensor)
    found = TensorNames(document).find("numbers")
    look = look_at(found, (3, 64, 32), None)
    assert (look.slices, look.slice, look.rows, look.columns) == (6, 3, 100, 40)
    assert look.cells == [[str(v) for v in row] for row in tensor[1, 1, 64:, 32:].tolist()]
    # Beyond the end is the last place there is.
    last = look_at(found, (99, 999, 999), None)
    assert last.cells == [[str(tensor[2, 1, 99, 39].item())]]
    assert look.picture_width == 40
    document.close()


def test_a_large_matrix_is_shown_coarsely(tmp_path):
    tensor = torch.linspace(0, 1, 1000).reshape(1000, 1).expand(1000, 600).contiguous()
    document = saved(tmp_path, wide=tensor)
    look = look_at(TensorNames(document).find("wide"), (0, 0, 0), None)
    assert look.picture_width <= 256
    assert look.picture_height <= 256
    assert len(look.picture) == look.picture_width * look.picture_height
    assert look.picture[0] == 0
    assert look.picture[-1] > 250
    document.close()


def test_empty_and_single_elements(tmp_path):
    document = saved(tmp_path, nothing=torch.zeros(0, 5), one=torch.tensor(2))
    names = TensorNames(document)
    empty = look_at(names.find("nothing"), (0, 0, 0), summary_of(names.find("nothing")))
    assert empty.cells == []
    assert empty.histogram == []
    assert look_at(names.find("one"), (0, 0, 0), None).cells == [["2"]]
    document.close()


def test_quantized_elements_are_told_as_reals(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quantized = torch.quantize_per_tensor(torch.tensor([[0.5, -1.0, 2.0]]), 0.5, 3, torch.quint8)
    document = saved(tmp_path, packed=quantized)
    assert look_at(TensorNames(document).find("packed"), (0, 0, 0), None).cells == [["0.5", "-1", "2"]]
    document.close()


def test_who_shares_a_storage(tmp_path):
    base = torch.randn(4, 4)
    document = saved(tmp_path, first=base, second=base, part=base[1:3], other=torch.randn(2))
    names = TensorNames(document)
    facts = names.facts("part", names.find("part"))
    shared = [fact.text for fact in facts if fact.group == "Shares its storage with"]
    assert sorted(shared) == ["first", "second"]
    assert [fact.link for fact in facts if fact.text == "first"] == ["tensor:first"]
    assert not [fact for fact in names.facts("other", names.find("other")) if "Shares" in fact.group]
    document.close()


def test_statistics_of_large_tensors_come_later(tmp_path):
    document = saved(tmp_path, large=torch.ones(3, 1 << 20))
    told = []
    is_complete = threading.Event()

    def emit(event):
        told.append(event)
        if event.is_complete:
            is_complete.set()

    looks = TensorLooks(emit)
    tensor = TensorNames(document).find("large")
    looks.look(TensorPlace(1, "large", tensor, (), (0, 0, 0)))
    assert told[0].look.cells[0][0] == "1"
    assert not told[0].is_complete
    assert is_complete.wait(20)
    assert {fact.name: fact.text for fact in told[-1].look.facts}["mean"] == "1"
    # Another page needs no second count.
    looks.look(TensorPlace(1, "large", tensor, (), (0, 1, 16)))
    assert told[-1].is_complete
    assert told[-1].look.first_column == 16
    looks.forget(1)
    looks.close()
    document.close()


def test_what_cannot_be_read_says_why(tmp_path):
    document = saved(tmp_path, sparse=torch.eye(3).to_sparse())
    told = []
    looks = TensorLooks(told.append)
    looks.look(TensorPlace(1, "sparse", TensorNames(document).find("sparse"), (), (0, 0, 0)))
    assert told[0].look is None
    assert "sparse" in told[0].why_not
    document.close()


def test_a_row_and_an_input_lead_to_a_tensor():
    from jitviewer.protocol import events
    from jitviewer.resources import resource

    document = ShownDocument(1, str(resource("samples", "gate.pt")), None)
    shown = list(document.open())
    tree = next(e.tree for e in shown if isinstance(e, events.DocumentOpened))
    row = next(row for row in tree if row.kind == "parameter" and row.name == "weight")
    inspected = next(iter(document.inspect_row(row.id)))
    assert inspected.tensor == f"{row.path}.weight"
    tensor, _ = document.find_tensor(inspected.tensor)
    assert list(tensor.shape)
    graph = next(e.view for e in shown if isinstance(e, events.GraphChanged))
    line = next(n for n, text in enumerate(graph.text.splitlines()) if "aten::linear" in text)
    facts = next(iter(document.inspect_node(graph.line_nodes[line][0]))).facts
    weight = next(fact for fact in facts if fact.group == "Inputs" and fact.name == "weight")
    assert weight.link.startswith("tensor:")
    assert weight.link.endswith(".weight")
    source = next(fact for fact in facts if fact.group == "Inputs" and fact.name == "input")
    assert source.link.startswith("node:") or "from" not in source.text
    assert facts[0].text.startswith("Multiplies by the transposed weight")
    document.close()
