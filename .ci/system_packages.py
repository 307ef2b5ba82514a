"""Finds what a command needs of the system and a wheel cannot carry; installs it where that asks nothing."""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

LINKED = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libXrender.so.1": "libxrender1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""What Qt and Graphviz are linked to, whether there is a display or not, and Debian's packages of it."""

QT_ON_X = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
QT_ON_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
DISPLAY_OF_TESTS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
"""Programs that make a display and have a hand, and Debian's packages of them."""

FONT = "fonts-dejavu-core"
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
FONT_SUFFIXES = {".ttf", ".otf", ".ttc"}


def needed_by_run() -> list[str]:
    """Debian's packages that are missing for the window, or for its picture where there is no display."""
    window: dict[str, str] = {}
    if os.environ.get("DISPLAY"):
        window = QT_ON_X
    elif os.environ.get("WAYLAND_DISPLAY"):
        window = QT_ON_WAYLAND
    return [*_venv(), *_missing(LINKED | window), *_font()]


def needed_by_test() -> list[str]:
    """Those without which the tests cannot run."""
    return [*_venv(), *_missing(LINKED), *_font()]


def wanted_by_test() -> list[str]:
    """Those without which the tests of the real window, on a display of their own, are skipped."""
    tools = [package for tool, package in DISPLAY_OF_TESTS.items() if shutil.which(tool) is None]
    return [*_missing(QT_ON_X), *tools]


def _venv() -> list[str]:
    """Debian and Ubuntu package what fills a new virtual environment apart from Python."""
    has_pip = importlib.util.find_spec("ensurepip") is not None
    return [] if has_pip else [f"python3.{sys.version_info.minor}-venv"]


def _missing(libraries: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(package for name, package in libraries.items() if not _loads(name)))


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _font() -> list[str]:
    found = any(path.suffix in FONT_SUFFIXES for folder in FONT_FOLDERS for path in folder.rglob("*"))
    return [] if found else [FONT]


def apt_get() -> list[str] | None:
    """How to call apt-get without being asked anything; None where there is no way."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") is None:
        return None
    by_sudo = ["sudo", "-n", "apt-get"]
    asked = subprocess.run([*by_sudo, "--version"], check=False, capture_output=True)
    return by_sudo if asked.returncode == 0 else None


def install(apt: list[str], packages: list[str]) -> None:
    """Install `packages`; a sentence on standard error where apt-get fails, after what it says itself."""
    print(f"Installing {' '.join(packages)}", file=sys.stderr)
    options = ["-qq", "-o", "Dpkg::Use-Pty=0"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for action in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*apt, *options, *action], env=environment,
            check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            print(f"'{' '.join([*apt, *action])}' failed", file=sys.stderr)
            return


def main() -> int:
    """Install what the command needs and wants, or say what to type; 1 if something needed stays missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("run", "test"))
    command = parser.parse_args().command
    if not sys.platform.startswith("linux"):
        return 0
    find_needed = needed_by_run if command == "run" else needed_by_test
    needed = find_needed()
    wanted = wanted_by_test() if command == "test" else []
    apt = apt_get() if needed or wanted else None
    if apt is not None:
        install(apt, [*needed, *wanted])
        importlib.invalidate_caches()
        needed = find_needed()
        wanted = wanted_by_test() if wanted else []
    if needed:
        print(f"make {command} needs system packages that are not here; {_to_type(needed)}", file=sys.stderr)
        return 1
    if wanted:
        print(f"Tests of the real window are skipped; to have them, {_to_type(wanted)}", file=sys.stderr)
    return 0


def _to_type(packages: list[str]) -> str:
    return f"on Debian or Ubuntu type: sudo apt-get install {' '.join(packages)}"


if __name__ == "__main__":
    sys.exit(main())
