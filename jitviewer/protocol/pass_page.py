"""The words of the page on a pass, the same in the window and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitviewer.protocol.rows import PassRow

_CHECKS = "wherever it fires: it looks by itself whether what has to hold does, as said above"


def facts_of_pass(row: PassRow) -> list[tuple[str, str]]:
    """Headings with what stands under them: family, counterpart, legality, options."""
    facts = [
        ("Family", row.family),
        ("In libtorch", row.counterpart or "none that has a name of its own"),
        ("When it is legal", f"where {row.assumes}, which it does not check" if row.assumes else _CHECKS),
    ]
    if row.options:
        told = [f"{option.name}={option.default}: {option.summary}" for option in row.options]
        facts.append(("Options", "\n".join(told)))
    return facts


def paragraphs_of(description: str) -> list[tuple[str, bool]]:
    """The paragraphs of a description, and whether each is IR, whose lines stay as they are."""
    found: list[tuple[str, bool]] = []
    for paragraph in description.split("\n\n"):
        lines = paragraph.strip("\n").split("\n")
        is_graph = any("->" in line or line.startswith("  ") for line in lines)
        found.append(("\n".join(lines) if is_graph else " ".join(lines), is_graph))
    return found


def without_gaps(text: str) -> str:
    """One of two texts beside each other, without the lines that stand for those of the other."""
    return "\n".join(line for line in text.split("\n") if line)
