"""What unsupported syntax is called, and what a person can write instead."""

from __future__ import annotations

import ast
import re

from jitcore.source import SourceError

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


_TYPES = "Tensor, int, float, bool, complex, str, List, Dict, Tuple, Optional, Union, a class or an enum"
_BY_MESSAGE: dict[str, str] = {
    r"is called recursively": "write the recursion as a loop, or mark the function with ignore",
    r"^undefined value ": "assign it before, import it, or pass it as an argument",
    r"is not defined in the (true|false) branch": "assign it before the `if`, or in both branches",
    r"is set to type .* in the true branch": "give the variable one type, or annotate it as a Union",
    r"^Previous return statement returned": "return one type everywhere, or annotate a Union",
    r"does not return along all paths": "return a value, or raise, on every way through the function",
    r"previously had type": "use another variable for the value of another type",
    r"^Unknown builtin op": "use an operator of torch, or mark the calling function with ignore",
    r"^Unknown type (name|constructor|annotation)": f"use a type of TorchScript: {_TYPES}",
    r"^Unsupported annotation": f"use a type of TorchScript: {_TYPES}",
    r"Python builtin .* is currently not supported": "mark the calling function with ignore",
    r"has no attribute or method": "use one that the type has; of a Union or an Optional only after a test",
    r"cannot be used as a tuple": "unpack a tuple, or a list into as many variables as it has items",
    r"for boolean dispatch": "write True or False where the function is called",
    r"^exceptions must derive": "raise an exception class, as in `raise ValueError('...')`",
    r"^Return value was annotated": "convert the value, or change the annotation",
    r"is annotated with type .* but is being assigned": "convert the value, or change the annotation",
    r"^Expected a default value": "give a default of the declared type",
    r"^Cannot instantiate class": "make it a script class that TorchScript can compile",
    r"object is not (iterable|subscriptable)": "annotate the argument: without a type it is a Tensor",
    r"^(unexpected expression on left-hand|lhs of assignment)": "assign to a variable, a tuple of variables, "
    "an attribute or an item",
    r"^Can't redefine NamedTuple": "give one of the classes another name",
    r"^(List type annotation|Type annotation was inferred)": "give all items one type, or annotate another",
    r"cannot be of a type that contains class": "refer to other objects by a number or a key",
    r"^With item expression must return": "use a class with __enter__ and __exit__, or torch.no_grad()",
    r"^Cannot re-assign": "use another name for the variable",
    r"^Expected type hint for result of tolist": "annotate the variable: `y: List[int] = x.tolist()`",
}
"""What to write instead, by a pattern in what TorchScript says."""


def advised(error: SourceError) -> SourceError:
    """The error with what to write instead, if anything is known for what it says."""
    for pattern, advice in _BY_MESSAGE.items():
        if re.search(pattern, error.message):
            made = SourceError(f"{error.message}\n{advice}", error.location, error.excerpt, error.raised_as)
            for note in getattr(error, "__notes__", ()):
                made.add_note(note)
            return made
    return error
