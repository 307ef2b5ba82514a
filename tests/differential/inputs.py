"""Inputs that `forward` of the known archives takes, and proposals for the others from their schema."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import torch

SEED = 7
TENSOR_SPEC = re.compile(r"(\w+)\[([\d,]*)\](?::(-?\d+)\.\.(-?\d+))?")

PICTURE = ("float32[1,3,224,224]",)
SMALL_PICTURE = ("float32[1,3,8,8]",)
KNOWN: dict[str, tuple[str, ...]] = {
    "resnet18_script": PICTURE,
    "resnet18_trace": PICTURE,
    "mobilenet_v2_trace": PICTURE,
    "densenet121_script": PICTURE,
    "timm_levit_128s_script": PICTURE,
    "bert_tiny_trace": ("int64[1,16]:0..1000", "int64[1,16]:1..2"),
    "gpt2_small_trace": ("int64[1,16]:0..1000",),
    "lstm_tagger_script": ("int64[2,12]:0..1000",),
    "transformer_enc_script": ("float32[2,10,128]",),
    "quant_small_script": ("float32[1,3,16,16]",),
    "quant_dynamic_script": ("float32[2,8]",),
    "old_1.4.0_script": (*SMALL_PICTURE, "3"),
    "old_1.4.0_trace": SMALL_PICTURE,
    "old_1.8.1_script": (*SMALL_PICTURE, "3"),
    "old_1.8.1_trace": SMALL_PICTURE,
    "syn_chain_2000": ("float32[8,8]",) * 3,
    "syn_local_5000": ("float32[8,8]",),
    "syn_local_20000": ("float32[8,8]",),
    "syn_mod_5000": ("float32[8,8]",) * 3,
}
BY_TYPE = {"Tensor": "float32[2,8]", "int": "3", "float": "0.5", "bool": "True", "str": "'text'"}


def specs_for(archive: Path, argument_types: list[str]) -> tuple[str, ...] | None:
    """The inputs of `forward`: known ones, those of a sample list beside the archive, or by type.

    None when some argument's type has no proposal.
    """
    if archive.stem in KNOWN:
        return KNOWN[archive.stem]
    listed = archive.with_name("samples.json")
    if listed.exists():
        for sample in json.loads(listed.read_text(encoding="utf-8")):
            if sample["file"] == archive.name:
                return tuple(sample["inputs"])
    if any(name not in BY_TYPE for name in argument_types):
        return None
    return tuple(BY_TYPE[name] for name in argument_types)


def values(specs: tuple[str, ...]) -> tuple[Any, ...]:
    """The values that `specs` describe, the same at every call."""
    generator = torch.Generator().manual_seed(SEED)
    return tuple(_value(spec, generator) for spec in specs)


def _value(spec: str, generator: torch.Generator) -> Any:
    match = TENSOR_SPEC.fullmatch(spec)
    if match is None:
        return ast.literal_eval(spec)
    dtype, sizes, low, high = match.groups()
    shape = [int(size) for size in sizes.split(",") if size]
    if low is None:
        return torch.rand(shape, dtype=getattr(torch, dtype), generator=generator)
    return torch.randint(int(low), int(high), shape, dtype=getattr(torch, dtype), generator=generator)
