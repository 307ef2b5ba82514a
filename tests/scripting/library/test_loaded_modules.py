"""Modules loaded from archives are used as torch.jit's are."""

import copy
import importlib
import io
import pickle
import re
import subprocess
import sys

import pytest
import torch

import jitcore
from tests.scripting.library import programs
from tests.scripting.library.programs import Account, Color
from tests.scripting.library.side_by_side import same


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("archive") / "model.pt"
    scripted = torch.jit.script(programs.Model())
    torch.jit.save(scripted, str(path), _extra_files={"notes.txt": b"kept"})
    return path


@pytest.fixture
def both(archive):
    return torch.jit.load(archive), jitcore.load(archive)


def assign(name, value):
    def action(module):
        setattr(module, name, value)
        return getattr(module, name)

    return action


X = torch.tensor([[1.0, 2.0]])

READ = [
    lambda m: repr(m), lambda m: str(m.sub), lambda m: m.original_name, lambda m: m.extra_repr(),
    *[lambda m, n=n: getattr(m, n) for n in (
        "limit", "words", "n", "ratio", "color", "account", "maybe", "buf", "plain", "tensors", "table",
        "training", "nothing_like_it", "choices", "seq",
    )],
    lambda m: [name for name, _ in m.named_parameters()],
    lambda m: [name for name, _ in m.named_buffers()],
    lambda m: [name for name, _ in m.named_modules()],
    lambda m: [name for name, _ in m.named_children()],
    lambda m: m.state_dict(), lambda m: type(m.sub.lin.weight).__name__,
    lambda m: m.sub.lin.weight is m.sub.lin.weight, lambda m: m.sub is m.sub,
    lambda m: [hasattr(m, name) for name in ("limit", "nope", "several", "sub")], lambda m: bool(m),
    lambda m: m.code, lambda m: str(m.graph), lambda m: str(m.inlined_graph), lambda m: m.several.code,
    lambda m: str(m.forward.schema), lambda m: m.forward.name, lambda m: m.code_with_constants[0],
    lambda m: m.code_with_constants[1].const_mapping, lambda m: len(m), lambda m: iter(m), lambda m: m[0],
    lambda m: 3 in m,
]  # fmt: skip

WRITE = [
    assign("n", 5), assign("n", "x"), assign("limit", 4), assign("words", ("z", "y")), assign("words", [1]),
    assign("a_new_one", 5), assign("sub", torch.nn.ReLU()), assign("sub", None), assign("buf", torch.zeros(3)),
    assign("ratio", 2), assign("color", Color.GREEN), assign("color", 3), assign("account", Account(9)),
    assign("maybe", 3), assign("table", {"z": 3}),
    lambda m: delattr(m, "n"), lambda m: delattr(m, "sub"),
    lambda m: (m.eval().training, m.sub.training), lambda m: m.train(False).train().sub.training,
    lambda m: m.double().sub.lin.weight, lambda m: m.half().buf, lambda m: m.to(torch.float64).buf,
    lambda m: m.type(torch.float64).buf, lambda m: m.cpu().buf, lambda m: m.requires_grad_(False),
    lambda m: m.load_state_dict({name: t + 1 for name, t in m.state_dict().items()}) and m.sub.lin.weight,
    lambda m: m.load_state_dict({}), lambda m: m.zero_grad(), lambda m: m.apply(lambda _: None),
    lambda m: m.add_module("q", torch.nn.ReLU()), lambda m: m.register_buffer("q", torch.ones(1)),
    lambda m: m.register_parameter("q", torch.nn.Parameter(torch.ones(1))),
    lambda m: m.register_forward_hook(lambda *_: None), lambda m: m.get_parameter("sub.lin.weight"),
    lambda m: m.get_submodule("sub"),
]  # fmt: skip

CALL = [
    lambda m: m(X), lambda m: m(x=X), lambda m: m(), lambda m: m("a"), lambda m: m(X, 1), lambda m: m(X, y=1),
    lambda m: (m(X), m(X), m.n), lambda m: m.several(), lambda m: m.check(Color.RED, Account(2)),
    lambda m: m.check(1, Account(2)), lambda m: m.check(Color.RED, 3), lambda m: m.spread(X, (1, 2)),
    lambda m: m.spread(X, [1.5]), lambda m: m.sub(X), lambda m: m.sub.lin.forward(X),
]  # fmt: skip


