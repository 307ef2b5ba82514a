"""Passes as people name them: `dce`, or `peephole{disable_shape_peepholes=true}` with options.

The spelling is that of MLIR's textual pass pipelines (https://mlir.llvm.org/docs/PassManagement); names of
options are those of libtorch's parameters. A text with commas, braces or spaces stands in quotes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jitcore.passes.catalogue import exists, find_pass, is_known
from jitcore.passes.options import QUOTED, option_text
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitcore.passes.base import Pass
    from jitcore.passes.options import OptionValue, PassOption

_SPEC: Final = re.compile(rf"([\w-]+)(?:\{{((?:{QUOTED}|[^{{}}\"])*)\}})?", re.DOTALL)
_PART: Final = re.compile(rf"(?:{QUOTED}|[^,\s])+", re.DOTALL)
_OUTSIDE_BRACES: Final = re.compile(rf"(?:[^,{{}}]|\{{(?:{QUOTED}|[^{{}}])*\}}?|\}})+", re.DOTALL)
_BESIDE_COLON: Final = re.compile(rf"((?:[^:{{}}]|\{{(?:{QUOTED}|[^{{}}])*\}}?|\}})*)(:|\Z)", re.DOTALL)


def split_specs(text: str) -> list[str]:
    """The passes of a pipeline, `inline,peephole{a=true,b=1},dce`: commas in braces divide options."""
    return [spec for found in _OUTSIDE_BRACES.findall(text) if (spec := found.strip())]


def split_pipelines(text: str) -> list[str]:
    """The texts of pipelines, `inline:inline,freeze{option="a:b"}`: colons in braces divide nothing."""
    parts: list[str] = []
    for found in _BESIDE_COLON.finditer(text):
        parts.append(found[1].strip())
        if not found[2]:
            break
    return parts


def name_of_spec(spec: str) -> str:
    """The name of the pass, without options."""
    return spec.partition("{")[0].strip()


def check_spec(spec: str) -> None:
    """Raise `JitError` for a pass or an option that does not exist, or a value of another type.

    The pass is imported only if options are given.
    """
    if "{" in spec or "}" in spec:
        read_spec(spec)
    if not is_known(name_of_spec(spec)):
        raise _unknown(spec)


def is_spec(spec: str) -> bool:
    """Whether there is such a pass, with such options."""
    try:
        check_spec(spec)
    except JitError:
        return False
    return True


def make_pass(spec: str) -> Pass:
    """The pass that a spec names, with its options; it may be one that is a step of others.

    Raises `JitError` as `check_spec`.
    """
    name, values = read_spec(spec)
    return find_pass(name)(**values)


def read_spec(spec: str) -> tuple[str, dict[str, OptionValue]]:
    """The name and the options that are chosen. Raises `JitError` as `check_spec`."""
    match = _SPEC.fullmatch(spec.strip())
    if match is None:
        raise JitError(f"'{spec}' is no pass: write its name, or name{{option=value}}")
    name, chosen = match[1], match[2]
    if not exists(name):
        raise _unknown(name)
    if chosen is None:
        return name, {}
    options = {option.name: option for option in find_pass(name).options}
    values: dict[str, OptionValue] = {}
    for part in _PART.findall(chosen):
        option, value = _read_option(name, options, part)
        values[option] = value
    return name, values


def spec_of(name: str, values: Mapping[str, OptionValue]) -> str:
    """The shortest spec of a pass with these options: those that are as they are anyway are left out."""
    defaults = {option.name: option.default for option in find_pass(name).options}
    chosen = [f"{key}={option_text(value)}" for key, value in values.items() if value != defaults[key]]
    return f"{name}{{{','.join(chosen)}}}" if chosen else name


def _read_option(name: str, options: dict[str, PassOption], part: str) -> tuple[str, OptionValue]:
    key, sign, text = part.partition("=")
    option = options.get(key)
    if option is None:
        listed = ", ".join(options)
        raise JitError(f"{name} has no option '{key}'; " + (f"it has {listed}" if listed else "it has none"))
    try:
        if not sign:
            raise ValueError("a value")
        return key, option.read(text)
    except ValueError as error:
        raise JitError(f"{key} of {name} is {error}: write {key}={option_text(option.default)}") from error


def _unknown(name: str) -> JitError:
    return JitError(f"there is no pass called '{name}' in this version; the list of passes has their names")
