"""Which sides there are to compare, with which inputs they are told apart, and in which words."""

import sys

import pytest
import torch

from jitcore.diagnose import compare
from jitcore.source import JitError
from tests.diagnose.divergence.written_program import made


@pytest.fixture
def program(tmp_path, request):
    name = f"compared_{abs(hash(request.node.name))}"
    yield lambda text: made(tmp_path, text, name)
    sys.modules.pop(name, None)


GIVES_A_TEXT = """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.seconds = 6.0
    def hops(self) -> float:
        return self.seconds // {part}  #!
    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, str]:
        return x * self.hops(), "hops"
"""


def test_what_cannot_be_traced_is_compared_with_its_script(program):
    target, _, line = program(GIVES_A_TEXT.format(part=0.1))
    given = torch.rand(3)
    with pytest.raises(RuntimeError):
        torch.jit.trace(target, given, check_trace=False)
    assert float(torch.jit.script(target)(given)[0][0]) != float(target(given)[0][0])
    found = compare(target, (given,))
    assert found.agree == {"eager-trace": None, "eager-script": False, "trace-script": None}
    assert (found.cause.cause, found.cause.line) == ("semantics", line)
    assert "cannot be traced" in found.trace_refusal
    assert any(found.trace_refusal in note for note in found.notes)


def test_what_cannot_be_traced_and_agrees_with_its_script_is_not_accused(program):
    target, _, _ = program(GIVES_A_TEXT.format(part=0.5))
    found = compare(target, (torch.rand(3),))
    assert not found.diverged
    assert "the script and the program agree" in found.explanation
    assert found.as_json()["trace_refusal"] == found.trace_refusal != ""


def test_what_is_neither_traced_nor_compiled_is_refused_in_a_sentence(program):
    target, _, _ = program("def T(x):\n    return x, print\n")
    with pytest.raises(JitError, match=r"T cannot be traced: .*; and there is no script: "):
        compare(target, (torch.rand(3),))


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_a_script_without_forward_is_none_to_compare_with(kind):
    module = kind(3, 4).eval()
    assert not hasattr(torch.jit.script(module), "forward")
    found = compare(module, (torch.rand(2, 1, 3),))
    assert not found.diverged, found.explanation
    assert found.agree["eager-script"] is None
    assert found.script_refusal == f"the script of {kind.__name__} has no method forward"


def test_a_parameter_without_annotation_that_is_left_out_is_no_divergence(program):
    target, _, _ = program(
        "def T(x, m=None):\n    if m is not None:\n        x = x.masked_fill(m, 0)\n    return x\n"
    )
    given = torch.rand(3)
    with pytest.raises(RuntimeError):
        torch.jit.script(target)(given)
    found = compare(target, (given,))
    assert not found.diverged, found.explanation
    assert found.script_refusal.startswith("the script does not take the inputs of the trace: ")


def test_a_library_that_refuses_to_be_scripted_is_no_divergence(program):
    text = """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = torch.nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))
    def forward(self, x):
        return self.dense(x)
"""
    target, _, _ = program(text)
    given = torch.rand(2, 4)
    with pytest.raises(torch.jit.Error):
        torch.jit.script(target)(given)
    found = compare(target, (given,))
    assert not found.diverged, found.explanation
    assert found.script_refusal.startswith("a library refuses to run as a script: ")


def test_as_few_calls_are_named_as_are_needed(program):
    text = """
class T(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0
    def forward(self, x):
        self.calls += 1
        return x * min(self.calls, {limit})
"""
    target, _, _ = program(text.format(limit=9))
    found = compare(target, (torch.rand(2),))
    assert found.made == "the same inputs, twice"
    assert len(found.inputs) == 2
    assert "With the same inputs, twice the trace differs from eager Python in call 2" in found.explanation


def test_a_write_that_is_lost_at_once_needs_the_inputs_of_the_trace_only(program):
    target, _, line = program(
        "def T(x):\n    y = x + 1\n    raw = y.numpy()\n    raw *= 3  #!\n    return y\n"
    )
    found = compare(target, (torch.rand(2),))
    assert (found.cause.cause, found.cause.line, found.cause.expression) == ("aliasing", line, "raw *= 3")
    assert found.made == "the inputs of the trace"
    assert len(found.inputs) == 1


def test_a_number_is_moved_past_what_it_may_be_held_against(program):
    text = """
LIMIT = 43.5
def T(x):
    highest = x.max().item()
    strength = 2.0 if highest > LIMIT else 0.5  #!
    return (x > 40).float() * strength
"""
    target, _, line = program(text)
    found = compare(target, (torch.full((3,), 44.0),))
    assert found.cause is not None, found.explanation
    assert (found.cause.cause, found.cause.line) == ("branch", line)


