"""Changes of a file that may cure a divergence: decorators, extracted functions, tensors in place of
numbers."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch

from jitcore.diagnose.divergence.source_places import text_of, tree_of

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.cause import Cause

Values = Mapping[str, Any]
"""What local variables held when a statement was reached."""

_DECORATORS: Final = ("torch.jit.script_if_tracing", "torch.jit.script")
"""The first leaves a function alone where nothing is traced; the other one is compiled when it is defined."""

_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Change:
    """A file with another text; `summary` says in a sentence what is done."""

    summary: str
    file: str
    text: str


def changes_for(cause: Cause, values: Values, callers: list[tuple[str, int]], made: str) -> Iterator[Change]:
    """Changes to try, the smallest first.

    `callers` are the places that led to the cause, innermost first; `made` the class that is called to make
    the
    program, if it is made so.
    """
    file = cause.file
    text, tree = text_of(file), tree_of(file)
    if tree is None:
        return
    if cause.kind == "mode":
        yield from _eval_changes(cause, text, tree)
    yield from _replacements(cause, text)
    functions = _functions_around(tree, cause.line)
    yield from _decorated(file, text, tree, functions)
    yield from _extracted(cause, text, tree, functions, values)
    for where, line in callers:
        other = tree_of(where)
        if other is not None:
            yield from _decorated(where, text_of(where), other, _functions_around(other, line))
    yield from _scripted_modules(file, text, tree, functions)
    for where, line in callers:
        other = tree_of(where)
        if other is not None:
            yield from _scripted_modules(where, text_of(where), other, _functions_around(other, line))
    if made:
        yield from _scripted_within(file, text, tree, made)


# --- modes ------------------------------------------------------------------------------------------


def _eval_changes(cause: Cause, text: str, tree: ast.Module) -> Iterator[Change]:
    name = cause.found.trial.change
    if name != "mode":
        return
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.FunctionDef) and each.name == "__init__":
                    indent = " " * each.body[-1].col_offset
                    summary = f"put {node.name} into eval mode: it is traced as it is run"
                    yield Change(
                        summary,
                        cause.file,
                        _inserted(text, each.body[-1].end_lineno or 0, f"{indent}self.eval()"),
                    )


# --- decorators -------------------------------------------------------------------------------------


def _functions_around(tree: ast.Module, line: int) -> list[ast.FunctionDef]:
    """The functions that hold a line, innermost first."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return sorted(found, key=lambda node: -node.lineno)


def _decorated(file: str, text: str, tree: ast.Module, functions: list[ast.FunctionDef]) -> Iterator[Change]:
    for function in functions:
        if function not in tree.body or function.decorator_list:
            continue
        summary = f"compile {function.name}, where the decision is made, while it is traced"
        for decorator in _DECORATORS:
            changed = _inserted(text, function.lineno - 1, f"@{decorator}")
            yield Change(summary, file, _with_torch(changed))


def _scripted_modules(
    file: str, text: str, tree: ast.Module, functions: list[ast.FunctionDef]
) -> Iterator[Change]:
    """A module that is scripted where it is made."""
    holders = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(each in ast.walk(node) for each in functions)
    ]
    for holder in holders:
        calls = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == holder.name
        ]
        if not calls:
            continue
        changed = text
        for call in sorted(calls, key=lambda each: (-each.lineno, -each.col_offset)):
            made = ast.get_source_segment(text, call) or ""
            changed = _replaced(changed, call, f"torch.jit.script({made})")
        summary = f"script {holder.name} where it is made: it decides by what it is given"
        yield Change(summary, file, _with_torch(changed))


def _scripted_within(file: str, text: str, tree: ast.Module, name: str) -> Iterator[Change]:
    """A class that is made without arguments: it keeps its name, and holds what it was as a script."""
    holder = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name), None)
    if holder is None:
        return
    forward = next(
        (each for each in holder.body if isinstance(each, ast.FunctionDef) and each.name == "forward"), None
    )
    if forward is None or forward.args.vararg is not None or forward.args.kwarg is not None:
        return
    given = [each.arg for each in forward.args.args[1:]]
    plain = f"{name}ToScript"
    renamed = _renamed(text, tree, name, plain)
    added = [
        "", "", f"class {name}(torch.nn.Module):", "    def __init__(self):", "        super().__init__()",
        f"        self.scripted = torch.jit.script({plain}())", "",
        f"    def forward(self, {', '.join(given)}):",
        f"        return self.scripted({', '.join(given)})",
    ]  # fmt: skip
    summary = f"script {name}, which then decides by what it is given"
    yield Change(summary, file, _with_torch(renamed.rstrip("\n") + "\n" + "\n".join(added) + "\n"))


# --- extracted functions ----------------------------------------------------------------------------