@pytest.mark.parametrize("action", [*READ, *WRITE, *CALL])
def test_same_as_torch(both, action):
    same(action, *both)


@pytest.mark.parametrize(
    "action",
    [
        lambda m: (copy.copy(m).sub.lin.weight is m.sub.lin.weight, copy.copy(m).sub is m.sub),
        lambda m: (copy.deepcopy(m).sub.lin.weight is m.sub.lin.weight, copy.deepcopy(m)(X)),
        lambda m: [assign("n", 77)(copy.copy(m)), m.n, assign("n", 7)(copy.deepcopy(m)), m.n],
        pickle.dumps,
        lambda m: torch.save(m, io.BytesIO()),
    ],
)
def test_copies_and_pickles(both, action):
    same(action, *both)


def test_gradients_reach_the_parameters(both):
    for module in both:
        module(X).sum().backward()
    theirs, ours = both
    gradients = [{name: p.grad for name, p in module.named_parameters()} for module in (theirs, ours)]
    assert list(gradients[0]) == list(gradients[1])
    for name, expected in gradients[0].items():
        assert torch.equal(gradients[1][name], expected)


def test_an_error_of_the_program_has_its_place(both):
    theirs, ours = both
    for module in both:
        with pytest.raises(torch.jit.Error) as caught:
            module(X * 1e8)
        message = str(caught.value)
        assert message.startswith("The following operation failed in the TorchScript interpreter.\nTraceback")
        assert message.rstrip().endswith("builtins.ValueError: too big")
        assert re.search(r'raise ValueError\("too big"\)\n +~+ <--- HERE\n', message)
    with pytest.raises(RuntimeError, match="in forward"):
        ours(torch.ones(1, 3))


def test_containers_of_modules(both):
    _, ours = both
    assert [child.original_name for child in ours.seq] == ["Linear", "ReLU"]
    assert (len(ours.seq), ours.seq[-1].original_name, len(ours.choices)) == (2, "ReLU", 1)
    assert list(ours.choices) == ["a"]
    assert "a" in ours.choices
    with pytest.raises(IndexError, match="index 5 is out of range"):
        ours.seq[5]


def test_a_module_takes_the_place_of_another_of_its_class(archive, both):
    _, ours = both
    other = ours.__copy__()
    other.sub.lin.weight = other.sub.lin.weight.detach() * 0
    ours.sub = other.sub
    assert ours.sub is other.sub
    assert ours.sub.lin.weight.sum() == 0
    with pytest.raises(RuntimeError, match="for field 'sub', but found '__torch__.*Sub'"):
        ours.sub = jitcore.load(archive).sub


def test_saved_again(archive, both, tmp_path):
    theirs, ours = both
    ours.n = 40
    ours.words = ["changed"]
    ours.double()
    ours.save(tmp_path / "again.pt")
    loaded = torch.jit.load(tmp_path / "again.pt")
    assert (loaded.n, loaded.words, loaded.buf.dtype) == (40, ["changed"], torch.float64)
    assert loaded.code == theirs.code
    assert str(loaded.sub.graph) == str(theirs.sub.graph)
    assert torch.equal(loaded(X.double()), ours(X.double()))


def test_an_untouched_module_is_saved_as_it_was_loaded(archive, tmp_path):
    first, second = tmp_path / "a" / "m.pt", tmp_path / "b" / "m.pt"
    first.parent.mkdir()
    second.parent.mkdir()
    jitcore.save(jitcore.load(archive), first)
    jitcore.save(jitcore.load(first), second)
    assert first.read_bytes() == second.read_bytes()


def test_extra_files(archive, tmp_path):
    found = {"notes.txt": "", "missing": "x"}
    module = jitcore.load(archive, _extra_files=found)
    assert found == {"notes.txt": b"kept", "missing": b""}
    jitcore.save(module, tmp_path / "kept.pt")
    jitcore.save(module, str(tmp_path / "other.pt"), _extra_files={"b.txt": "text"})
    for name, expected in (
        ("kept.pt", {"notes.txt": b"kept", "b.txt": b""}),
        ("other.pt", {"notes.txt": b"", "b.txt": b"text"}),
    ):
        extra = {"notes.txt": "", "b.txt": ""}
        torch.jit.load(tmp_path / name, _extra_files=extra)
        assert extra == expected


