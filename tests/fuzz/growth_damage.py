"""Programs of a few lines whose constants, texts and types would fill a machine if anybody wrote them out."""

from __future__ import annotations

import random

from tests.fuzz.draft import Draft
from tests.fuzz.programs import put_program

TIMES = (8, 16, 24, 40, 70, 300)
WIDTHS = (1_000, 70_000, 5_000_000, 900_000_000, 2**31, 2**40, 2**63 - 1)

_DOUBLED = (
    ('"aaaaaaaaaa"', "torch.add({0}, {0})"),
    ('"aaaaaaaaaa"', 'torch.format("{{}}{{}}", {0}, {0})'),
    ('"aaa"', "torch.join({0}, [{0}, {0}, {0}])"),
    ('"aaa"', 'torch.replace({0}, "a", {0})'),
    ("[0, 1]", "torch.add({0}, {0})"),
    ("[0, 1]", "torch.mul({0}, 2)"),
    ("[0, 1]", "[{0}, {0}]"),
    ("(0, 1)", "({0}, {0})"),
    ("(0, 1)", "({0}, [{0}])"),
    ("{{0: 1}}", '[{{"a": {0}, "b": {0}}}]'),
    ("[x]", "[{0}, {0}]"),
    ("(x, x)", "({0}, {0}, {0})"),
    ("2", "torch.mul({0}, {0})"),
    ("2j", "torch.mul({0}, {0})"),
)
"""A first value, and what makes the next of the last."""

_WIDE = (
    'torch.ljust("a", {0}, "b")', 'torch.rjust("a", {0})', 'torch.center("a", {0})', 'torch.zfill("a", {0})',
    'torch.expandtabs("\\t", {0})', "torch.mul([0], {0})", "torch.mul({0}, [0])", "ops.prim.rangelist({0})",
    "torch.factorial({0})", "torch.pow(10, {0})", "torch.bin({0})", 'torch.mul(["a"], {0})',
    "torch.zeros([{0}])", "torch.list({0})", "torch.chr({0})", "torch.__lshift__({0}, 99)",
)  # fmt: skip
"""Expressions whose value is as large as a number says."""

_SCALARS = (
    "torch.{1}(torch.add(1, 2j), 2)", "ops.prim.{1}(torch.add(1, 2j), 2.5)", "torch.{1}(torch.add(1, 2j))",
    "torch.{1}({0}, -1)", "torch.{1}({0}, 0)", "torch.{1}(1e308, {0})", 'torch.{1}("a", {0})',
)  # fmt: skip
_FUNCTIONS = (
    "div", "floordiv", "remainder", "fmod", "ge", "lt", "eq", "max", "min", "pow", "atan2", "copysign", "log",
    "sqrt", "gamma", "erf", "floor", "ceil", "round", "degrees", "divmod", "gcd", "ldexp", "polar", "angle",
    "mathremainder", "len", "ord", "hash", "abs",
)  # fmt: skip


def doubling(rng: random.Random, draft: Draft) -> None:
    first, following = rng.choice(_DOUBLED)
    times = rng.choice(TIMES)
    lines = [f"    v0 = {first.replace('{{', '{').replace('}}', '}')}\n"]
    lines += [f"    v{i + 1} = {following.format(f'v{i}')}\n" for i in range(times)]
    use = rng.choice(("ops.prim.Print(v{0})", "y = [v{0}]", "y = (v{0}, v0)", "assert torch.eq(v{0}, v{0})"))
    put_program(draft, "".join(lines) + f"    {use.format(times)}\n    return x")


def widening(rng: random.Random, draft: Draft) -> None:
    wide = rng.choice(_WIDE).format(rng.choice(WIDTHS))
    body = f"    y = {wide}\n" * rng.choice((1, 1, 5, 200)) + "    ops.prim.Print(y)\n    return x"
    put_program(draft, body)


def scalars(rng: random.Random, draft: Draft) -> None:
    expression = rng.choice(_SCALARS).format(rng.choice(WIDTHS), rng.choice(_FUNCTIONS))
    put_program(draft, f"    y = {expression}\n    ops.prim.Print(y)\n    return x")


def casts(rng: random.Random, draft: Draft) -> None:
    kinds = {"int": "3", "str": '"a"', "float": "1.5", "List[int]": "[1]", "Tensor": "x", "bool": "True"}
    claimed, value = rng.choice(list(kinds)), rng.choice(list(kinds.values()))
    use = rng.choice(("torch.add(y, y)", "torch.len(y)", "torch.neg(y)", 'torch.format("{}", y)', "bool(y)"))
    put_program(
        draft,
        f"    y = unchecked_cast({claimed}, {value})\n    z = {use}\n    ops.prim.Print(z)\n    return x",
        after=f"def f(x: Tensor, y: {claimed}={value}) -> Tensor:\n  return x\n",
    )


GROWTH_DAMAGE = {"values that grow without end": (doubling, doubling, widening, scalars, casts)}
"""The row of values that are larger than their code, with its mutations."""
