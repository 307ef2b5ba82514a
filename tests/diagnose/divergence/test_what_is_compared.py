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
