"""Files of tensors on the command line: listed, verified, compared; what needs a program says so."""

import hashlib
import json
import struct
from pathlib import Path

import pytest
import torch

from tests.cli.processes import jitviewer

NO_PROGRAM = "holds tensors but no code, as a state_dict or a checkpoint does; load it into the model, then"


def model():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))


@pytest.fixture
def saved(tmp_path: Path):
    def save(value, name: str = "state.pt", **options) -> str:
        torch.save(value, tmp_path / name, **options)
        return str(tmp_path / name)

    return save


def digest(tensor: torch.Tensor) -> str:
    return hashlib.sha256(
        tensor.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes()
    ).hexdigest()


@pytest.mark.parametrize("options", [{}, {"_use_new_zipfile_serialization": False}])
def test_tree_lists_names_types_and_sizes(saved, options):
    path = saved(model().state_dict(), **options)
    lines = jitviewer("tree", path, "--verify").stdout.splitlines()
    assert lines[0] == "state.pt"
    assert lines[1].startswith("  module (root): torch.save")
    assert lines[1].endswith("OrderedDict, 7 tensors, 22 elements, with _metadata  [92 bytes]")
    assert "    module 0: 2 tensors, 9 elements  [36 bytes]" in lines
    assert "      tensor weight: float32[3, 2]  [24 bytes]" in lines
    assert "      tensor num_batches_tracked: int64[]  [8 bytes]" in lines
    told = {words[1]: words[2] for line in lines if (words := line.split())[0] == "TENSOR"}
    assert told == {name: digest(tensor) for name, tensor in torch.load(path).items()}


def test_tree_as_json_tells_every_tensor(saved):
    value = {"model": model().state_dict(), "epoch": 3, "turned": torch.ones(2, 3).t()}
    path = saved(value)
    told = json.loads(jitviewer("tree", path, "--json").stdout)
    by_name = {tensor["name"]: tensor for tensor in told["tensors"]}
    assert by_name["turned"] == {
        "name": "turned", "dtype": "float32", "shape": [3, 2], "layout": "strided", "device": "cpu",
        "elements": 6, "bytes": 24, "strides": [1, 3], "offset": 0,
    }  # fmt: skip
    assert by_name["model.0.bias"]["shape"] == [3]
    assert (told["version"], told["written_by"]) == (None, "torch.save")
    rows = {(row["path"], row["name"]): row for row in told["rows"]}
    assert rows["", "epoch"]["detail"] == "int = 3"
    assert rows["model.0", "weight"]["parameters"] == 6
    assert rows["model", "model"]["parameters"] == sum(t.numel() for t in value["model"].values())
    verified = json.loads(jitviewer("tree", path, "--json", "--verify").stdout)["tensors"]
    assert {t["name"]: t["sha256"] for t in verified}["turned"] == digest(value["turned"])


def test_a_checksum_that_does_not_match_is_said(saved):
    path = saved({"w": torch.arange(100.0)})
    content = Path(path).read_bytes()
    place = content.index(struct.pack("<f", 50.0))
    Path(path).write_bytes(content[:place] + b"\xff" + content[place + 1 :])
    assert jitviewer("tree", path).returncode == 0
    done = jitviewer("tree", path, "--verify")
    assert done.returncode == 1
    assert "checksum does not match" in done.stderr


@pytest.mark.parametrize(
    "words", [["code"], ["graph"], ["steps", "--passes", "inline"], ["run"], ["record", "data.pkl"]],
    ids=lambda words: words[0],
)  # fmt: skip
def test_what_needs_a_program_says_that_there_is_none(saved, words):
    path = saved(model().state_dict())
    done = jitviewer(words[0], path, *words[1:])
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"jitviewer: {path} was written by torch.save and {NO_PROGRAM}")
    assert done.stderr.count("\n") == 1


def test_safetensors_are_listed_and_have_no_program(tmp_path):
    path = tmp_path / "model.safetensors"
    header = json.dumps({"a.w": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(4))
    assert "tensor w: bfloat16[2]  [4 bytes]" in jitviewer("tree", str(path)).stdout
    assert "is a safetensors file: tensors without code" in jitviewer("code", str(path)).stderr


def test_more_than_tensors_keeps_its_sentence(saved):
    done = jitviewer("tree", saved(torch.nn.Linear(2, 2)))
    assert done.returncode == 1
    assert "holds a pickled torch.nn.modules.linear.Linear, which only the Python" in done.stderr


def test_diff_compares_tensors_whatever_holds_them(saved, tmp_path):
    first = model()
    before = saved(first.state_dict())
    torch.jit.save(torch.jit.script(first), tmp_path / "archive.pt")
    archive = str(tmp_path / "archive.pt")
    assert jitviewer("diff", before, archive).stdout == "no differences\n"
    with torch.no_grad():
        first[0].bias += 0.5
    changed = {**first.state_dict(), "more": torch.ones(1)}
    after = saved(changed, "after.pt", _use_new_zipfile_serialization=False)
    lines = jitviewer("diff", before, after).stdout.splitlines()
    assert lines == [
        "+ tensor more: float32[1]",
        "~ tensor 0.bias: float32[3], 3 of 3 elements, max 0.5, mean 0.5",
    ]
    assert jitviewer("diff", archive, after).stdout.splitlines() == lines


def test_diff_compares_plain_values_of_checkpoints(saved):
    meta = torch.ones(2, device="meta")
    before = saved({"epoch": 3, "lr": [0.1], "m": meta})
    after = saved({"epoch": 4, "lr": [0.1], "m": meta}, "after.pt")
    assert jitviewer("diff", before, after).stdout == "~ attribute epoch: 3 -> 4\n"
