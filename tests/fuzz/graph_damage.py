"""Damages texts of graphs as a stranger's file might be: node by node, and still mostly readable."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from jitcore.ops.node_forms import KNOWN_KINDS

_CALL = re.compile(r"(\^?[A-Za-z_]\w*(?:::[\w.]+)?)(\[[^\n]*\])?\(([^()\n]*)\)$")
_RESULT = re.compile(r"%[^\s,:]+ : .+?(?=, %| = |$)")
_NAME = re.compile(r"%[^\s,()\[\]{}=:]+")
_TYPE = re.compile(r"(?<= : )[A-Za-z(][^=]*?(?=,? %| =|\)?:$|\)$)")
_TYPES = (
    "Tensor", "int", "float", "bool", "str", "int[]", "Tensor[]", "(Tensor, int)", "(Tensor)", "()", "int?",
    "Dict(str, Tensor)", "NoneType", "Any", "Device", "Future(Tensor)", "__torch__.Thing", "Float(2, 3)",
    "Optional[Tensor[]]", "Union(int, str)", "Function", "number", "Await(Tensor)", "complex",
)  # fmt: skip
_VALUES = (
    "1", "-1", "0", "9223372036854775807", '"a"', "1.5", "nan", "None", "[1]", '["a", 2]', "<Tensor>", "{1}",
    "(1, 2)", "[]", "{}", "True", "int", "[int, Tensor]", '"\\033"', "({1}, <Tensor>)", "1.+2.j",
)  # fmt: skip
_ATTRIBUTES = ("value", "name", "types", "beg", "end", "Subgraph", "foo")

Lines = list[str]
Damage = Callable[[random.Random, Lines], None]


def damaged(text: str, draw: random.Random, others: tuple[str, ...] = ()) -> str:
    """The text with one to three nodes changed; `others` are more kinds that a node may become."""
    lines = text.rstrip("\n").split("\n")
    kinds = [*KNOWN_KINDS, *others, *(match[1] for line in lines if (match := _CALL.search(line)))]
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        draw.choice(_DAMAGES)(draw, lines)
        if draw.random() < 0.15:
            _change_kind(draw, lines, kinds)
    return "\n".join(lines) + "\n"


def _node(draw: random.Random, lines: Lines) -> tuple[int, re.Match[str]] | None:
    """The number of a node's line, and its kind, attributes and inputs."""
    found = [(number, match) for number, line in enumerate(lines) if (match := _CALL.search(line))]
    return draw.choice(found) if found else None


def _change_kind(draw: random.Random, lines: Lines, kinds: list[str]) -> None:
    node = _node(draw, lines)
    if node is not None:
        number, match = node
        lines[number] = lines[number][: match.start(1)] + draw.choice(kinds) + lines[number][match.end(1) :]


def _change_inputs(draw: random.Random, lines: Lines) -> None:
    node = _node(draw, lines)
    if node is None:
        return
    number, match = node
    inputs = _NAME.findall(match[3])
    known = _NAME.findall("\n".join(lines[: number + 1]))
    what = draw.randrange(5)
    if what == 0 and inputs:
        del inputs[draw.randrange(len(inputs))]
    elif what == 1:
        inputs.insert(draw.randint(0, len(inputs)), draw.choice(known or ["%0"]))
    elif what == 2 and inputs:
        inputs[draw.randrange(len(inputs))] = draw.choice(known)
    elif what == 3:
        draw.shuffle(inputs)
    else:
        inputs.clear()
    lines[number] = f"{lines[number][: match.start(3)]}{', '.join(inputs)})"


def _change_results(draw: random.Random, lines: Lines) -> None:
    node = _node(draw, lines)
    if node is None:
        return
    number, match = node
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip())]
    results = _RESULT.findall(line[: match.start()])
    if results and draw.random() < 0.5:
        del results[draw.randrange(len(results))]
    else:
        results.append(f"%new.{draw.randrange(1000)} : {draw.choice(_TYPES)}")
    lines[number] = f"{indent}{', '.join(results)} = {line[match.start() :]}"


def _change_attributes(draw: random.Random, lines: Lines) -> None:
    node = _node(draw, lines)
    if node is None:
        return
    number, match = node
    name = draw.choice(_ATTRIBUTES)
    if match[2] and draw.random() < 0.6:
        name = match[2][1:].partition("=")[0]
    written = "" if draw.random() < 0.3 else f"[{name}={draw.choice(_VALUES)}]"
    line = lines[number]
    lines[number] = f"{line[: match.end(1)]}{written}({match[3]})"


def _change_type(draw: random.Random, lines: Lines) -> None:
    found = [(number, match) for number, line in enumerate(lines) for match in _TYPE.finditer(line)]
    if found:
        number, match = draw.choice(found)
        lines[number] = lines[number][: match.start()] + draw.choice(_TYPES) + lines[number][match.end() :]


def _swap_names(draw: random.Random, lines: Lines) -> None:
    names = _NAME.findall("\n".join(lines))
    if names:
        number = draw.randrange(len(lines))
        mine = _NAME.findall(lines[number])
        if mine:
            old, new = draw.choice(mine), draw.choice(names)
            lines[number] = lines[number].replace(old, new, 1)


def _drop_line(draw: random.Random, lines: Lines) -> None:
    del lines[draw.randrange(len(lines))]
    lines[:] = lines or [""]


def _repeat_line(draw: random.Random, lines: Lines) -> None:
    number = draw.randrange(len(lines))
    copy = lines[number]
    for result in _RESULT.findall(copy.partition(" = ")[0]):
        name = _NAME.findall(result)[0]
        copy = copy.replace(name, f"{name}x{draw.randrange(1000)}", 1)
    lines.insert(number + draw.randint(0, 1), copy)


def _swap_lines(draw: random.Random, lines: Lines) -> None:
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _change_block(draw: random.Random, lines: Lines) -> None:
    """Another number of blocks, or of what a block takes or gives."""
    found = [
        number for number, line in enumerate(lines) if line.lstrip().startswith(("block", "->", "return"))
    ]
    if not found:
        return
    number = draw.choice(found)
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip())]
    known = _NAME.findall("\n".join(lines[:number])) or ["%0"]
    if line.lstrip().startswith("block"):
        if draw.random() < 0.5:
            lines[number] = f"{indent}block0({draw.choice(['', '%p : int', '%p : int, %q : Tensor'])}):"
        else:
            lines[number:number] = [
                f"{indent}block0():",
                f"{indent}  -> ({draw.choice(['', draw.choice(known)])})",
            ]
    else:
        given = ", ".join(draw.choice(known) for _ in range(draw.randrange(4)))
        lines[number] = f"{line.partition('(')[0]}({given})"


_DAMAGES: tuple[Damage, ...] = (
    _change_inputs, _change_inputs, _change_results, _change_attributes, _change_attributes, _change_type,
    _change_type, _swap_names, _drop_line, _repeat_line, _swap_lines, _change_block,
)  # fmt: skip
