"""Values that a run holds are written as torch writes them: tensors of every kind, objects, devices."""

import pytest
import torch

import jitcore
from tests.archive.writing import programs
from tests.archive.writing.records import meaning, records, saved_by_torch


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor", "ignore:Sparse")
@pytest.mark.parametrize("name", list(programs.modules()))
def test_loaded_and_saved(tmp_path, name):
    path = tmp_path / "module.pt"
    torch.jit.save(torch.jit.script(programs.modules()[name]), str(path))
    jitcore.load(path).save(tmp_path / "ours.pt")
    mine, theirs = records(tmp_path / "ours.pt"), records(saved_by_torch(path, tmp_path / "torch.pt"))
    assert list(mine) == list(theirs)
    for record, content in theirs.items():
        assert meaning(record, mine[record]) == meaning(record, content), record


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor", "ignore:Sparse")
@pytest.mark.parametrize("name", list(programs.modules()))
def test_compiled_and_saved(tmp_path, name):
    torch.manual_seed(0)
    theirs = torch.jit.script(programs.modules()[name])
    torch.manual_seed(0)
    ours = jitcore.script(programs.modules()[name])
    theirs.save(str(tmp_path / "theirs.pt"))
    ours.save(tmp_path / "ours.pt")
    mine, other = records(tmp_path / "ours.pt"), records(tmp_path / "theirs.pt")
    weights = {record for record in other if record.startswith(("data/", "constants/"))}
    assert {record for record in mine if record.startswith(("data/", "constants/"))} == weights
    for record in weights:
        assert mine[record] == other[record]
    loaded = torch.jit.load(tmp_path / "ours.pt")
    assert loaded.code == torch.jit.load(tmp_path / "theirs.pt").code