def test_streams(archive):
    module = jitcore.load(io.BytesIO(archive.read_bytes()))
    stream = io.BytesIO()
    jitcore.save(module, stream)
    stream.seek(0)
    assert torch.equal(torch.jit.load(stream)(X), module(X))


@pytest.mark.parametrize(
    "action",
    [
        lambda jit, path: jit.load(path.parent / "no such file.pt"),
        lambda jit, path: jit.load(path.parent),
        lambda jit, _: jit.load(3),
        lambda jit, path: jit.load(path, map_location={"a": 1}),
        lambda jit, path: jit.load(path, map_location="bla"),
        lambda jit, path: jit.load(path, map_location="meta").buf.device,
        lambda jit, path: jit.load(path, map_location=torch.device("cpu")).buf,
        lambda jit, path: jit.save(jit.load(path), path.parent / "no such folder" / "x.pt"),
        lambda jit, _: jit.save(programs.Model(), "x.pt"),
    ],
)
def test_loading_and_saving_refuse_alike(archive, action):
    same(lambda jit: action(jit, archive), torch.jit, jitcore)


def test_a_file_that_is_no_archive(tmp_path):
    (tmp_path / "x.pt").write_bytes(b"no archive")
    with pytest.raises(RuntimeError, match="x.pt"):
        jitcore.load(tmp_path / "x.pt")


def test_the_library_costs_nothing_until_it_is_used():
    program = (
        "import sys, jitcore; assert 'torch' not in sys.modules; assert 'load' in dir(jitcore);"
        "jitcore.load; assert 'torch' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        _ = jitcore.no_such_name


ENUMS = """
import enum
from typing import Any, Dict, List, Optional, Tuple
import torch

class Kind(enum.Enum):
    One = 1
    Two = 2

class Text(enum.Enum):
    A = "a"

class M(torch.nn.Module):
    listed: List[Kind]
    named: Dict[str, Kind]
    paired: Tuple[Kind, float]
    maybe: Optional[Kind]

    def __init__(self):
        super().__init__()
        self.kind, self.maybe, self.text = Kind.Two, Kind.One, Text.A
        self.listed, self.named, self.paired = [Kind.One, Kind.Two], {"a": Kind.One}, (Kind.Two, 0.5)

    def forward(self, kind: Kind) -> Tuple[Kind, int]:
        return (Kind.Two if kind == Kind.One else Kind.One), kind.value

    @torch.jit.export
    def many(self, kinds: List[Kind]) -> Dict[str, List[Kind]]:
        return {"given": kinds, "kept": self.listed}

    @torch.jit.export
    def anything(self, kind: Any) -> Any:
        return kind
"""


def test_an_enum_whose_class_is_not_here_crosses_as_a_stand_in(tmp_path, monkeypatch):
    path = tmp_path / "elsewhere_with_enums.py"
    path.write_text(ENUMS)
    monkeypatch.syspath_prepend(tmp_path)
    elsewhere = importlib.import_module("elsewhere_with_enums")
    stream = io.BytesIO()
    torch.jit.save(torch.jit.script(elsewhere.M()), stream)
    monkeypatch.delitem(sys.modules, "elsewhere_with_enums")
    stream.seek(0)
    loaded = jitcore.load(stream)
    assert [repr(value) for value in (loaded.kind, loaded.maybe, loaded.text)] == [
        "<Kind.Two: 2>", "<Kind.One: 1>", "<Text.A: 'a'>",
    ]  # fmt: skip
    assert repr(loaded.listed) == "[<Kind.One: 1>, <Kind.Two: 2>]"
    assert repr(loaded.named) == "{'a': <Kind.One: 1>}"
    assert repr(loaded.paired) == "(<Kind.Two: 2>, 0.5)"
    assert type(loaded.kind) is type(loaded.listed[0])
    # A member of the stand-in and one of a class of the same shape are both arguments.
    for kind in (loaded.maybe, elsewhere.Kind.One):
        assert loaded(kind) == (loaded.kind, 1)
        assert repr(loaded.many([kind])["given"]) == "[<Kind.One: 1>]"
    assert loaded.many([])["kept"] == loaded.listed
    assert loaded.anything(loaded.kind) is loaded.kind
    loaded.kind = elsewhere.Kind.One
    assert loaded.kind is loaded.maybe
    again = io.BytesIO()
    jitcore.save(loaded, again)
    again.seek(0)
    assert repr(jitcore.load(again).listed) == repr(loaded.listed)
