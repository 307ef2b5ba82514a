"""Draws of Python and numpy, made by torch, which a trace records and a script knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.numpy_names import full_name
from jitcore.diagnose.divergence.remedies.syntax import called_name, functions_around, nodes_of

_SUMMARY: Final = "draw with torch, whose draws a trace records"
_LEAVES_OUT: Final = (
    "; not from a generator of its own, which it forgets: other numbers come, and seeds are set outside"
)


def by_torch(file: str, text: str, tree: ast.Module, line: int, as_numbers: bool = False) -> Iterator[Change]:
    """The function around a line, with draws by torch: as tensors, or read as numbers for a script."""
    functions = functions_around(tree, line)
    if not functions:
        return
    edits = Edits(text, tree)
    redraw(edits, functions[0], as_numbers)
    summary = _SUMMARY + _LEAVES_OUT if _drop_generators(edits, functions[0]) else _SUMMARY
    if not edits.are_none:
        yield Change(summary, file, edits.applied(), True)
    seeds = Edits(text, tree)
    for node in nodes_of(ast.stmt, functions[0]):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _seeds(node.value):
            seeds.replace_lines(node.lineno, node.end_lineno or node.lineno, [])
    if not seeds.are_none:
        yield Change("seed outside of the program: a trace records no seeds", file, seeds.applied(), True)


def draws(text: str) -> int:
    """How many draws of torch a text has."""
    return sum(text.count(f"torch.{each}") for each in ("rand", "_sample_dirichlet"))


def redraw(edits: Edits, function: ast.AST, as_numbers: bool) -> None:
    """Have torch draw whatever a function draws of the generators of Python and numpy."""
    done: set[int] = set()
    for call in nodes_of(ast.Call, function):
        if id(call) in done:
            continue
        new = _drawn(edits, call, as_numbers)
        if new is not None:
            edits.replace(call, new)
            done |= {id(node) for node in ast.walk(call)}
            continue
    if not as_numbers:
        _sort_drawn(edits, function, done)
    for node in nodes_of(ast.Expr, function):
        # A list is shuffled in place; an index of a tensor may be shuffled as one.
        call = node.value
        if (
            isinstance(call, ast.Call)
            and called_name(call.func).rpartition(".")[2] == "shuffle"
            and call.args
        ):
            what = edits.source(call.args[0])
            edits.replace(node, f"{what} = torch.tensor({what})[torch.randperm(len({what}))]")


def _drop_generators(edits: Edits, function: ast.AST) -> bool:
    """Have torch draw from the generator that all share: a trace forgets which one an operator drew from."""
    dropped = False
    for call in nodes_of(ast.Call, function):
        if not call.args or not call.keywords or not called_name(call.func).startswith("torch."):
            continue
        keyword = call.keywords[0]
        if keyword.arg == "generator":
            first = edits.at(call.args[-1].end_lineno or 0, call.args[-1].end_col_offset or 0)
            last = edits.at(keyword.value.end_lineno or 0, keyword.value.end_col_offset or 0)
            edits.replace_range(first, last, "")
            dropped = True
    return dropped


def _sort_drawn(edits: Edits, function: ast.AST, drawn: set[int]) -> None:
    """Have torch sort what it drew."""
    names = {
        target.id
        for node in nodes_of(ast.Assign, function)
        if id(node.value) in drawn
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in nodes_of(ast.Call, function):
        if called_name(call.func) == "sorted" and len(call.args) == 1 and called_name(call.args[0]) in names:
            edits.replace(call, f"{edits.source(call.args[0])}.sort().values")


def _seeds(call: ast.Call) -> bool:
    return called_name(call.func).rpartition(".")[2] in ("manual_seed", "seed", "manual_seed_all", "seed_all")


def _drawn(edits: Edits, call: ast.Call, as_numbers: bool) -> str | None:
    """The text of a draw by torch."""
    name = full_name(called_name(call.func))
    head, _, draw = name.rpartition(".")
    if not head or head.split(".")[0] == "torch":
        return None
    is_module = head in ("random", "numpy.random")
    if not is_module and not any(word in head.lower() for word in ("rng", "rand", "gen")):
        return None
    given = [edits.source(each) for each in call.args]
    named = {each.arg: edits.source(each.value) for each in call.keywords}
    size = named.get("size")
    by_numpy = head != "random"

    def number(text: str, kind: str = "float") -> str:
        return f"{kind}({text})" if as_numbers else text

    match draw, len(given):
        case "random", 0:
            return number("torch.rand(())") if size is None else f"torch.rand({size})"
        case "random" | "random_sample" | "rand", _ if by_numpy:
            return f"torch.rand({', '.join(given) or '()'})"
        case "uniform", 2 if size is None:
            return number(f"torch.rand(()) * ({given[1]} - {given[0]}) + {given[0]}") if as_numbers else (
                f"(torch.rand(()) * ({given[1]} - {given[0]}) + {given[0]})"
            )  # fmt: skip
        case "uniform", 0 | 2 | 3:
            low, high = given[:2] if len(given) > 1 else ("0.0", "1.0")
            shape = size or (given[2] if len(given) == 3 else "()")
            return f"(torch.rand({shape}) * ({high} - {low}) + {low})"
        case "gauss" | "normalvariate", 2:
            return number(f"(torch.randn(()) * {given[1]} + {given[0]})")
        case "normal", _:
            mean = given[0] if given else named.get("loc", "0.0")
            spread = given[1] if len(given) > 1 else named.get("scale", "1.0")
            shape = size or (given[2] if len(given) > 2 else "()")
            if (mean, spread) == ("0.0", "1.0"):
                return f"torch.randn({shape})"
            return f"(torch.randn({shape}) * {spread} + {mean})"
        case "randn" | "standard_normal", _:
            return f"torch.randn({', '.join(given) or size or '()'})"
        case "randint", 2 if not by_numpy:
            return number(f"torch.randint({given[0]}, {given[1]} + 1, ())", "int")
        case "randrange", 1 | 2:
            return number(
                f"torch.randint({', '.join(given if len(given) == 2 else ['0', *given])}, ())", "int"
            )
        case "randint" | "integers", 1 | 2 | 3 if by_numpy:
            bounds = given[:2] if len(given) >= 2 else ["0", given[0]]
            shape = size or (given[2] if len(given) == 3 else "()")
            text = f"torch.randint({', '.join(bounds)}, {shape})"
            return number(text, "int") if shape == "()" else text
        case "choice", 1 if size is None:
            if as_numbers:
                return f"{given[0]}[int(torch.randint(0, len({given[0]}), ()))]"
            return f"torch.tensor({given[0]})[torch.randint(0, len({given[0]}), ())]"
        case "choice", 2 | 3 if by_numpy and (named.get("replace") == "False" or given[2:] == ["False"]):
            return f"torch.randperm({given[0]})[: {given[1]}]"
        case "choice", 2 if by_numpy:
            return f"torch.randint(0, {given[0]}, ({given[1]},))"
        case "sample", 2:
            if given[0].startswith("range(") and "," not in given[0]:
                return f"torch.randperm({given[0][6:-1]})[: {given[1]}]"
            return f"torch.tensor({given[0]})[torch.randperm(len({given[0]}))[: {given[1]}]]"
        case "permutation", 1:
            return f"torch.randperm({given[0]})"
        case "beta" | "betavariate", 2:
            return number(_beta(given[0], given[1]))
        case "exponential", 0 | 1:
            return f"(torch.empty({size or '()'}).exponential_() * {given[0] if given else '1.0'})"
        case _:
            return None


def _beta(one: str, other: str) -> str:
    return f"torch._sample_dirichlet(torch.tensor([float({one}), float({other})]))[0]"
