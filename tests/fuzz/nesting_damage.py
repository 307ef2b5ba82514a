"""Damage to code: expressions, statements and types nested without end, long chains of calls."""

from __future__ import annotations

import random

from tests.fuzz.draft import Draft
from tests.fuzz.programs import put_program

DEPTHS = (20, 90, 150, 199, 250, 400, 700, 1_000, 2_000, 3_500, 6_500, 20_000, 100_000)


def deep_expression(rng: random.Random, draft: Draft) -> None:
    d = rng.choice(DEPTHS)
    expression = rng.choice(
        (
            "(" * d + "x" + ")" * d,
            "-" * d + "n",
            "not " * d + "True",
            "~" * d + "n",
            "[" * d + "x" + "]" * d,
            "(" * d + "x" + ",)" * d,
            "torch.neg(" * d + "x" + ")" * d,
            "x" + ".T" * d,
            "x" + ".data" * d,
            "x" + "[0]" * d,
            "x" + ".neg()" * d,
            "n" + " + n" * d,
            "n" + " ** n" * d,
            "n" + " * 1" * d,
            "1" + " + 1" * d,
            "1" + " < n" * d,
            "True" + " and True" * d,
            "True" + " or n < 1" * d,
            "n if True else " * d + "n",
            "(n if n < 1 else " * d + "n" + ")" * d,
            "{0: " * d + "n" + "}" * d,
            "lambda: " * d + "n",
            "annotate(int, " * d + "n" + ")" * d,
            "unchecked_cast(Tensor, " * d + "x" + ")" * d,
            "[n for i in " * d + "[n]" + "]" * d,
            '"a" ' * d,
            "f'{" * min(d, 150) + "n" + "}'" * min(d, 150),
            "1" * d,
            "0x" + "f" * d,
            "1e" + "9" * d,
            "(" * d,
            "x[" * d + "0" + "]" * d,
            "torch.add(x, " * d + "x" + ")" * d,
            "(" + "n, " * d + ")",
            "torch.cat([" + "x, " * d + "])",
            "getattr(x, " * d + '"T"' + ")" * d,
            "'" + "\\" * d + "'",
            "_" * d,
        )
    )
    body = rng.choice(
        (
            "    return {}",
            "    y = {}\n    return x",
            "    {}\n    return x",
            "    assert {}\n    return x",
            "    if {}:\n      y = x\n    else:\n      y = x\n    return y",
            "    while {}:\n      n = 1\n    return x",
        )
    ).format(expression)
    put_program(draft, body)


def deep_statements(rng: random.Random, draft: Draft) -> None:
    d = rng.choice(DEPTHS)
    wide = min(d, 99)
    indented = rng.choice(("if bool(n):", "while True:", "for i in range(n):", "with x:", "if True:"))
    ladder = "".join(f"{'    ' + ' ' * i}{indented}\n" for i in range(wide))
    body = rng.choice(
        (
            ladder + " " * (4 + wide) + "x = torch.neg(x)\n    return x",
            "    if n < 0:\n      y = x\n"
            + "".join(f"    elif n < {i}:\n      y = x\n" for i in range(d))
            + "    else:\n      y = x\n    return y",
            "    y = x\n" + "".join("    y = torch.neg(y)\n" for _ in range(min(d, 20_000))) + "    return y",
            "".join(f"    y{i} = torch.neg({'x' if not i else f'y{i - 1}'})\n" for i in range(min(d, 20_000)))
            + f"    return y{min(d, 20_000) - 1}",
            "    y = [x]\n" + "".join("    y = (y, y)\n" for _ in range(min(d, 3_500))) + "    return x",
            "    y = [x]\n" + "".join("    y = [y]\n" for _ in range(min(d, 3_500))) + "    return x",
            "    " + "y = " * d + "x\n    return y",
            "    " + "; ".join(["y = x"] * d) + "\n    return y",
            "    " + "(" * d + "y" + ",)" * d + " = x\n    return y",
            "".join(f"    def f{i}(x):\n      return x\n" for i in range(min(d, 3_500))) + "    return x",
            "    if n < 0:\n      return x\n" * min(d, 3_500) + "    return x",
        )
    )
    put_program(draft, body)


