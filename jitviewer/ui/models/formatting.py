"""Numbers as people read them: bytes, times, shares."""

from __future__ import annotations


def bytes_text(count: int) -> str:
    """`44.7 MB` (powers of 1024), "" for nothing."""
    if count <= 0:
        return ""
    if count < 1024:
        return f"{count} B"
    size, unit = count / 1024, "KB"
    for larger in ("MB", "GB", "TB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{size:.1f} {unit}" if size < 100 else f"{size:.0f} {unit}"


def count_text(count: int) -> str:
    """`11.7 M` (powers of 1000), `864` in full, "" for nothing."""
    if count <= 0:
        return ""
    if count < 1000:
        return str(count)
    amount, unit = count / 1000, "K"
    for larger in ("M", "G", "T"):
        # What would be rounded to 1000 is one of the next unit.
        if amount < 999.5:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.1f} {unit}" if amount < 99.95 else f"{amount:.0f} {unit}"


def rate_text(per_second: float, unit: str) -> str:
    """`85.1 GFLOP/s`, `12.4 GB/s` (powers of 1000), "" for nothing."""
    if per_second <= 0:
        return ""
    amount, prefix = per_second, ""
    for larger in ("k", "M", "G", "T", "P"):
        if amount < 999.5:
            break
        amount, prefix = amount / 1000, larger
    return f"{amount:.3g} {prefix}{unit}/s"


def time_text(microseconds: float) -> str:
    """Three significant digits with a unit: `3.21 µs`, `14.1 ms`, `2.05 s`."""
    if microseconds < 1000:
        value, unit = microseconds, "µs"
    elif microseconds < 1_000_000:
        value, unit = microseconds / 1000, "ms"
    else:
        value, unit = microseconds / 1_000_000, "s"
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:.{digits}f} {unit}"


def share_text(share: float) -> str:
    """A share of one as per cent: `34%`, `0.4%`."""
    percent = share * 100
    if percent >= 9.95:
        return f"{percent:.0f}%"
    return f"{percent:.1f}%" if percent >= 0.05 else "<0.1%" if percent > 0 else "0%"


def plural(count: int, word: str) -> str:
    """`1 rewrite`, `12 rewrites`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
