"""Every function of Python's builtins: compiled as torch compiles it, or refused as there."""

import pytest
import torch

from tests.scripting.documentation.written import difference, module_of

CALLS = (
    "abs(n)", "abs(f)", "abs(x)", "all(bs)", "any(bs)", "all(ns)", "ascii(s)", "bin(n)", "bin(f)", "bool(n)",
    "bool(f)", "bool(x)", "bool(s)", "breakpoint()", "bytearray(n)", "bytes(n)", "callable(n)", "chr(n)", "chr(s)",
    "complex(n, n)", "complex(f, f)", "delattr(x, 'a')", "dict()", "dict(d)", "dict(a=n)", "dir(x)", "divmod(n, 3)",
    "divmod(f, 2.0)", "divmod(n, f)", "[i for i, _ in enumerate(ns)]", "[i for i, _ in enumerate(ns, 2)]", "eval(s)",
    "exec(s)", "filter(None, ns)", "float(n)", "float(s)", "float(x)", "float('inf')", "format(n)",
    "'{} {}'.format(n, s)", "'{0} {1}'.format(n, s)", "frozenset(ns)", "getattr(x, 'shape')", "getattr(x, s)",
    "globals()", "hasattr(x, 'shape')", "hash(n)", "hash(s)", "hex(n)", "hex(f)", "id(n)", "input()", "int(f)",
    "int(s)", "int(x)", "int(b)", "int(s, 2)", "isinstance(n, int)", "isinstance(x, (int, torch.Tensor))",
    "issubclass(int, int)", "iter(ns)", "len(ns)", "len(s)", "len(x)", "len(d)", "len(n)", "list(ns)", "list(s)",
    "list(d)", "list(x)", "list(t)", "list(range(n))", "locals()", "[m for m in map(abs, ns)]", "max(ns)", "max(n, 3)",
    "max(f, 1.0)", "max(x)", "min(ns)", "min(n, f)", "memoryview(n)", "next(ns)", "object()", "oct(n)", "open(s)",
    "ord(s)", "pow(n, 2)", "pow(f, 2.0)", "pow(x, 2)", "pow(n, 2, 3)", "print(n)", "print(n, s)", "print(n, end='')",
    "property(n)", "[i for i in range(n)]", "[i for i in range(1, n, 2)]", "repr(n)", "[i for i in reversed(ns)]",
    "round(f)", "round(f, 1)", "set(ns)", "setattr(x, 'a', n)", "ns[slice(0, 1)]", "slice(1)", "sorted(ns)",
    "sorted(ns, reverse=True)", "sorted(ns, key=abs)", "staticmethod(n)", "str(n)", "str(f)", "str(x)",
    "str(n, 'utf8')", "sum(ns)", "sum(fs)", "sum(ns, 2)", "super()", "tuple(t)", "tuple(ns)", "type(n)", "vars(x)",
    "[(i, j) for i, j in zip(ns, fs)]", "__import__('os')", "True", "False", "None", "NotImplemented", "x[..., 0]",
    "Ellipsis", "x[Ellipsis, 0]",
)  # fmt: skip

HEAD = """from typing import Dict, List, Tuple

import torch

"""
PARAMETERS = (
    "n: int, f: float, b: bool, s: str, x, ns: List[int], fs: List[float], bs: List[bool], d: Dict[str, int], "
    "t: Tuple[int, int]"
)


def given():
    x = torch.arange(4.0).view(2, 2)
    return 3, 2.5, True, "7", x, [3, 1, 2], [0.5, 1.5, 2.5], [True, False], {"a": 1}, (4, 5)


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    bodies = (f"def call_{n}({PARAMETERS}):\n    return {call}\n\n" for n, call in enumerate(CALLS))
    return module_of(tmp_path_factory.mktemp("builtins"), "calls_of_builtins", HEAD + "\n".join(bodies))


@pytest.mark.parametrize("number", range(len(CALLS)), ids=CALLS)
def test_a_builtin(module, number, capfd):
    assert difference(getattr(module, f"call_{number}"), given) is None
