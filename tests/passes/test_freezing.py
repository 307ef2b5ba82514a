"""Freezing and the passes of frozen graphs: torch's graphs, code, attributes, values and words."""

import re
import warnings
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from torch import nn

import jitcore
from jitcore.archive import LazyStorage, LazyTensor, open_archive
from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.archive.writing import write_module
from jitcore.exec import Materializer, evaluator, run
from jitcore.ir import Graph, verify
from jitcore.passes import PassContext, run_pipeline
from jitcore.passes.freezing.frozen_module import drop_waits, freeze_module
from jitcore.printing import graph_text, parse_graph
from jitcore.requests.method_request import MethodRequest
from jitcore.requests.program import Program
from jitcore.requests.resolving import resolve
from jitcore.source import JitError
from tests.differential.agreement import Outcome
from tests.differential.freezing.comparison import GRAPH_PASSES, MODULE_PASSES, compare, plain
from tests.differential.pass_answers import renumbered
from tests.passes import freezing_programs
from tests.passes.freezing_programs import PROGRAMS, TRACED, Layer
from tests.passes.test_pass_rules import all_rules

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "freezing"
NOT_ON_A_CPU = "concat-frozen-linear"

PIPELINES = {
    "convolutions-and-norms": ["freeze{optimize_numerics=false}", "fold-frozen-conv-bn"],
    "sums-and-products": [
        "freeze{optimize_numerics=false}", "fold-frozen-conv-add-or-sub", "fold-frozen-conv-mul-or-div",
    ],
    "linear-and-norm": ["freeze", "transpose-frozen-linear"],
    "for-onednn": ["freeze", "convert-frozen-ops-to-mkldnn"],
    "for-onednn-traced": ["freeze", "optimize-for-inference"],
    "changing": ["freeze{preserved_attrs=scale+linear.weight}"],
    "by-interface": ["freeze"],
    "forking": ["freeze"],
    "repeated": ["freeze"],
    "calls-of-norms": ["fold-conv-bn"],
    "bare-convolution-traced": ["fold-conv-bn"],
    "calls-again": ["dedup-module-uses"],
}  # fmt: skip
"""Cases whose steps and results are written down."""


@pytest.fixture(autouse=True)
def no_deprecations():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", torch.jit.TracerWarning)
        yield


def saved(name: str, folder: Path) -> Path:
    """The archive of a program, scripted or, where its name says so, traced."""
    plain_name = name.removesuffix("-traced")
    module = freezing_programs.module(plain_name)
    with torch.no_grad():
        made = (
            torch.jit.trace(module, PROGRAMS[plain_name][1])
            if plain_name != name
            else torch.jit.script(module)
        )
    file = folder / f"{name}.pt"
    torch.jit.save(made, str(file))
    return file


NAMES = [*PROGRAMS, *(f"{name}-traced" for name in TRACED)]


@cache
def outcomes_of(name: str) -> list[Outcome]:
    calls = [("forward", PROGRAMS[name.removesuffix("-traced")][1])]
    with TemporaryDirectory() as folder:
        return compare(saved(name, Path(folder)), calls)


@pytest.mark.parametrize("name", NAMES)
def test_programs_equal_torchs(name):
    outcomes = outcomes_of(name)
    assert outcomes
    assert [o for o in outcomes if o.status in ("different", "failed")] == []


def test_every_pass_has_something_to_do():
    fired = {outcome.aspect for name in NAMES for outcome in outcomes_of(name) if outcome.fired}
    assert {*GRAPH_PASSES, *MODULE_PASSES} - fired == {NOT_ON_A_CPU}


def rewritten(name: str, file: Path, with_journal: bool) -> Graph:
    root = open_archive(file).root
    forward = root.method("forward")
    graph = forward.graph.copy()
    if with_journal:
        graph.attach_journal()
    run_pipeline(graph, PIPELINES[name], PassContext(evaluator(), root, forward))
    verify(graph)
    return graph


