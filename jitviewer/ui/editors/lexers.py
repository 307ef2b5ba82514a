"""Splits lines of TorchScript code and of IR text into coloured tokens, one line at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

LONGEST = 4000
"""Characters of a line that are drawn; of a longer one the rest is only counted and searched."""

_STRING = r"\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?"
_NUMBER = r"(?<![\w.])-?(?:0[xX][\da-fA-F]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?j?)(?!\w)"

_PYTHON_KEYWORDS = (
    "and as assert break class continue def del elif else except False finally for from global if import "
    "in is lambda None nonlocal not or pass raise return True try while with yield"
)
_PYTHON_BUILTINS = (
    "annotate unchecked_cast uninitialized torch ops self Tensor Optional List Dict Tuple Union Future int "
    "float bool str number Device complex NoneType Final len range print isinstance getattr hasattr super"
)
_IR_TYPES = (
    "Tensor int float bool str NoneType Device Scalar complex number Function Any AnyClassType Stream "
    "Generator Layout Storage Future RRef Dict Optional Union Tuple NamedTuple Byte Char Short Int Long "
    "Half Float Double Bool BFloat16 ComplexFloat ComplexDouble QInt8 QUInt8 QInt32"
)


class Token(NamedTuple):
    """A part of a line: first column, length, and the kind that `Theme.syntax` colours."""

    start: int
    length: int
    kind: str


def tokens(language: str, line: str) -> Iterator[Token]:
    """The coloured parts of a line; what stands between them is plain."""
    for match in _pattern(language).finditer(line):
        kind = match.lastgroup
        if kind is not None:
            yield Token(match.start(), match.end() - match.start(), kind)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    # Compiled when the first text of the language is shown.
    return re.compile(_GRAPH if language == "graph" else _PYTHON)


def _words(words: str) -> str:
    return "|".join(words.split())


_PYTHON = "|".join(
    (
        r"(?P<comment>\#.*)",
        rf"(?P<string>(?:\b[rbfuRBFU]{{1,2}})?(?:{_STRING}))",
        rf"(?P<keyword>\b(?:{_words(_PYTHON_KEYWORDS)})\b)",
        r"(?P<attribute>CONSTANTS\.c\d+|@\w[\w.]*)",
        r"(?P<type>\b__torch__[\w.]*)",
        rf"(?P<builtin>(?<!\.)\b(?:{_words(_PYTHON_BUILTINS)})\b)",
        rf"(?P<number>{_NUMBER})",
        r"(?P<function>\b[A-Za-z_]\w*(?=\())",
        r"\w+",
    )
)

_GRAPH = "|".join(
    (
        r"(?P<comment>\#.*)",
        rf"(?P<string>{_STRING})",
        r"(?P<value>%[\w.]+)",
        r"(?P<primitive>\b(?:prim|onnx)::\w+)",
        r"(?P<operator>\b[A-Za-z_]\w*::[\w.]+)",
        r"(?P<type>\b__torch__[\w.]*(?:\s\(of Python compilation unit at: \w+\))?)",
        rf"(?P<builtin>\b(?:{_words(_IR_TYPES)})\b(?![=.]))",
        r"(?P<attribute>\b[A-Za-z_]\w*(?==[^=]))",
        r"(?P<keyword>\b(?:graph|return|block\d+|with)\b)",
        rf"(?P<number>{_NUMBER})",
        r"\w+",
    )
)
