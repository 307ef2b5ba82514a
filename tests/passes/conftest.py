"""Golden cases of passes: a graph as text, the steps that a pass takes on it, and the graph it leaves."""

from __future__ import annotations

from pathlib import Path

from jitcore.passes.spec import split_specs

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "passes"


class GoldenCase:
    """A file of three sections: `== NAME` of the pass with the graph before, `== steps`, `== after`.

    A step is written as its rule and its sentence. Passes that make the graph what the last one needs
    (no text tells a tensor exactly) may stand before it, with commas between.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        sections = path.read_text(encoding="utf-8").split("== ")
        name, _, before = sections[1].partition("\n")
        self.pipeline = name.strip()
        self.passes = split_specs(self.pipeline)
        self.pass_name = self.passes[-1]
        self.before = before.rstrip("\n") + "\n"
        self.steps = _section(sections, "steps").splitlines()
        self.after = _section(sections, "after")

    def rewrite(self, steps: list[str], after: str) -> None:
        lines = "".join(line + "\n" for line in steps)
        text = f"== {self.pipeline}\n{self.before}== steps\n{lines}== after\n{after}"
        self.path.write_text(text, encoding="utf-8")


def _section(sections: list[str], name: str) -> str:
    for section in sections:
        head, _, body = section.partition("\n")
        if head.strip() == name:
            return body
    return ""


def golden_cases() -> list[GoldenCase]:
    return [GoldenCase(path) for path in sorted(GOLDEN.glob("*.txt"))]


def pytest_generate_tests(metafunc) -> None:
    if "golden_case" in metafunc.fixturenames:
        cases = golden_cases()
        metafunc.parametrize("golden_case", cases, ids=[case.path.stem for case in cases])
