"""Archives around a program of one method."""

from __future__ import annotations

from tests.archive.handmade import Entry, module_of, text
from tests.fuzz.draft import Draft

_MODULE = """class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
{more}  def forward(self: __torch__.M, x: Tensor, n: int) -> {returns}:
{body}
"""


def put_program(
    draft: Draft,
    body: str,
    more: str = "",
    returns: str = "Tensor",
    files: dict[str, str] | None = None,
    after: str = "",
) -> None:
    """Make the archive one of a module whose `forward` has this body."""
    draft.entries = [e for e in draft.entries if "/code/" not in e.name and "/data/" not in e.name]
    code = _MODULE.format(body=body, more=more, returns=returns) + after
    draft.put("code/__torch__.py", code.encode("utf-8", "surrogatepass"))
    # Appended as they are: looking for each by name takes longer than opening the archive.
    draft.entries += [Entry(f"{draft.folder}/code/{path}", c.encode()) for path, c in (files or {}).items()]
    draft.put("data.pkl", module_of(text("training"), b"\x88"))
