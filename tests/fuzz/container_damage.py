"""Damage to the zip container: records cut, flipped, swapped, missing, doubled, blown up, misnamed."""

from __future__ import annotations

import random
import struct

from tests.archive.handmade import Entry
from tests.fuzz.draft import Draft

HUGE = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF, 1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)


def cut_file(rng: random.Random, draft: Draft) -> None:
    draft.afterwards.append(lambda content: content[: rng.randrange(len(content))])


def cut_record(rng: random.Random, draft: Draft) -> None:
    entry = draft.some(rng)
    entry.content = entry.content[: rng.randrange(len(entry.content) + 1)]


def cut_record_that_lies(rng: random.Random, draft: Draft) -> None:
    entry = draft.some(rng)
    entry.size = entry.stored_size = len(entry.content)
    entry.content = entry.content[: rng.randrange(len(entry.content) + 1)]


def flip_file(rng: random.Random, draft: Draft) -> None:
    def flip(content: bytes) -> bytes:
        changed = bytearray(content)
        for _ in range(rng.choice((1, 1, 2, 8))):
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        return bytes(changed)

    draft.afterwards.append(flip)


def flip_directory(rng: random.Random, draft: Draft) -> None:
    def flip(content: bytes) -> bytes:
        start = max(content.find(b"PK\x01\x02"), 0)
        changed = bytearray(content)
        for _ in range(rng.choice((1, 1, 2, 4))):
            changed[rng.randrange(start, len(changed))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF))
        return bytes(changed)

    draft.afterwards.append(flip)