@pytest.mark.parametrize("name", PIPELINES)
def test_steps_and_results_are_as_written_down(name, tmp_path, update_golden):
    graph = rewritten(name, saved(name, tmp_path), with_journal=True)
    journal = graph.journal
    assert journal is not None
    steps = "".join(
        f"{step.rule.name}: {step.because}\n" for step in journal.steps if step.rule.name in own_rules()
    )
    text = f"== {','.join(PIPELINES[name])}\n== steps\n{steps}== after\n{graph_text(graph, locations=False)}"
    # What else this process compiled decides the numbers of classes.
    text = plain(text)
    file = GOLDEN / f"{name}.txt"
    if update_golden:
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def own_rules() -> set[str]:
    return {name for name, rule in all_rules().items() if "freezing" in Path(rule.rule.file).parts}


def test_every_rule_fires_in_a_case():
    texts = [file.read_text(encoding="utf-8") for file in GOLDEN.glob("*.txt")]
    fired = {line.partition(":")[0] for text in texts for line in text.splitlines()}
    # Each has a test of its own below.
    assert own_rules() - fired == {"merge-layers", "forget-profile", "drop-wait"}


@pytest.mark.parametrize("name", PIPELINES)
def test_steps_can_be_taken_back_and_made_again(name, tmp_path):
    file = saved(name, tmp_path)
    graph = rewritten(name, file, with_journal=True)
    after = graph_text(graph)
    before = graph_text(open_archive(file).root.method("forward").graph.copy())
    journal = graph.journal
    assert journal is not None
    journal.go_to(0)
    assert graph_text(graph) == before
    journal.go_to(len(journal.steps))
    assert graph_text(graph) == after
    assert graph_text(rewritten(name, file, with_journal=False)) == after


def test_what_was_frozen_stays_as_it_was(tmp_path):
    root = open_archive(saved("changing", tmp_path)).root
    before = graph_text(root.method("forward").graph), list(root.attributes), list(root.type.attributes)
    frozen = freeze_module(root, ["other"], PassContext(evaluator()), evaluating=True)
    assert frozen.root is not root
    assert sorted(frozen.root.type.methods) == ["forward", "other"]
    assert (
        graph_text(root.method("forward").graph),
        list(root.attributes),
        list(root.type.attributes),
    ) == before


def test_all_modules_of_a_class_have_what_one_of_them_calls(tmp_path):
    root = open_archive(saved("calls-of-one-class", tmp_path)).root
    forward = root.method("forward")
    context = PassContext(evaluator(), root, forward)
    run_pipeline(forward.graph.copy(), ["dedup-module-uses"], context)
    file = tmp_path / "changed.pt"
    assert context.module is not None
    with file.open("wb") as stream:
        write_module(context.module, stream)
    x = torch.linspace(-1, 1, 6).reshape(3, 2)
    assert torch.equal(torch.jit.load(str(file))(x), run(forward, [Materializer().object(root), x]))
    assert list(context.module.find("second").attributes)[-1] == "0_0"


def test_without_torch_weights_stay_and_that_is_said(tmp_path):
    root = open_archive(saved("convolutions-and-norms", tmp_path)).root
    forward = root.method("forward")
    graph = forward.graph.copy()
    context = PassContext(None, root, forward)
    run_pipeline(graph, ["freeze"], context)
    assert sum(node.kind == "aten::batch_norm" for node in graph.all_nodes()) == 4
    assert "2 batch norms stayed: torch is not there" in context.notes


# --- the library ------------------------------------------------------------------------------------


def both(module: nn.Module) -> tuple[object, object]:
    return torch.jit.script(module), jitcore.script(module)


@pytest.mark.parametrize(
    ("preserved", "numerics"),
    [
        (None, True),
        ([], False),
        (["other"], True),
        (["scale", "linear"], True),
        (["linear.weight"], True),
        (["linear.bias."], True),
    ],
)
def test_preserved_attributes_and_methods_stay(preserved, numerics, tmp_path):
    # Frozen modules share the tensors that stay with what they were frozen from.
    theirs, ours = (freezing_programs.module("changing") for _ in range(2))
    theirs = torch.jit.freeze(torch.jit.script(theirs), preserved, optimize_numerics=numerics)
    ours = jitcore.freeze(jitcore.script(ours), preserved, optimize_numerics=numerics)
    assert plain(str(ours.graph)) == plain(str(theirs.graph))
    assert plain(ours.code) == plain(theirs.code)
    x = torch.tensor([1.0, 2.0])
    assert torch.equal(ours(x), theirs(x))
    assert torch.equal(ours(x), theirs(x))
    for name in ("count", "scale", "read", "written", "linear", "sizes"):
        assert hasattr(ours, name) == hasattr(theirs, name), name
    if preserved == ["other"]:
        assert plain(str(ours.other.graph)) == plain(str(theirs.other.graph))
        assert torch.equal(ours.other(x), theirs.other(x))
    ours.save(str(tmp_path / "ours.pt"))
    assert torch.equal(torch.jit.load(str(tmp_path / "ours.pt"))(x), ours(x))