def deep_type(rng: random.Random, draft: Draft) -> None:
    d = rng.choice(DEPTHS)
    few = min(d, 3_500)
    holders = "".join(
        f"class C{i}:\n  a : {'int' if not i else f'__torch__.C{i - 1}'}\n"
        f"  def f(self: __torch__.C{i}, x: Tensor) -> Tensor:\n    return x\n"
        for i in range(few)
    )
    tuples = "class T0(NamedTuple):\n  a : int\n" + "".join(
        f"class T{i}(NamedTuple):\n  a : __torch__.T{i - 1}\n  b : __torch__.T{i - 1}\n"
        for i in range(1, few)
    )
    files = {f"__torch__/f{i}.py": f"class C:\n  a : __torch__.f{i + 1}.C\n" for i in range(min(d, 1_500))}
    match rng.randrange(6):
        case 0 | 1:
            kind = rng.choice(
                (
                    "List[" * d + "int" + "]" * d,
                    "Optional[" * d + "int" + "]" * d,
                    "Tuple[" * d + "int" + "]" * d,
                    "Dict[str, " * d + "int" + "]" * d,
                    "Tuple[" + "int, " * d + "int]",
                    "Future[" * d + "int" + "]" * d,
                    "Union[" * d + "int" + ", str]" * d,
                    "__torch__" + ".a" * d,
                    "int" + "[int]" * d,
                    "(" * d + "int" + ")" * d,
                    "Union[" + "int, " * d + "str]",
                    '"' + "List[" * d + '"',
                    "List[" * d,
                )
            )
            place = rng.randrange(4)
            if place == 0:
                put_program(draft, "    return x", more=f"  a : {kind}\n")
            elif place == 1:
                put_program(draft, f"    y = annotate({kind}, [])\n    return x")
            elif place == 2:
                put_program(draft, "    return x", returns=kind)
            else:
                put_program(
                    draft,
                    f"    y = uninitialized({kind})\n    return x",
                    after=f"def f(y: {kind}) -> int:\n  return 1\n",
                )
        case 2:
            put_program(draft, "    return x", more=f"  a : __torch__.C{few - 1}\n", after=holders)
        case 3:
            put_program(draft, f"    y = uninitialized(__torch__.T{few - 1})\n    return x", after=tuples)
        case 4:
            put_program(
                draft, f"    y = uninitialized(__torch__.C{few - 1})\n    return y.f(x)", after=holders
            )
        case _:
            put_program(draft, "    y = uninitialized(__torch__.f0.C)\n    return x", files=files)


def chain_of_calls(rng: random.Random, draft: Draft) -> None:
    d = rng.choice((5, 25, 60, 200, 330, 700, 1_500, 5_000))
    twice = rng.random() < 0.4
    step = "  y = __torch__.f{n}(x)\n" + ("  y = __torch__.f{n}(y)\n" if twice else "") + "  return y\n"
    functions = "".join(f"def f{i}(x: Tensor) -> Tensor:\n{step.format(n=i + 1)}" for i in range(d))
    last = rng.choice(
        (
            "def f{}(x: Tensor) -> Tensor:\n  return torch.neg(x)\n",
            "",
            "def f{}(x: Tensor):\n  return __torch__.f0(x)\n",
        )
    )
    put_program(draft, "    return __torch__.f0(x)", after=functions + last.format(d))


NESTING_DAMAGE = {
    "expressions nested 100,000 deep": (deep_expression, deep_expression, deep_statements),
    "types nested 100,000 deep": (deep_type,),
}
"""The rows of code that is nested too deeply, each with its mutations."""
