"""Tensors are compared as torch compares them, views of one storage without reading it again and again."""

from pathlib import Path

import pytest
import torch

from jitcore.archive import digests, pieces
from jitcore.archive.tensor_files import TensorFile
from jitcore.archive.tensor_files.opening import open_archive_or_tensors
from jitcore.diagnose import tensor_diff
from jitcore.diagnose.tensor_diff import TensorComparison
from jitviewer.commands.command_line import main

VIEWS = {
    "plain": lambda t: t[:60].view(5, 12),
    "turned": lambda t: t[:60].view(5, 12).t(),
    "expanded": lambda t: t[:7].view(7, 1).expand(7, 9),
    "expanded_first": lambda t: t[3:4].expand(1000, 70),
    "overlapping": lambda t: t.as_strided((20, 30), (1, 1), 4),
    "one": lambda t: t[0],
    "nothing": lambda t: t[:0].view(0, 3),
    "steps": lambda t: t[::3],
}


def _opened(path: Path, tensors: dict[str, torch.Tensor]) -> TensorFile:
    torch.save(tensors, path)
    opened = open_archive_or_tensors(str(path))
    assert isinstance(opened, TensorFile)
    return opened


@pytest.mark.parametrize("piece", [1 << 20, 16])
@pytest.mark.parametrize("dtype", [torch.float32, torch.complex128, torch.bfloat16, torch.int64, torch.bool])
@pytest.mark.parametrize("small", [0, 1 << 12])
def test_figures_are_those_of_torch(tmp_path, monkeypatch, piece, dtype, small) -> None:
    monkeypatch.setattr(pieces, "PIECE", piece)
    monkeypatch.setattr(tensor_diff, "_SMALL", small)
    torch.manual_seed(0)
    left = (torch.randn(80) * 3).to(dtype)
    right = left.clone()
    right[[2, 3, 11, 40]] = (torch.randn(4) * 3).to(dtype)
    before = _opened(tmp_path / "a.pt", {name: view(left) for name, view in VIEWS.items()})
    after = _opened(tmp_path / "b.pt", {name: view(right) for name, view in VIEWS.items()})
    comparison = TensorComparison(1 << 30)
    for name, view in VIEWS.items():
        change = comparison.compare(name, before.tensors[name], after.tensors[name])
        wide = torch.complex128 if dtype.is_complex else torch.float64
        apart = (view(left).to(wide) - view(right).to(wide)).abs()
        if not apart.any():
            assert change is None
            continue
        assert change is not None
        assert (change.different, change.elements) == (int((apart != 0).sum()), apart.numel())
        assert change.max_difference == pytest.approx(float(apart.max()))
        assert change.mean_difference == pytest.approx(float(apart.mean()))
    assert not comparison.not_compared


def test_a_tensor_and_its_expansion_differ_where_elements_do(tmp_path) -> None:
    before = _opened(tmp_path / "a.pt", {"w": torch.zeros(3).expand(2, 3)})
    after = _opened(tmp_path / "b.pt", {"w": torch.tensor([[0.0, 0, 0], [0, 2, 0]])})
    change = TensorComparison(1 << 20).compare("w", before.tensors["w"], after.tensors["w"])
    assert change is not None
    assert (change.different, change.max_difference) == (1, 2.0)


def test_only_the_bytes_differ(tmp_path) -> None:
    before = _opened(tmp_path / "a.pt", {"w": torch.tensor([0.0, 1.0])})
    after = _opened(tmp_path / "b.pt", {"w": torch.tensor([-0.0, 1.0])})
    change = TensorComparison(1 << 20).compare("w", before.tensors["w"], after.tensors["w"])
    assert change is not None
    assert (change.different, change.max_difference) == (0, 0.0)
    assert "only the bytes differ" in change.why_not


@pytest.mark.filterwarnings("ignore:Sparse CSR")
def test_sparse_tensors_are_compared_by_their_parts(tmp_path) -> None:
    one = torch.tensor([[0.0, 1.0], [2.0, 0.0]])
    other = torch.tensor([[0.0, 1.0], [3.0, 0.0]])
    more = torch.tensor([[4.0, 1.0], [2.0, 0.0]])
    kept = dict.fromkeys(("same", "value", "count"), one.to_sparse()) | {"rows": one.to_sparse_csr()}
    changed = {"same": one.to_sparse(), "value": other.to_sparse(), "count": more.to_sparse()}
    changed["rows"] = other.to_sparse_csr()
    before, after = _opened(tmp_path / "a.pt", kept), _opened(tmp_path / "b.pt", changed)
    comparison = TensorComparison(1 << 20)
    found = {name: comparison.compare(name, before.tensors[name], after.tensors[name]) for name in kept}
    assert [name for name, change in found.items() if change is None] == ["same"]
    assert found["rows"] is not None
    assert found["rows"].why_not == "the parts of a sparse_csr tensor differ"


def _views(count: int, first: float) -> dict[str, torch.Tensor]:
    """Overlapping views, each of another shape, of a storage of 4 KiB: a megabyte a view."""
    storage = torch.zeros(1024)
    storage[0] = first
    return {f"w{k}": storage.as_strided((512, 512 - k), (1, 1)) for k in range(count)}


def test_views_of_one_region_are_read_once(tmp_path) -> None:
    view = torch.zeros(4).as_strided((3, 2), (1, 1))
    tensors = {f"w{k}": view for k in range(50)}
    before, after = _opened(tmp_path / "a.pt", tensors), _opened(tmp_path / "b.pt", tensors)
    comparison = TensorComparison(24)
    assert all(comparison.compare(n, before.tensors[n], after.tensors[n]) is None for n in tensors)
    assert not comparison.not_compared


def test_what_repeats_itself_on_both_sides_is_read_once(tmp_path) -> None:
    before = _opened(tmp_path / "a.pt", {"w": torch.zeros(1).expand(2**40)})
    after = _opened(tmp_path / "b.pt", {"w": torch.ones(1).expand(2**40)})
    change = TensorComparison(4).compare("w", before.tensors["w"], after.tensors["w"])
    assert change is not None
    assert (change.different, change.elements, change.mean_difference) == (2**40, 2**40, 1.0)


def test_views_of_too_many_bytes_are_said_not_to_be_compared(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(digests, "_FREE", 1 << 24)
    before, after = tmp_path / "a.pt", tmp_path / "b.pt"
    torch.save(_views(40, 0.0), before)
    torch.save(_views(40, 1.0), after)
    assert main(["diff", str(before), str(after)]) == 0
    *changed, last = capsys.readouterr().out.splitlines()
    compared = len(changed)
    assert 0 < compared < 39
    assert changed[0].startswith("~ tensor w0: float32[512, 512], 1 of 262,144 elements, max 1, ")
    assert last == (
        f"? tensor w{compared} and {39 - compared} more: not compared, the tensors are views of more bytes "
        "than files of this size have; save them as clones to compare all"
    )
