"""Passes with options, as the engine takes them: `peephole{disable_shape_peepholes=true}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jitviewer.protocol.rows import PassRow


def name_of(spec: str) -> str:
    """The name of the pass, without options."""
    return spec.partition("{")[0].strip()


def values_of(spec: str) -> dict[str, str]:
    """The options that a spec chooses, as texts."""
    chosen = spec.partition("{")[2].rstrip().removesuffix("}")
    pairs = (part.partition("=") for part in chosen.replace(",", " ").split())
    return {name: value for name, _, value in pairs}


def spec_of(row: PassRow, values: Mapping[str, str]) -> str:
    """The spec of a pass with these options; those that are as they are anyway are left out."""
    chosen = [
        f"{option.name}={values[option.name]}"
        for option in row.options
        if values.get(option.name, option.default) != option.default
    ]
    return f"{row.name}{{{','.join(chosen)}}}" if chosen else row.name
