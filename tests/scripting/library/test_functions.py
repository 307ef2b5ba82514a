"""Compiled functions as objects."""

import copy
import inspect
import io
import pickle

import pytest
import torch

import jitcore
from tests.scripting.library import programs
from tests.scripting.library.side_by_side import outcome, same


@pytest.fixture
def both():
    return torch.jit.script(programs.keywords), jitcore.script(programs.keywords)


@pytest.mark.parametrize("name", ["name", "schema", "graph", "inlined_graph", "code"])
def test_texts(both, name):
    theirs, ours = both
    assert str(getattr(ours, name)) == str(getattr(theirs, name))


def test_compiling_twice_gives_one_function(both):
    _, ours = both
    assert jitcore.script(ours) is ours
    assert jitcore.script(programs.keywords) is ours


def test_what_torch_compiled_is_compiled_from_its_original(both):
    theirs, ours = both
    again = jitcore.script(theirs)
    assert isinstance(again, jitcore.ScriptFunction)
    assert again.code == ours.code


@pytest.mark.parametrize("action", [pickle.dumps, copy.copy, copy.deepcopy])
def test_pickling_is_refused(both, action):
    same(action, *both)


def test_saved_functions(both, tmp_path):
    theirs, ours = both
    theirs.save(str(tmp_path / "theirs.pt"))
    ours.save(tmp_path / "ours.pt")
    stream = io.BytesIO(ours.save_to_buffer())
    for loaded in (
        torch.jit.load(tmp_path / "ours.pt"),
        torch.jit.load(stream),
        jitcore.load(tmp_path / "ours.pt"),
    ):
        expected = torch.jit.load(tmp_path / "theirs.pt")
        assert loaded.code == expected.code
        assert str(loaded.graph) == str(expected.graph)
        assert loaded.original_name == "PlaceholderModule"
        x = torch.arange(3.0)
        assert torch.equal(loaded(x, 2.0), x * 2)


@pytest.mark.parametrize("thing", [3, "abc", (1,), programs.Model, programs.Point])
def test_what_cannot_be_compiled(thing):
    kind, message = outcome(lambda: torch.jit.script(thing))
    ours_kind, ours_message = outcome(lambda: jitcore.script(thing))
    assert (ours_kind, ours_message.split("\n")[0]) == (kind, message.split("\n")[0])


def test_an_error_says_where():
    def wrong(x):
        return x.no_such_thing()

    kind, message = outcome(lambda: jitcore.script(wrong))
    assert kind == "RuntimeError"
    assert 'test_functions.py", line' in message
    assert "~~~~~~~~~~~~~~~ <--- HERE" in message


def test_classes_and_their_objects():
    assert jitcore.script(programs.Account) is programs.Account
    assert jitcore.script(programs.Color) is programs.Color
    compiled = jitcore.script(programs.Account(5))
    assert (compiled.add(2), compiled.balance) == (7, 7)
    compiled.balance = 1
    assert compiled.add(1) == 2
    with pytest.raises(RuntimeError, match="Could not cast attribute 'balance' to type int"):
        compiled.balance = "much"
    with pytest.raises(pickle.PickleError):
        pickle.dumps(compiled)
    with pytest.raises(AttributeError, match="does not have a field with name 'nothing'"):
        _ = compiled.nothing
    with pytest.raises(TypeError):
        compiled()
    with pytest.raises(TypeError):
        compiled + 1


SIGNATURES = [
    "Attribute", "annotate", "export", "fork", "ignore", "interface", "is_scripting", "isinstance", "load",
    "save", "script", "script_if_tracing", "script_method", "unused", "wait",
]  # fmt: skip


@pytest.mark.parametrize("name", SIGNATURES)
def test_parameters_are_those_of_torch(name):
    theirs, ours = (inspect.signature(getattr(jit, name)).parameters for jit in (torch.jit, jitcore))
    assert _parameters(ours) == _parameters(theirs)


def _parameters(signature):
    return [(p.name, p.kind, p.default) for p in signature.values()]


def test_all_names_are_there():
    for name in jitcore.__all__:
        assert getattr(jitcore, name) is not None
