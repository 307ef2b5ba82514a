"""Makes the virtual environment and installs the project into it, with a torch that fits the machine."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PROBE_SECONDS = 5


def main() -> int:
    """Create the environment if there is none, then install; the exit status is pip's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the environment's folder")
    parser.add_argument("--dev", action="store_true", help="install what the tests and linters need too")
    options = parser.parse_args()

    python = options.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(options.folder, with_pip=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]

    torch_index = cpu_torch_index(python)
    if torch_index:
        installed = subprocess.run([*pip, torch_requirement(), "--extra-index-url", torch_index], check=False)
        if installed.returncode:
            return installed.returncode
    target = f"{ROOT}[dev]" if options.dev else str(ROOT)
    installed = subprocess.run([*pip, "--editable", target], check=False)
    # Processes that may write nothing read the compiled files; pip compiles only what it copies.
    sources = [str(ROOT / "jitviewer"), str(ROOT / "core")]
    subprocess.run([str(python), "-m", "compileall", "-q", *sources], check=False)
    return installed.returncode


def torch_requirement() -> str:
    """The line of pyproject.toml that names torch and its range."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return next(line for line in project["dependencies"] if line.startswith("torch"))


def cpu_torch_index(python: Path) -> str | None:
    """PyTorch's own index of CPU wheels, where PyPI's wheel would bring gigabytes of CUDA for nothing.

    None on other systems than Linux (PyPI's wheels are CPU wheels there), with an NVIDIA driver, when pip
    is configured to look elsewhere (the owner knows better), when torch is already installed, and when
    the index does not answer within PROBE_SECONDS.
    """
    if not sys.platform.startswith("linux") or Path("/proc/driver/nvidia").exists():
        return None
    configured = subprocess.run(
        [str(python), "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    )
    if any(option in configured.stdout for option in ("index-url", "index_url", "find-links", "find_links")):
        return None
    if (
        subprocess.run(
            [str(python), "-c", "import importlib.metadata as m; m.version('torch')"],
            check=False,
            capture_output=True,
        ).returncode
        == 0
    ):
        return None
    try:
        with urllib.request.urlopen(f"{CPU_INDEX}/torch/", timeout=PROBE_SECONDS):
            return CPU_INDEX
    except (urllib.error.URLError, TimeoutError):
        return None


if __name__ == "__main__":
    sys.exit(main())
