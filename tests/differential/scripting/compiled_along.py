"""Compares what compiling the programs compiles beside them (to be run as a module).

A process of its own matters: torch names the classes of modules by what the process compiled before them.
"""

import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch

from jitcore.ops import schema_text
from jitcore.printing import graph_text
from jitcore.scripting.shared import shared_compiler
from jitcore.source import JitError
from jitcore.types import ClassType
from tests.differential.scripting import language
from tests.differential.scripting.judging import judge, renumbered

OURS = "__torch__.tests.differential."


def by_name(functions: Iterable[Any]) -> dict[str, list[Any]]:
    """Functions of the programs by qualified name, without the numbers of mangled ones."""
    found: dict[str, list[Any]] = defaultdict(list)
    for function in functions:
        if function.qualified_name.startswith(OURS):
            found[renumbered(function.qualified_name)].append(function)
    return found


def compare() -> tuple[int, list[str]]:
    """How many methods, callees and overloads were compared, and what differs."""
    for case in language.steady_cases():
        judge(case)
    program = shared_compiler().program
    classes = [kind for kind in program.named_types.values() if isinstance(kind, ClassType)]
    methods = [method for kind in classes for method in kind.methods.values()]
    mine = by_name([*program.functions.values(), *methods])
    theirs = by_name(torch.jit._state._python_cu.get_functions())
    compared, differences = 0, []
    for name in sorted(mine.keys() & theirs.keys()):
        if len(mine[name]) != len(theirs[name]):
            differences.append(f"{name}: {len(mine[name])} of them, torch has {len(theirs[name])}")
            continue
        for ours, other in zip(mine[name], theirs[name], strict=True):
            try:
                text = graph_text(ours.graph)
                expected = str(other.graph)
            except (JitError, RuntimeError):
                # A program that is refused, by both as is tested elsewhere, leaves functions unfinished.
                continue
            if renumbered(text) != renumbered(expected):
                differences.append(f"{name}: ours\n{text}torch's\n{expected}")
            schema = str(other.schema)
            # torch spreads a tensor over lines.
            if "Tensor state= " not in schema and renumbered(schema_text(ours.schema)) != renumbered(schema):
                differences.append(f"{name}: ours {schema_text(ours.schema)}, torch's {schema}")
            compared += 1
    return compared, differences


def main() -> int:
    """Print what differs and how many were compared; exit status 1 when something does."""
    warnings.filterwarnings("ignore")
    compared, differences = compare()
    for difference in differences:
        print(difference)
    print(f"{compared} compared, {len(differences)} different")
    return bool(differences) or not compared


if __name__ == "__main__":
    sys.exit(main())
