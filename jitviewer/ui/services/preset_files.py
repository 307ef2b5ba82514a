"""Pipelines with a name as a file that can be given to others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from jitviewer.plain_files import read_plain, reason_of
from jitviewer.plain_text import plain_line
from jitviewer.protocol.bounded import OfPasses, Words
from jitviewer.protocol.rows import PassRow
from jitviewer.ui.models.pass_specs import name_of, values_of
from jitviewer.ui.services.exported_files import write_exported

LONGEST_NAME = 60
_MOST_BYTES = 1 << 20
_MOST_PRESETS = 200


class _Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
    passes: Annotated[list[Words], OfPasses]


class _Presets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    presets: Annotated[list[_Preset], msgspec.Meta(max_length=_MOST_PRESETS)]


class PresetFileError(Exception):
    """A file holds no pipelines that could be used; `str()` says why in one sentence."""


def write_presets(path: str, presets: Mapping[str, Sequence[str]]) -> str:
    """Write pipelines by name; gives "" or a sentence that says why they could not be written."""
    rows = [_Preset(name, list(passes)) for name, passes in presets.items()]
    data = msgspec.json.format(msgspec.json.encode(_Presets(rows)), indent=2) + b"\n"
    why_not = write_exported(path, data)
    return f"{plain_line(path)} cannot be written: {why_not}." if why_not else ""


def read_presets(path: str, catalogue: Sequence[PassRow]) -> dict[str, tuple[str, ...]]:
    """The pipelines of a file by name, all of passes and options that there are.

    Raises `PresetFileError`.
    """
    name = plain_line(Path(path).name)
    try:
        found = msgspec.json.decode(read_plain(path, _MOST_BYTES), type=_Presets)
    except OSError as error:
        raise PresetFileError(f"{name} cannot be read: {reason_of(error)}.") from error
    except msgspec.DecodeError as error:
        raise PresetFileError(f"{name} holds no presets of passes: {plain_line(str(error))}.") from error
    options = {row.name: {option.name for option in row.options} for row in catalogue}
    for preset in found.presets:
        if preset.name != plain_line(" ".join(preset.name.split())):
            # A tab would end the name where the settings keep it.
            raise PresetFileError(
                f"A preset in {name} has a name that is no line of text, {plain_line(preset.name)}; "
                "nothing was added."
            )
        for spec in preset.passes:
            known = options.get(name_of(spec))
            if known is None:
                what = f"a pass that is not in this version, {plain_line(name_of(spec))}"
            elif unknown := sorted(values_of(spec).keys() - known):
                what = f"an option that {name_of(spec)} does not have, {plain_line(unknown[0])}"
            else:
                continue
            raise PresetFileError(f"{plain_line(preset.name)} in {name} has {what}; nothing was added.")
    return {preset.name: tuple(preset.passes) for preset in found.presets}
