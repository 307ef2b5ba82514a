"""Random functions over integers with every kind of control flow, nested, in and out of loops."""

from __future__ import annotations

import random


class ProgramWriter:
    """Writes one function `f(a: int, b: int, flag: bool) -> int`; equal seeds write equal programs."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._names = 0

    def write(self) -> str:
        lines = self._block(["a", "b"], 3, False, 1, 6)
        if not lines[-1].startswith(("  return", "  raise")):
            lines.append(f"  return {self._number(['a', 'b'])}")
        return "def f(a: int, b: int, flag: bool) -> int:\n" + "\n".join(lines) + "\n"

    def _new_name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    def _number(self, names: list[str]) -> str:
        pick = self._random
        match pick.randrange(10):
            case 0 | 1 | 2:
                return pick.choice(names)
            case 3 | 4:
                return str(pick.randint(-3, 5))
            case 5 | 6 | 7:
                operator = pick.choice(["add", "sub", "mul"])
                return f"torch.{operator}({self._number(names)}, {pick.choice(names)})"
            case 8:
                return f"({self._number(names)} if {self._condition(names)} else {pick.choice(names)})"
            case _:
                return f"{pick.choice(names)} {pick.choice('+-*')} {pick.randint(1, 4)}"

    def _condition(self, names: list[str]) -> str:
        pick = self._random
        match pick.randrange(10):
            case 0 | 1 | 2 | 3 | 4 | 5:
                return f"torch.{pick.choice(['gt', 'lt', 'eq'])}({pick.choice(names)}, {pick.randint(0, 4)})"
            case 6 | 7:
                word = pick.choice(["and", "or"])
                return f"({self._condition(names)} {word} {self._condition(names)})"
            case 8:
                return f"not {self._condition(names)}"
            case _:
                return pick.choice(["True", "False", "flag"])

    def _block(self, visible: list[str], depth: int, in_loop: bool, indent: int, longest: int) -> list[str]:
        lines: list[str] = []
        names = list(visible)
        for _ in range(self._random.randint(1, longest)):
            added = self._statement(names, depth, in_loop, indent)
            lines += added
            if added[-1].strip().startswith(("break", "continue", "return", "raise")) and len(added) == 1:
                break
        return lines

    def _statement(self, names: list[str], depth: int, in_loop: bool, indent: int) -> list[str]:
        pick = self._random
        pad = "  " * indent
        kind = pick.randrange(20)
        if depth == 0 or kind < 7:
            return [pad + self._assignment(names)]
        if kind < 12:
            lines = [
                f"{pad}if {self._condition(names)}:",
                *self._block(names, depth - 1, in_loop, indent + 1, 3),
            ]
            if pick.random() < 0.6:
                lines += [f"{pad}else:", *self._block(names, depth - 1, in_loop, indent + 1, 3)]
            return lines
        if kind < 15:
            index = self._new_name("i")
            head = f"{pad}for {index} in range({pick.choice([*names, '3'])}):"
            return [head, *self._block([*names, index], depth - 1, True, indent + 1, 3)]
        if kind == 15:
            return [
                f"{pad}while {self._condition(names)}:",
                *self._block(names, depth - 1, True, indent + 1, 3),
            ]
        if kind == 16 and in_loop:
            return [pad + pick.choice(["break", "continue"])]
        if kind == 17:
            return [f"{pad}return {self._number(names)}"]
        if kind == 18:
            return [f'{pad}assert {self._condition(names)}, "wrong"']
        if kind == 19 and pick.random() < 0.3:
            return [f'{pad}raise AssertionError("wrong")']
        return [f"{pad}{pick.choice(names)} += {pick.randint(1, 3)}"]

    def _assignment(self, names: list[str]) -> str:
        value = self._number(names)
        if self._random.random() < 0.2:
            names.append(self._new_name("v"))
            return f"{names[-1]} = {value}"
        return f"{self._random.choice(names)} = {value}"
