"""What unsupported syntax is called, and what a person can write instead."""

from __future__ import annotations

import ast

_NAMES: dict[type[ast.AST], str] = {
    ast.FunctionDef: "function definitions", ast.For: "for loops", ast.Delete: "del statements",
    ast.ClassDef: "class definitions", ast.With: "with statements", ast.Raise: "raise statements",
    ast.Assert: "assertions", ast.Import: "import statements", ast.ImportFrom: "import statements",
    ast.Global: "global variables", ast.Break: "break statements", ast.Continue: "continue statements",
    ast.AsyncFunctionDef: "async function definitions", ast.AsyncFor: "async for loops",
    ast.AsyncWith: "async with statements", ast.Try: "try blocks", ast.Nonlocal: "nonlocal variables",
    ast.AnnAssign: "annotated assignments",
}  # fmt: skip

_TOKENS: dict[type[ast.AST], str] = {
    ast.FunctionDef: "def", ast.For: "for", ast.Delete: "del", ast.ClassDef: "class", ast.With: "with",
    ast.Raise: "raise", ast.Assert: "assert", ast.Import: "import", ast.ImportFrom: "from",
    ast.Global: "global", ast.Break: "break", ast.Continue: "continue", ast.AsyncFunctionDef: "async def",
    ast.AsyncFor: "async for", ast.AsyncWith: "async with", ast.Try: "try", ast.Nonlocal: "nonlocal",
}  # fmt: skip

_ADVICE: dict[type[ast.AST], str] = {
    ast.FunctionDef: "define the function outside and pass it what it needs",
    ast.ClassDef: "define the class at the top of the module",
    ast.Import: "import at the top of the module",
    ast.ImportFrom: "import at the top of the module",
    ast.Global: "pass the variable as an argument and return its new value",
    ast.Nonlocal: "pass the variable as an argument and return its new value",
    ast.Try: "test for the condition before, or move the code into a function marked with ignore",
    ast.AnnAssign: "give the variable a value where it is declared",
    ast.Lambda: "define a function with `def`",
    ast.Yield: "collect the items in a list and return it",
    ast.YieldFrom: "collect the items in a list and return it",
    ast.Set: "use a dict whose values are not read",
    ast.SetComp: "use a dict comprehension whose values are not read",
    ast.NamedExpr: "assign in a statement before",
    ast.Await: "use fork and wait",
    ast.AsyncFunctionDef: "use fork and wait",
    ast.AsyncFor: "use a plain loop",
    ast.AsyncWith: "use a plain with statement",
    ast.Match: "use `if` and `elif`",
}


def feature_name(node: ast.AST) -> str:
    """What the kind of syntax is called."""
    return _NAMES.get(type(node), type(node).__name__)


def start_token(node: ast.AST) -> str:
    """The keyword that the syntax starts with; a blank where there is none."""
    return _TOKENS.get(type(node), " ")


def advice_for(node: ast.AST) -> str:
    """What to write instead, empty if nobody knows."""
    return _ADVICE.get(type(node), "")
