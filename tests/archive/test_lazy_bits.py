"""Tensors conjugated or negated without their bytes having been, and sparse rows, are read as they are."""

import io

import pytest
import torch
from torch import Tensor, nn

from jitcore.archive import open_archive


class Lazily(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conjugated = torch.tensor([1 + 2j, 3 - 1j]).conj()
        self.negated = torch.tensor([1 + 2j, 3 - 1j]).conj().imag
        self.plain = torch.tensor([1 + 2j, 3 - 1j])

    def forward(self, x: Tensor) -> Tensor:
        return x


class Rows(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rows = torch.eye(2).to_sparse_csr()

    def forward(self, x: Tensor) -> Tensor:
        return x


def saved(module: nn.Module, path):
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(module), buffer)
    path.write_bytes(buffer.getvalue())
    return open_archive(path).root.attributes


def test_elements_are_those_of_the_tensor(tmp_path):
    module = Lazily()
    held = saved(module, tmp_path / "lazily.pt")
    assert held["conjugated"].is_conjugated
    assert held["negated"].is_negated
    assert not held["plain"].is_conjugated
    assert not held["plain"].is_negated
    for name in ("conjugated", "negated", "plain"):
        assert held[name].to_numpy().tolist() == getattr(module, name).tolist()


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support")
def test_layout_of_sparse_rows(tmp_path):
    rows = saved(Rows(), tmp_path / "rows.pt")["rows"]
    assert rows.layout == "sparse_csr"
    assert rows.sparse.indices.to_numpy().tolist() == [0, 1, 2]
