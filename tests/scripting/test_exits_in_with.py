"""What leaves a `with` inside of a loop leaves it, from any depth, and the graph is well formed.

torch.jit hands out graphs here that read values which are not defined, or fails in an assertion; where it does
not, its graphs are ours.
"""

import importlib
import io

import pytest
import torch

import jitcore
from jitcore.ir import verify
from jitcore.scripting.shared import shared_compiler
from tests.scripting.exits_in_with import HEADER, ExitsInWith

COUNT = 40


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exits")
    names = [f"f{number}" for number in range(COUNT)]
    text = HEADER + "".join(ExitsInWith(number).write(name) for number, name in enumerate(names))
    (folder / "programs_with_exits.py").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        module = importlib.import_module("programs_with_exits")
    return [getattr(module, name) for name in names]


def said_by_torch(program):
    """The graph of a function; "" where torch has none, or one that its own check refuses."""
    try:
        graph = torch.jit.script(program).graph
        torch._C._jit_pass_lint(graph)
    except RuntimeError:
        return ""
    return str(graph)


def test_random_programs_do_what_python_does(programs):
    same_as_torch = 0
    for program in programs:
        function = shared_compiler().compile_directly(program)
        verify(function.graph)
        expected = [program(n) for n in range(6)]
        compiled = jitcore.script(program)
        assert [compiled(n) for n in range(6)] == expected, program.__name__
        theirs = said_by_torch(program)
        assert theirs in ("", str(compiled.graph))
        same_as_torch += bool(theirs)
    # Where nothing that is made inside is read outside, torch is right.
    assert same_as_torch > COUNT // 8


def test_their_archives_are_read_by_torch_and_by_us(programs):
    for program in programs[: COUNT // 2]:
        expected = [program(n) for n in range(6)]
        stream = io.BytesIO()
        jitcore.save(jitcore.script(program), stream)
        for load in (jitcore.load, torch.jit.load):
            stream.seek(0)
            loaded = load(stream)
            assert [loaded(n) for n in range(6)] == expected, program.__name__
