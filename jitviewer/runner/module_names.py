"""The name under which a person's Python file is a module, and which what it compiles has in an archive."""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path

_WORD = re.compile(r"\w+", re.ASCII)
_NO_PART = re.compile(r"[^A-Za-z0-9]")

_WORD_MARK, _SPELT_MARK = "_file_", "_chars_"
"""What names start with that no file has by itself; a file that is called so gets another one in front."""

_RESERVED = frozenset(keyword.kwlist) | {"NoneType", "__main__"}
"""What no parser of archives, ours or torch's, takes in a name, and the name of the program that runs."""

_OWN_PACKAGES = frozenset({"jitcore", "jitviewer", "msgspec", "numpy", "torch"})


def module_name(path: str) -> str:
    """An identifier of ASCII letters that is no keyword and hides no other module.

    It is the name of the file where that will do. Files with different names get different ones:
    `01_intro.py` is `_file_01_intro`, `my-net.py` is `_chars_my_2d_net`.
    """
    stem = Path(path).stem
    if _WORD.fullmatch(stem) is None:
        return _SPELT_MARK + _NO_PART.sub(lambda found: f"_{ord(found[0]):x}_", stem)
    is_free = stem.isidentifier() and stem not in _RESERVED and not _is_taken(stem)
    return stem if is_free and not stem.startswith((_WORD_MARK, _SPELT_MARK)) else _WORD_MARK + stem


def _is_taken(name: str) -> bool:
    """Whether others that import this name mean another module: Python's, or one that we are made of."""
    return name in sys.stdlib_module_names or name in _OWN_PACKAGES
