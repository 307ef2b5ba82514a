"""Starts a report again in a process where no small object lies where an earlier one lay.

libtorch's constant propagation asks by the address of a value whether something writes to it, and the value
may be a new one with the memory of one that is gone. Where memory is not used twice, it folds what it should.
What a node writes is noted by its address, too: a group of operators that are differentiated may be taken to
write what a node that is gone wrote.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OPTION = "--fresh-memory"
HELP = (
    "let no memory be used twice, so that libtorch folds all that it should (Linux, a C compiler, gigabytes)"
)
_SOURCE = Path(__file__).with_suffix(".c")


def compiler() -> str | None:
    """The C compiler of this machine, where what it makes can be preloaded."""
    return shutil.which("cc") if sys.platform.startswith("linux") else None


def run_again(module: str, arguments: list[str]) -> int:
    """Run `python -m module` with `arguments`, less the option, and give its exit status.

    Raises SystemExit without a compiler.
    """
    with_compiler = compiler()
    if with_compiler is None:
        raise SystemExit(f"{OPTION} needs Linux and a C compiler named cc.")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "fresh_memory.so"
        options = ["-D_GNU_SOURCE", "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"]
        subprocess.run([with_compiler, *options], check=True)
        rest = [argument for argument in arguments if argument != OPTION]
        environment = os.environ | {"LD_PRELOAD": str(library)}
        return subprocess.run([sys.executable, "-m", module, *rest], env=environment, check=False).returncode
