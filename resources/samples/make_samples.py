"""Saves the archives of this folder again from their scripts, as `samples.json` lists them.

The archives say where each line of their code came from. Those places are written relative to this folder
and to the folder of torch, so that an archive is the same wherever it is made.
"""

import ast
import importlib
import io
import json
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch
from torch.jit._pickle import build_intlist

FOLDER = Path(__file__).resolve().parent
LIST = FOLDER / "samples.json"
ABSOLUTE_PREFIXES = (f"{FOLDER}/", f"{Path(torch.__file__).parent.parent}/")
SEED = 20240607
TENSOR_SPEC = re.compile(r"(\w+)\[([\d,]*)\](?::(-?\d+)\.\.(-?\d+))?")


def main(files: list[str]) -> None:
    """Save the archives `files`, or each that `samples.json` names in a fresh process.

    Fresh, because TorchScript numbers classes of one name in the order in which a process meets them; and
    with one seed for hashes, because it writes a class's constants in the order of a set.
    """
    listed = {sample["file"]: sample for sample in json.loads(LIST.read_text(encoding="utf-8"))}
    if not files:
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        for file in listed:
            subprocess.run([sys.executable, __file__, file], env=environment, check=True)
    for file in files:
        sample = listed[file]
        archive = with_relative_places(saved(sample["source"], sample["made_by"], sample["inputs"]))
        (FOLDER / file).write_bytes(archive)
        print(f"{file}: {len(archive):,} bytes")


def saved(source: str, made_by: str, specs: list[str]) -> bytes:
    """The archive of `script.py:Name`, with weights and example inputs drawn from a fixed seed."""
    script, name = source.split(":")
    sys.path.insert(0, str(FOLDER))
    torch.manual_seed(SEED)
    program = getattr(importlib.import_module(Path(script).stem), name)
    if isinstance(program, type):
        program = program().eval()
    inputs = tuple(example(spec) for spec in specs)
    compiled = torch.jit.trace(program, inputs) if made_by == "trace" else torch.jit.script(program)
    compiled(*inputs)
    buffer = io.BytesIO()
    torch.jit.save(compiled, buffer)
    return buffer.getvalue()


def example(spec: str) -> Any:
    """A value of `float32[2,3]`, `int64[2]:0..9` or a Python literal."""
    match = TENSOR_SPEC.fullmatch(spec)
    if match is None:
        return ast.literal_eval(spec)
    dtype, sizes, low, high = match.groups()
    shape = [int(size) for size in sizes.split(",") if size]
    if low is None:
        return torch.rand(shape, dtype=getattr(torch, dtype))
    return torch.randint(int(low), int(high), shape, dtype=getattr(torch, dtype))


def with_relative_places(archive: bytes) -> bytes:
    """The same archive, record for record, with the absolute folders taken out of its debug records."""
    reader = torch._C.PyTorchFileReader(io.BytesIO(archive))
    buffer = io.BytesIO()
    writer = torch._C.PyTorchFileWriter(buffer)
    for name in reader.get_all_records():
        if name in {"version", "byteorder", ".data/serialization_id"}:
            continue  # the writer makes its own
        record = reader.get_record(name)
        if name.endswith(".debug_pkl"):
            record = pickle.dumps(relative(pickle.loads(record)), protocol=2)
        writer.write_record(name, record, len(record))
    # Older versions would have upgraders of operators applied to them again.
    writer.set_min_version(int(reader.get_record("version")))
    writer.write_end_of_file()
    return buffer.getvalue()


class IntList(list[int]):
    """Pickled as TorchScript pickles its `List[int]`; a plain list would be read back as `List[Any]`."""

    def __reduce__(self) -> tuple[Any, ...]:
        """The call that rebuilds the list."""
        return build_intlist, (list(self),)


def relative(places: tuple[Any, ...]) -> tuple[Any, ...]:
    """Debug places with shortened texts, and with each range's end moved where its text became shorter."""
    layout, texts, ranges = places
    shortened = [shorten(text) for text in texts]
    lost = [len(text.encode()) - len(short.encode()) for text, short in zip(texts, shortened, strict=True)]
    moved = []
    for start, (source, begin, end), tag in ranges:
        removed = sum(lost[index] for index in source[0])
        kept = (IntList(source[0]), *source[1:])
        moved.append((start, (kept, begin, end - removed), tag))
    return layout, type(texts)(shortened), type(ranges)(moved)


def shorten(text: str) -> str:
    """`text` without the folders that only this machine has."""
    for prefix in ABSOLUTE_PREFIXES:
        text = text.replace(prefix, "")
    return text


if __name__ == "__main__":
    main(sys.argv[1:])
