"""Makes the virtual environment and installs the project into it, with a torch that fits the machine."""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import urllib.error
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(__file__).resolve().parent / "tools.txt"
TORCH = "2.13.0"
"""The release of torch that the environment gets; others are run by `python -m tests.releases`."""

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PROBE_SECONDS = 5


def main() -> int:
    """Create the environment if there is none, then install; the exit status is pip's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the environment's folder")
    parser.add_argument("--dev", action="store_true", help="install what the tests and linters need too")
    parser.add_argument("--torch", default=TORCH, help="the release of torch where none is installed")
    options = parser.parse_args()

    python = options.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not _runs(python, "-m", "pip", "--version"):
        if importlib.util.find_spec("ensurepip") is None:
            package = f"python3.{sys.version_info.minor}-venv"
            print(f"Python has no ensurepip; on Debian or Ubuntu type: sudo apt-get install {package}")
            return 1
        venv.create(options.folder, with_pip=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]

    if not _runs(python, "-c", "import importlib.metadata as m; m.version('torch')"):
        index = cpu_torch_index(python)
        source = ["--extra-index-url", index] if index else []
        installed = subprocess.run([*pip, f"torch=={options.torch}", *source], check=False)
        if installed.returncode:
            return installed.returncode
    target = [f"{ROOT}[dev]", "--constraint", str(TOOLS)] if options.dev else [str(ROOT)]
    installed = subprocess.run([*pip, "--editable", *target], check=False)
    # Processes that may write nothing read the compiled files; pip compiles only what it copies.
    sources = [str(ROOT / "jitviewer"), str(ROOT / "core")]
    subprocess.run([str(python), "-m", "compileall", "-q", *sources], check=False)
    return installed.returncode


def _runs(python: Path, *arguments: str) -> bool:
    """Whether the environment's Python, if it is there at all, ends well with these arguments."""
    if not python.exists():
        return False
    return subprocess.run([str(python), *arguments], check=False, capture_output=True).returncode == 0


def cpu_torch_index(python: Path) -> str | None:
    """PyTorch's own index of CPU wheels, where PyPI's wheel would bring gigabytes of CUDA for nothing.

    None on other systems than Linux (PyPI's wheels are CPU wheels there), with an NVIDIA driver, when pip
    is configured to look elsewhere (the owner knows better), and when the index does not answer within
    PROBE_SECONDS.
    """
    if not sys.platform.startswith("linux") or Path("/proc/driver/nvidia").exists():
        return None
    configured = subprocess.run(
        [str(python), "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    )
    if any(option in configured.stdout for option in ("index-url", "index_url", "find-links", "find_links")):
        return None
    try:
        with urllib.request.urlopen(f"{CPU_INDEX}/torch/", timeout=PROBE_SECONDS):
            return CPU_INDEX
    except (urllib.error.URLError, TimeoutError):
        return None


if __name__ == "__main__":
    sys.exit(main())
