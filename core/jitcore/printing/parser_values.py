"""Reads attribute values of a graph's text: literals, types, and constants of the node's type."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from jitcore.ir.objects import EnumValue
from jitcore.printing.printed_values import PrintedTensor, PrintedValue
from jitcore.printing.string_literals import STRING, unquoted
from jitcore.types import (
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    ClassType,
    DictType,
    EnumType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
    UnionType,
)  # fmt: skip

if TYPE_CHECKING:
    from jitcore.printing.parser_scanner import Scanner

_REAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?|\.[0-9]+(?:e[+-]?[0-9]+)?|inf|nan)"
_COMPLEX = re.compile(rf"({_REAL})([+-][^,\]\s)}}]*?)j(?![A-Za-z0-9_])|({_REAL})j(?![A-Za-z0-9_])")
_NUMBER = re.compile(rf"{_REAL}(?![A-Za-z0-9_])")
_MOST_INTEGER = (1 << 63) - 1
_LONGEST_INTEGER = 20
"""Characters, with the sign. The words on what is larger are those of torch (lexer.h, irparser.cpp)."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_OPENING = "([{"
_CLOSING = ")]}"
_WORDS: dict[str, object] = {"None": None, "True": True, "False": False}


def parse_value(scanner: Scanner, declared: Type | None) -> object:
    """The value that starts here; `declared` is its type if one is known."""
    scanner.skip()
    plain = declared.element if isinstance(declared, OptionalType) else declared
    if isinstance(plain, TensorType) and not scanner.at("None"):
        return _tensor(scanner, plain)
    char = scanner.text[scanner.position : scanner.position + 1]
    if char == '"':
        return parse_string(scanner)
    if char == "(":
        return _tuple(scanner, plain)
    if char == "[":
        return _list(scanner, plain)
    if char == "{":
        return _dict(scanner, plain) if _looks_like_dict(scanner, plain) else _tensor(scanner, None)
    if char == "<":
        return _tensor(scanner, None)
    if char.isdigit() or char in "+-." or scanner.at("inf") or scanner.at("nan"):
        number = _number(scanner, plain)
        if number is not None:
            return number
    return _word(scanner, plain)


def parse_types(scanner: Scanner) -> object:
    """A list whose items are types if they look like it: one of parts is a tuple's, and no tuple of types."""
    if not scanner.accept("["):
        return parse_value(scanner, None)
    items: list[object] = []
    while not scanner.accept("]"):
        items.append(scanner.parse_type() if scanner.at("(") else parse_value(scanner, None))
        if not scanner.accept(","):
            scanner.expect("]")
            break
    return items


def parse_string(scanner: Scanner) -> str:
    """A string literal."""
    start = scanner.position
    match = scanner.take(STRING, "a string")
    try:
        return unquoted(match.group())
    except ValueError as error:
        scanner.position = start
        raise scanner.error(f"bad string: {error}") from error


def _number(scanner: Scanner, declared: Type | None) -> object:
    match = _COMPLEX.match(scanner.text, scanner.position) or _NUMBER.match(scanner.text, scanner.position)
    if match is None:
        return None
    if match.re is _COMPLEX:
        real, imaginary, alone = match.groups()
        number = complex(0.0 if alone else _real(scanner, real), _real(scanner, alone or imaginary))
    else:
        number = _real_number(scanner, match.group(), declared)
        number = bool(number) if declared is BOOL else number
    scanner.position = match.end()
    return number


def _real_number(scanner: Scanner, text: str, declared: Type | None) -> object:
    if declared is FLOAT or any(mark in text for mark in ".en"):
        return _real(scanner, text)
    if declared is COMPLEX:
        return complex(_real(scanner, text))
    # Longer ones are not converted at all, which Python refuses from some length on.
    number = int(text) if len(text) <= _LONGEST_INTEGER else _MOST_INTEGER + 1
    if not -_MOST_INTEGER - 1 <= number <= _MOST_INTEGER:
        raise scanner.error("Number is too big")
    return number


def _real(scanner: Scanner, text: str) -> float:
    number = float(text)
    if math.isinf(number) and "inf" not in text:
        raise scanner.error("Number is too long to be represented in type double")
    return number


def _word(scanner: Scanner, declared: Type | None) -> object:
    text, start = scanner.text, scanner.position
    match = _NAME.match(text, start)
    word = match.group() if match is not None else ""
    after = text[start + len(word) : start + len(word) + 1]
    if word in _WORDS and after != ":":
        scanner.position += len(word)
        return _WORDS[word]
    if word == "annotate" and after == "(":
        return _annotated(scanner, declared)
    if word == "torch.device" and after == "(":
        scanner.position += len(word)
        scanner.expect("(")
        device = parse_string(scanner)
        scanner.expect(")")
        return device if declared is DEVICE else PrintedValue(text[start : scanner.position])
    if isinstance(declared, EnumType):
        scanner.position += len(word)
        return _enum_member(declared, word)
    if isinstance(declared, ClassType) or (word in ("object", "torch.Generator") and after == "("):
        return PrintedValue(_raw(scanner))
    if declared is not None and word:
        return PrintedValue(_raw(scanner))
    return scanner.parse_type()


def _enum_member(declared: EnumType, word: str) -> EnumValue:
    name = word.rpartition(".")[2]
    for known, value in declared.members:
        if known == name:
            return EnumValue(declared, name, value)
    declared.members = (*declared.members, (name, None))
    return EnumValue(declared, name, None)


def _annotated(scanner: Scanner, declared: Type | None) -> object:
    """`annotate(List[int], [])`: the annotation repeats the type of the node's output."""
    start = scanner.position
    scanner.expect("annotate(")
    depth = 0
    text = scanner.text
    while scanner.position < len(text):
        char = text[scanner.position]
        if char == "," and depth == 0:
            scanner.position += 1
            value = parse_value(scanner, declared)
            scanner.expect(")")
            return value
        depth += (char in _OPENING) - (char in _CLOSING)
        if depth < 0 or char == "\n":
            break
        scanner.position += 1
    scanner.position = start
    raise scanner.error("an annotation that does not end")


def _tuple(scanner: Scanner, declared: Type | None) -> object:
    types = declared.parts if isinstance(declared, TupleType) else ()
    scanner.expect("(")
    items: list[object] = []
    while not scanner.accept(")"):
        items.append(parse_value(scanner, types[len(items)] if len(items) < len(types) else None))
        if not scanner.accept(","):
            scanner.expect(")")
            break
    return tuple(items)


def _list(scanner: Scanner, declared: Type | None) -> object:
    for opaque in ("[<Tensors>]", "[<Graphs>]"):
        if scanner.accept(opaque):
            return PrintedValue(opaque)
    element = declared.element if isinstance(declared, ListType) else None
    if isinstance(declared, UnionType):
        lists = [part for part in declared.parts if isinstance(part, ListType)]
        element = lists[0].element if len(lists) == 1 else None
    scanner.expect("[")
    items: list[object] = []
    while not scanner.accept("]"):
        items.append(parse_value(scanner, element))
        if not scanner.accept(","):
            scanner.expect("]")
            break
    return items


def _looks_like_dict(scanner: Scanner, declared: Type | None) -> bool:
    if declared is not None:
        return isinstance(declared, DictType)
    inside = scanner.text[scanner.position : scanner.position + 200].partition("}")[0]
    return ":" in inside or inside == "{"


def _dict(scanner: Scanner, declared: Type | None) -> object:
    key_type, value_type = declared.parts if isinstance(declared, DictType) else (None, None)
    scanner.expect("{")
    items: dict[object, object] = {}
    while not scanner.accept("}"):
        key = parse_value(scanner, key_type)
        scanner.expect(":")
        items[key] = parse_value(scanner, value_type)
        if not scanner.accept(","):
            scanner.expect("}")
            break
    return items


def _tensor(scanner: Scanner, declared: TensorType | None) -> PrintedTensor:
    text = _raw(scanner)
    if declared is None:
        return PrintedTensor(text)
    sizes = declared.sizes
    shape = tuple(size for size in sizes if size is not None) if sizes is not None else None
    whole = shape is not None and sizes is not None and len(shape) == len(sizes)
    return PrintedTensor(text, declared.dtype, shape if whole else None, declared.device)


def _raw(scanner: Scanner) -> str:
    """The characters up to the end of this value, brackets balanced."""
    # Blanks in front belong to a tensor's text: they were skipped, so step back over them.
    text = scanner.text
    start = scanner.position
    while start > 0 and text[start - 1] == " ":
        start -= 1
    if start > 0 and text[start - 1] in ",:" and start < scanner.position:
        start += 1
    depth = 0
    position = scanner.position
    while position < len(text) and text[position] != "\n":
        char = text[position]
        if depth == 0 and (char in _CLOSING or char == ","):
            break
        depth += (char in _OPENING) - (char in _CLOSING)
        position += 1
    if position == scanner.position:
        raise scanner.error("expected a value")
    scanner.position = position
    return text[start:position]
