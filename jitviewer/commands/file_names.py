"""Names of files on the command line."""

from __future__ import annotations

import argparse


def file_name(text: str) -> str:
    """A name that a file can have; whether there is one is found when it is opened."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("give the name of a file")
    return text
