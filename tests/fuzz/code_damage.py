"""Damage to code: cycles between files, and tokens that do not belong there."""

from __future__ import annotations

import io
import random
import tokenize

from tests.fuzz.draft import Draft
from tests.fuzz.nesting_damage import chain_of_calls
from tests.fuzz.programs import put_program

METHOD = "  def f(self, x: __torch__.b.I) -> __torch__.c.J:\n    pass\n"


def cycle(rng: random.Random, draft: Draft) -> None:
    other = "__torch__/b.py"
    body, more, after, files = rng.choice(
        (
            (
                "    return __torch__.b.f(x)",
                "",
                "",
                {other: "def f(x: Tensor) -> Tensor:\n  return __torch__.f(x)\n"},
            ),
            (
                "    return __torch__.b.f(x)",
                "",
                "def f(x: Tensor) -> Tensor:\n  return __torch__.b.f(x)\n",
                {other: "def f(x: Tensor) -> Tensor:\n  return __torch__.f(x)\n"},
            ),
            ("    return self.forward(x, n)", "", "", {}),
            ("    return x", "  a : __torch__.M\n", "", {}),
            ("    return x", "  a : __torch__.b.C\n", "", {other: "class C:\n  a : __torch__.M\n"}),
            (
                "    return x",
                "  a : __torch__.b.C\n",
                "",
                {other: "class C:\n  a : __torch__.b.D\nclass D:\n  a : __torch__.b.C\n"},
            ),
            (
                "    y = uninitialized(__torch__.b.T)\n    return x",
                "",
                "",
                {other: "class T(NamedTuple):\n  a : __torch__.b.T\n  b : List[__torch__.b.T]\n"},
            ),
            (
                "    y = uninitialized(__torch__.b.I)\n    return x",
                "",
                "",
                {
                    other: "class I(Interface):\n" + METHOD,
                    "__torch__/c.py": "class J(Interface):\n" + METHOD,
                },
            ),
            ("    return x", "  a : __torch__.b.E\n", "", {other: "class E(Enum):\n  a = __torch__.b.E\n"}),
            (
                "    y = uninitialized(__torch__.b.C)\n    return y.f(x)",
                "",
                "",
                {
                    other: "class C:\n  def f(self: __torch__.b.C, x: Tensor) -> Tensor:\n"
                    "    return __torch__.b.g(x)\n"
                    "def g(x: Tensor) -> Tensor:\n  y = uninitialized(__torch__.b.C)\n  return y.f(x)\n"
                },
            ),
            (
                "    return x",
                "",
                "import __torch__\nimport os\nfrom b import c\n",
                {other: "import __torch__\n"},
            ),
            ("    return x", "  a : Final[__torch__.M] = __torch__.M\n", "", {}),
            ("    return x", "", "class M(Module):\n  a : int\n", {}),
            ("    return __torch__.M(x)", "", "", {}),
            ("    y = __torch__.__torch__.__torch__.M\n    return x", "", "", {}),
            (
                "    return x",
                "  a : __torch__.b.T\n",
                "",
                {other: "class T(NamedTuple):\n  a : __torch__.M\n"},
            ),
            (
                "    return __torch__.b.f(x)",
                "",
                "",
                {other: "def f(x: Tensor, y: int=__torch__.b.f) -> Tensor:\n  return x\n"},
            ),
            (
                "    fork(__torch__.b.f, x)\n    return x",
                "",
                "",
                {other: "def f(x: Tensor) -> Tensor:\n  fork(__torch__.b.f, x)\n  return x\n"},
            ),
            ("    def g(x):\n      return g(x)\n    return g(x)", "", "", {}),
        )
    )
    put_program(draft, body, more, files=files, after=after)


