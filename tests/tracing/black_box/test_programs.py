"""What a black box says of programs like real ones: at which lines, and of nothing else.

A comment `says: KIND VALUE; KIND` tells what is said of its line; the values are those of decisions, and may
be left out.
"""

import importlib
import inspect
import re
import warnings
from pathlib import Path

import pytest
import torch

import jitcore
from jitcore.tracing.black_box import BlackBox, Decision, black_box
from tests.tracing.black_box.programs import decoders, detection, harmless, sequences, surroundings

FILES = (decoders, detection, harmless, sequences, surroundings)
CASES = [(file, name) for file in FILES for name in file.CASES]
_MARK = re.compile(r"# says: (.+)$")


def boxed(file, name) -> BlackBox:
    # Executed anew, since some programs change variables of their file.
    make, inputs = importlib.reload(file).CASES[name]
    torch.manual_seed(0)
    with warnings.catch_warnings(), black_box() as box:
        warnings.simplefilter("ignore")
        jitcore.trace(make(), inputs(), check_trace=False)
    return box


def said_of(box: BlackBox) -> list[Decision]:
    groups = (
        box.decisions, box.captured, box.random, box.writes, box.side_effects, box.modes, box.methods,
    )  # fmt: skip
    return [each for group in groups for each in group]


def marked(file) -> dict[int, list[str]]:
    text = Path(inspect.getfile(file)).read_text(encoding="utf-8")
    return {
        number: found[1].split("; ")
        for number, line in enumerate(text.splitlines(), 1)
        if (found := _MARK.search(line))
    }


@pytest.mark.parametrize(("file", "name"), CASES, ids=[name for _, name in CASES])
def test_nothing_else_is_suspected(file, name) -> None:
    suspected = [each for each in said_of(boxed(file, name)) if not each.harmless and not each.library]
    marks = marked(file)
    wrong = [
        f"{each.line}: {each.kind} {each.value} {each.expression}"
        for each in suspected
        if not any(mark.split(" ")[0] == each.kind for mark in marks.get(each.line, ()))
    ]
    assert not wrong


@pytest.mark.parametrize("file", FILES, ids=[file.__name__.rpartition(".")[2] for file in FILES])
def test_all_is_said(file) -> None:
    found: set[tuple[int, str, str]] = set()
    for name in file.CASES:
        for each in said_of(boxed(file, name)):
            if not each.harmless and not each.library:
                found |= {(each.line, each.kind, each.value), (each.line, each.kind, "")}
    missing = [
        f"{line}: {mark}"
        for line, marks in marked(file).items()
        for mark in marks
        if (line, mark.split(" ")[0], mark.partition(" ")[2]) not in found
    ]
    assert not missing
