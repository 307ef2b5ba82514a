"""Runs that are saved in golden files, and later ones that are compared with them."""

import io
import json
import zipfile

import pytest
import torch

import jitcore
from jitcore.diagnose.alignment import align
from jitcore.diagnose.golden import GoldenFile, GoldenWriter, RunConditions, record_run
from jitcore.diagnose.paired_runs import Tolerance, compare_with_recorded
from jitcore.source import JitError
from tests.diagnose.paired_runs.sides import of_text, runnable

CONDITIONS = RunConditions("program", torch.__version__, "here", "cpu", ("inline",), 0)


def saved(side, path, room=1 << 30):
    with path.open("wb") as stream, torch.no_grad(), GoldenWriter(stream, side.graph, room) as writer:
        writer.save_inputs(side.arguments)
        record_run(side, writer, CONDITIONS)


class Compared:
    def __init__(self, path, right, tolerance=None, **options):
        self.file = GoldenFile.open(str(path))
        recorded = self.file.run()
        self.alignment = align(recorded.graph, right.graph)
        with torch.no_grad():
            self.data = compare_with_recorded(recorded, right, self.alignment, tolerance, **options)
        self.kinds = {node.id: node.kind for node in recorded.graph.all_nodes()}

    def by_kind(self, kind):
        outcomes = self.data.outcomes
        return [o for o in outcomes if self.kinds[self.alignment.pairs[o.pair].left] == kind]

    def statuses(self):
        return {outcome.status for outcome in self.data.outcomes}


