"""Takes over the settings that earlier versions kept in an INI file of Qt: plain words, and no objects."""

from __future__ import annotations

import re

from jitviewer.plain_files import LONGEST_PATH

_KEYS = frozenset({
    "theme", "folder", "recent", "window/scale", "session/restores", "files/reloads", "run/repeats",
    "run/warmup", "run/memory_gib", "passes/presets",
})  # fmt: skip
"""What was kept as words and numbers. Layouts were bytes; files that might be run were known by name only."""

_MOST_WORDS = 100

_SECTION = re.compile(r"\[([\w%]{1,100})\]")
_WORD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|((?:[^,"\\]|\\.)*))\s*(,|$)')
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
    """The words between commas, without their quotation marks; none that stands for an object of Qt's."""
    words: list[str] = []
    at = 0
    while match := _WORD.match(text, at):
        word = _ESCAPE.sub(_letter, match[1] if match[1] is not None else match[2].strip())
        if len(word) <= LONGEST_PATH and (not word.startswith("@") or word.startswith("@@")):
            words.append(word.removeprefix("@"))
        at = match.end()
        if not match[3]:
            break
    return words


def _letter(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return _LETTERS.get(escape[2], escape[2])
    number = int(escape[1], 16)
    return chr(number) if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else ""
