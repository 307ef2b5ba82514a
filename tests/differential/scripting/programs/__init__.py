"""Programs of Python as a person writes it, a file for each part of the language."""
