"""What registers operators of other libraries: words that name modules of Python and shared libraries."""

from __future__ import annotations

import os

MODULE, FILE = "import:", "library:"
"""What a word begins with: a module to import, or a file to load."""

HOW_TO_REGISTER = (
    "with --import MODULE or --library FILE.so on the command line, or 'Libraries' of a run in the window"
)
_FILE_SUFFIXES = (".so", ".dylib", ".dll", ".pyd")


def module_word(name: str) -> str:
    """The word of a module by its dotted name. Raises `ValueError` for what is none."""
    if not all(part.isidentifier() for part in name.split(".")):
        raise ValueError(f"'{name}' is no name of a module, such as torchvision or mylib.ops")
    return MODULE + name


def file_word(path: str) -> str:
    """The word of a shared library, by the whole of its path."""
    return FILE + os.path.abspath(path)  # noqa: PTH100  # a text that may be no path


def library_words(text: str) -> tuple[str, ...]:
    """The words of modules and files between commas. Raises `ValueError` for what is neither."""
    named = [part for part in (part.strip() for part in text.split(",")) if part]
    return tuple(
        file_word(part) if os.sep in part or part.endswith(_FILE_SUFFIXES) else module_word(part)
        for part in named
    )


def files_of(words: tuple[str, ...]) -> list[str]:
    """The shared libraries among the words, and those beside them, which they may need."""
    found: list[str] = []
    for word in words:
        if word.startswith(FILE):
            path = word.removeprefix(FILE)
            found.append(path)
            folder = os.path.dirname(path)  # noqa: PTH120
            beside = os.listdir(folder) if os.path.isdir(folder) else []  # noqa: PTH112, PTH208
            found += [os.path.join(folder, name) for name in beside if ".so" in name]  # noqa: PTH118
    return [path for path in dict.fromkeys(found) if os.path.isfile(path)]  # noqa: PTH113
