"""Examples in the docstrings of the installed torch.jit end alike with ours in its place."""

import inspect
import linecache
import re
import sys
import textwrap
import types

import pytest
import torch

BLOCK = re.compile(
    r"(?:\.\. (?:testcode|code-block:: python)[^\n]*\n(?:[ \t]*:[^\n]*\n)*|::\n)\n((?:[ \t]+[^\n]*\n|\n)+)"
)
OF_TRACING_AND_OPTIMIZING = ("jit.trace", "strict_fusion", "optimize_for_inference")
"""What is of torch's tracer and its optimizer, which this library does not have."""


def docstrings():
    """Name and text of what is documented."""
    for name in torch.jit.__all__:
        thing = getattr(torch.jit, name, None)
        yield name, inspect.getdoc(thing) or ""
        if inspect.isclass(thing):
            members = (value for key, value in vars(thing).items() if callable(value) and key[0] != "_")
            yield from ((name, inspect.getdoc(value) or "") for value in members)


def examples():
    """The examples, each once, as test parameters."""
    found = {}
    for name, text in docstrings():
        for block in BLOCK.findall(text + "\n"):
            code = textwrap.dedent(block)
            if "torch" in code and not any(word in code for word in OF_TRACING_AND_OPTIMIZING):
                found.setdefault(code, name)
    return [pytest.param(code, id=f"{name}-{at}") for at, (code, name) in enumerate(found.items())]


def outcome(code, folder, monkeypatch):
    """What running a file leads to: the kind of the error, if any."""
    name = f"example_{folder.name}"
    file = f"/examples/{name}.py"
    text = f"import torch\nimport jitcore\nfrom typing import *\n{code}"
    module = types.ModuleType(name)
    module.__file__ = file
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(linecache.cache, file, (len(text), None, text.splitlines(keepends=True), file))
    try:
        exec(compile(text, file, "exec"), vars(module))
    except Exception as error:  # noqa: BLE001  # an example may fail in any way, ours has to fail alike
        return type(error).__name__
    return "runs"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("code", examples())
def test_an_example_ends_as_it_does_with_torch(code, tmp_path, monkeypatch):
    theirs = outcome(code, tmp_path / "theirs", monkeypatch)
    ours = outcome(re.sub(r"\btorch\.jit\b", "jitcore", code), tmp_path / "ours", monkeypatch)
    assert ours == theirs


def test_there_are_examples():
    assert len(examples()) >= 12
