"""Archives around a program of one method."""

from __future__ import annotations

from tests.archive.handmade import module_of, text
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
    for path, content in (files or {}).items():
        draft.put(f"code/{path}", content.encode())
    draft.put("data.pkl", module_of(text("training"), b"\x88"))
