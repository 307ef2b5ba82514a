"""Passes with options, as the engine takes them: `peephole{disable_shape_peepholes=true}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitviewer.protocol.rows import PassRow


_PART: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^,\s])+', re.DOTALL)
_OUTSIDE_BRACES: Final = re.compile(r'(?:[^,{}]|\{(?:"(?:[^"\\]|\\.)*+"|[^{}])*+\}?|\})++', re.DOTALL)
_PLAIN: Final = re.compile(r"[^\s,{}\"\\]*")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_LETTERS: Final = {"n": "\n", "t": "\t"}


def split_specs(text: str) -> tuple[str, ...]:
    """The passes of a pipeline, `inline,peephole{a=true,b=1},dce`: commas in braces divide options."""
    return tuple(spec for found in _OUTSIDE_BRACES.findall(text) if (spec := found.strip()))


def name_of(spec: str) -> str:
    """The name of the pass, without options."""
    return spec.partition("{")[0].strip()


def values_of(spec: str) -> dict[str, str]:
    """The options that a spec chooses, as it writes them."""
    chosen = spec.partition("{")[2].rstrip().removesuffix("}")
    pairs = (part.partition("=") for part in _PART.findall(chosen))
    return {name: value for name, _, value in pairs}


def spec_of(row: PassRow, values: Mapping[str, str]) -> str:
    """The spec of a pass with these options; those that are as they are anyway are left out."""
    chosen = [
        f"{option.name}={values[option.name]}"
        for option in row.options
        if values.get(option.name, option.default) != option.default
    ]
    return f"{row.name}{{{','.join(chosen)}}}" if chosen else row.name


def written(text: str) -> str:
    """A text as specs write it: in quotes, with `\\n` for the end of a line, if it needs them."""
    if _PLAIN.fullmatch(text):
        return text
    for plain, letters in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, letters)
    return f'"{text}"'


def read(value: str) -> str:
    """The text that `written` wrote."""
    if not value.startswith('"'):
        return value
    return _unescaped(value[1:].removesuffix('"'))


def in_one_line(value: str) -> str:
    """What a spec writes, as a field of one line shows it: without quotes, ends of lines as `\\n`."""
    return read(value).replace("\\", "\\\\").replace("\n", "\\n")


def from_one_line(text: str) -> str:
    """What a spec writes for the text of such a field."""
    return written(_unescaped(text))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _LETTERS.get(match[1], match[1]), text)
