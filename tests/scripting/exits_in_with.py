"""Random functions in which loops, branches and `with` are nested, and left from any depth."""

from __future__ import annotations

import random

HEADER = """
from typing import Any, List
import torch

@torch.jit.script
class Noted:
    def __init__(self, notes: List[int], number: int):
        self.notes = notes
        self.number = number

    def __enter__(self) -> int:
        self.notes.append(self.number)
        return self.number

    def __exit__(self, type: Any, value: Any, trace: Any):
        self.notes.append(-self.number)

"""


class ExitsInWith:
    """Writes functions `fN(n: int) -> List[int]`, which note what they enter, do and leave."""

    def __init__(self, seed: int) -> None:
        self._pick = random.Random(seed)
        self._count = 0

    def write(self, name: str) -> str:
        body = "\n".join(self._block(1, 4, False))
        return (
            f"def {name}(n: int) -> List[int]:\n    notes: List[int] = []\n    s = 0\n    k = 1\n{body}\n"
            "    notes.append(s)\n    notes.append(k)\n    return notes\n\n"
        )

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _block(self, indent: int, depth: int, in_loop: bool) -> list[str]:
        lines: list[str] = []
        for _ in range(self._pick.randint(1, 3)):
            lines += self._statement(indent, depth, in_loop)
        return lines

    def _statement(self, indent: int, depth: int, in_loop: bool) -> list[str]:
        at, pick = "    " * indent, self._pick
        kind = pick.choice(
            ["assign", "exit", "with", "with", "loop", "if", "while"] if depth else ["assign", "exit"]
        )
        match kind:
            case "exit":
                left = pick.choice(["return notes", *(["continue", "break"] * 2 if in_loop else [])])
                return [
                    f"{at}if (s + k + n) % {pick.randint(2, 5)} == {pick.randint(0, 1)}:",
                    f"{at}    {left}",
                ]
            case "with":
                managers = [
                    pick.choice(["torch.no_grad()", f"Noted(notes, {self._next()})"])
                    for _ in range(pick.randint(1, 2))
                ]
                return [f"{at}with {', '.join(managers)}:", *self._block(indent + 1, depth - 1, in_loop)]
            case "loop":
                return [f"{at}for i{indent} in range(n):", *self._block(indent + 1, depth - 1, True)]
            case "while":
                step = [f"{at}    w{indent} += 1"]
                head = [f"{at}w{indent} = 0", f"{at}while w{indent} < 3:"]
                return [*head, *step, *self._block(indent + 1, depth - 1, True)]
            case "if":
                return [
                    f"{at}if s % 2 == {pick.randint(0, 1)}:", *self._block(indent + 1, depth - 1, in_loop),
                    f"{at}else:", *self._block(indent + 1, depth - 1, in_loop),
                ]  # fmt: skip
            case _:
                value = pick.choice(["s + 1", "k * 2 % 11", "(s + k) % 97", "n - k"])
                return [f"{at}{pick.choice('sk')} = {value}", f"{at}notes.append({100 + self._next()})"]
