"""`python -m jitviewer` is the command `jitviewer`."""

import sys

from jitviewer.cli import main

if __name__ == "__main__":
    sys.exit(main())
