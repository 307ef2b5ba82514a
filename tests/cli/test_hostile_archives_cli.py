"""Files made to harm, given to the command line: a plain result, or exit 1 and one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.processes import jitviewer
from tests.fuzz.cases import ROWS, make_case
from tests.fuzz.draft import sample_archives

FIRST_ROUND = len(ROWS)


@pytest.mark.parametrize("index", range(FIRST_ROUND), ids=list(ROWS))
def test_a_hostile_file_ends_as_a_result_or_one_line(tmp_path, samples, index):
    file = tmp_path / "hostile.pt"
    file.write_bytes(make_case(11, index, sample_archives(samples)))
    done = jitviewer("graph", str(file), "--inlined")
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1)
    assert len(done.stderr.splitlines()) == done.returncode
    assert bool(done.stdout) == (done.returncode == 0)
    assert list(tmp_path.iterdir()) == [file]


def retarget(name: str, data: bytes, target: Path) -> bytes | None:
    """Name the file to write in the code; the table that holds the original program goes."""
    if name.endswith(".debug_pkl"):
        return None
    return data.replace(b"TARGET.pt", str(target).encode()) if name.endswith(".py") else data


@pytest.fixture(scope="module")
def writes_when_loaded(tmp_path_factory) -> tuple[Path, Path]:
    """An archive whose `__setstate__` writes a file, and that file."""
    import torch

    folder = tmp_path_factory.mktemp("setstate")
    target = folder / "written.pt"

    class Writes(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.w = torch.ones(2)

        @torch.jit.export
        def __getstate__(self):
            return self.w, self.training

        @torch.jit.export
        def __setstate__(self, state: tuple[torch.Tensor, bool]):
            self.w = state[0]
            self.training = state[1]
            torch.save(self.w, "TARGET.pt")

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.w

    from tests.cli.bad_files import rewrite

    file = folder / "writes.pt"
    torch.jit.script(Writes()).save(str(folder / "plain.pt"))
    rewrite(folder / "plain.pt", file, lambda name, data: retarget(name, data, target))
    return file, target


@pytest.mark.parametrize(
    "words", [["tree", "--verify"], ["graph", "--inlined"], ["code", "--method", "__setstate__"]]
)
def test_opening_runs_no_code_of_the_archive(writes_when_loaded, words):
    file, target = writes_when_loaded
    done = jitviewer(words[0], str(file), *words[1:])
    assert done.returncode == 0, done.stderr
    assert not target.exists()


def test_running_writes_only_if_the_person_allows_it(writes_when_loaded):
    import torch

    file, target = writes_when_loaded
    refused = jitviewer("run", str(file), "--input", "float32[2]")
    assert refused.returncode == 1
    assert "aten::save" in refused.stderr
    assert "file system" in refused.stderr
    assert not target.exists()
    allowed = jitviewer("run", str(file), "--input", "float32[2]", "--allow-files")
    assert allowed.returncode == 0, allowed.stderr
    assert torch.equal(torch.load(target), torch.ones(2))
