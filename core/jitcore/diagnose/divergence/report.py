"""A diagnosis for people: as text, and as one HTML page without outside parts. Needs no torch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, Final

Answer = Mapping[str, Any]
"""What `Diagnosis.as_json` gives."""

_SHOWN_DECISIONS: Final = 30
_WORDS: Final = {
    "eager-trace": "eager Python and the trace",
    "eager-script": "eager Python and the script",
    "trace-script": "the trace and the script",
}


def text_of(answer: Answer) -> str:
    """The diagnosis in lines for a terminal."""
    return "\n".join(_lines(answer)) + "\n"


def _lines(answer: Answer) -> Iterator[str]:
    name = answer["name"]
    if not answer["diverged"]:
        side = "script" if answer["sides"].get("eager-trace") is None else "trace"
        yield f"{name}: no difference between eager Python and the {side}"
        yield answer["explanation"]
    elif answer["cause"] is None:
        yield f"{name}: differs, for a cause that was not found"
        yield answer["explanation"]
    else:
        yield f"{name}: {answer['cause']}, {answer['file']}:{answer['line']}"
        yield f"    {answer['expression']}"
        yield ""
        yield answer["explanation"]
    if answer["inputs"]:
        yield ""
        yield f"They differ with {answer['made']}: {answer['difference']}"
        yield from (
            f"    call {number}: {', '.join(call)}" for number, call in enumerate(answer["inputs"], 1)
        )
    for other in answer["causes"][1:]:
        yield ""
        yield f"also: {other['cause']}, {other['file']}:{other['line']}: {other['expression']}"
    if answer["remedy"]:
        yield ""
        yield f"Remedy: {answer['remedy']['summary']}"
        yield from (f"    {line}" for line in answer["remedy"]["patch"].splitlines())
    yield ""
    yield _tried(answer)
    yield from _sides(answer)
    yield from answer["notes"]
    yield from _decisions(answer["decisions"])


def _tried(answer: Answer) -> str:
    refused = f"; the program itself raised with {answer['refused']} of them" if answer["refused"] else ""
    return f"{answer['tried']} inputs were tried{refused}."


def _sides(answer: Answer) -> Iterator[str]:
    for pair, agrees in answer["sides"].items():
        if agrees is not None:
            yield f"{_WORDS[pair]} {'agree' if agrees else 'differ'}"
    if answer["script_refusal"]:
        yield f"there is no script to compare with: {answer['script_refusal']}"


def _decisions(rows: list[Answer]) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield f"The trace burnt in {len(rows)} decisions:"
    for row in rows[:_SHOWN_DECISIONS]:
        yield f"    {_decision(row)}"
    if len(rows) > _SHOWN_DECISIONS:
        yield f"    and {len(rows) - _SHOWN_DECISIONS} more"


def _decision(row: Answer) -> str:
    times = f", {row['times']:,} times" if row["times"] > 1 else ""
    mark = " (harmless)" if row["harmless"] else " (not flipped)" if row["flipped"] is False else ""
    return f"{row['file']}:{row['line']}: {row['kind']}: {row['expression']} = {row['value']}{times}{mark}"


# --- the page -------------------------------------------------------------------------------------

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --bad: #c62828; --good: #2e7d32; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { border: 1px solid var(--line); border-radius: 6px; padding: .7rem 1rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } td, th { border-bottom: 1px solid var(--line);
  padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
.bad { color: var(--bad); } .good { color: var(--good); }
.added { color: var(--good); } .removed { color: var(--bad); }
"""


def page_of(answer: Answer) -> str:
    """The diagnosis as a page; what is not ours in it is escaped."""
    title = (
        f"Why the trace of {answer['name']} differs"
        if answer["diverged"]
        else f"{answer['name']} and its trace"
    )
    body = "\n".join(_sections(answer))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n"
    )


def _sections(answer: Answer) -> Iterator[str]:
    if answer["cause"] is not None:
        place = f"{answer['file']}:{answer['line']}"
        yield f'<p class="bad"><strong>{escape(answer["cause"])}</strong> at <code>{escape(place)}</code></p>'
        yield f"<pre>{escape(answer['expression'])}</pre>"
    elif not answer["diverged"]:
        yield '<p class="good">No difference was found.</p>'
    yield f"<p>{escape(answer['explanation'])}</p>"
    if answer["inputs"]:
        yield "<h2>Inputs that make them differ</h2>"
        yield f"<p>{escape(answer['made'])}: {escape(answer['difference'])}</p>"
        rows = ([str(number), ", ".join(call)] for number, call in enumerate(answer["inputs"], 1))
        yield _table(("call", "inputs"), rows)
    if len(answer["causes"]) > 1:
        yield "<h2>Other causes</h2>"
        rows = (
            [each["cause"], f"{each['file']}:{each['line']}", each["expression"]]
            for each in answer["causes"][1:]
        )
        yield _table(("cause", "place", "expression"), rows)
    if answer["remedy"]:
        yield "<h2>Remedy</h2>"
        yield f"<p>{escape(answer['remedy']['summary'])}</p>"
        yield f"<pre>{_patch(answer['remedy']['patch'])}</pre>"
    yield "<h2>What was compared</h2>"
    yield f"<p>{escape(_tried(answer))}</p>"
    said = [*_sides(answer), *answer["notes"]]
    yield "<ul>" + "".join(f"<li>{escape(each)}</li>" for each in said) + "</ul>"
    if answer["decisions"]:
        yield "<h2>What the trace decided</h2>"
        yield _table(
            ("place", "kind", "expression", "value", "what came of it"),
            map(_decision_cells, answer["decisions"]),
        )


def _decision_cells(row: Answer) -> list[str]:
    times = f" ({row['times']:,} times)" if row["times"] > 1 else ""
    harmless = " Nothing of the inputs is in it." if row["harmless"] else ""
    unflipped = " No input was found that decides otherwise." if row["flipped"] is False else ""
    otherwise = "; then ".join(", ".join(call) for call in row["inputs"])
    if otherwise:
        unflipped = f" Otherwise with {otherwise}."
    place = f"{row['file']}:{row['line']}"
    return [
        place,
        row["kind"],
        row["expression"],
        row["value"] + times,
        row["decided"] + harmless + unflipped,
    ]


def _table(heads: Iterable[str], rows: Iterable[list[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _patch(patch: str) -> str:
    marks = {"+": "added", "-": "removed"}
    shown: list[str] = []
    for line in patch.splitlines():
        mark = marks.get(line[:1], "")
        shown.append(f'<span class="{mark}">{escape(line)}</span>' if mark else escape(line))
    return "\n".join(shown)
