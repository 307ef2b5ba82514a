"""Takes over the settings that earlier versions kept in an INI file of Qt: plain words, and no objects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jitviewer.plain_files import LONGEST_PATH

_KEYS = frozenset({
    "theme", "folder", "recent", "window/scale", "session/restores", "files/reloads", "run/repeats",
    "run/warmup", "run/memory_gib", "passes/presets",
})  # fmt: skip
"""What was kept as words and numbers. Layouts were bytes; files that might be run were known by name only."""

_MOST_WORDS = 100

_SECTION = re.compile(r"\[([\w%]{1,100})\]")
_PART = re.compile(r'\\.|[^,"\\]+|.', re.DOTALL)
"""What words are read in, nothing of them twice: an escaped sign, plain ones, or a sign with a meaning."""

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,6})|(.))")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def read_old(content: bytes) -> dict[str, str | list[str]] | None:
    """The plain values of an INI file; None if it is no such file."""
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return None
    lines = [line for line in lines if line.strip() and not line.startswith(";")]
    if lines and not _SECTION.fullmatch(lines[0]):
        return None
    found: dict[str, str | list[str]] = {}
    section = ""
    for line in lines:
        heading = _SECTION.fullmatch(line)
        name, equals, text = line.partition("=")
        if heading is not None:
            section = "" if heading[1] == "General" else f"{heading[1]}/"
        elif not equals:
            return None
        elif section + name in _KEYS:
            words = _words(text)
            if len(words) <= _MOST_WORDS:
                found[section + name] = words[0] if len(words) == 1 else words
    return found


def _words(text: str) -> list[str]:
    """The words between commas, without their quotation marks; none that stands for an object of Qt's.

    What comes after a word that is none, such as one whose quotation mark does not end, is left out.
    """
    words: list[str] = []
    for word in _raw_words(text):
        plain = _ESCAPE.sub(_letter, word)
        if len(plain) <= LONGEST_PATH and (not plain.startswith("@") or plain.startswith("@@")):
            words.append(plain.removeprefix("@"))
    return words


def _raw_words(text: str) -> Iterator[str]:
    """The words between commas as they are written, between quotation marks or stripped."""
    parts: list[str] = []
    quoted: str | None = None
    is_inside = False
    for match in _PART.finditer(text):
        part = match[0]
        if is_inside:
            if part == '"':
                is_inside, quoted, parts = False, "".join(parts), []
            elif part == "\\":
                return
            else:
                parts.append(part)
        elif part == ",":
            yield "".join(parts).strip() if quoted is None else quoted
            parts, quoted = [], None
        elif part == '"' and quoted is None and not "".join(parts).strip():
            is_inside, parts = True, []
        elif part in ('"', "\\") or (quoted is not None and part.strip()):
            return
        elif quoted is None:
            parts.append(part)
    if not is_inside:
        yield "".join(parts).strip() if quoted is None else quoted


def _letter(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return _LETTERS.get(escape[2], escape[2])
    number = int(escape[1], 16)
    return chr(number) if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else ""
