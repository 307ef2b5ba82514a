"""`python -m jitviewer` is the command `jitviewer`."""

import sys

from jitviewer.commands.command_line import main

if __name__ == "__main__":
    sys.exit(main())