class ReturnsItself(nn.Module):
    def forward(self, x: torch.Tensor):
        return self


class SetsInterface(nn.Module):
    layer: Layer

    def __init__(self) -> None:
        super().__init__()
        self.layer = freezing_programs.Doubling()
        self.other = freezing_programs.Doubling()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.layer = self.other
        return self.layer.forward(x)


class Overlapping(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Buffer(torch.ones(2))
        self.all = [self.one]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.all[0] + self.one + x


def words(call) -> str:
    with pytest.raises(RuntimeError) as raised:
        call()
    text = str(raised.value)
    # Where torch asserts, its own place stands before what it says.
    return re.sub(r"^.* INTERNAL ASSERT FAILED at .* to PyTorch\. ", "", text)


@pytest.mark.parametrize(
    ("make", "preserved"),
    [
        (ReturnsItself, []), (SetsInterface, []), (freezing_programs.Doubling, ["nothing"]),
        (freezing_programs.Doubling, ["factor.nothing"]), (freezing_programs.Doubling, [""]),
        (freezing_programs.Doubling, [".factor"]), (freezing_programs.Doubling, ["factor.."]),
    ],
)  # fmt: skip
def test_what_cannot_be_frozen_is_refused_in_torchs_words(make, preserved):
    module = make().eval()
    theirs, ours = both(module)
    assert words(lambda: jitcore.freeze(ours, preserved)) == words(
        lambda: torch.jit.freeze(theirs, preserved)
    )


def test_values_that_overlap_are_refused():
    theirs, ours = both(Overlapping().eval())
    said = "module contains attributes values that overlaps"
    assert words(lambda: torch.jit.freeze(theirs)).startswith(said)
    assert words(lambda: jitcore.freeze(ours)).startswith(said)


@pytest.mark.parametrize("name", ["freeze", "optimize_for_inference"])
def test_what_is_no_compiled_module_is_refused_in_torchs_words(name):
    module = nn.Linear(2, 2).eval()
    ours, theirs = getattr(jitcore, name), getattr(torch.jit, name)
    assert words(lambda: ours(module)) == words(lambda: theirs(module))


def test_training_is_refused_in_torchs_words():
    theirs, ours = both(nn.Linear(2, 2))
    assert words(lambda: jitcore.freeze(ours)) == words(lambda: torch.jit.freeze(theirs))


def test_optimizing_takes_other_methods_too():
    module = freezing_programs.module("changing")
    theirs, ours = both(module)
    theirs = torch.jit.optimize_for_inference(theirs, ["other"])
    ours = jitcore.optimize_for_inference(ours, ["other"])
    assert plain(str(ours.other.graph)) == plain(str(theirs.other.graph))
    assert "aten::matmul" in str(ours.other.graph)
    with pytest.raises(AttributeError, match="nothing"):
        jitcore.run_frozen_optimizations(ours, True, ["nothing"])


def test_optimizations_can_be_run_later():
    module = freezing_programs.module("linear-and-norm")
    theirs, ours = both(module)
    theirs = torch.jit.freeze(theirs, optimize_numerics=False)
    ours = jitcore.freeze(ours, optimize_numerics=False)
    assert "batch_norm" in str(ours.graph)
    torch.jit.run_frozen_optimizations(theirs)
    jitcore.run_frozen_optimizations(ours)
    assert plain(str(ours.graph)) == plain(str(theirs.graph))


def test_shapes_of_traces_are_forgotten():
    module, (x,) = freezing_programs.module("linear-and-norm"), PROGRAMS["linear-and-norm"][1]
    theirs = torch.jit.freeze(torch.jit.trace(module, x))
    ours = jitcore.trace(module, x)
    parts = vars(ours)
    forward = parts["_script_object"].method("forward")
    graph = forward.graph.copy()
    journal = graph.attach_journal()
    run_pipeline(graph, ["freeze"], PassContext(evaluator(), parts["_script_object"], forward))
    assert "forget-profile" in {step.rule.name for step in journal.steps}
    assert plain(graph_text(graph)) == plain(str(theirs.graph))
    assert plain(str(jitcore.freeze(ours).graph)) == plain(str(theirs.graph))


def test_nobody_waits_for_what_is_there():
    graph = parse_graph("graph(%x : Tensor):\n  %1 : Tensor = aten::wait(%x)\n  return (%1)\n")
    journal = graph.attach_journal()
    drop_waits(graph.block)
    assert [step.rule.name for step in journal.steps] == ["drop-wait"]
    assert graph_text(graph, locations=False) == "graph(%x : Tensor):\n  return (%x)\n"


# --- what torch has on graphics cards alone -----------------------------------------------------------


def on_a_card(rows: int, columns: int | None = None) -> LazyTensor:
    shape = (rows,) if columns is None else (rows, columns)
    count = rows * (columns or 1)
    element = next(each for each in STORAGE_TYPES.values() if each.name == "float32")
    storage = LazyStorage(element, "", "cuda:0", count, lambda _: memoryview(bytes(4 * count)))
    strides = (1,) if columns is None else (columns, 1)
    return LazyTensor(storage, 0, shape, strides)


class Joining:
    """Computes nothing but the shapes of tensors that are put together."""

    def __call__(self, node, schema, inputs):
        assert schema.name == "aten::cat"
        tensors, dimension = inputs
        assert dimension == 0
        first = tensors[0].shape
        return [on_a_card(sum(tensor.shape[0] for tensor in tensors), *first[1:])]


LAYERS = """graph(%x : Tensor, %y : Tensor):
  %w : Tensor = prim::Constant[value="w"]()
  %b : Tensor = prim::Constant[value="b"]()
  %v : Tensor = prim::Constant[value="v"]()
  %c : Tensor = prim::Constant[value="c"]()
  %1 : Tensor = aten::linear(%x, %w, %b)
  %2 : Tensor = aten::linear(%y, %v, %c)
  %3 : Tensor = aten::linear(%x, %v, %c)
  %4 : Tensor = aten::relu(%3)
  return (%1, %2, %4)
"""
MERGED = """graph(%x : Tensor,
      %y : Tensor):
  %w : Tensor = prim::Constant[value=<Tensor>]()
  %b : Tensor = prim::Constant[value= 0  0  0 [ CUDAFloatType{3} ]]()
  %v : Tensor = prim::Constant[value=<Tensor>]()
  %c : Tensor = prim::Constant[value= 0  0  0  0 [ CUDAFloatType{4} ]]()
  %15 : Float(7, 4, strides=[4, 1], requires_grad=0, device=cuda:0) = prim::Constant[value=<Tensor>]()
  %16 : Float(7, strides=[1], requires_grad=0, device=cuda:0) = prim::Constant[value= 0  0  0  0  0  0  0 [ CUDAFloatType{7} ]]()
  %18 : int = prim::Constant[value=-1]()
  %19 : int = prim::Constant[value=1]()
  %20 : int = prim::Constant[value=0]()
  %21 : int = prim::Constant[value=3]()
  %23 : int = prim::Constant[value=7]()
  %17 : Tensor = aten::linear(%x, %15, %16)
  %24 : Tensor = aten::slice(%17, %18, %21, %23, %19)
  %22 : Tensor = aten::slice(%17, %18, %20, %21, %19)
  %2 : Tensor = aten::linear(%y, %v, %c)
  %4 : Tensor = aten::relu(%24)
  return (%22, %2, %4)
"""  # noqa: E501


def test_layers_on_a_card_are_merged():
    """As torch/csrc/jit/passes/frozen_concat_linear.cpp says; torch itself leaves layers on a CPU alone."""
    graph = parse_graph(LAYERS)
    held = {"w": on_a_card(3, 4), "b": on_a_card(3), "v": on_a_card(4, 4), "c": on_a_card(4)}
    for node in graph.nodes():
        if node.is_constant:
            node.attributes["value"] = held[node.output.name]
    graph.attach_journal()
    before = graph_text(graph)
    run_pipeline(graph, [NOT_ON_A_CPU], PassContext(Joining()))
    verify(graph)
    after = graph_text(graph)
    assert after == MERGED
    assert graph.journal is not None
    assert [step.rule.name for step in graph.journal.steps] == ["merge-layers"]
    graph.journal.go_to(0)
    assert graph_text(graph) == before


def test_a_function_alone_cannot_be_frozen():
    graph = parse_graph("graph(%x : Tensor):\n  return (%x)\n")
    with pytest.raises(JitError, match="needs a module"):
        run_pipeline(graph, ["freeze"], PassContext())


# --- passes that change modules -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fold-conv-bn", "dedup-module-uses"])
def test_a_pass_of_modules_comes_before_inlining(name, tmp_path):
    root = open_archive(saved("calls-of-norms", tmp_path)).root
    forward = root.method("forward")
    graph = forward.graph.copy()
    with pytest.raises(JitError, match="put it before inline"):
        run_pipeline(graph, ["inline", name], PassContext(evaluator(), root, forward))
    with pytest.raises(JitError, match="needs a module"):
        run_pipeline(forward.graph.copy(), [name], PassContext(evaluator()))


@pytest.mark.parametrize("program", ["calls-of-norms", "calls-again"])
def test_what_is_run_is_the_changed_module(program, tmp_path):
    file = saved(program, tmp_path)
    request = MethodRequest("", "forward", ("fold-conv-bn", "dedup-module-uses", "inline"))
    opened = Program.open(str(file))
    found = resolve(opened, request, evaluator())
    assert found.method.receiver is not opened.module
    assert found.graph.inputs[0].type is found.method.module.type
    [x] = PROGRAMS[program][1]
    result = run(found.graph, [Materializer().object(found.method.receiver), x])
    torch.testing.assert_close(result, torch.jit.load(str(file))(x))
    assert opened.module.find("convolution" if program == "calls-of-norms" else "linear").type.methods


def test_what_was_folded_can_be_frozen(tmp_path):
    file = saved("calls-of-norms", tmp_path)
    theirs = torch.jit.load(str(file))
    theirs = torch.jit._recursive.wrap_cpp_module(torch._C._jit_pass_fold_convbn(theirs._c))
    request = MethodRequest("", "forward", ("fold-conv-bn", "freeze"))
    found = resolve(Program.open(str(file)), request, evaluator())
    # torch numbers values anew where it copies the module again.
    ours, other = graph_text(found.graph), str(torch.jit.freeze(theirs).graph)
    assert renumbered(plain(ours)) == renumbered(plain(other))


class ReadsItsNorm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(1, 2, 1)
        self.norm = nn.BatchNorm2d(2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        norm = self.norm
        return norm(self.convolution(x)) + norm.running_mean.sum()


def test_a_norm_that_others_read_too_is_not_folded(tmp_path):
    torch.jit.script(ReadsItsNorm().eval()).save(str(tmp_path / "m.pt"))
    with pytest.raises(RuntimeError):
        torch._C._jit_pass_fold_convbn(torch.jit.load(str(tmp_path / "m.pt"))._c)
    with pytest.raises(JitError, match="is read by others than its call too"):
        resolve(
            Program.open(str(tmp_path / "m.pt")),
            MethodRequest("", "forward", ("fold-conv-bn",)),
            evaluator(),
        )


def test_without_torch_norms_stay_and_that_is_said(tmp_path):
    root = open_archive(saved("calls-of-norms", tmp_path)).root
    forward = root.method("forward")
    context = PassContext(None, root, forward)
    run_pipeline(forward.graph.copy(), ["fold-conv-bn"], context)
    assert "4 batch norms stayed: torch is not there" in context.notes


def test_without_torch_modules_are_not_copied(tmp_path):
    root = open_archive(saved("calls-again", tmp_path)).root
    forward = root.method("forward")
    with pytest.raises(JitError, match="a module cannot be copied: torch is not there"):
        run_pipeline(forward.graph.copy(), ["dedup-module-uses"], PassContext(None, root, forward))
