"""Graphs of one call of an operator, on tensors of which some sizes are known and some are the same."""

from __future__ import annotations

import random
from typing import NamedTuple

from jitcore.types import FunctionSchema, ir_text

NOT_ZERO = ("groups", "stride", "dilation", "step")
"""Arguments by which sizes are divided: a zero ends libtorch's process."""

Sizes = list[int | str] | None
"""Sizes of a tensor, `*` where one is not known, `a` to `c` where it is the same as others; None: no rank."""


class Call(NamedTuple):
    """A graph as text, and the sizes of the tensors that it is given."""

    text: str
    sizes: dict[str, Sizes]


class _Drawing:
    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.sizes: dict[str, Sizes] = {}
        self.others: dict[str, str] = {}

    def tensor(self) -> str:
        known = list(self.sizes)
        if known and self.draw.random() < 0.2:
            return self.draw.choice(known)
        name = f"%x{len(known)}"
        previous = self.sizes[known[-1]] if known else None
        alike = previous is not None and self.draw.random() < 0.4
        self.sizes[name] = list(previous) if alike and previous is not None else self.new_sizes()
        return name

    def new_sizes(self) -> Sizes:
        if self.draw.random() < 0.08:
            return None
        rank = self.draw.choice([0, 1, 2, 2, 3, 3, 4, 4, 5])
        return [self.draw.choice(["*", "*", "a", "b", "c", 1, 2, 3, 4, 7, 8]) for _ in range(rank)]

    def tensors(self) -> str:
        names: list[str] = []
        sizes = self.new_sizes()
        for _ in range(self.draw.choice([1, 2, 2, 3])):
            name = f"%x{len(self.sizes)}"
            self.sizes[name] = list(sizes) if sizes else sizes
            if sizes:
                sizes = list(sizes)
                sizes[self.draw.randrange(len(sizes))] = self.draw.choice(["*", 2, 3])
            names.append(name)
        return self.line("Tensor[]", f"prim::ListConstruct({', '.join(names)})")

    def line(self, kind: str, made: str) -> str:
        name = f"%c{len(self.lines)}"
        self.lines.append(f"{name} : {kind} = {made}")
        return name

    def argument(self, name: str, kind: str) -> str:
        draw = self.draw
        if kind.endswith("?"):
            if draw.random() < 0.4:
                return self.line("NoneType", "prim::Constant()")
            kind = kind[:-1]
        if kind == "Tensor":
            return self.tensor()
        if kind == "Tensor[]":
            return self.tensors()
        if kind.endswith("[]"):
            return self.list_of(name, kind[:-2])
        if kind in ("int", "bool", "float") and draw.random() < 0.1:
            given = f"%n{len(self.others)}"
            self.others[given] = kind
            return given
        return self.constant(name, kind)

    def list_of(self, name: str, kind: str) -> str:
        known = list(self.sizes)
        if kind == "int" and known and self.draw.random() < 0.15:
            return self.line("int[]", f"aten::size({self.draw.choice(known)})")
        items: list[str] = []
        for _ in range(self.draw.choice([0, 1, 1, 2, 2, 2, 3, 4])):
            if kind == "int" and known and name not in NOT_ZERO and self.draw.random() < 0.35:
                place = self.constant("dim", "int")
                items.append(self.line("int", f"aten::size({self.draw.choice(known)}, {place})"))
            else:
                items.append(self.constant(name, kind))
        return self.line(f"{kind}[]", f"prim::ListConstruct({', '.join(items)})")

    def constant(self, name: str, kind: str) -> str:
        draw = self.draw
        if kind == "Scalar":
            kind = draw.choice(["int", "float"])
        values = {
            "int": [1, 2, 3] if name in NOT_ZERO else [0, 1, -1, 2, -2, 1, 3],
            "bool": [0, 1],
            "float": ["0.5", "2.", "7.25"],
            "str": ['"none"'],
            "Device": ['"cpu"'],
        }
        return self.line(kind, f"prim::Constant[value={draw.choice(values[kind])}]()")


def call_with_sizes(schema: FunctionSchema, draw: random.Random) -> Call:
    """A call of an operator, whose first result is read by two others."""
    drawing = _Drawing(draw)
    arguments = [drawing.argument(one.name, ir_text(one.type)) for one in schema.arguments]
    results = ", ".join(f"%r{place} : {ir_text(one.type)}" for place, one in enumerate(schema.returns))
    one = drawing.constant("groups", "int")
    lines = [
        *drawing.lines,
        f"{results} = {schema.name}({', '.join(arguments)})",
        "%y : Tensor = aten::relu(%r0)",
        f"%z : Tensor = aten::add(%y, %r0, {one})",
    ]
    inputs = [f"{name} : Tensor" for name in drawing.sizes]
    inputs += [f"{name} : {kind}" for name, kind in drawing.others.items()]
    body = "".join(f"  {line}\n" for line in lines)
    return Call(f"graph({', '.join(inputs)}):\n{body}  return (%z)\n", drawing.sizes)