class Layers(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(4, 4)
        self.second = torch.nn.Linear(4, 2)

    def forward(self, x: torch.Tensor, turns: int):
        y = x
        for _ in range(turns):
            y = torch.relu(self.first(y))
        if turns > 1:
            y = y * 2
        return self.second(y), {"sum": float(y.sum()), "none": None}, [(turns, "text")]


@pytest.fixture
def layers():
    torch.manual_seed(3)
    return jitcore.script(Layers())


def test_a_run_agrees_with_itself_turn_by_turn(layers, tmp_path):
    inputs = torch.randn(3, 4), 3
    saved(runnable(layers, *inputs), tmp_path / "a.golden")
    found = Compared(tmp_path / "a.golden", runnable(layers, *inputs))
    assert found.statuses() == {"identical"}
    assert [outcome.times for outcome in found.by_kind("aten::relu")] == [3]
    assert not found.data.diverged
    assert not found.file.notes
    assert found.file.conditions == CONDITIONS


def test_where_a_loop_parts_is_told_by_its_turn(tmp_path):
    def text(threshold):
        return f"""graph(%x : Tensor):
  %n : int = prim::Constant[value=5]()
  %true : bool = prim::Constant[value=1]()
  %t : int = prim::Constant[value={threshold}]()
  %y : Tensor = prim::Loop(%n, %true, %x)
    block0(%i : int, %acc : Tensor):
      %s : Tensor = aten::clamp_max(%acc, %t)
      %z : Tensor = aten::add(%s, %s, %n)
      -> (%true, %z)
  return (%y)
"""

    saved(of_text(text(10), torch.ones(2)), tmp_path / "a.golden")
    found = Compared(tmp_path / "a.golden", of_text(text(1), torch.ones(2)))
    (clamp,) = found.by_kind("aten::clamp_max")
    # 1, 6, 36 cut to 10: what the first turn gives is the same.
    assert (clamp.status, clamp.times) == ("differs", 5)
    assert clamp.difference.figures.max == 9.0
    assert found.data.diverged


def test_figures_are_those_of_the_saved_values(tmp_path):
    text = (
        "graph(%x : Tensor):\n  %y : Tensor = aten::sin(%x)\n  %z : Tensor = aten::exp(%y)\n  return (%z)\n"
    )
    left, right = torch.linspace(0, 1, 50), torch.linspace(0, 1, 50)
    right[7] = float("nan")
    right[9] += 0.5
    saved(of_text(text, left), tmp_path / "a.golden")
    found = Compared(tmp_path / "a.golden", of_text(text, right))
    (sine,) = found.by_kind("aten::sin")
    figures = sine.difference.figures
    finite = ~right.isnan()
    apart = (left.sin() - right.sin()).abs()[finite].double()
    assert figures.max == pytest.approx(float(apart.max()), rel=1e-6)
    assert figures.mean == pytest.approx(float(apart.mean()), rel=1e-6)
    assert figures.l2 == pytest.approx(float(apart.norm()), rel=1e-6)
    assert (figures.left_nan, figures.right_nan) == (0, 1)
    assert [outcome.starts for outcome in found.data.outcomes] == [True, False]


def test_a_pipeline_that_fuses_is_compared_where_values_correspond(tmp_path):
    before = """graph(%x : Tensor):
  %y : Tensor = aten::relu(%x)
  %unused : Tensor = aten::neg(%x)
  %z : Tensor = aten::tanh(%y)
  return (%z)
"""
    after = (
        "graph(%x : Tensor):\n  %y : Tensor = aten::relu(%x)\n  %z : Tensor = aten::tanh(%y)\n  return (%z)\n"
    )
    saved(of_text(before, torch.randn(5)), tmp_path / "a.golden")
    file = GoldenFile.open(str(tmp_path / "a.golden"))
    found = Compared(tmp_path / "a.golden", of_text(after, *file.inputs()))
    assert [outcome.status for outcome in found.data.outcomes] == ["identical", "identical"]
    assert len(found.alignment.only_left) == 1


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precision_is_compared_within_the_lesser_one(layers, tmp_path, dtype):
    text = "graph(%x : Tensor):\n  %y : Tensor = aten::tanh(%x)\n  return (%y)\n"
    x = torch.randn(64)
    saved(of_text(text, x), tmp_path / "a.golden")
    other = of_text(text, x.to(dtype))
    strict = Compared(tmp_path / "a.golden", other)
    assert strict.data.diverged
    near = Compared(tmp_path / "a.golden", of_text(text, x.to(dtype)), Tolerance(across_dtypes=True))
    assert near.statuses() <= {"identical", "within tolerance"}
    assert not near.data.diverged
    if dtype != torch.float64:
        tight = Tolerance(across_dtypes=True, by_dtype={dtype: 1e-9})
        assert Compared(tmp_path / "a.golden", of_text(text, x.to(dtype)), tight).data.diverged


def test_a_result_has_a_tolerance_of_its_own(tmp_path):
    text = "graph(%x : Tensor):\n  %y : Tensor = aten::sin(%x)\n  return (%y)\n"
    x = torch.rand(9)
    saved(of_text(text, x), tmp_path / "a.golden")
    other = of_text(text, x + 0.001)
    assert Compared(tmp_path / "a.golden", other).data.diverged
    loose = {0: Tolerance(relative=0.1)}
    found = Compared(tmp_path / "a.golden", of_text(text, x + 0.001), result_tolerances=loose)
    assert not found.data.diverged
    assert found.statuses() == {"differs"}


VALUES = [
    torch.tensor([1 + 2j, float("nan")]), torch.tensor([True, False]),
    torch.arange(6, dtype=torch.int64).reshape(2, 3).t(),
    torch.empty(0, 3), torch.tensor(1.5, dtype=torch.bfloat16), torch.ones(1).expand(4, 4),
    torch.tensor([1j]).conj(),
    [1, 2.5, float("inf"), -0.0], (None, True, "ü\ud800"), {"a": [torch.ones(2)], 3: -(2**63)}, 1 + 2j,
    torch.device("cuda:1"),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_values_come_back_as_they_were(tmp_path, value):
    path = tmp_path / "a.golden"
    side = of_text("graph(%x : int):\n  return (%x)\n", 1)
    with path.open("wb") as stream, GoldenWriter(stream, side.graph) as writer:
        writer.save_inputs([value])
        record_run(side, writer, CONDITIONS)
    (back,) = GoldenFile.open(str(path)).inputs()
    assert repr(back) == repr(value.resolve_conj() if isinstance(value, torch.Tensor) else value)


def test_what_has_no_room_is_told_and_still_compared(tmp_path):
    text = "graph(%x : Tensor):\n  %y : Tensor = aten::sin(%x)\n  return (%y)\n"
    x = torch.rand(20_000)
    saved(of_text(text, x), tmp_path / "a.golden", room=100)
    assert (tmp_path / "a.golden").stat().st_size < 80_000
    found = Compared(tmp_path / "a.golden", of_text(text, x))
    assert "had no room in the 100 bytes" in found.file.notes[0]
    assert found.statuses() == {"identical"}
    x[1] += 1
    assert Compared(tmp_path / "a.golden", of_text(text, x)).data.results[0].agreement != "identical"


def test_values_that_are_not_saved_are_told(tmp_path):
    text = """graph(%x : Tensor):
  %n : NoneType = prim::Constant()
  %y : Tensor = aten::to_sparse(%x, %n, %n, %n)
  %z : Tensor = aten::to_dense(%y, %n, %n)
  return (%z)
"""
    saved(of_text(text, torch.eye(2)), tmp_path / "a.golden")
    assert GoldenFile.open(str(tmp_path / "a.golden")).notes == [
        "1 values are not in the file: sparse and mkldnn tensors"
    ]
    side = of_text(text.replace("return (%z)", "return (%y)"), torch.eye(2))
    with pytest.raises(JitError, match="result 0 cannot be saved in a golden file: it holds sparse"):
        saved(side, tmp_path / "b.golden")


def changed(content, change):
    source = zipfile.ZipFile(io.BytesIO(content))
    index = json.loads(source.read("golden/index.json"))
    change(index)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("golden/data", source.read("golden/data"))
        target.writestr("golden/index.json", json.dumps(index))
    return out.getvalue()


def set_step(at, value):
    def change(index):
        index["steps"][0][at] = value

    return change


HOSTILE = [
    lambda index: index.pop("graph"),
    lambda index: index.update(graph={"text": "no graph", "nodes": [], "places": []}),
    lambda index: index["graph"]["nodes"].pop(),
    lambda index: index["graph"]["places"].append([1, 2, 3]),
    set_step(0, 10**6), set_step(0, -1), set_step(1, "x"), set_step(2, [-1]),
    set_step(3, [{"tensor": ["float32", [2**40], 0]}]),
    set_step(3, [{"tensor": ["float32", [-4], 0]}]),
    set_step(3, [{"tensor": ["float32", [4], 10**9]}]),
    set_step(3, [{"tensor": ["object", [4], 0]}]),
    set_step(3, [{"tensor": ["float32", [0, 2**62, 2**62], 0]}]),
    set_step(3, [{"reduced": ["float32", [2**30], "zz", 0]}]),
    set_step(3, [{"pickle": "cos"}]),
    set_step(3, [{"int": "9" * 5000}]),
    set_step(3, [{"device": "nowhere"}]),
    lambda index: index.update(results=[{"tensor": []}]),
    lambda index: index.update(arms=[[0, [[[0], "x", 1]]]]),
    lambda index: index.update(conditions=[]),
    lambda index: index.update(conditions={**index["conditions"], "seed": []}),
    lambda index: index.update(notes=[3]),
]  # fmt: skip


@pytest.fixture(scope="module")
def golden(tmp_path_factory):
    path = tmp_path_factory.mktemp("golden") / "a.golden"
    saved(of_text("graph(%x : Tensor):\n  %y : Tensor = aten::sin(%x)\n  return (%y)\n", torch.ones(4)), path)
    return path.read_bytes()


def read_all(path):
    run = GoldenFile.open(str(path)).run()
    return [step.values() for step in run.steps]


@pytest.mark.parametrize("change", HOSTILE)
def test_a_hostile_file_is_one_sentence(golden, tmp_path, change):
    path = tmp_path / "a.golden"
    path.write_bytes(changed(golden, change))
    with pytest.raises(JitError) as error:
        read_all(path)
    assert str(error.value).startswith(f"{path} is no golden file, or a damaged one")


def test_files_that_are_none_are_one_sentence(golden, tmp_path):
    path = tmp_path / "a.golden"
    archive = tmp_path / "layer.pt"
    torch.jit.script(torch.nn.ReLU()).save(str(archive))
    flipped = bytearray(golden)
    # Among the elements of the tensors.
    flipped[golden.index(torch.ones(4).numpy().tobytes())] ^= 255
    contents = (
        b"",
        b"hello",
        golden[:-40],
        golden[: len(golden) // 2],
        archive.read_bytes(),
        bytes(flipped),
    )
    for content in contents:
        path.write_bytes(content)
        with pytest.raises(JitError) as error:
            read_all(path)
        assert str(error.value).startswith(f"{path} is no golden file, or a damaged one")
        assert "\n" not in str(error.value)


def test_another_version_is_refused(golden, tmp_path):
    path = tmp_path / "a.golden"
    path.write_bytes(changed(golden, lambda index: index.update(version=1)))
    with pytest.raises(JitError, match="is a golden file of version 1, and 2 is read"):
        read_all(path)


def test_every_cut_of_a_file_is_told(golden, tmp_path):
    path = tmp_path / "a.golden"
    for length in range(0, len(golden), 37):
        path.write_bytes(golden[:length])
        with pytest.raises(JitError):
            read_all(path)
