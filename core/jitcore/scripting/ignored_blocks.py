"""`with torch.jit._IgnoreContextManager(a="inp:int", b="out:int"):` leaves its body to Python.

    with torch.jit._IgnoreContextManager(a="inp:int", b="out:int"):
        b = sorted([a, 3], key=abs)[0]

becomes `b = func_ignore_FILE_LINE(a)`, a call of a function that is marked with ignore and has that body.
"""

from __future__ import annotations

import ast
import re
import typing
from collections.abc import Callable, Mapping
from typing import Any

import torch

from jitcore.scripting.markers import ignore

_MANAGER = "_IgnoreContextManager"
_TYPE_NAMES = {name: getattr(typing, name) for name in ("List", "Dict", "Tuple")}


def is_ignored_block(node: ast.With) -> bool:
    """Whether the statement is spelled `with torch.jit._IgnoreContextManager(...)`, or `with jitcore...`."""
    manager = node.items[0].context_expr
    if not isinstance(manager, ast.Call) or not isinstance(manager.func, ast.Attribute):
        return False
    owner = manager.func.value
    return manager.func.attr == _MANAGER and (
        isinstance(owner, ast.Name) or ast.unparse(owner) == "torch.jit"
    )


class IgnoredBlock:
    """One such statement: `call` is the statement that stands for it, `function` what is called.

    The names of the file that the block stands in are found in `outer`. Raises `ValueError` for a keyword
    that does not declare a variable, and what Python raises for a type that is none.
    """

    def __init__(self, node: ast.With, filename: str, outer: Mapping[str, Any]) -> None:
        manager = node.items[0].context_expr
        assert isinstance(manager, ast.Call)
        self.name = f"func_ignore_{re.sub(r'[^a-zA-Z0-9_]', '_', filename)}_{node.lineno}"
        inputs, outputs = _declared(manager.keywords)
        self.function = self._defined(node, inputs, outputs, outer)
        called = f"{self.name}({', '.join(inputs)})"
        text = f"{', '.join(outputs)} = {called}" if outputs else called
        self.call = ast.parse(text).body[0]

    def _defined(
        self,
        node: ast.With,
        inputs: Mapping[str, str],
        outputs: Mapping[str, str],
        outer: Mapping[str, Any],
    ) -> Callable[..., Any]:
        kinds = list(outputs.values())
        result = "None" if not kinds else kinds[0] if len(kinds) == 1 else f"Tuple[{', '.join(kinds)}]"
        parameters = ", ".join(f"{name}: {kind}" for name, kind in inputs.items())
        text = f"def {self.name}({parameters}) -> {result}:\n    return {', '.join(outputs)}"
        module = ast.parse(text)
        definition = module.body[0]
        assert isinstance(definition, ast.FunctionDef)
        definition.body[:0] = node.body
        scope: dict[str, Any] = {"torch": torch, **_TYPE_NAMES, **outer}
        code = compile(ast.fix_missing_locations(module), "<ignored block>", "exec", dont_inherit=True)
        exec(code, scope)  # noqa: S102  # a person's own code, which they ask to have compiled
        return ignore(scope[self.name])


def _declared(keywords: list[ast.keyword]) -> tuple[dict[str, str], dict[str, str]]:
    """The variables that go in and those that come out, with their types as text."""
    inputs: dict[str, str] = {}
    outputs: dict[str, str] = {}
    for keyword in keywords:
        given = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        way, colon, kind = given.partition(":") if isinstance(given, str) else ("", "", "")
        if keyword.arg is None or not colon or ":" in kind:
            raise ValueError(f"no `inp:` or `out:` with a type: {ast.unparse(keyword)}")
        if way == "inp":
            inputs[keyword.arg] = kind.strip()
        elif way == "out":
            outputs[keyword.arg] = kind.strip()
    return inputs, outputs
