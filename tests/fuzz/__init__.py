"""Archives made to harm the reader, from a seed; `python -m tests.fuzz` opens as many as one likes."""
