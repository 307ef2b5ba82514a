"""Programs written to a folder, the change that is offered for them, and torch's trace of what it gives."""

from __future__ import annotations

import importlib.util
import itertools
import linecache
import sys
import warnings
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from jitcore.diagnose import compare
from jitviewer.ui.services.remedies import patched

_NUMBERS = itertools.count()
X = torch.tensor([[1.0, 2.0, 0.5], [0.5, 1.0, 3.0]])
"""What all of them are traced with."""


def module_of(text: str, folder: Path) -> ModuleType:
    """A file of a text, executed."""
    name = f"remedied_{next(_NUMBERS)}"
    path = folder / f"{name}.py"
    path.write_text(text)
    linecache.checkcache(str(path))
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    torch.manual_seed(0)
    spec.loader.exec_module(module)
    return module


def made(module: ModuleType) -> Any:
    """The program of a file, which is its T."""
    torch.manual_seed(0)
    return module.T() if isinstance(module.T, type) else module.T


def dedented(text: str) -> str:
    """A text that stands within a test, as a file."""
    return "\n".join(line.removeprefix(" " * 8) for line in text.strip("\n").split("\n")).rstrip() + "\n"


def remedied(text: str, folder: Path, against: list[tuple[torch.Tensor, ...]]) -> tuple[Any, str]:
    """What is offered for a program, and the text that its patch makes of the file."""
    module = module_of(text, folder)
    subject = made(module)
    found = compare(subject, (X,), against[:1])
    assert found.remedy is not None, found.explanation
    file = Path(found.remedy.file)
    changed = patched(file.read_bytes(), found.remedy.patch, str(file)).decode()
    assert changed == found.remedy.text
    return found.remedy, changed


def assert_offer_cures(
    text: str, calls: list[tuple[torch.Tensor, ...]], added: list[str], folder: Path
) -> None:
    """A change is offered for a program that stands within a test; it adds these lines, and it cures."""
    remedy, changed = remedied(dedented(text), folder, calls)
    lines = [line[1:].strip() for line in remedy.patch.split("\n") if line.startswith("+")]
    assert [each for each in added if each not in lines] == [], remedy.patch
    assert_cured(dedented(text), changed, folder, calls)


def called(subject: Any, calls: list[tuple[torch.Tensor, ...]]) -> list[Any]:
    """What calls in a row give."""
    return [subject(*(each.clone() for each in call)) for call in calls]


def traced(module: ModuleType) -> Any:
    """The program as torch traces it, its buffers as they were before."""
    subject = made(module)
    buffers = dict(subject.named_buffers()) if isinstance(subject, torch.nn.Module) else {}
    before = deepcopy(buffers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = torch.jit.trace(subject, (X.clone(),), check_trace=False)
    with torch.no_grad():
        for name, buffer in buffers.items():
            buffer.set_(before[name])  # pyright: ignore[reportArgumentType]
    return found


def assert_cured(text: str, changed: str, folder: Path, calls: list[tuple[torch.Tensor, ...]]) -> None:
    """Hold torch's traces of a changed program and of the program itself against what that gives in
    Python."""
    # What functions keep is kept in their file, so each run has one of its own.
    expected = called(made(module_of(text, folder)), calls)
    torch.testing.assert_close(called(made(module_of(changed, folder)), calls), expected)
    torch.testing.assert_close(called(traced(module_of(changed, folder)), calls), expected)
    with pytest.raises((AssertionError, RuntimeError)):
        torch.testing.assert_close(called(traced(module_of(text, folder)), calls), expected)
