"""The script compiler: a person's own Python functions and classes, compiled by the frontend."""