def _extracted(
    cause: Cause, text: str, tree: ast.Module, functions: list[ast.FunctionDef], values: Values
) -> Iterator[Change]:
    if not functions:
        return
    function = functions[0]
    place = next(
        (
            number
            for number, each in enumerate(function.body)
            if each.lineno <= cause.line <= (each.end_lineno or each.lineno)
        ),
        None,
    )
    if place is None:
        return
    for count in (1, len(function.body) - place):
        body = function.body[place : place + count]
        ends = any(isinstance(each, ast.Return) for part in body for each in ast.walk(part))
        if ends and place + count < len(function.body):
            continue
        for decorator in _DECORATORS:
            made = _extraction(cause, text, tree, function, body, ends, values, decorator)
            if made is not None:
                yield made


def _extraction(
    cause: Cause,
    text: str,
    tree: ast.Module,
    function: ast.FunctionDef,
    body: list[ast.stmt],
    ends: bool,
    values: Values,
    decorator: str,
) -> Change | None:
    owner = function.args.args[0].arg if function.args.args and function.args.args[0].arg == "self" else ""
    attributes = _attributes_of(body, owner)
    if attributes is None:
        return None
    lines = text.splitlines()
    code = textwrap.dedent("\n".join(lines[body[0].lineno - 1 : body[-1].end_lineno]))
    for name in attributes:
        code = re.sub(rf"\b{owner}\.{name}\b", name, code)
    loaded, stored = _names_in(body)
    settings = _settings(tree)
    given = [name for name in values if name in loaded and name != owner]
    given += [name for name in settings if name in loaded and name not in values]
    self_value = values.get(owner)
    parameters: list[str] = []
    passed: list[str] = []
    for name in (*given, *attributes):
        value = values.get(name, settings.get(name)) if name in given else getattr(self_value, name, None)
        kind = _annotation(value)
        if kind is None:
            return None
        parameters.append(f"{name}: {kind}")
        passed.append(name if name in given else f"{owner}.{name}")
    helper = f"_{function.name}_at_{body[0].lineno}".replace("__", "_")
    after = _names_in(function.body[function.body.index(body[-1]) + 1 :])[0]
    results = [name for name in stored if name in after]
    call = f"{helper}({', '.join(passed)})"
    indent = " " * body[0].col_offset
    if ends:
        replacement = f"{indent}return {call}"
    elif results:
        replacement = f"{indent}{', '.join(results)} = {call}"
        code += f"\nreturn {', '.join(results)}"
    else:
        return None
    defined = f"@{decorator}\ndef {helper}({', '.join(parameters)}):\n{textwrap.indent(code, '    ')}\n\n\n"
    top = next(
        node for node in tree.body if node.lineno <= function.lineno <= (node.end_lineno or node.lineno)
    )
    first = min([top.lineno, *(each.lineno for each in getattr(top, "decorator_list", []))])
    changed = [
        *lines[: first - 1],
        *defined.splitlines(),
        *lines[first - 1 : body[0].lineno - 1],
        replacement,
        *lines[(body[-1].end_lineno or 0) :],
    ]
    summary = f"compile the lines from {body[0].lineno} on, where Python decides, as a function of their own"
    return Change(summary, cause.file, _with_torch("\n".join(changed) + "\n"))