def flip_record(rng: random.Random, draft: Draft) -> None:
    """Bytes change and the checksum with them."""
    entry = draft.some(rng, rng.choice((".pkl", ".py", ".debug_pkl", "")))
    changed = bytearray(entry.content or b"\0")
    for _ in range(rng.choice((1, 2, 4, 16))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    entry.content = bytes(changed)


def splice_record(rng: random.Random, draft: Draft) -> None:
    """A piece of a record is moved, doubled or dropped, and the checksum is right."""
    entry = draft.some(rng, rng.choice((".pkl", ".py", ".debug_pkl")))
    content = entry.content
    start, stop = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    place = rng.randrange(len(content) + 1)
    piece = content[start : min(stop, start + 64)]
    if rng.random() < 0.4:
        content = content[:start] + content[start + len(piece) :]
    entry.content = content[:place] + piece * rng.choice((1, 1, 2, 1000)) + content[place:]


def wrong_checksum(rng: random.Random, draft: Draft) -> None:
    draft.some(rng).crc = rng.getrandbits(32)


def swap_contents(rng: random.Random, draft: Draft) -> None:
    one, other = draft.some(rng), draft.some(rng)
    one.content, other.content = other.content, one.content


def swap_offsets(rng: random.Random, draft: Draft) -> None:
    """The local header carries the name of another record."""
    draft.some(rng).local_name = draft.some(rng).name


def drop_records(rng: random.Random, draft: Draft) -> None:
    for _ in range(rng.choice((1, 1, 2, 3))):
        if len(draft.entries) > 1:
            draft.entries.remove(draft.some(rng))


def double_record(rng: random.Random, draft: Draft) -> None:
    entry = draft.some(rng)
    content = entry.content if rng.random() < 0.3 else draft.some(rng).content
    draft.entries.insert(rng.randrange(len(draft.entries) + 1), Entry(entry.name, content))


def double_archive(rng: random.Random, draft: Draft) -> None:
    draft.afterwards.append(lambda content: content + content[rng.choice((0, len(content) // 2)) :])


def blow_up(rng: random.Random, draft: Draft) -> None:
    """A record that deflate shrinks a thousandfold."""
    size = rng.choice((1, 8, 24, 64)) << 20
    unit = rng.choice((b"\0", b"]", b"(", b"N", b" ", b"\n", b"#", b"a", b"pass\n", b"K\x00", b"x=1\n", b"("))
    name = rng.choice(
        ("data.pkl", "constants.pkl", "code/__torch__.py", "data/0", "version", "byteorder", "extra/x", "")
    )
    entry = draft.put(name, b"") if name else draft.some(rng, rng.choice((".py", ".debug_pkl")))
    start = rng.choice((b"", b"", b"\x80\x02", entry.content))
    entry.content = start + unit * (size // len(unit))
    entry.method = 8


def claim_to_grow(rng: random.Random, draft: Draft) -> None:
    entry = draft.some(rng)
    entry.method = 8
    entry.size = rng.choice((len(entry.content) * 1000, 200 << 20, 4 << 30, 0xFFFFFFFE)) & 0xFFFFFFFF


def misname(rng: random.Random, draft: Draft) -> None:
    folder = draft.folder
    name = rng.choice(
        (
            "../escaped",
            "/escaped",
            f"{folder}/../../escaped",
            f"{folder}/..",
            f"{folder}/a/../../../b",
            "..",
            "C:\\escaped",
            f"{folder}\\..\\b",
            f"{folder}/a\0b",
            f"{folder}/\x1b[2Jred\n",
            "\\\\server\\x",
            "~/.bashrc",
            f"{folder}//escaped",
            f"./{folder}/x",
            f"{folder}/./x",
            "",
            f"{folder}/code/../../x.py",
            f"{folder}/code/__torch__/../../../x.py",
            f"{folder}/data/../../0",
            f"{folder}/" + "d/" * 5000,
            f"{folder}/" + "x" * 60_000,
            f"{folder}/\u202egnp.exe",
            f"{folder}/code/os.py",
        )
    )
    if rng.random() < 0.5:
        draft.entries.insert(rng.randrange(len(draft.entries) + 1), Entry(name, b"escaped"))
    else:
        draft.some(rng).name = name


def bad_name_bytes(rng: random.Random, draft: Draft) -> None:
    entry = draft.some(rng)
    bad = bytes(rng.choice((0x80, 0xC0, 0xED, 0xF5, 0xFF)) for _ in range(rng.randrange(1, 4)))
    raw = entry.name.encode() + bad if rng.random() < 0.5 else entry.name.encode()[:4] + bad
    entry.name = raw.decode("utf-8", "surrogateescape")


def lie_in_zip64(rng: random.Random, draft: Draft) -> None:
    entry = draft.some(rng)
    entry.zip64 = True
    match rng.randrange(5):
        case 0:
            entry.size = None
            draft.fields["end64"] = True
        case 1:
            entry.offset = rng.choice(HUGE)
            entry.crc = None

            def lie(content: bytes) -> bytes:
                place = content.find(struct.pack("<2H", 1, 24), content.find(b"PK\x01\x02"))
                if place < 0:
                    return content
                return (
                    content[: place + 4] + struct.pack("<3Q", *rng.choices(HUGE, k=3)) + content[place + 28 :]
                )

            entry.offset = None
            draft.afterwards.append(lie)
        case 2:
            draft.fields["end64"] = True

            def lie_at_end(content: bytes) -> bytes:
                place = content.rfind(b"PK\x06\x06") + rng.choice((4, 16, 20, 24, 32, 40, 48))
                return content[:place] + struct.pack("<Q", rng.choice(HUGE)) + content[place + 8 :]

            draft.afterwards.append(lie_at_end)
        case 3:
            draft.fields["end64"] = True

            def lie_in_locator(content: bytes) -> bytes:
                place = content.rfind(b"PK\x06\x07") + 8
                return content[:place] + struct.pack("<Q", rng.choice(HUGE)) + content[place + 8 :]

            draft.afterwards.append(lie_in_locator)
        case _:
            draft.fields["count"] = rng.choice((0, 1, 5, 0xFFFE, 0xFFFF))


def overlap(rng: random.Random, draft: Draft) -> None:
    body = draft.to_bytes()
    entry, other = draft.some(rng), draft.some(rng)
    place = body.find(b"PK\x03\x04" + b"")
    starts = [i for i in range(len(body)) if body.startswith(b"PK\x03\x04", i)] or [place]
    entry.offset = rng.choice(
        (rng.choice(starts), rng.choice(starts) + rng.randrange(40), rng.randrange(len(body)))
    )
    if rng.random() < 0.5:
        entry.local_name, entry.size = other.name, len(other.content)
        entry.stored_size = entry.size


def odd_record(rng: random.Random, draft: Draft) -> None:
    entry = draft.some(rng)
    match rng.randrange(3):
        case 0:
            entry.method = rng.choice((1, 9, 12, 14, 99, 0xFFFF))
        case 1:
            entry.flags = rng.choice((1, 8, 0x41, 0x800, 0xFFFF))
        case _:
            draft.fields["comment"] = rng.choice(
                (b"x" * 0xFFFF, b"PK\x05\x06" * 9, b"PK\x05\x06" + b"\0" * 18)
            )


def other_version(rng: random.Random, draft: Draft) -> None:
    text = rng.choice(
        (
            b"99",
            b"99\n",
            b"0",
            b"11",
            b"-1",
            b"",
            b"3.5",
            b"1e9",
            b"9" * 5000,
            b"\xff",
            b" 3 ",
            b"1",
            b"2",
            b"4",
            b"7",
            "\u0663".encode(),
            "\u00b2".encode(),
            b"3\n3",
            b"0x3",
            b"+3",
            b"3_0",
            b"\0" * 8,
        )
    )
    draft.put(rng.choice(("version", "version", ".data/version")), text)


def other_byte_order(rng: random.Random, draft: Draft) -> None:
    draft.put(
        "byteorder",
        rng.choice((b"big", b"big", b"middle", b"", b"\xff\xfe", b"BIG", b"little\nbig", b"b" * 9999)),
    )


def not_utf8(rng: random.Random, draft: Draft) -> None:
    """Bytes that are no UTF-8 in code, or in the texts of a pickle."""
    entry = draft.some(rng, rng.choice((".py", ".py", ".pkl", ".debug_pkl")))
    bad = rng.choice(
        (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xef\xbb\xbf", b"\0")
    )
    content = entry.content
    if entry.name.endswith(".py") or b"X" not in content:
        place = rng.randrange(len(content) + 1)
        entry.content = content[:place] + bad + content[place:]
        return
    texts = [
        i for i in range(len(content) - 5) if content[i] == 0x58 and content[i + 1] > 0 and not content[i + 2]
    ]
    if texts:
        place = rng.choice(texts) + 5
        entry.content = content[:place] + b"\xff" + content[place + 1 :]


CONTAINER_DAMAGE = {
    "records cut": (cut_file, cut_record, cut_record_that_lies),
    "records flipped": (flip_file, flip_directory, flip_record, flip_record, splice_record, wrong_checksum),
    "records swapped": (swap_contents, swap_offsets),
    "records missing": (drop_records,),
    "records doubled": (double_record, double_archive),
    "compressed a thousandfold": (blow_up, blow_up, claim_to_grow),
    "names that climb out": (misname,),
    "version 99": (other_version,),
    "wrong byte order": (other_byte_order,),
    "invalid UTF-8": (not_utf8, not_utf8, bad_name_bytes),
    "zip64 lies": (lie_in_zip64,),
    "overlapping records": (overlap, odd_record),
}
"""The rows of damage to the container, each with its mutations."""
