"""Programs that are not deep but large: thousands of statements, names, classes, attributes and records."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.archive.handmade import module_of, number, pickled, tensor, text
from tests.fuzz.draft import Draft
from tests.fuzz.programs import put_program

COUNTS = (300, 1_000, 2_000, 4_000)
_KEPT = "    ops.prim.Print(y)\n"
"""Reads the result, so that it is not dead code."""


def _returns(n: int) -> str:
    return "".join(f"    if torch.gt(n, {i}):\n      return x\n    else:\n      pass\n" for i in range(n))


def _plain_returns(n: int) -> str:
    return "".join(f"    if torch.gt(n, {i}):\n      return x\n" for i in range(n))


def _raises(n: int) -> str:
    return "".join(
        f'    if torch.gt(n, {i}):\n      ops.prim.RaiseException("no")\n    else:\n      pass\n'
        for i in range(n)
    )


def _ifs(n: int) -> str:
    return (
        "    y = x\n"
        + "".join(
            f"    if torch.gt(n, {i}):\n      y = torch.neg(y)\n    else:\n      pass\n" for i in range(n)
        )
        + _KEPT
    )


def _many_variables_in_loops(n: int) -> str:
    names = min(n, 1_500)
    before = "".join(f"    v{i} = torch.neg(x)\n" for i in range(names))
    inside = "".join(f"      v{i} = torch.neg(v{(i + 1) % names})\n" for i in range(names))
    after = "".join(f"    y = torch.add(v0, v{i})\n    ops.prim.Print(y)\n" for i in range(0, names, 7))
    return f"{before}    for i in range(n):\n{inside}{after}"


def _nested_loops_of_variables(n: int) -> str:
    names = min(n, 300)
    before = "".join(f"    v{i} = torch.neg(x)\n" for i in range(names))
    loops = "".join("    " + "  " * i + "while True:\n" for i in range(20))
    inside = "".join("    " + "  " * 20 + f"v{i} = torch.neg(v{(i + 1) % names})\n" for i in range(names))
    return before + loops + inside + "    y = torch.add(v0, v1)\n" + _KEPT


def _breaks(n: int) -> str:
    few = min(n, 1_000)
    return "    while True:\n" + "".join(
        f"      if torch.gt(n, {i}):\n        {'break' if i % 2 else 'continue'}\n" for i in range(few)
    )


def _one_list(n: int) -> str:
    return "    z = [" + ", ".join(["x"] * n) + "]\n    y = torch.cat(z)\n" + _KEPT


def _tuples_of_everything(n: int) -> str:
    few = min(n, 1_000)
    return (
        "".join(f"    t{i} = (x, {f't{i - 1}' if i else 'x'})\n" for i in range(min(few, 60)))
        + f"    y = t{min(few, 60) - 1}\n"
        + _KEPT
    )


def _same_constant(n: int) -> str:
    return "    y = x\n" + "    y = torch.add(y, CONSTANTS.c0)\n" * n + _KEPT


def _texts(n: int) -> str:
    return f"    y = {'a' * n * 100!r}\n{_KEPT}" * 20


def _long_names(n: int) -> str:
    name = "v" * (n * 100)
    return "".join(f"    {name}{i} = torch.neg(x)\n    ops.prim.Print({name}{i})\n" for i in range(20))


def _lists_of_constants(n: int) -> str:
    lists = (", ".join(str(i + j) for j in range(60)) for i in range(min(n, 1_000)))
    return "".join(f"    y = [{numbers}]\n{_KEPT}" for numbers in lists)


def _constant_tensors(n: int) -> str:
    return "    y = x\n" + "".join(f"    y = torch.add(y, CONSTANTS.c{i})\n" for i in range(n)) + _KEPT


def _chain(n: int) -> str:
    return "    y = x\n" + "    y = torch.neg(y)\n" * n + _KEPT


def _one_line(n: int) -> str:
    return "    y = x; " + "; ".join(["y = torch.neg(y)"] * n) + "\n" + _KEPT


def _different_texts(n: int) -> str:
    return "".join(f'    ops.prim.Print("{i}")\n' for i in range(n))


def _reads_of_all(n: int) -> str:
    few = min(n, 1_000)
    return "".join(f"    v{i} = torch.neg(x)\n" for i in range(few)) + "".join(
        f"    y = [{', '.join(f'v{j}' for j in range(few))}]\n{_KEPT}" for _ in range(12)
    )


def _equal_pure(n: int) -> str:
    return (
        "    y = x\n"
        + "".join("    y = torch.add(y, torch.add(x, torch.add(x, 1)))\n" for _ in range(n))
        + _KEPT
    )


def _writes(n: int) -> str:
    return (
        "    y = torch.neg(x)\n"
        + "".join("    z = torch.add_(torch.select(y, 0, 0), 1)\n" for _ in range(n))
        + _KEPT
    )


def _appends(n: int) -> str:
    return (
        "    y = annotate(List[Tensor], [])\n"
        + "".join("    z = torch.append(y, x)\n" for _ in range(n))
        + _KEPT
    )


def _calls_of_one_function(n: int) -> str:
    return "    y = x\n" + "".join("    y = __torch__.big(y)\n" for _ in range(min(n, 100))) + _KEPT


_BIG = "def big(x: Tensor) -> Tensor:\n" + "  x = torch.neg(x)\n" * 60 + "  return x\n"

_BODIES: tuple[Callable[[int], str], ...] = (
    _returns, _plain_returns, _raises, _ifs, _many_variables_in_loops, _nested_loops_of_variables, _breaks,
    _one_list, _tuples_of_everything, _same_constant, _texts, _long_names, _lists_of_constants, _equal_pure,
    _writes, _appends, _calls_of_one_function, _constant_tensors, _chain, _one_line, _different_texts,
    _reads_of_all,
)  # fmt: skip


def large_body(rng: random.Random, draft: Draft) -> None:
    n = rng.choice(COUNTS)
    put_program(draft, rng.choice(_BODIES)(n) + "    return x", after=_BIG)
    draft.put("constants.pkl", pickled(b"(", *(tensor(numel=n + 4, offset=i) for i in range(n)), b"t"))
    draft.put("constants/0", bytes(range(256)) * (n // 64 + 1))


def large_outside(rng: random.Random, draft: Draft) -> None:
    n = rng.choice(COUNTS)
    many = range(n)
    match rng.randrange(9):
        case 0:  # attributes
            put_program(draft, "    return x", more="".join(f"  a{i} : int\n" for i in many))
            values = [part for i in many for part in (text(f"a{i}"), number(i))]
            draft.put("data.pkl", module_of(text("training"), b"\x88", *values))
        case 1:  # tensors that share one small storage
            put_program(draft, "    return x", more="".join(f"  a{i} : Tensor\n" for i in many))
            values = [
                part
                for i in many
                for part in (text(f"a{i}"), tensor(shape=(99_999, 99_999, 99_999), strides=(0, 0, 0)))
            ]
            draft.put("data.pkl", module_of(text("training"), b"\x88", *values))
            draft.put("data/0", bytes(16))
        case 2:  # methods that call each other
            methods = "".join(
                f"  def m{i}(self: __torch__.M, x: Tensor) -> Tensor:\n"
                f"    return {'torch.neg(x)' if not i else f'(self).m{max(0, i - 150)}(x)'}\n"
                for i in many
            )
            put_program(draft, f"    return (self).m{n - 1}(x)", after=methods)
        case 3:  # classes
            classes = "".join(f"class C{i}(NamedTuple):\n  a : int\n" for i in many)
            body = "".join(
                f"    y{i} = uninitialized(__torch__.C{i})\n    ops.prim.Print(y{i})\n" for i in many
            )
            put_program(draft, body + "    return x", after=classes)
        case 4:  # code files
            files = {f"__torch__/f{i}.py": "def f(x: Tensor) -> Tensor:\n  return x\n" for i in many}
            body = "    y = x\n" + "".join(f"    y = __torch__.f{i}.f(y)\n" for i in many)
            put_program(draft, body + "    return y", files=files)
        case 5:  # records
            put_program(draft, "    return x")
            for i in many:
                draft.put(f"extra/{i}", b"x")
        case 6:  # constants of classes
            put_program(draft, "    return x", more="".join(f"  a{i} : Final[int] = {i}\n" for i in many))
        case 7:  # arguments
            arguments = ", ".join(f"a{i}: Tensor" for i in many)
            put_program(draft, "    return x", after=f"def f({arguments}) -> Tensor:\n  return a0\n")
        case _:  # declared parameters
            names = ", ".join(f'"a{i}"' for i in many)
            put_program(draft, "    return x", more=f"  __parameters__ = [{names}, ]\n")


SIZE_DAMAGE = {"large rather than deep": (large_body, large_body, large_outside)}
"""The row of programs that are large, with its mutations."""
