"""Two archives made at test time differ exactly where they were made to differ."""

import json
from pathlib import Path

import torch

from jitcore.archive import open_archive
from jitcore.diagnose import compare_archives
from jitviewer.commands.command_line import main


class Block(torch.nn.Module):
    def __init__(self, width: int = 4, scale: float = 1.0) -> None:
        super().__init__()
        self.linear = torch.nn.Linear(width, width)
        self.scale = scale

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x) * self.scale


class Other(Block):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x) + self.scale


class Net(torch.nn.Module):
    def __init__(self, block: torch.nn.Module, extra: bool = False) -> None:
        super().__init__()
        self.block = block
        if extra:
            self.head = torch.nn.ReLU()
            self.register_buffer("mean", torch.zeros(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.block(x)


def _save(folder: Path, name: str, module: torch.nn.Module, files: dict[str, str] | None = None) -> Path:
    path = folder / f"{name}.pt"
    torch.jit.save(torch.jit.script(module), str(path), _extra_files=files or {})
    return path


def _compare(before: Path, after: Path):
    return compare_archives(open_archive(before), open_archive(after))


def _net(seed: int = 0, **options: object) -> Net:
    torch.manual_seed(seed)
    return Net(Block(**options))


def test_the_same_program_saved_twice_does_not_differ(tmp_path: Path, capsys) -> None:
    a, b = _save(tmp_path, "a", _net()), _save(tmp_path, "b", _net())
    assert _compare(a, b).is_empty
    assert main(["diff", str(a), str(b)]) == 0
    assert capsys.readouterr().out == "no differences\n"


def test_a_changed_weight_is_measured(tmp_path: Path) -> None:
    changed = _net()
    with torch.no_grad():
        changed.block.linear.weight[0, 1] += 0.5
        changed.block.linear.weight[2, 2] -= 0.25
    d = _compare(_save(tmp_path, "a", _net()), _save(tmp_path, "b", changed))
    (change,) = d.tensors_changed
    assert change.path == "block.linear.weight"
    assert (change.different, change.elements) == (2, 16)
    assert abs(change.max_difference - 0.5) < 1e-6
    assert abs(change.mean_difference - 0.75 / 16) < 1e-6
    assert not d.methods_changed


def test_a_nan_on_one_side_is_seen(tmp_path: Path) -> None:
    changed = _net()
    with torch.no_grad():
        changed.block.linear.bias[0] = float("nan")
    d = _compare(_save(tmp_path, "a", _net()), _save(tmp_path, "b", changed))
    (change,) = d.tensors_changed
    assert change.different == 1
    assert change.max_difference != change.max_difference


def test_another_shape_is_said(tmp_path: Path) -> None:
    d = _compare(_save(tmp_path, "a", _net(width=4)), _save(tmp_path, "b", _net(width=5)))
    assert [(c.path, c.before, c.after) for c in d.tensors_changed] == [
        ("block.linear.weight", "float32[4, 4]", "float32[5, 5]"),
        ("block.linear.bias", "float32[4]", "float32[5]"),
    ]
    assert {c.path for c in d.attributes_changed} == {
        "block.linear.in_features", "block.linear.out_features",
    }  # fmt: skip


def test_changed_code_shows_in_code_and_graph(tmp_path: Path) -> None:
    torch.manual_seed(0)
    other = Net(Other())
    d = _compare(_save(tmp_path, "a", _net()), _save(tmp_path, "b", other))
    # The caller's graph names the class of what it calls; its code does not.
    caller, method = d.methods_changed
    assert (caller.path, caller.code) == ("(root).forward", "")
    assert method.path == "block.forward"
    assert "-  return torch.mul" in method.code
    assert "+  return torch.add" in method.code
    assert "aten::add" in method.graph
    assert [c.path for c in d.classes_changed] == ["block"]


def test_what_was_added_and_removed_is_listed(tmp_path: Path) -> None:
    torch.manual_seed(0)
    a, b = _save(tmp_path, "a", _net()), _save(tmp_path, "b", Net(Block(), extra=True), {"note": "hello"})
    d = _compare(a, b)
    assert d.modules_added == ["head"]
    assert d.tensors_added == ["mean: float32[2]"]
    assert [c.path for c in d.files_changed] == ["extra/note"]
    back = _compare(b, a)
    assert back.modules_removed == ["head"]
    assert back.tensors_removed == ["mean: float32[2]"]


def test_a_changed_attribute_shows_both_values(tmp_path: Path) -> None:
    d = _compare(_save(tmp_path, "a", _net(scale=1.0)), _save(tmp_path, "b", _net(scale=2.5)))
    assert [tuple(c) for c in d.attributes_changed] == [("block.scale", "1.0", "2.5")]


def test_json_holds_the_same(tmp_path: Path, capsys) -> None:
    a, b = _save(tmp_path, "a", _net(0)), _save(tmp_path, "b", _net(1))
    assert main(["diff", str(a), str(b), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["path"] for row in told["tensors_changed"]] == ["block.linear.weight", "block.linear.bias"]
    assert all(row["max_difference"] > 0 for row in told["tensors_changed"])


def test_a_bad_file_is_one_sentence(tmp_path: Path, capsys) -> None:
    good = _save(tmp_path, "a", _net())
    bad = tmp_path / "bad.pt"
    bad.write_text("no")
    assert main(["diff", str(good), str(bad)]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
