"""Finds, names and on request installs the shared libraries that Qt needs and a wheel cannot carry."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

DEBIAN_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
TEST_TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
FONT_SUFFIXES = {".ttf", ".otf", ".ttc"}


def missing_packages() -> list[str]:
    """Debian's names of the packages whose library the dynamic loader does not find, and of a font."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for soname, package in DEBIAN_PACKAGES.items() if not _loads(soname)]
    return missing if _has_font() else [*missing, "fonts-dejavu-core"]


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _has_font() -> bool:
    return any(path.suffix in FONT_SUFFIXES for folder in FONT_FOLDERS for path in folder.rglob("*"))


def install(packages: list[str]) -> None:
    """Install `packages` with apt-get; raises CalledProcessError with its output printed when it refuses."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-qq", "-o", "Dpkg::Use-Pty=0"]
    subprocess.run(["apt-get", *options, "update"], env=environment, check=True)
    subprocess.run(
        ["apt-get", *options, "install", "-y", "--no-install-recommends", *packages],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def can_install() -> bool:
    """Whether this is a Debian-like system and we are its root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def main(arguments: list[str]) -> int:
    """Check (the default) or `--install`; exit status 1 and one sentence when something stays missing."""
    if "--install" in arguments and can_install():
        wanted = missing_packages()
        # Tests of the real window need a display and a hand; without them they are skipped.
        wanted += [package for tool, package in TEST_TOOLS.items() if shutil.which(tool) is None]
        if wanted:
            try:
                install(wanted)
            except subprocess.CalledProcessError as error:
                print(f"apt-get could not install {' '.join(wanted)}: {error}", file=sys.stderr)
    missing = missing_packages()
    if missing:
        print(
            "Qt needs system libraries that are not here; on Debian or Ubuntu: "
            f"apt-get install {' '.join(missing)}",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