def _settings(tree: ast.Module) -> dict[str, int | float]:
    """Numbers that a file gives names at its top, which a script does not read there."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, int | float)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _attributes_of(body: list[ast.stmt], owner: str) -> list[str] | None:
    """Attributes of `self` that are read; None where it is used otherwise."""
    found: dict[str, None] = {}
    if not owner:
        return []
    uses = 0
    for part in body:
        for node in ast.walk(part):
            if isinstance(node, ast.Call) and _is_of(node.func, owner):
                return None
            if isinstance(node, ast.Attribute) and _is_of(node, owner):
                if not isinstance(node.ctx, ast.Load):
                    return None
                found.setdefault(node.attr)
                uses -= 1
            elif isinstance(node, ast.Name) and node.id == owner:
                uses += 1
    return None if uses else list(found)


def _is_of(node: ast.AST, owner: str) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner


def _names_in(body: list[ast.stmt]) -> tuple[set[str], list[str]]:
    """Names that are read, and those that get a value, in order."""
    loaded: set[str] = set()
    stored: dict[str, None] = {}
    for part in body:
        for node in ast.walk(part):
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    loaded.add(node.id)
                else:
                    stored.setdefault(node.id)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                loaded.add(node.target.id)
    return loaded, list(stored)


def _annotation(value: Any) -> str | None:
    """The type of a value as TorchScript reads it; None for what has none."""
    if isinstance(value, torch.Tensor):
        return "torch.Tensor"
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind.__name__
    if isinstance(value, list | tuple) and value:
        parts = [_annotation(each) for each in value]
        if None in parts:
            return None
        if isinstance(value, tuple):
            return f"tuple[{', '.join(map(str, parts))}]"
        return f"list[{parts[0]}]" if len(set(parts)) == 1 else None
    return None


# --- replacements -----------------------------------------------------------------------------------

_INNER: Final = r"\((?P<inner>(?:[^()]|\([^()]*\))*)\)"
"""What stands between the parentheses of a call, with calls in it but no calls in those."""

_TENSOR: Final = "keep the value a tensor"
_DRAWN: Final = "draw with torch, which is traced"

_REWRITES: Final[tuple[tuple[str, str, str], ...]] = (
    (r"\.item\(\)", "", _TENSOR),
    (rf"\bfloat{_INNER}", r"(\g<inner>)", _TENSOR),
    (rf"\bint{_INNER}", r"(\g<inner>)", _TENSOR),
    (r"\blen\((?P<inner>\w+)\)", r"\g<inner>.shape[0]", "ask for the shape, which is traced"),
    (rf"\bmath\.sqrt{_INNER}", r"((\g<inner>) ** 0.5)", "compute with operators of tensors"),
    (r"\.data\b", "", "write to the tensor itself, which is traced"),
    (r"\.to\((?P<inner>\w+)\.dtype\)", r".type_as(\g<inner>)", "take the type when it runs"),
    (r"\brandom\.random\(\)", "torch.rand(())", _DRAWN),
    (
        r"\brandom\.uniform\((?P<low>[^(),]+),(?P<high>[^(),]+)\)",
        r"(torch.rand(()) * (\g<high> - \g<low>) + \g<low>)",
        _DRAWN,
    ),
    (r"\bnp\.random\.rand\((?P<inner>[^()]*)\)", r"torch.rand(\g<inner>)", _DRAWN),
    (r"\bnp\.random\.randn\((?P<inner>[^()]*)\)", r"torch.randn(\g<inner>)", _DRAWN),
    (
        r"\brandom\.gauss\((?P<mean>[^(),]+),(?P<spread>[^(),]+)\)",
        r"(torch.randn(()) * \g<spread> + \g<mean>)",
        _DRAWN,
    ),
)
"""Patterns of a line, what to write instead, and what that does in words."""


def _replacements(cause: Cause, text: str) -> Iterator[Change]:
    lines = text.splitlines()
    if not 0 < cause.line <= len(lines):
        return
    line = lines[cause.line - 1]
    for pattern, new, summary in _REWRITES:
        changed = re.sub(pattern, new, line)
        if changed != line:
            made = [*lines[: cause.line - 1], changed, *lines[cause.line :]]
            yield Change(summary, cause.file, _with_torch("\n".join(made) + "\n"))
    if "manual_seed" in line and line.strip().startswith("torch.manual_seed"):
        made = [*lines[: cause.line - 1], *lines[cause.line :]]
        yield Change(
            "seed outside of the program: a trace records no seeds", cause.file, "\n".join(made) + "\n"
        )


def _renamed(text: str, tree: ast.Module, name: str, new: str) -> str:
    """The text with a class of its top called otherwise, wherever code names it."""
    lines = [line.encode() for line in text.splitlines()]
    places: set[tuple[int, int]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name:
            places.add((node.lineno, node.col_offset))
        elif isinstance(node, ast.ClassDef) and node.name == name:
            places.add((node.lineno, lines[node.lineno - 1].index(name.encode(), node.col_offset)))
    for line, column in sorted(places, reverse=True):
        old = lines[line - 1]
        lines[line - 1] = old[:column] + new.encode() + old[column + len(name.encode()) :]
    return "\n".join(line.decode() for line in lines) + "\n"


# --- texts ------------------------------------------------------------------------------------------


def _inserted(text: str, after: int, line: str) -> str:
    """The text with a line behind line number `after`."""
    lines = text.splitlines()
    return "\n".join([*lines[:after], line, *lines[after:]]) + "\n"


def _replaced(text: str, node: ast.expr, new: str) -> str:
    lines = text.splitlines()
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    head = lines[first].encode()[: node.col_offset].decode()
    tail = lines[last].encode()[node.end_col_offset :].decode()
    return "\n".join([*lines[:first], head + new + tail, *lines[last + 1 :]]) + "\n"


def _with_torch(text: str) -> str:
    """The text, with torch imported."""
    if re.search(r"^import torch$|^import torch[ ,]", text, re.MULTILINE):
        return text
    tree = ast.parse(text)
    first = next(
        (
            node
            for node in tree.body
            if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__"
        ),
        None,
    )
    if first is not None:
        return _inserted(text, first.lineno - 1, "import torch")
    docstring = tree.body[0] if tree.body and isinstance(tree.body[0], ast.Expr) else None
    return _inserted(text, 0 if docstring is None else docstring.end_lineno or 0, "import torch")