_WORDS = (
    "x",
    "self",
    "n",
    "CONSTANTS.c0",
    "CONSTANTS.c99999",
    "CONSTANTS.x",
    "CONSTANTS",
    "torch",
    "ops",
    "ops.a.b(x)",
    "torch.zz(x)",
    "torch.neg",
    "torch.neg()",
    "torch.neg(x, x, x, x)",
    "torch.neg(y=x)",
    "__torch__",
    "__torch__.M",
    "None",
    "True",
    "...",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "1e999",
    "1j",
    "1_0",
    "0b1",
    "inf",
    "nan",
    "b'x'",
    "f'{x}'",
    "'\\ud800'",
    "'\\x00'",
    "lambda y: y",
    "[i for i in x]",
    "{i: i for i in x}",
    "{1, 2}",
    "(yield)",
    "await x",
    "*x",
    "x := 1",
    "x[::2]",
    "x[1:2, ..., None]",
    "x[()]",
    "not",
    "and",
    "is",
    "in",
    "if",
    "else",
    ":",
    ",",
    ")",
    "(",
    "[",
    "]",
    "=",
    "==",
    "+=",
    "@",
    "->",
    "\n",
    "\n    ",
    "del x",
    "global x",
    "nonlocal x",
    "import os",
    "try:",
    "async",
    "match x:",
    "class",
    "def",
    "return",
    "raise",
    "break",
    "continue",
    "pass",
    "uninitialized(int)",
    "unchecked_cast(int, x)",
    "annotate(List[int], [])",
    "isinstance(x, Tensor)",
    "hasattr(x, 'y')",
    "getattr(self, 'y')",
    "fork(x)",
    "prim.rangelist(3)",
    "prim.abs",
    "ops.prim.data(x)",
    "int",
    "List",
    "List[int]",
    "Tensor",
    "Optional[Tensor]",
    "Any",
    "Dict[int, str]",
    "Tuple[()]",
    "super()",
    "print(x)",
    "range(3)",
    "enumerate(x)",
    "zip(x, x)",
    "len(x)",
    "x.y.z",
    "self.y",
    "self.training = 3",
    "self.y = 3",
    "del self.training",
    "1 // 0",
    "1 % 0",
    "2 ** 99999999",
    "'a' * 999999999",
    "[0] * 999999999",
    "1 << 999999999",
    "range(99999999999)",
    "torch.zeros([99999999, 9999999])",
    "'%d' % 'x'",
    "'{}'.format()",
    "\t",
    "\f",
    "\r",
    "\\",
    "#",
    "'",
    '"""',
    "`",
    "$",
    "?",
    "\u00e9",
    "\U0001f600",
    "\u202e",
)


def odd_tokens(rng: random.Random, draft: Draft) -> None:
    entry = draft.some(rng, ".py")
    try:
        code = entry.content.decode()
        tokens = [t for t in tokenize.generate_tokens(io.StringIO(code).readline) if t.string.strip()]
    except (UnicodeDecodeError, tokenize.TokenError, SyntaxError):
        return
    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        if not tokens:
            return
        chosen, other = rng.choice(tokens), rng.choice(tokens)
        begin = starts[chosen.start[0] - 1] + chosen.start[1]
        end = begin + len(chosen.string)
        new = rng.choice(
            (rng.choice(_WORDS), rng.choice(_WORDS), other.string, "", f"{chosen.string} {chosen.string}")
        )
        # From the end of the text on, so that the places of the others stay right.
        tokens = [t for t in tokens if starts[t.start[0] - 1] + t.start[1] < begin]
        code = code[:begin] + new + code[end:]
    entry.content = code.encode("utf-8", "surrogatepass")


def odd_program(rng: random.Random, draft: Draft) -> None:
    word, other = rng.choice(_WORDS), rng.choice(_WORDS)
    body = rng.choice(
        (
            "    return {0}",
            "    y = {0}\n    return y",
            "    {0}\n    return x",
            "    y = torch.add({0}, {1})\n    return y",
            "    for i in {0}:\n      y = {1}\n    return x",
            "    if {0}:\n      y = {1}\n    return x",
            "    with {0} as y:\n      z = {1}\n    return x",
            "    y, z = {0}\n    return {1}",
            "    x += {0}\n    return x",
            "    x[{0}] = {1}\n    return x",
            "    raise Exception({0})",
            "    assert {0}, {1}\n    return x",
            "    while {0}:\n      n = {1}\n    return x",
            "    y = [{0}, {1}]\n    return x",
            "    y = ({0}) < ({1})\n    return x",
        )
    ).format(word, other)
    if rng.random() < 0.7:
        put_program(draft, body, returns="Any")
        return
    more = rng.choice(
        (
            "",
            "",
            "",
            f"  a : {word}\n",
            f"  a : Final[int] = {word}\n",
            f"  __parameters__ = [{word}]\n",
            f'  __annotations__["0"] = {word}\n',
            f"  {word}\n",
        )
    )
    returns = rng.choice(("Tensor", "Tensor", word, "int", "List[Tensor]"))
    put_program(
        draft,
        body,
        more,
        returns,
        after=rng.choice(("", "", f"{word}\n", f"def f(x={word}):\n  return {other}\n")),
    )


CODE_DAMAGE = {
    "cyclic imports between code files": (cycle, chain_of_calls),
    "code of odd tokens": (odd_tokens, odd_program),
}
"""The rows of damage to code, each with its mutations."""