def test_complex_numbers_are_tried_where_a_program_asks_for_them(program):
    target, _, line = program(
        "def T(x):\n    if x.is_complex():  #!\n        return x.abs()\n    return x * 2\n"
    )
    found = compare(target, (torch.rand(3),))
    assert (found.cause.cause, found.cause.line) == ("device-or-dtype", line)
    assert found.made == "inputs of type complex64"


LIBRARY = """import torch

def attend(x, mask):
    if not torch.jit.is_tracing() and bool((mask == 1).all()):
        return x.mean(1)
    return (x * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]

def normed(x):
    if x.numel() == 0:
        return x
    return x.reshape(x.shape[0], -1) / 2
"""


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The name of a module that lies where packages are installed."""
    folder = tmp_path / "lib" / "python3.11" / "site-packages"
    folder.mkdir(parents=True)
    name = f"library_{abs(hash(str(tmp_path)))}"
    (folder / f"{name}.py").write_text(LIBRARY)
    monkeypatch.syspath_prepend(str(folder))
    yield name
    sys.modules.pop(name, None)


def test_tensors_that_do_not_go_together_accuse_no_library(program, library):
    target, _, _ = program(f"import {library}\ndef T(x, mask):\n    return {library}.attend(x, mask)\n")
    x, mask = torch.rand(2, 6, 3), torch.ones(2, 6)
    traced = torch.jit.trace(target, (x, mask), check_trace=False)
    short = torch.ones(2, 1)
    assert not torch.allclose(target(x, short), traced(x, short))
    found = compare(target, (x, mask))
    assert not found.diverged, found.difference


def test_they_do_accuse_a_person_who_looks_at_their_sizes(program):
    target, file, line = program(
        "def T(x, mask):\n"
        "    if mask.shape[1] != x.shape[1]:  #!\n"
        "        mask = F.pad(mask, (0, x.shape[1] - mask.shape[1]))\n"
        "    return x * mask\n"
    )
    found = compare(target, (torch.rand(2, 6), torch.rand(2, 6)))
    assert found.diverged
    assert (found.cause.cause, found.cause.file, found.cause.line) == ("branch", file, line)


def test_an_empty_tensor_accuses_no_library(program, library):
    target, _, _ = program(f"import {library}\ndef T(x):\n    return {library}.normed(x)\n")
    x = torch.rand(2, 6)
    with pytest.warns(torch.jit.TracerWarning):
        traced = torch.jit.trace(target, (x,), check_trace=False)
    target(x[:0])
    with pytest.raises(RuntimeError):
        traced(x[:0])
    found = compare(target, (x,))
    assert found.decisions
    assert not found.diverged, found.difference


def test_who_asks_for_a_diagnosis_is_no_part_of_the_program():
    found = compare(torch.nn.Dropout(0.5), (torch.rand(40),))
    assert found.diverged
    assert (found.as_json()["file"], found.as_json()["line"]) == (None, None)


def test_a_module_without_sizes_is_refused_in_a_sentence():
    with pytest.raises(
        JitError, match=r"^LazyConv1d has uninitialized parameters weight, bias: call it once"
    ):
        compare(torch.nn.LazyConv1d(3, 2), (torch.rand(1, 4, 6),))


WEIGHTED = """
def T(x, mask):
    if mask.all():
        return x
    return x * mask.float().mean() * mask.shape[1] / x.shape[1]
"""


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_a_mask_of_another_length_that_a_library_leaves_out_is_no_divergence(tmp_path):
    installed = tmp_path / "lib" / "python3.11" / "site-packages"
    installed.mkdir(parents=True)
    given = torch.rand(1, 6), torch.tensor([[True, True, False, True, True, True]])
    name = "weighted_by_mask"
    try:
        target, _, _ = made(installed, WEIGHTED, name)
        shorter = given[0], torch.ones(1, 1, dtype=torch.bool)
        trace = torch.jit.trace(target, given, check_trace=False)
        assert not torch.allclose(trace(*shorter), target(*shorter))
        found = compare(target, given)
        assert not found.diverged, found.explanation
        # What a person decided is theirs.
        found = compare(made(tmp_path, WEIGHTED, name)[0], given)
        assert found.diverged
    finally:
        sys.modules.pop(name, None)


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_a_library_that_looks_for_empty_inputs_is_no_divergence():
    given = torch.rand(1, 5, 4, 4)
    target = torch.nn.LocalResponseNorm(2)
    with pytest.raises(RuntimeError):
        torch.jit.trace(target, (given,), check_trace=False)(given[:0])
    assert target(given[:0]).shape == (0, 5, 4, 4)
    found = compare(target, (given,))
    assert not found.diverged, found.explanation
