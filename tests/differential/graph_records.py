"""Graphs that are carried beside an archive against those that were compiled: `python -m
tests.differential.graph_records [--every N --from I]`.

Texts of graph and code, and of the graph after all passes, have to be equal.
"""

import argparse
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

import jitcore
from jitcore.archive import open_compiled
from jitcore.ir import Function
from jitcore.passes import PassContext, run_pipeline
from jitcore.printing import code_text, graph_text
from jitcore.scripting.library.saving import save_compiled
from jitcore.slots.wrappers import function_of, script_object_of
from jitcore.source import JitError
from tests.differential.archives import every_program

PASSES = ("inline", "constant-propagation", "cse", "peephole", "constant-pooling", "dce", "lower-all-tuples")
REFUSED = "no archive"


def difference(target: Any, file: Path) -> str:
    """Empty if what is read is what was compiled, `REFUSED` where it has no archive, else what differs."""
    try:
        compiled = jitcore.script(target)
        with file.open("wb") as target:
            save_compiled(compiled, target, file.stem)
    except (RuntimeError, JitError, OSError, AssertionError, torch.jit.frontend.FrontendError):
        return REFUSED
    loaded, function = open_compiled(file)
    try:
        for name, ours, read in _pairs(compiled, loaded.root, function):
            for text in (lambda f: graph_text(f.graph), code_text, _rewritten):
                if text(ours) != text(read):
                    return f"{name}: compiled\n{text(ours)}read\n{text(read)}"
    finally:
        loaded.archive.close()
    return ""


def _pairs(compiled: Any, root: Any, function: Function | None) -> Iterator[tuple[str, Function, Function]]:
    """Name, compiled and read functions."""
    own = function_of(compiled)
    if own is not None:
        assert function is not None
        yield own.name, own, function
        return
    module = script_object_of(compiled)
    assert module is not None
    for path, child in module.named_modules():
        for name, method in child.type.methods.items():
            yield f"{path}.{name}", method, root.find(path).type.methods[name]


def _rewritten(function: Function) -> str:
    graph = function.graph.copy()
    try:
        run_pipeline(graph, PASSES, PassContext(None))
    except JitError as error:
        return f"{type(error).__name__}: {error}"
    return graph_text(graph)


def main(arguments: list[str]) -> int:
    """Compare all programs, or one in so many, and say how many are equal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="start")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number, program in enumerate(every_program()):
            if number % options.every != options.start:
                continue
            torch.manual_seed(0)
            found = difference(program.make(), Path(folder) / f"{number}.pt")
            counts[found if found in ("", REFUSED) else "different"] += 1
            if found not in ("", REFUSED):
                print(f"=== {program.name}: {found}")
    print(f"{counts['']} equal, {counts['different']} different, {counts[REFUSED]} {REFUSED}")
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
