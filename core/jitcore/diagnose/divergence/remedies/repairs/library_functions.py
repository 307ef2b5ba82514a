"""Functions of Python's library that no script compiles, by functions of the file that do the same."""

from __future__ import annotations

import ast
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import called_name, first_line, nodes_of, top_of

_HELPERS: Final[dict[str, tuple[str, int, str]]] = {
    "math.log2": ("_log2_of_number", 1, """
def _log2_of_number(number: float) -> float:
    if number <= 0:
        raise ValueError("math domain error")
    return float(torch.log2(torch.full([1], number, dtype=torch.float64)))
"""),
    "math.hypot": ("_hypot_of_numbers", 2, """
def _hypot_of_numbers(one: float, other: float) -> float:
    side = torch.full([1], one, dtype=torch.float64)
    return float(torch.hypot(side, torch.full([1], other, dtype=torch.float64)))
"""),
    "math.lcm": ("_lcm_of_numbers", 2, """
def _lcm_of_numbers(one: int, other: int) -> int:
    if one == 0 or other == 0:
        return 0
    return abs(one * other) // math.gcd(one, other)
"""),
    "math.isqrt": ("_isqrt_of_number", 1, """
def _isqrt_of_number(number: int) -> int:
    if number < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    root = int(math.sqrt(float(number)))
    while root * root > number:
        root = root - 1
    while (root + 1) * (root + 1) <= number:
        root = root + 1
    return root
"""),
    "bisect.bisect_right": ("_bisected_right", 2, """
def _bisected_right(numbers: list[float], number: float) -> int:
    first, last = 0, len(numbers)
    while first < last:
        middle = (first + last) // 2
        if number < numbers[middle]:
            last = middle
        else:
            first = middle + 1
    return first
"""),
    "bisect.bisect_left": ("_bisected_left", 2, """
def _bisected_left(numbers: list[float], number: float) -> int:
    first, last = 0, len(numbers)
    while first < last:
        middle = (first + last) // 2
        if numbers[middle] < number:
            first = middle + 1
        else:
            last = middle
    return first
"""),
    "itertools.accumulate": ("_running_sums", 1, """
def _running_sums(numbers: list[int]) -> list[int]:
    total = 0
    sums: list[int] = []
    for number in numbers:
        total = total + number
        sums.append(total)
    return sums
"""),
}  # fmt: skip
"""A function of the library, that which takes its place, how many arguments both have, and its text.
`torch.full` is given numbers, since `torch.tensor` in a script rounds them to the default type before."""

_ALIASES: Final = {"bisect.bisect": "bisect.bisect_right"}


def with_library_functions(change: Change, tree: ast.Module, function: ast.FunctionDef) -> Edits:
    """Calls of such functions by calls of those that are written above the function."""
    edits = Edits(change.text, tree)
    wanted: dict[str, None] = {}
    for call in nodes_of(ast.Call, function):
        if any(isinstance(each, ast.Starred) for each in call.args):
            continue
        full = _full_name(tree, call.func)
        full = _ALIASES.get(full, full)
        if full == "math.trunc" and len(call.args) == 1:
            edits.replace(call.func, "int")
        elif full == "itertools.pairwise" and len(call.args) == 1 and isinstance(call.args[0], ast.Name):
            rows = call.args[0].id
            edits.replace(call, f"zip({rows}[:-1], {rows}[1:])")
        elif full in _HELPERS and len(call.args) == _HELPERS[full][1]:
            start = next((each.value for each in call.keywords if each.arg == "initial"), None)
            if [each.arg for each in call.keywords] not in ([], ["initial"]):
                continue
            wanted.setdefault(full)
            name, _, code = _HELPERS[full]
            if start is None:
                edits.replace(call.func, name)
                for each in call.args if "(one: float" in code or "(number: float" in code else ():
                    # A script passes no int on as a float by itself.
                    edits.insert_before(each, "float(")
                    edits.insert_after(each, ")")
            else:
                # What sums begin with is one of them.
                first, rest = edits.source(start), edits.source(call.args[0])
                edits.replace(call, f"{name}([{first}] + {rest})")
    holder = top_of(tree, function.lineno)
    for full in wanted if holder is not None else ():
        name, _, code = _HELPERS[full]
        if holder is not None and f"def {name}(" not in change.text:
            edits.insert_lines(first_line(holder) - 1, [*code.strip("\n").split("\n"), "", ""])
    return edits


def _full_name(tree: ast.Module, called: ast.expr) -> str:
    """The dotted name of a function with its module, also where only the function was imported."""
    name = called_name(called)
    for node in nodes_of(ast.ImportFrom, tree):
        for each in node.names:
            if (each.asname or each.name) == name:
                return f"{node.module}.{each.name}"
    return name
